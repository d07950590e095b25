"""Code with two planted bugs, planted.py, which students repair instead of writing a function.

A mark above the line of a bug names the known mistake and gives the right line:

    # BUG db_summed: db = error.mean()
    db = error.sum()

The code with both bugs, with each alone and with none is derived from this text, and the audit grades all four.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from autograder.authoring.build.stub import BEGIN, END, make_stub

PLANTED = "planted.py"
NUMBER = 2
"""Number of bugs in an exercise, which its students are told."""

TOLD = "# Two bugs are below. Find them, repair them, and delete the line above."
_MARK = re.compile(r"^([ \t]*)# BUG (\w+): ?(.*)$")
_MEANT = re.compile(r"#\s*bug\b", re.IGNORECASE)


@dataclass(frozen=True)
class Bug:
    """One planted bug."""

    name: str
    """Name of the known mistake."""
    line: int
    """Index of its line."""
    right: str
    """Right line."""


@dataclass(frozen=True)
class Planted:
    """Lines of a planted.py without its marks, and its bugs."""

    lines: tuple[str, ...]
    bugs: tuple[Bug, ...]

    def left(self, names: Collection[str]) -> Planted:
        """Return the code with the bugs of these names, and the others repaired."""
        repaired = {bug.line: bug.right for bug in self.bugs if bug.name not in names}
        return replace(self, lines=tuple(repaired.get(place, line) for place, line in enumerate(self.lines)))

    @cached_property
    def functions(self) -> dict[str, ast.FunctionDef]:
        """Return name → function that students repair."""
        return {node.name: node for node in ast.parse("\n".join(self.lines)).body if isinstance(node, ast.FunctionDef)}

    def body(self, name: str) -> list[str]:
        """Return the lines of a function's body, from its first statement."""
        node = self.functions[name]
        return list(self.lines[node.body[0].lineno - 1 : node.end_lineno])


def read_planted(text: str) -> Planted:
    """Parse a planted.py; ValueError names the line that is wrong."""
    lines: list[str] = []
    bugs: list[Bug] = []
    for number, line in enumerate(text.split("\n"), 1):
        if found := _MARK.match(line):
            bugs.append(Bug(found[2], len(lines), found[1] + found[3]))
        elif _MEANT.search(line):
            raise ValueError(f"line {number}: {line.strip()!r} is no mark. Write '# BUG name: the right line'.")
        else:
            lines.append(line)
    planted = Planted(tuple(lines), tuple(bugs))
    for fault in _faults(planted):
        raise ValueError(fault)
    return planted


def plant(solution: str, text: str) -> str:
    """Insert the planted code after the solution's answers; `make_stub` then gives the code that students start from.

    text: contents of planted.py, or "". ValueError where it does not fit the solution.
    """
    if not text:
        return solution
    try:
        return _put(solution, read_planted(text))
    except ValueError as error:
        raise ValueError(f"{PLANTED}: {error}") from error


def partly_repaired(solution: str, text: str, left: Collection[str]) -> str:
    """Return the submission of a student who deleted the raising line and left only the bugs of these names."""
    lines = make_stub(_put(solution, read_planted(text).left(left))).split("\n")
    return "\n".join(line for line, after in zip(lines, [*lines[1:], ""], strict=True) if after.strip() != TOLD)


def _put(solution: str, planted: Planted) -> str:
    asked = {node.name: node for node in ast.parse(solution).body if isinstance(node, ast.FunctionDef)}
    for name, node in planted.functions.items():
        if name not in asked or _parameters(asked[name]) != _parameters(node):
            words = f"{name}({_parameters(node)}) is no function of the solution"
            raise ValueError(f"{words}. Take its name and parameters.")
    lines = solution.split("\n")
    ends = {_end(lines, asked[name]): name for name in planted.functions}
    return "\n".join(new for number, line in enumerate(lines) for new in (line, *_behind(planted, ends.get(number))))


def _behind(planted: Planted, name: str | None) -> list[str]:
    return [f"    {TOLD}", *planted.body(name)] if name else []


def _end(lines: list[str], function: ast.FunctionDef) -> int:
    """Return the index of the line that ends the answer, which is the function's whole body."""
    last = function.end_lineno or 0
    return next((place for place in range(last, len(lines)) if lines[place] == f"    {END}"), last)


def _parameters(function: ast.FunctionDef) -> str:
    """Return the function's parameters as source, without annotations."""
    bare = ast.parse(f"def f({ast.unparse(function.args)}): ...").body[0]
    for node in ast.walk(bare):
        if isinstance(node, ast.arg):
            node.annotation = None
    return ast.unparse(bare.args) if isinstance(bare, ast.FunctionDef) else ""


def _faults(planted: Planted) -> Iterator[str]:
    names = [bug.name for bug in planted.bugs]
    if len(names) != NUMBER or len(set(names)) != NUMBER:
        yield f"it plants {len(names)} bugs ({', '.join(names)}), expected {NUMBER} different ones"
    for bug in planted.bugs:
        found = planted.lines[bug.line] if bug.line < len(planted.lines) else ""
        if _indent(found) != _indent(bug.right) or not found.strip():
            yield f"the mark of {bug.name} is not above a line that is indented like it"
    for left in (names, [], *([name] for name in names)):
        try:
            ast.parse("\n".join(planted.left(left).lines))
        except SyntaxError as error:
            line = (error.lineno or 1) + sum(bug.line < (error.lineno or 1) for bug in planted.bugs)
            yield f"with {' and '.join(left) or 'no bug'} in it, line {line} is no Python: {error.msg}"
    if not planted.functions:
        yield "it defines no function. Take the names of those in solution.py"
    for name, node in planted.functions.items():
        if ast.get_docstring(node) is not None or node.body[0].lineno == node.lineno:
            yield f"{name} has a docstring, or its code on its first line. The statement stands in solution.py"
    if any(word in line for line in planted.lines for word in (BEGIN, END)):
        yield f"it holds {BEGIN!r} or {END!r}, which are solution.py's"


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
