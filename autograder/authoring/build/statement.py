"""Parts of a solution.py for the notebook: introduction, given code, and each function that students write."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.authoring.build.prose import markdown, paragraph
from autograder.authoring.build.stub import BEGIN


@dataclass(frozen=True)
class Part:
    """One part of a solution."""

    name: str
    """Name of the function to write; "" for given code."""
    text: str
    """Explanation, as Markdown."""
    code: str
    """Code with the answer between its markers, and with the docstring's first sentence only."""


@dataclass(frozen=True)
class Statement:
    """Statement of one exercise."""

    title: str
    """First sentence of the docstring."""
    text: str
    """Remaining introduction, as Markdown."""
    imports: tuple[str, ...]
    """Import statements of the solution."""
    parts: tuple[Part, ...]


def read_statement(solution: str) -> Statement:
    """Parse a solution's text, which `make_stub` has accepted."""
    tree = ast.parse(solution)
    title, _, text = (ast.get_docstring(tree) or "").partition("\n")
    body = tree.body[1:] if ast.get_docstring(tree) is not None else tree.body
    imports = tuple(ast.unparse(node) for node in body if isinstance(node, ast.Import | ast.ImportFrom))
    return Statement(title.rstrip("."), markdown(text), imports, tuple(_parts(body, solution.split("\n"))))


def _parts(body: list[ast.stmt], lines: list[str]) -> Iterator[Part]:
    given: list[str] = []
    for node, following in zip(body, [*body[1:], None], strict=True):
        source = lines[_first(node) - 1 : _first(following) - 1 if following else len(lines)]
        if isinstance(node, ast.FunctionDef) and any(BEGIN in line for line in source):
            yield from _given(given)
            given = []
            yield _function(node, source)
        elif not isinstance(node, ast.Import | ast.ImportFrom):
            given += source
    yield from _given(given)


def _given(lines: list[str]) -> Iterator[Part]:
    if lines:
        yield Part("", "**Given** – use it as it is, or change it.", "\n".join(lines).strip("\n"))


def _first(node: ast.stmt) -> int:
    return min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", []))])


def _function(node: ast.FunctionDef, lines: list[str]) -> Part:
    """Return the part of a function. lines: its source, up to the next statement."""
    doc = ast.get_docstring(node) or ""
    summary, _, rest = doc.partition("\n")
    names = _names(node, doc)
    text = "\n\n".join(filter(None, [f"**`{node.name}`** – {paragraph(summary, names)}", markdown(rest, names)]))
    first = node.body[0]
    if doc and first.end_lineno:
        start, end = first.lineno - _first(node), first.end_lineno - _first(node)
        lines = [*lines[:start], f'{" " * first.col_offset}"""{summary}"""', *lines[end + 1 :]]
    return Part(node.name, text, "\n".join(lines).strip("\n"))


def _names(node: ast.FunctionDef, doc: str) -> set[str]:
    """Return the parameters, and the results where the docstring contains `Returns (dx, dw, db)`."""
    taken = {arg.arg for arg in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)}
    found = re.search(r"Returns\s+(?:the\s+new\s+)?(?:\(([\w, ]+)\)|(\w+)(?=\s\())", doc)
    return taken | set(re.findall(r"\w+", (found[1] or found[2]) if found else ""))
