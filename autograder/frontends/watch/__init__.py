"""Guided work through the course: its progress, the next exercise, and a check at every save."""
