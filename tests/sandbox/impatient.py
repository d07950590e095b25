"""`python -m tests.sandbox.impatient SECONDS WORDS`: the command line, where a call has so many seconds of CPU time."""

from __future__ import annotations

import sys

from autograder.cli.main import main
from autograder.sandbox.sandbox import Sandbox

# Also in the graders of a batch, each of which imports the module that was started.
object.__setattr__(Sandbox.__init__.__defaults__[1], "call_seconds", float(sys.argv[1]))

if __name__ == "__main__":
    sys.exit(main(sys.argv[2:]))
