"""User interfaces besides the command line: notebook, watch, pytest, nbgrader and plots."""
