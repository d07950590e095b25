"""TODO course."""
