"""Load a source statement by statement, so that a broken statement affects only what needs it."""

from __future__ import annotations
import __future__ as futures

import ast
import sys
import types
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

from .chunks import UNPARSABLE, BrokenChunk

MESSAGE = 500
DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
ASSIGNMENTS = (ast.Assign, ast.AnnAssign, ast.AugAssign)


@dataclass(frozen=True)
class LoadFailure:
    """Exception in words."""

    kind: str
    """Nearest builtin type."""
    message: str
    """Message."""
    line: int | None
    """Line in the student's file."""
    missing: str | None
    """Missing module, if any."""


def failure(error: BaseException, filename: str) -> LoadFailure:
    """Return the exception in words, without any object of student code."""
    kind = next(base.__name__ for base in type(error).__mro__ if base.__module__ == "builtins")
    try:
        message = str(error)[:MESSAGE]
    except BaseException:
        message = ""
    missing = error.name if isinstance(error, ModuleNotFoundError) else None
    return LoadFailure(kind, message, _line(error, filename), missing if type(missing) is str else None)


def _line(error: BaseException, filename: str) -> int | None:
    line, trace = None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == filename:
            line = trace.tb_lineno
        trace = trace.tb_next
    if line is None and isinstance(error, SyntaxError) and error.filename == filename:
        return error.lineno
    return line


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
    """Source that was loaded."""

    name: str
    """Name of its module."""
    module: types.ModuleType
    """Module that holds its names."""
    skipped: list[tuple[int, str]] = field(default_factory=list)
    """Skipped statements as (line, reason)."""
    unparsed: dict[str, BrokenChunk] = field(default_factory=dict)
    """Names that could not be defined because their piece does not parse."""
    failed: dict[str, LoadFailure] = field(default_factory=dict)
    """Names that could not be defined because their statement failed."""

    @property
    def filename(self) -> str:
        """Return the file name of the source in tracebacks."""
        return f"{self.name}.py"


def load(
    name: str, pieces: list[ast.stmt | BrokenChunk], *, stopped_at: int | None, progress: Callable[[int], None]
) -> LoadedSource:
    """Run the pieces of a text (chunks.parse) as module `name`, without the text itself in any frame.

    stopped_at: the line at which an earlier attempt ended, 0 if unknown; then only imports, definitions and assignments
    on other lines are run. progress: called with the line before each statement that may run for long.
    """
    source = LoadedSource(name, types.ModuleType(name))
    sys.modules.setdefault(name, source.module)
    flags = 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for statement in pieces:
            if isinstance(statement, BrokenChunk):
                _note_broken(source, statement)
            elif stopped_at is not None and not _is_definition(statement, stopped_at):
                source.skipped.append((statement.lineno, "skipped"))
            else:
                flags |= _future_flags(statement)
                if not _is_quick(statement):
                    progress(statement.lineno)
                _run(source, statement, flags)
    return source


def _note_broken(source: LoadedSource, broken: BrokenChunk) -> None:
    source.unparsed.update(dict.fromkeys(broken.names, broken))
    source.skipped.append((broken.line, f"SyntaxError: {broken.detail}"))


def _is_definition(statement: ast.stmt, stopped_at: int) -> bool:
    if isinstance(statement, ast.Try | ast.If):
        parts = [*statement.body, *statement.orelse, *getattr(statement, "finalbody", [])]
        parts += [part for handler in getattr(statement, "handlers", []) for part in handler.body]
        return statement.lineno != stopped_at and all(_is_definition(part, stopped_at) for part in parts)
    if isinstance(statement, DEFINITIONS):
        return statement.lineno != stopped_at
    return isinstance(statement, ASSIGNMENTS) and statement.lineno != stopped_at and stopped_at != 0


def _is_quick(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.FunctionDef):
        return not statement.decorator_list and not statement.args.defaults and not statement.args.kw_defaults
    return isinstance(statement, ast.Import | ast.ImportFrom)


def _future_flags(statement: ast.stmt) -> int:
    if not isinstance(statement, ast.ImportFrom) or statement.module != "__future__":
        return 0
    features = (getattr(futures, alias.name, None) for alias in statement.names)
    return sum(feature.compiler_flag for feature in features if feature is not None)


def _run(source: LoadedSource, statement: ast.stmt, flags: int) -> None:
    for part in _split(statement):
        error = _execute(source, part, flags)
        if error is None:
            continue
        if isinstance(error, ImportError) and isinstance(part, ast.Import | ast.ImportFrom):
            _bind_placeholders(source, part, error, flags)
        found = failure(error, source.filename)
        source.failed.update(dict.fromkeys(_targets(part), found))
        source.skipped.append((found.line or part.lineno, f"{found.kind}: {found.message}"))


def _split(statement: ast.stmt) -> Iterator[ast.stmt]:
    """Split `import a, b` into two statements, because one of them may fail."""
    if not isinstance(statement, ast.Import):
        yield statement
        return
    for alias in statement.names:
        yield ast.copy_location(ast.Import([alias]), statement)


def _execute(source: LoadedSource, statement: ast.stmt, flags: int) -> BaseException | None:
    try:
        tree = ast.Module([statement], [])
        exec(compile(tree, source.filename, "exec", flags, dont_inherit=True), source.module.__dict__)
    except BaseException as error:
        return error
    return None


def _bind_placeholders(source: LoadedSource, part: ast.Import | ast.ImportFrom, error: ImportError, flags: int) -> None:
    if isinstance(part, ast.Import):
        alias = part.names[0]
        source.module.__dict__[alias.asname or alias.name.split(".")[0]] = Placeholder(error)
        return
    for alias in part.names:
        single = ast.copy_location(ast.ImportFrom(part.module, [alias], part.level), part)
        if alias.name != "*" and isinstance(own := _execute(source, single, flags), ImportError):
            source.module.__dict__[alias.asname or alias.name] = Placeholder(own)


def _targets(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [statement.name]
    return [node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]


__all__ = ["UNPARSABLE", "LoadFailure", "LoadedSource", "Placeholder", "failure", "load"]
