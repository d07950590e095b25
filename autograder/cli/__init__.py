"""The command line: one module for each command, imported when the command is called."""

from __future__ import annotations

# Command → what it does, in the order of the help: for students, instructors, authors. Its module has the same name
# and offers `configure(parser)`, which adds arguments, and `run(args)`, which returns the exit code.
COMMANDS = {
    "start": "begin a course: unpack it into a new folder",
    "check": "check your own exercises",
    "gradcheck": "compare your gradients with the numerical derivative",
    "hint": "show the next hint for an exercise",
    "watch": "check on every save, exercise by exercise",
    "list": "list all exercises: done, open and locked",
    "validate": "tell before you hand in what the grader will see",
    "grade": "grade a class of submissions",
    "regrade": "grade again after a change; who would move, and why",
    "explain": "replay the run behind a grade",
    "export": "write results as a gradebook or platform wants them",
    "verify": "prove that results were not changed since they were graded",
    "ci": "check a repository in continuous integration",
    "gradescope": "grade one submission inside Gradescope",
    "nbgrader": "make a course for nbgrader",
    "doctor": "say what this machine can do, and why",
    "release": "make the student's repository",
    "reveal": "show, or verify, the keys of the hidden inputs",
    "build": "write assignments/ and docs/mistakes/ from solutions/",
    "audit": "prove that every known mistake is rejected and named",
    "new": "begin a new exercise",
}
