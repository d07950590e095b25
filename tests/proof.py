"""What the proofs of a course, tests.mutants and tests.hint_audit, share with the command line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

from autograder.cli.arguments import Parser
from autograder.cli.audit import configure
from autograder.errors import UsageError
from autograder.numeric.runtime import fix_runtime


def parser_of(module: str, about: str | None, seeds: int) -> Parser:
    """Return the parser of a proof, with the arguments of `handgrad audit`. seeds: the default of --seeds."""
    parser = Parser(prog=f"python -m {module}", description=about)
    configure(parser)
    parser.set_defaults(seeds=seeds)
    return parser


def run(parser: Parser, prove: Callable[[argparse.Namespace], int], words: Sequence[str] | None = None) -> int:
    """Parse the words, or those of the command line, and run the proof; 2 for wrong usage, with the repair."""
    fix_runtime()  # before NumPy is imported
    try:
        return prove(parser.parse_words(sys.argv[1:] if words is None else words))
    except UsageError as error:
        print(f"handgrad: {error}", file=sys.stderr)
        return 2
