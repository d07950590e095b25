"""What students start from: solutions without their answers, or with code of planted.py that has two bugs to repair.

A mark above the line of a bug names the known mistake and gives the right line:

    # BUG db_summed: db = error.mean()
    db = error.sum()

The code with both bugs, with each alone and with none is derived from this text, and the audit grades all four.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Collection, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

from autograder.authoring.build.prose import markdown, paragraph

BEGIN, END = "# BEGIN SOLUTION", "# END SOLUTION"
CHECK = "# Check it:  handgrad check "
"""Beginning of the comment that the build adds to stubs, and by which it recognises files that it made."""

_MEANT = re.compile(r"(begin|end)[\s_-]*solution", re.IGNORECASE)
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def make_stub(solution_text: str) -> str:
    """Return the solution with every marked block replaced by `raise NotImplementedError("write <function>")`.

    All other lines stay byte for byte. ValueError gives the line where a marker is unbalanced, nested, misplaced,
    misspelled or missing, and where the text or the stub is no Python.
    """
    tree, lines = _parse(solution_text), solution_text.split("\n")
    if not (blocks := list(_blocks(solution_text))):
        raise ValueError(f"line 1: there is no {BEGIN!r}, so students would hold the answer. Mark the answer.")
    for begin, end, column in reversed(blocks):
        name = _function_around(tree, begin, end, column)
        lines[begin - 1 : end] = [f'{lines[begin - 1][:column]}raise NotImplementedError("write {name}")']
    stub = "\n".join(lines)
    _parse(stub, "the stub's line")
    return stub


def add_check(stub: str, exercise: str) -> str:
    """Return the stub with a comment, below the docstring or at the top, that names the command to check it."""
    tree, lines = _parse(stub), stub.split("\n")
    if ast.get_docstring(tree) is None:
        return "\n".join([CHECK + exercise, "", *lines])
    end = tree.body[0].end_lineno
    return "\n".join([*lines[:end], "", CHECK + exercise, *lines[end:]])


def _parse(text: str, line: str = "line") -> ast.Module:
    try:
        return ast.parse(text)
    except SyntaxError as error:
        raise ValueError(f"{line} {error.lineno}: {error.msg}. Make it valid Python.") from error


def _blocks(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield of each marked block the lines of its markers, counted from 1, and its indentation; a misspelled marker is
    an error, because it would publish the answer."""
    begin = indent = 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type != tokenize.COMMENT or not _MEANT.search(token.string):
            continue
        row, column = token.start
        fault = ""
        if token.string not in (BEGIN, END):
            fault = f"is no marker. Write {BEGIN!r} or {END!r}."
        elif token.line[:column].strip():
            fault = "stands behind code. Give it a line of its own."
        elif token.string == BEGIN and begin:
            fault = f"inside the block of line {begin}. End that one first."
        elif token.string == END and not begin:
            fault = f"without {BEGIN!r}. Add the beginning or delete the end."
        elif token.string == END and column != indent:
            fault = f"is indented by {column}, its beginning by {indent}. Indent them alike."
        if fault:
            raise ValueError(f"line {row}: {token.string!r} {fault}")
        if token.string == END:
            yield begin, row, column
        begin, indent = (row, column) if token.string == BEGIN else (0, 0)
    if begin:
        raise ValueError(f"line {begin}: {BEGIN!r} without {END!r}. Add the end.")


