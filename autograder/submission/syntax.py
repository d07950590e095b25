"""Parse student text under a limit of CPU time; no other module of the package calls a parser on such text.

A parser can take long for a short text (Python 3.11 needs quadratic time for an f-string). Texts of up to DIRECT
characters cannot cost much and are read in this process; larger ones are read by a process that is kept for the next
text, and ended by the kernel when one text uses up SECONDS.
"""

from __future__ import annotations

import ast
import atexit
import importlib
import json
import os
import signal
import subprocess
import symtable
import sys
import threading
import tokenize
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import lru_cache, wraps
from io import StringIO
from typing import Any, TypeVar

from autograder.sandbox.inside.loader import UNPARSABLE as UNPARSABLE
from autograder.sandbox.inside.loader import BrokenChunk, parse

DIRECT = 16 << 10
"""Most characters that are read in this process: half a second at worst, of a hundred texts made to be slow."""
SECONDS = 2.0
"""CPU time for reading one larger text."""
_MEMORY = 2 << 30
"""Address space of the process that reads."""
_BOOT = "import sys; sys.path[:0] = {path!r}; from {module} import serve; serve()"

Result = TypeVar("Result")


class TooCostly(ValueError):
    """Raised for a text that cannot be read within SECONDS of CPU time and the memory that is allowed."""


def tree(text: str) -> ast.Module:
    """Return the syntax tree; raise one of UNPARSABLE if there is none. Call it in a reader that is `bounded`."""
    return _quietly(ast.parse, text)


def small_tree(text: str) -> ast.Module | None:
    """Return the syntax tree of a text of at most DIRECT characters, which cannot cost much; None for any other."""
    if len(text) > DIRECT:
        return None
    try:
        return tree(text)
    except UNPARSABLE:
        return None


def table(text: str) -> symtable.SymbolTable:
    """Return the symbol table; raise one of UNPARSABLE if there is none. Call it in a reader that is `bounded`."""
    return _quietly(symtable.symtable, text, "cell", "exec")


def statements(text: str) -> list[ast.stmt | BrokenChunk]:
    """Return the top-level statements as the worker cuts them. Call it in a reader that is `bounded`."""
    return _quietly(parse, text, "answer.py")


def _quietly(parser: Callable[..., Result], *args: str) -> Result:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return parser(*args)


def tokens(text: str) -> Iterator[tokenize.TokenInfo]:
    """Yield the tokens; raise TokenError or SyntaxError. Call it in a reader that is `bounded`."""
    return tokenize.generate_tokens(StringIO(text).readline)


def bounded(reader: Callable[..., Result]) -> Callable[..., Result]:
    """Decorate a function that reads a text, or a list of texts: it takes and returns what JSON holds.

    The call raises TooCostly where the limit is passed. The last results are kept.
    """
    name = f"{reader.__module__}:{reader.__qualname__}"

    @lru_cache(maxsize=16)
    def _remembered(told: str) -> Any:
        return _helper.ask(name, told)

    @wraps(reader)
    def _bounded(*args: Any) -> Result:
        told = json.dumps(args)
        if len(told) <= DIRECT or _serving or not hasattr(signal, "setitimer"):
            return reader(*args)
        if (found := _remembered(told)) is None:
            raise TooCostly("it cannot be read in the time allowed")
        result: Result = found[0]
        return result

    return _bounded


@bounded
def _parse_in_every_way(text: str) -> bool:
    """Parse a text in every way that the package uses, to test its cost, and return True."""
    statements(text)
    with suppress(tokenize.TokenError, *UNPARSABLE):
        for _ in tokens(text):
            pass
        table(text)
    return True


def flaw(text: str) -> str:
    """Return why a text is refused, as words to follow its name; "" where it can be parsed in the time allowed."""
    try:
        if len(text) > DIRECT:
            _parse_in_every_way(text)
        return ""
    except TooCostly:
        number, line = max(enumerate(text.split("\n"), 1), key=lambda pair: len(pair[1]))
        return (
            f"cannot be parsed within {SECONDS:g} s of CPU time. Its longest line is line {number} with "
            f"{len(line):,} characters. Shorten its strings and expressions."
        )


class _Helper:
    """Process that parses larger texts; it is started for the first one, and again after one that was too costly."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._lock = threading.Lock()

    def ask(self, name: str, told: str) -> list[Any] | None:
        """Return the result of the reader `name` for a text, in a list; None where the process ended before."""
        with self._lock:
            if self._owner != os.getpid():  # a forked process shares the pipes of its parent's helper
                self._owner, self._process = os.getpid(), None
            if self._process is None:
                command = [sys.executable, "-I", "-c", _BOOT.format(path=sys.path, module=__name__)]
                self._process = subprocess.Popen(command, cwd="/", stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                                 stderr=subprocess.DEVNULL)  # fmt: skip
            process = self._process
            try:
                assert process.stdin and process.stdout
                process.stdin.write(f"{json.dumps([name, told, SECONDS])}\n".encode())
                process.stdin.flush()
                line = process.stdout.readline()
            except OSError:
                line = b""
            if not line.endswith(b"\n"):
                self.close()
                return None
            found: list[Any] | None = json.loads(line)
            return found

    def close(self) -> None:
        """End the process if there is one."""
        process, self._process = self._process, None
        if process is not None and self._owner == os.getpid():
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    stream.close()


_helper = _Helper()
_serving = False
atexit.register(_helper.close)


def serve() -> None:
    """Parse texts for another process until it closes the pipe. The kernel ends this process if one takes too long."""
    import resource

    global _serving
    _serving = True
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for line in sys.stdin.buffer:
        name, told, seconds = json.loads(line)
        module, _, function = name.partition(":")
        reader = getattr(importlib.import_module(module), function)
        signal.setitimer(signal.ITIMER_PROF, seconds)
        try:
            answer = json.dumps([reader(*json.loads(told))])
        except MemoryError:
            answer = "null"
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0.0)
        print(answer, flush=True)
