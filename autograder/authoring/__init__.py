"""What authors of a course use: they generate what students receive, audit every exercise and start new ones."""
