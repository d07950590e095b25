"""What code looks like when names, layout, comments, docstrings and annotations are taken away.

Two sets of marks of a piece of code: its syntax, every expression and statement of some size with its variables
numbered as they come, so that other names make no other mark; and its words, runs of tokens as they stand, which are
also found in prose, in a string or in a piece that is no whole Python.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

# Nodes of a piece of syntax that is worth a mark: below, formulas that everybody writes are alike.
LEAST, MOST = 16, 400
# Tokens in a row: as many as in a line of code.
RUN = 18
# Names among them, without which a run is a table of numbers.
NAMES = 7

_TOKEN = re.compile(r"[^\W\d]\w*|\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|[^\s\w]")
_KEPT = frozenset("np numpy math self range len zip enumerate sum max min abs float int list tuple dict sorted".split())


Token = tuple[str, int]
Found = tuple[int, int]
"""A mark, which holds within this process, and the line where it was found."""


@dataclass
class Marks:
    """syntax, words: mark → where it was found first, as file:line."""

    syntax: dict[int, str] = field(default_factory=dict)
    words: dict[int, str] = field(default_factory=dict)

    def add_code(self, text: str, place: str) -> None:
        """The marks of a piece of Python; SyntaxError when it is none."""
        _keep(self.syntax, syntax_marks(parse(text)), place)
        _keep(self.words, word_marks(_code_tokens(text)), place)

    def add(self, other: Marks) -> None:
        """Those of another."""
        self.syntax |= {mark: place for mark, place in other.syntax.items() if mark not in self.syntax}
        self.words |= {mark: place for mark, place in other.words.items() if mark not in self.words}

    def add_prose(self, text: str) -> None:
        """The marks of its words alone."""
        _keep(self.words, word_marks(tokens_of(text)), "")

    def without(self, other: Marks) -> Marks:
        """Those that the other has not."""
        return Marks(
            {mark: place for mark, place in self.syntax.items() if mark not in other.syntax},
            {mark: place for mark, place in self.words.items() if mark not in other.words},
        )


def _keep(marks: dict[int, str], found: Iterable[Found], place: str) -> None:
    for mark, line in found:
        marks.setdefault(mark, f"{place}:{line}")


def parse(text: str) -> ast.Module:
    """The syntax tree without docstrings, annotations, decorators and types."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of odd escapes in what may be no Python at all
        tree = ast.parse(text)
    module: ast.Module = ast.fix_missing_locations(_Bare().visit(tree))
    return module


class _Bare(ast.NodeTransformer):
    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Its arguments' names and its body."""
        self.generic_visit(node)
        node.decorator_list, node.returns, node.body = [], None, _without_docstring(node.body)
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        """Its name."""
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        """A plain assignment."""
        self.generic_visit(node)
        return ast.Assign([node.target], node.value, lineno=node.lineno) if node.value else None


def _without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    first = body[0]
    bare = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    return (body[1:] or [ast.Pass()]) if bare else body


def syntax_marks(tree: ast.AST) -> Iterator[Found]:
    """A mark of every expression and statement of some size."""
    sizes: dict[ast.AST, int] = {}
    _measure(tree, sizes)
    for node, size in sizes.items():
        if isinstance(node, ast.expr | ast.stmt) and LEAST <= size <= MOST:
            yield hash(_shape(node, {})), node.lineno
        elif isinstance(node, ast.FunctionDef):  # a short answer is told by its name, too
            yield hash((node.name, _shape(node, {}))), node.lineno


def _measure(node: ast.AST, sizes: dict[ast.AST, int]) -> int:
    """Nodes that say something, below each node: operators, names, numbers, calls."""
    below = sum(_measure(part, sizes) for part in ast.iter_child_nodes(node))
    sizes[node] = below + (not isinstance(node, ast.expr_context | ast.arguments))
    return sizes[node]


def _shape(node: ast.AST, names: dict[str, str]) -> str:
    """The node as text, with its variables numbered."""
    if isinstance(node, ast.Name):
        return _number(node.id, names)
    if isinstance(node, ast.arg):
        return _number(node.arg, names)
    if isinstance(node, ast.Constant):
        return repr(node.value)
    name = "" if isinstance(node, ast.FunctionDef) else getattr(node, "attr", "")
    parts = [_shape(part, names) for part in ast.iter_child_nodes(node) if not isinstance(part, ast.expr_context)]
    return f"{type(node).__name__}{name}({','.join(parts)})"


def _number(name: str, names: dict[str, str]) -> str:
    return name if name in _KEPT else names.setdefault(name, f"v{len(names)}")


def tokens_of(text: str) -> list[Token]:
    """The tokens of any text with their lines."""
    found = ((token, number) for number, line in enumerate(text.split("\n"), 1) for token in _TOKEN.findall(line))
    return _without_contracts(found)


def _code_tokens(text: str) -> list[Token]:
    """Those of Python, without comments and without what stands in quotes: that is prose."""
    kinds = (tokenize.NAME, tokenize.NUMBER, tokenize.OP)
    found = (token for token in tokenize.generate_tokens(io.StringIO(text).readline) if token.type in kinds)
    return _without_contracts((part, token.start[0]) for token in found for part in _TOKEN.findall(token.string))


def _without_contracts(tokens: Iterable[Token]) -> list[Token]:
    """Without the heads of functions: names, arguments and types are given to students."""
    kept: list[Token] = []
    depth = -1
    for token in tokens:
        depth = 0 if token[0] == "def" else depth
        if depth < 0:
            kept.append(token)
        else:
            depth += (token[0] in "([{") - (token[0] in ")]}")
            depth = -1 if token[0] == ":" and not depth else depth
    return kept


def word_marks(tokens: Sequence[Token]) -> Iterator[Found]:
    """A mark of every run of tokens that is more than data: with some names in it."""
    words = [token for token, _ in tokens]
    names = [word.isidentifier() for word in words]
    count = sum(names[: RUN - 1])
    for start in range(len(tokens) - RUN + 1):
        count += names[start + RUN - 1]
        if count >= NAMES:
            yield hash(tuple(words[start : start + RUN])), tokens[start][1]
        count -= names[start]


def known(marks: Iterable[Found], secret: Mapping[int, str]) -> str | None:
    """Where the first of the marks that is secret was found; None when none is."""
    return next((secret[mark] for mark, _ in marks if mark in secret), None)
