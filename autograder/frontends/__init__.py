"""TODO frontends."""
