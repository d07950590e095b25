"""Split a text into statements, even if it does not parse, and load each; a broken one spoils what needs it."""

from __future__ import annotations
import __future__ as futures

import ast
import re
import sys
import types
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NoReturn

MESSAGE = 500
DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
ASSIGNMENTS = (ast.Assign, ast.AnnAssign, ast.AugAssign)

Failure = tuple[str, str, int | None, str | None]
"""An exception as plain data: nearest builtin type, message, line in the student's file, missing module."""


def failure(error: BaseException, filename: str) -> Failure:
    """Return an exception as plain data, which holds no object of student code."""
    kind = next(base.__name__ for base in type(error).__mro__ if base.__module__ == "builtins")
    try:
        message = str(error)[:MESSAGE]
    except BaseException:
        message = ""
    missing = error.name if isinstance(error, ModuleNotFoundError) else None
    line, trace = None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == filename:
            line = trace.tb_lineno
        trace = trace.tb_next
    if line is None and isinstance(error, SyntaxError) and error.filename == filename:
        line = error.lineno
    return kind, message, line, missing if type(missing) is str else None


class Placeholder:
    """Placeholder for a name whose import failed; any use of it raises the error of the import."""

    def __init__(self, error: ImportError) -> None:
        object.__setattr__(self, "_error", (type(error), str(error), error.name))

    def _fail(self, *args: Any, **kwargs: Any) -> NoReturn:
        kind, message, name = object.__getattribute__(self, "_error")
        raise kind(message, name=name)

    def __getattr__(self, name: str) -> NoReturn:
        self._fail()

    __call__ = __getitem__ = __iter__ = __len__ = __bool__ = __setattr__ = __add__ = __radd__ = __mul__ = _fail
    __rmul__ = __sub__ = __rsub__ = __truediv__ = __rtruediv__ = __matmul__ = __rmatmul__ = __enter__ = _fail


@dataclass
class LoadedSource:
    """A source that was loaded: its module, and the names that could not be defined."""

    filename: str
    """File name in tracebacks."""
    module: types.ModuleType
    """Module that holds the names of the source."""
    unparsed: dict[str, BrokenChunk] = field(default_factory=dict)
    """Names that could not be defined because their piece does not parse."""
    failed: dict[str, Failure] = field(default_factory=dict)
    """Names that could not be defined because their statement failed."""


def load(
    name: str, pieces: list[ast.stmt | BrokenChunk], *, stopped_at: int | None, progress: Callable[[int], None]
) -> LoadedSource:
    """Run the pieces of a text (`parse`) as module `name`, without the text itself in any frame.

    stopped_at: the line at which an earlier attempt ended, 0 if unknown; then only imports, definitions and assignments
    on other lines are run. progress: called with the line before each statement that may run for long.
    """
    source = LoadedSource(f"{name}.py", types.ModuleType(name))
    sys.modules.setdefault(name, source.module)
    flags = futures.annotations.compiler_flag  # an annotation may name a library that is not here
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for statement in pieces:
            if isinstance(statement, BrokenChunk):
                source.unparsed.update(dict.fromkeys(statement.names, statement))
            elif stopped_at is None or _is_definition(statement, stopped_at):
                if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
                    for alias in statement.names:
                        flags |= getattr(getattr(futures, alias.name, None), "compiler_flag", 0)
                if not _is_quick(statement):
                    progress(statement.lineno)
                _run(source, statement, flags)
    return source


def _is_definition(statement: ast.stmt, stopped_at: int) -> bool:
    if statement.lineno == stopped_at:
        return False
    if isinstance(statement, ast.Try | ast.If):
        parts = [*statement.body, *statement.orelse, *getattr(statement, "finalbody", [])]
        parts += [part for handler in getattr(statement, "handlers", []) for part in handler.body]
        return all(_is_definition(part, stopped_at) for part in parts)
    return isinstance(statement, DEFINITIONS) or (isinstance(statement, ASSIGNMENTS) and stopped_at != 0)


def _is_quick(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.FunctionDef):
        return not statement.decorator_list and not statement.args.defaults and not statement.args.kw_defaults
    return isinstance(statement, ast.Import | ast.ImportFrom)


def _run(source: LoadedSource, statement: ast.stmt, flags: int) -> None:
    for part in _split(statement):
        try:
            code = compile(ast.Module([part], []), source.filename, "exec", flags, dont_inherit=True)
            exec(code, source.module.__dict__)
        except BaseException as error:
            if isinstance(error, ImportError) and isinstance(part, ast.Import | ast.ImportFrom):
                (alias,) = part.names
                if alias.name != "*":
                    source.module.__dict__[alias.asname or alias.name.partition(".")[0]] = Placeholder(error)
            source.failed.update(dict.fromkeys(_targets(part), failure(error, source.filename)))


def _split(statement: ast.stmt) -> Iterator[ast.stmt]:
    """Yield one import for each name that a statement imports, because one of them may fail."""
    if isinstance(statement, ast.Import):
        yield from (ast.copy_location(ast.Import([alias]), statement) for alias in statement.names)
    elif isinstance(statement, ast.ImportFrom) and len(statement.names) > 1:
        single = (ast.ImportFrom(statement.module, [alias], statement.level) for alias in statement.names)
        yield from (ast.copy_location(part, statement) for part in single)
    else:
        yield statement


