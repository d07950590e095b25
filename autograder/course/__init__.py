"""A course on disk: its exercises by path, its rules in course.toml, and the folder that students hold."""
