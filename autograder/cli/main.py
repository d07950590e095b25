"""The entry point of the command line: import the command that is called, parse its arguments, run it."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType

from autograder.cli import COMMANDS
from autograder.cli.arguments import Parser, path_fault
from autograder.errors import GraderFault, UsageError
from autograder.report.engine import VERSION

PASSED, FAILED, USAGE, FAULT, INTERRUPTED = 0, 1, 2, 3, 130

_COLLECTED = 20_000
"""Threshold of garbage collection, in new objects: imports make many objects, none of which is garbage."""
_ABOUT = "Deep learning by hand in NumPy: check your layers, losses and optimizers, and learn which mistake you made."
_MORE = """\
examples
  handgrad check                     check everything you have written below this folder
  handgrad check conv2d              check one exercise; `handgrad check 02_layers` a whole unit
  handgrad grade class/ -o results   grade a folder with one folder per student, in a sandbox
  handgrad list                      all exercises, their functions and points

exit codes
  0 all passed   1 something failed   2 wrong usage   3 the grader's own fault, never an answer's
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code."""
    words = sys.argv[1:] if argv is None else argv
    try:
        if not words or words[0] not in COMMANDS:
            _overview().parse_args(words)  # help, version, or an unknown command: it exits
        from autograder.numeric.runtime import fix_runtime, restart_clean

        if argv is None:
            restart_clean()
        fix_runtime()  # before a command imports NumPy
        gc.set_threshold(_COLLECTED)
        name, *rest = words
        with _safe_path():
            args = parser_of(name).parse_words(rest)
            return int(load(name).run(args))
    except UsageError as error:
        print(f"handgrad: {error}", file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        print("handgrad: interrupted; what is written so far is whole.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:
        if words := path_fault(error):
            print(f"handgrad: {words}", file=sys.stderr)
            return USAGE
        _report_defect(error)
        return FAULT
    finally:
        if argv is None:
            gc.freeze()  # the process ends, and with it all that it holds: do not search it for cycles once more


@contextmanager
def _safe_path() -> Iterator[None]:
    """Keep processes started in the block from importing modules of the working folder, which may be a student's."""
    before = os.environ.get("PYTHONSAFEPATH")
    os.environ["PYTHONSAFEPATH"] = "1"
    try:
        yield
    finally:
        os.environ.pop("PYTHONSAFEPATH")
        os.environ |= {} if before is None else {"PYTHONSAFEPATH": before}


def load(name: str) -> ModuleType:
    """Return the module of a command, imported."""
    return import_module(f"autograder.cli.{name}")


def parser_of(name: str) -> Parser:
    """Return the parser of a command's arguments."""
    command = load(name)
    parser = Parser(prog=f"handgrad {name}", description=command.__doc__)
    command.configure(parser)
    return parser


def _overview() -> Parser:
    """Return the parser that lists all commands, without importing one of them."""
    parser = Parser(
        prog="handgrad", description=_ABOUT, epilog=_MORE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--version", action="version", version=f"handgrad {VERSION}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command", required=True)
    for name, words in COMMANDS.items():
        commands.add_parser(name, help=words)
    return parser


def _report_defect(error: Exception) -> None:
    """Print a GraderFault as its message, and any other exception as a defect of handgrad, with file and line."""
    words = f"{type(error).__name__}: {error}"
    if isinstance(error, GraderFault):
        words = f"{error}. `handgrad doctor` says what this machine can do."
    else:
        import traceback

        traceback.print_exc()
    print(f"handgrad: this is the grader's own fault, not an answer's: {words}", file=sys.stderr)
