"""Search for code of an answer in what students read: hints, formulas, units' pages and notebooks."""

from __future__ import annotations

import ast
import inspect
import json
import re
import textwrap
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from autograder.authoring.fingerprints import of_code, of_text, tokens_of
from autograder.spec.exercise import Exercise

NODES, TOKENS = 6, 9
"""Least number of nodes in an expression, and of tokens in a row, that identify the solution."""

_QUOTED = re.compile(r"`([^`]+)`")
_NOTE = re.compile(r" {3,}")


Mark = str | tuple[str, ...] | int
"""A part by which code is recognised: an expression as `ast.unparse` writes it, a run of tokens, or the fingerprint of
a larger piece, which does not depend on names."""


def answer_code(exercise: Exercise, solution: str, begin: str = "") -> dict[Mark, str]:
    """Return mark → words that a fault quotes, of the code of a solution and of the oracles without docstrings.

    begin: the text that students start from; code that it holds too is not counted as an answer.
    """
    oracles = {f.oracle.__name__: textwrap.dedent(inspect.getsource(f.oracle)) for f in exercise.functions}
    answer: dict[Mark, str] = {}
    for name, text in (("solution.py", solution), *oracles.items()):
        public = of_code(begin)
        answer |= {key: f"{place} with other names" for key, place in of_code(text, name).items() if key not in public}
        # Docstrings, signatures, imports and comments are shown by the assignment.
        functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
        lines = [node for each in functions for node in each.body[ast.get_docstring(each) is not None :]]
        body = "\n".join(ast.unparse(node) for node in lines if not isinstance(node, ast.FunctionDef))
        answer |= {run: " ".join(run) for run in _token_runs(body)}
        answer |= {piece: piece for piece in _expressions(body)}
    return answer


def find_leak(text: str, answer: Mapping[Mark, str], least: type = object) -> str:
    """Return the words in `answer` of the first mark that `text` also has; "" where it has none.

    least: type of the marks to look for; `int` finds fingerprints, which are marks of larger pieces, alone.
    """
    return next((answer[mark] for mark in _marks(text) if mark in answer and isinstance(mark, least)), "")


def shown_answers(root: Path, answer: Mapping[Mark, str]) -> Iterator[str]:
    """Yield a sentence for each unit's page, and text or drawing cell of a notebook, that shows code of `answer`."""
    pages = sorted(root.glob("solutions/*/README.md"))
    shown = [(page.relative_to(root).as_posix(), page.read_text(encoding="utf-8"), object) for page in pages]
    for path in sorted(root.glob("assignments/*/*.ipynb")):
        with suppress(ValueError, KeyError, TypeError):  # `handgrad build --check` reports a file that is no notebook
            for number, cell in enumerate(json.loads(path.read_text(encoding="utf-8"))["cells"], 1):
                if cell["cell_type"] == "markdown" or cell["metadata"].get("tags"):
                    name = cell.get("id", str(number))
                    least = int if name.endswith("-text") else object  # a statement gives formulas
                    place = f"{path.relative_to(root).as_posix()}, cell {name},"
                    shown.append((place, "".join(cell["source"]), least))
    for place, text, least in shown:
        if piece := find_leak(text, answer, least):
            yield f"{place} is code of the answer: `{piece}`"


@lru_cache(maxsize=1024)
def _marks(text: str) -> tuple[Mark, ...]:
    """Return the marks of the code in a text, expressions first. The result is cached, because every exercise is
    compared with the same pages."""
    pieces = dict.fromkeys(_pieces(text))
    expressions = (found for piece in pieces for found in _expressions(piece))
    return tuple(dict.fromkeys([*expressions, *_token_runs(text), *of_text(text, pieces)]))


def _pieces(text: str) -> Iterator[str]:
    """Yield the pieces of a text that may be code: quoted text, every line, and each equation's right-hand side."""
    yield from _QUOTED.findall(text)
    for line in text.split("\n"):
        formula = _NOTE.split(line.strip())[0]
        yield from (formula, formula.partition("=")[2], formula.partition(" becomes ")[2])


def _expressions(code: str) -> Iterator[str]:
    """Yield the expressions in `code` of at least NODES syntax nodes, as `ast.unparse` writes them."""
    try:
        tree = ast.parse(code.strip())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.expr):
            size = sum(isinstance(part, ast.expr | ast.operator | ast.cmpop) for part in ast.walk(node))
            if size >= NODES:
                yield ast.unparse(node)


def _token_runs(text: str) -> Iterator[tuple[str, ...]]:
    """Yield every run of TOKENS neighbouring names, numbers and signs."""
    words = [token for token, _ in tokens_of(text)]
    yield from (tuple(words[start : start + TOKENS]) for start in range(len(words) - TOKENS + 1))
