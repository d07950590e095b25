"""Courses and releases on disk, and the course's rules in course.toml."""
