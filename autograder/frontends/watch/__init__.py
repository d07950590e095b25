"""A student's way through the course: what is done, what is open, what comes next; and checks on every save."""
