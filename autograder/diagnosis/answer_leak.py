"""Does a hint hold code of the answer? By expressions, whatever their layout, and by runs of tokens.

Names count: `w * x` is a formula of anybody's, `exponentials / exponentials.sum(axis=1)` is the solution's. Short
expressions belong to everybody.
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
"""How many nodes of a syntax tree, and how many tokens in a row, are nobody's but the answer's."""

_QUOTED = re.compile(r"`([^`]+)`")
_NOTE = re.compile(r" {3,}")


@dataclass(frozen=True)
class SolutionCode:
    """What is not to be told: its expressions, in Python's own layout, and its runs of tokens."""

    expressions: frozenset[str]
    runs: frozenset[tuple[str, ...]]


def answer(exercise: Exercise, solution: str) -> SolutionCode:
    """The code of the solution and of the oracles, without their docstrings."""
    texts = [solution, *(inspect.getsource(function.oracle) for function in exercise.functions)]
    bodies = [_bare(textwrap.dedent(text)) for text in texts]
    expressions = (piece for body in bodies for piece in _expressions(body))
    return SolutionCode(frozenset(expressions), frozenset(run for body in bodies for run in _runs(body)))


def leak(text: str, kept: SolutionCode) -> str:
    """The first piece of the text that is code of the answer; empty where there is none."""
    told = (piece for code in _pieces(text) for piece in _expressions(code))
    found = next((piece for piece in told if piece in kept.expressions), "")
    return found or next((" ".join(run) for run in _runs(text) if run in kept.runs), "")


def _bare(text: str) -> str:
    """The code without docstrings, signatures, imports and comments: those are the assignment's."""
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
    statements = [node for function in functions for node in function.body if not _is_docstring(node)]
    return "\n".join(ast.unparse(node) for node in statements if not isinstance(node, ast.FunctionDef))


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _pieces(text: str) -> Iterator[str]:
    """Whatever may be code: what is quoted, every line, and what stands right of its equals sign."""
    yield from _QUOTED.findall(text)
    for line in text.split("\n"):
        formula = _NOTE.split(line.strip())[0]
        yield from (formula, formula.partition("=")[2], formula.partition(" becomes ")[2])


def _expressions(code: str) -> Iterator[str]:
    """Its expressions that are large enough to be somebody's, each as Python would lay it out."""
    try:
        tree = ast.parse(code.strip())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.expr) and _size(node) >= NODES:
            yield ast.unparse(node)


def _size(node: ast.expr) -> int:
    """Names, numbers and operations; what only wraps them does not count."""
    return sum(isinstance(part, ast.expr | ast.operator | ast.cmpop) for part in ast.walk(node))


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    words = list(_tokens(text))
    yield from (tuple(words[start : start + TOKENS]) for start in range(len(words) - TOKENS + 1))


def _tokens(text: str) -> Iterable[str]:
    """Names, numbers and operators; prose that is no Python is taken word by word."""
    try:
        found = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError):
        return re.findall(r"\w+|[^\w\s]", text)
    return [token.string for token in found if token.string.strip() and token.type != tokenize.COMMENT]
