"""Run the command line: `python -m autograder` does what `handgrad` does."""

import sys

from autograder.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
