"""Search for code of the solution in a text, by its expressions in any layout and by its runs of tokens.

Names count: `exponentials / exponentials.sum(axis=1)` is code of the solution; `w * x` is too short to be.
"""

from __future__ import annotations

import ast
import inspect
import io
import re
import textwrap
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from autograder.spec.exercise import Exercise

NODES, TOKENS = 6, 9
"""Least number of nodes in an expression, and of tokens in a row, that identify the solution."""

_QUOTED = re.compile(r"`([^`]+)`")
_NOTE = re.compile(r" {3,}")


@dataclass(frozen=True)
class SolutionCode:
    """The expressions of a solution, as `ast.unparse` writes them, and its runs of tokens."""

    expressions: frozenset[str]
    runs: frozenset[tuple[str, ...]]


def solution_code(exercise: Exercise, solution: str) -> SolutionCode:
    """Collect the code of the solution and of the oracles, without their docstrings."""
    texts = [solution, *(inspect.getsource(function.oracle) for function in exercise.functions)]
    bodies = [_bodies_only(textwrap.dedent(text)) for text in texts]
    expressions = (piece for body in bodies for piece in _expressions(body))
    return SolutionCode(frozenset(expressions), frozenset(run for body in bodies for run in _token_runs(body)))


def find_leak(text: str, solution: SolutionCode) -> str:
    """Return the first piece of the text that is code of the solution; "" where there is none."""
    pieces = (piece for code in _pieces(text) for piece in _expressions(code))
    found = next((piece for piece in pieces if piece in solution.expressions), "")
    return found or next((" ".join(run) for run in _token_runs(text) if run in solution.runs), "")


def _bodies_only(text: str) -> str:
    """Remove docstrings, signatures, imports and comments, which the assignment shows."""
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
    statements = [node for function in functions for node in function.body if not _is_docstring(node)]
    return "\n".join(ast.unparse(node) for node in statements if not isinstance(node, ast.FunctionDef))


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _pieces(text: str) -> Iterator[str]:
    """Yield the pieces that may be code: quoted text, every line, and the right-hand side of each equation."""
    yield from _QUOTED.findall(text)
    for line in text.split("\n"):
        formula = _NOTE.split(line.strip())[0]
        yield from (formula, formula.partition("=")[2], formula.partition(" becomes ")[2])


def _expressions(code: str) -> Iterator[str]:
    """Yield the expressions of at least NODES nodes, as `ast.unparse` writes them."""
    try:
        tree = ast.parse(code.strip())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.expr) and _size(node) >= NODES:
            yield ast.unparse(node)


def _size(node: ast.expr) -> int:
    """Count names, numbers and operations, without the nodes that only wrap them."""
    return sum(isinstance(part, ast.expr | ast.operator | ast.cmpop) for part in ast.walk(node))


def _token_runs(text: str) -> Iterator[tuple[str, ...]]:
    words = list(_tokens(text))
    yield from (tuple(words[start : start + TOKENS]) for start in range(len(words) - TOKENS + 1))


def _tokens(text: str) -> Iterable[str]:
    """Split a text into names, numbers and operators; split text that is not Python into words."""
    try:
        found = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError):
        return re.findall(r"\w+|[^\w\s]", text)
    return [token.string for token in found if token.string.strip() and token.type != tokenize.COMMENT]
