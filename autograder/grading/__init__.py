"""One submission in, one Report out."""