def _targets(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [statement.name]
    return [node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]


CELL = "# %%"
"""Start of a comment that separates cells, in editors and in a notebook's text."""
BESIDE = "_ModulesBeside"
"""Name of a class at the end of a text that holds the modules it imports; it is run before all other statements."""
UNPARSABLE = (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError)
_OPENER = re.compile(r"(?:async\s+def|def|class|import|from)\b|@")
_CONTINUED = re.compile(r"(?:else|elif|except|finally)\b|[)\]}#]")
_HEADER = re.compile(r"^(?:async\s+)?(?:def|class)\s+(\w+)", re.MULTILINE)
_LINE = re.compile(r"\b(on|at) line (\d+)\b")
_DETAIL = 500
_WORK, _LEAST_WORK = 16, 1 << 16
"""The pieces of a text that does not parse are parsed up to this many times its length, and at least this many
characters, in all: an unclosed quote in every piece would otherwise have the rest of the text parsed for each."""


@dataclass(frozen=True)
class BrokenChunk:
    """A piece of a text that does not parse."""

    names: tuple[str, ...]
    """Names of the functions and classes that the piece should define."""
    first: int
    """First line of the piece."""
    line: int
    """Line of the error."""
    detail: str
    """Error message."""


def parse(text: str, filename: str) -> list[ast.stmt | BrokenChunk]:
    """Return the top-level statements of `text`, with a BrokenChunk in place of each piece that does not parse."""
    try:
        found: list[ast.stmt | BrokenChunk] = list(ast.parse(text, filename).body)
    except UNPARSABLE:
        found = list(_pieces(text.split("\n"), filename))
    if found and isinstance(found[-1], ast.ClassDef) and found[-1].name == BESIDE:
        found.insert(0, found.pop())
    return found


def _pieces(lines: list[str], filename: str) -> Iterator[ast.stmt | BrokenChunk]:
    """Yield the pieces cell by cell, so that an unclosed bracket or quote ends with its cell."""
    edges = [0, *(number for number, line in enumerate(lines) if number and line.startswith(CELL)), len(lines)]
    left = _LEAST_WORK + _WORK * sum(map(len, lines))
    for start, stop in pairwise(edges):
        while start < stop:
            end = _end(lines, start, stop) if left > 0 else stop
            parsed, left = _parse(lines, start, end, filename, left)
            if isinstance(parsed, BrokenChunk) and left > 0:
                end = _next_opener(lines, start, end)
                parsed, left = _parse(lines, start, end, filename, left)
            yield from [parsed] if isinstance(parsed, BrokenChunk) else parsed
            start = end


def _parse(
    lines: list[str], start: int, end: int, filename: str, left: int
) -> tuple[list[ast.stmt] | BrokenChunk, int]:
    """Return the statements of a piece, or what is wrong with it, and how many characters may still be parsed."""
    text = "\n".join(lines[start:end]) + "\n"
    names = tuple(_HEADER.findall(text))
    if left <= 0:
        return BrokenChunk(names, start + 1, start + 1, "too much before it does not parse"), left
    left -= len(text)
    try:
        return [ast.increment_lineno(node, start) for node in ast.parse(text, filename).body], left
    except UNPARSABLE as error:
        line = (getattr(error, "lineno", None) or 1) + start
        detail = error.msg if isinstance(error, SyntaxError) else f"{type(error).__name__}: {error}"
        moved = _LINE.sub(lambda found: f"{found[1]} line {int(found[2]) + start}", str(detail))
        return BrokenChunk(names, start + 1, min(line, len(lines)), moved[:_DETAIL]), left


def _end(lines: list[str], start: int, stop: int) -> int:
    """Return the line after the piece that begins at `start`: the next at column 0 that continues nothing."""
    margin = Margin()
    decorated = False
    for number in range(start, stop):
        line = lines[number]
        if number > start and not decorated and _may_begin(margin, line):
            return number
        decorated = line.startswith("@") or (decorated and not _HEADER.match(line))
        margin.read(line)
    return stop


def _next_opener(lines: list[str], start: int, end: int) -> int:
    """Return the line at which a broken piece ends at the latest: an unclosed quote may include what follows."""
    first = start
    while first < end and (lines[first].startswith("@") or not lines[first].strip()):
        first += 1
    return next((number for number in range(first + 1, end) if _OPENER.match(lines[number])), end)


def _may_begin(margin: Margin, line: str) -> bool:
    """Return whether a piece may begin with this line: it is at column 0 and continues nothing."""
    if margin.quote or margin.joined or not line.strip() or line[0].isspace():
        return False
    if _OPENER.match(line):
        margin.depth = 0
    return margin.depth == 0 and not _CONTINUED.match(line)


_OUTSIDE = re.compile(r"\\.|(#)|('''|\"\"\"|'|\")|([(\[{])|([)\]}])")
_INSIDE = re.compile(r"\\.|'''|\"\"\"|'|\"")


class Margin:
    """Reader of a text, line by line without line ends.

    quote: the open quotes, "" outside strings; depth: the number of open brackets; joined: the previous line ended in a
    backslash.
    """

    def __init__(self) -> None:
        self.quote = ""
        self.depth = 0
        self.joined = False

    @property
    def free(self) -> bool:
        """Return whether the next line begins outside of brackets, quotes and continued lines."""
        return not (self.quote or self.depth or self.joined)

    def read(self, line: str) -> None:
        """Read the next line, and update the open quotes, brackets and continuation."""
        at, self.joined = 0, line.endswith("\\")
        while found := (_INSIDE if self.quote else _OUTSIDE).search(line, at):
            at = found.end()
            if self.quote:
                if found[0].startswith(self.quote):
                    at, self.quote = found.start() + len(self.quote), ""
                continue
            comment, quote, opening, closing = found.groups()
            if comment:
                self.joined = False
                break
            self.quote = quote or ""
            self.depth = max(0, self.depth + bool(opening) - bool(closing))
        if len(self.quote) == 1 and not self.joined:
            self.quote = ""
