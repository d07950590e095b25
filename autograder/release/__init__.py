"""Releases, the repositories that students receive: recording exercises, searching for secrets, writing files."""
