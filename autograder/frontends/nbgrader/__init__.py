"""Integration with nbgrader: a course that its commands run unchanged, with cells that are graded in the sandbox."""
