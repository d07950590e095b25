"""The command line. Each command is one file in `commands/`; nothing heavy is imported before it runs."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from autograder.report.engine import VERSION
from autograder.cli import COMMANDS
from autograder.cli.parser import Parser
from autograder.errors import UsageError
from autograder.numeric.runtime import fix_runtime

PASSED, FAILED, USAGE, FAULT, INTERRUPTED = 0, 1, 2, 3, 130

_ABOUT = "Deep learning by hand in NumPy: check your layers, losses and optimizers, and learn which mistake you made."
_MORE = """\
examples
  autograder check                     check everything you have written below this folder
  autograder check conv2d              check one exercise; `autograder check 02_layers` a whole unit
  autograder grade class/ -o results   grade a folder with one folder per student, in a sandbox
  autograder list                      all exercises, their functions and points

exit codes
  0 all passed   1 something failed   2 wrong usage   3 the grader's own fault, never an answer's
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    # Grader processes import nothing from the folder that this was typed in: it may be a student's.
    os.environ["PYTHONSAFEPATH"] = "1"
    args = _parser().parse_args(argv)
    fix_runtime()  # before NumPy is imported
    try:
        return int(args.run(args))
    except UsageError as error:
        print(f"autograder: {error}", file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        print("autograder: interrupted; what is written so far is whole.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:
        _confess(error)
        return FAULT


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="autograder", description=_ABOUT, epilog=_MORE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--version", action="version", version=f"autograder {VERSION} (handgrad)")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command", required=True)
    for name, command in COMMANDS.items():
        sub = commands.add_parser(name, help=command.HELP, description=command.__doc__)
        command.configure(sub)
        sub.set_defaults(run=command.run)
    return parser


def _confess(error: Exception) -> None:
    """A fault of the machinery says all itself; anything else is a defect of ours, and its place is needed."""
    import traceback

    from autograder.errors import GraderFault

    words = f"{type(error).__name__}: {error}"
    if isinstance(error, GraderFault):
        words = f"{error}. `autograder doctor` says what this machine can do."
    else:
        traceback.print_exc()
    print(f"autograder: this is the grader's own fault, not an answer's: {words}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
