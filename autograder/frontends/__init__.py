"""Where people meet the grader besides the command line: notebook, watch, pytest, nbgrader, plots."""