def _function_around(tree: ast.Module, begin: int, end: int, column: int) -> str:
    """Return the function whose whole statements a block holds; ValueError where it holds anything else."""
    statements = [(node, node.end_lineno or node.lineno) for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    within = [node for node, last in statements if isinstance(node, _Function) and node.lineno < begin < last]
    if not within:
        raise ValueError(f"line {begin}: {BEGIN!r} is not inside a function. Move it into one.")
    if not any(begin < node.lineno < end and node.col_offset == column for node, _ in statements):
        raise ValueError(f"line {begin}: no statement of the block is indented like it. Indent them alike.")
    for node, last in statements:
        holds_statements = hasattr(node, "body") or isinstance(node, ast.Match)
        above = node.lineno < begin <= last and not holds_statements
        if above or begin <= node.lineno <= end < last:
            raise ValueError(f"line {begin}: the block cuts the statement of line {node.lineno}. Take all of it.")
    return max(within, key=lambda node: node.lineno).name


@dataclass(frozen=True)
class Part:
    """One part of a solution: a function to write, or the given code between such functions."""

    name: str
    """Name of the function to write; "" for given code."""
    text: str
    """Explanation, as Markdown."""
    code: str
    """Code with the answer between its markers, and with the docstring's first sentence only."""


@dataclass(frozen=True)
class Statement:
    """Statement of one exercise, read from the docstrings of its solution."""

    title: str
    """First sentence of the docstring."""
    text: str
    """Remaining introduction, as Markdown."""
    imports: tuple[str, ...]
    """Import statements of the solution."""
    parts: tuple[Part, ...]


def read_statement(solution: str) -> Statement:
    """Return the statement in a solution's text, which `make_stub` has accepted."""
    tree = ast.parse(solution)
    title, _, text = (ast.get_docstring(tree) or "").partition("\n")
    body = tree.body[ast.get_docstring(tree) is not None :]
    imports = tuple(ast.unparse(node) for node in body if isinstance(node, ast.Import | ast.ImportFrom))
    return Statement(title.rstrip("."), markdown(text), imports, tuple(_parts(body, solution.split("\n"))))


def _parts(body: list[ast.stmt], lines: list[str]) -> Iterator[Part]:
    """Yield each function to write, and the given code before, between and after them."""
    starts = [*map(_first, body), len(lines) + 1]
    sources = [(node, lines[start - 1 : end - 1]) for node, start, end in zip(body, starts, starts[1:], strict=False)
               if not isinstance(node, ast.Import | ast.ImportFrom)]  # fmt: skip
    groups = groupby(sources, lambda part: isinstance(part[0], ast.FunctionDef) and BEGIN in "".join(part[1]))
    for asked, group in groups:
        if asked:
            yield from (_function(node, source) for node, source in group if isinstance(node, ast.FunctionDef))
        else:
            code = "\n".join(line for _, source in group for line in source)
            yield Part("", "**Given** – use it as it is, or change it.", code.strip("\n"))


def _first(node: ast.stmt) -> int:
    return min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", []))])


def _function(node: ast.FunctionDef, lines: list[str]) -> Part:
    """Return the part of a solution that is this function. lines: its source, up to the next statement."""
    doc = ast.get_docstring(node) or ""
    summary, _, rest = doc.partition("\n")
    # The results are named where the docstring contains `Returns (dx, dw, db)`.
    found = re.search(r"Returns\s+(?:the\s+new\s+)?(?:\(([\w, ]+)\)|(\w+)(?=\s\())", doc)
    args = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
    names = {*(arg.arg for arg in args), *re.findall(r"\w+", (found[1] or found[2]) if found else "")}
    text = "\n\n".join(filter(None, [f"**`{node.name}`** – {paragraph(summary, names)}", markdown(rest, names)]))
    first = node.body[0]
    if doc and first.end_lineno:
        start, end = first.lineno - _first(node), first.end_lineno - _first(node)
        lines = [*lines[:start], f'{" " * first.col_offset}"""{summary}"""', *lines[end + 1 :]]
    return Part(node.name, text, "\n".join(lines).strip("\n"))


PLANTED = "planted.py"
NUMBER = 2
"""Number of bugs in an exercise, which its students are told."""

TOLD = "# Two bugs are below. Find them, repair them, and delete the line above."
_MARK = re.compile(r"^([ \t]*)# BUG (\w+): ?(.*)$")
_BUG_MEANT = re.compile(r"#\s*bug\b", re.IGNORECASE)


@dataclass(frozen=True)
class Planted:
    """The content of a planted.py: its lines without marks, and its bugs."""

    lines: tuple[str, ...]
    bugs: Mapping[str, tuple[int, str]]
    """Name of a known mistake → the index of its line, and the right line."""

    def left(self, names: Collection[str]) -> Planted:
        """Return the code with the bugs of these names, and the others repaired."""
        repaired = {line: right for name, (line, right) in self.bugs.items() if name not in names}
        return replace(self, lines=tuple(repaired.get(place, line) for place, line in enumerate(self.lines)))

    @cached_property
    def functions(self) -> dict[str, ast.FunctionDef]:
        """Return name → function that students repair."""
        return {node.name: node for node in ast.parse("\n".join(self.lines)).body if isinstance(node, ast.FunctionDef)}


def read_planted(text: str) -> Planted:
    """Return the content of a planted.py; ValueError names the line that is wrong."""
    lines: list[str] = []
    bugs: dict[str, tuple[int, str]] = {}
    names: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        if found := _MARK.match(line):
            names.append(found[2])
            bugs[found[2]] = len(lines), found[1] + found[3]
        elif _BUG_MEANT.search(line):
            raise ValueError(f"line {number}: {line.strip()!r} is no mark. Write '# BUG name: the right line'.")
        else:
            lines.append(line)
    if len(names) != NUMBER or len(bugs) != NUMBER:
        raise ValueError(f"it plants {len(names)} bugs ({', '.join(names)}), expected {NUMBER} different ones")
    planted = Planted(tuple(lines), bugs)
    for fault in _faults(planted):
        raise ValueError(fault)
    return planted


def plant(solution: str, text: str, left: Collection[str] | None = None) -> str:
    """Return the solution with planted code after its answers, of which `make_stub` makes the code students start from.

    text: contents of planted.py, or "". left: the names of the bugs that are not repaired, None for all.
    ValueError where it does not fit the solution.
    """
    if not text:
        return solution
    try:
        planted = read_planted(text)
        return _put(solution, planted if left is None else planted.left(left))
    except ValueError as error:
        raise ValueError(f"{PLANTED}: {error}") from error


def partly_repaired(solution: str, text: str, left: Collection[str]) -> str:
    """Return the submission of a student who deleted the raising line and left only the bugs of these names."""
    lines = make_stub(plant(solution, text, left)).split("\n")
    return "\n".join(line for line, after in zip(lines, [*lines[1:], ""], strict=True) if after.strip() != TOLD)


def _put(solution: str, planted: Planted) -> str:
    asked = {node.name: node for node in ast.parse(solution).body if isinstance(node, ast.FunctionDef)}
    lines = solution.split("\n")
    behind: dict[int, list[str]] = {}
    for name, node in planted.functions.items():
        if name not in asked or _parameters(asked[name]) != _parameters(node):
            words = f"{name}({_parameters(node)}) is no function of the solution"
            raise ValueError(f"{words}. Take its name and parameters.")
        last = asked[name].end_lineno or 0  # the answer is the whole body, and ends here or at its marker
        end = next((place for place in range(last, len(lines)) if lines[place] == f"    {END}"), last)
        behind[end] = [f"    {TOLD}", *planted.lines[node.body[0].lineno - 1 : node.end_lineno]]
    return "\n".join(new for number, line in enumerate(lines) for new in (line, *behind.get(number, ())))


def _parameters(function: ast.FunctionDef) -> str:
    """Return the function's parameters as source, without annotations."""
    bare = deepcopy(function.args)
    for node in ast.walk(bare):
        if isinstance(node, ast.arg):
            node.annotation = None
    return ast.unparse(bare)


def _faults(planted: Planted) -> Iterator[str]:
    for name, (place, right) in planted.bugs.items():
        line = "".join(planted.lines[place : place + 1])
        if not line.strip() or len(line) - len(line.lstrip()) != len(right) - len(right.lstrip()):
            yield f"the mark of {name} is not above a line that is indented like it"
    for left in (planted.bugs, (), *((name,) for name in planted.bugs)):
        try:
            ast.parse("\n".join(planted.left(left).lines))
        except SyntaxError as error:
            number = (error.lineno or 1) + sum(place < (error.lineno or 1) for place, _ in planted.bugs.values())
            yield f"with {' and '.join(left) or 'no bug'} in it, line {number} is no Python: {error.msg}"
    if not planted.functions:
        yield "it defines no function. Take the names of those in solution.py"
    for name, node in planted.functions.items():
        if ast.get_docstring(node) is not None or node.body[0].lineno == node.lineno:
            yield f"{name} has a docstring, or its code on its first line. The statement stands in solution.py"
    if any(word in line for line in planted.lines for word in (BEGIN, END)):
        yield f"it holds {BEGIN!r} or {END!r}, which are solution.py's"
