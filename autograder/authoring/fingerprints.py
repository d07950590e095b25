"""Fingerprints of code, by which a piece of it is recognised in another text.

They do not depend on layout, comments, docstrings and annotations. A piece of code has two sets. Syntax fingerprints
cover each expression and statement of some size, with variables numbered in order of appearance, so that renaming
changes none. Word fingerprints cover runs of tokens, and are also found in prose, in a string and in text that is not
valid Python.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import accumulate

# Sizes in nodes of a piece of syntax that gets a fingerprint. Smaller pieces occur in many independent programs.
LEAST, MOST = 16, 400
# Tokens in a run: about a line of code.
RUN = 18
# Names that a run must hold; with fewer it is a table of numbers.
RUN_NAMES = 7

_TOKEN = re.compile(r"[^\W\d]\w*|\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|[^\s\w]")
_PROSE = re.compile(  # strings and comments of valid Python, and lines that are continued
    r"""(?:\b[rbuf]{1,2})?(?:(\"{3}|'{3})(?:\\.|[^\\])*?\1|"(?:\\.|[^\\"\n])*"|'(?:\\.|[^\\'\n])*')|\#[^\n]*|\\\n""",
    re.DOTALL | re.IGNORECASE,
)
_FENCED = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_FIXED = {*"np numpy math self range len zip enumerate sum max min abs float int list tuple dict sorted".split()}
"""Names that mean the same in any program."""
_NAMES = ast.Name, ast.arg

Token = tuple[str, int]
"""A token and its line."""
Found = tuple[int, int]
"""A fingerprint, valid within this process only, and the line where it was found."""


def of_code(text: str, place: str = "") -> dict[int, str]:
    """Return fingerprint of Python code → where it first occurs, as place:line; SyntaxError for invalid code."""
    tree = parse(text)
    code = _PROSE.sub(lambda prose: " " + "\n" * prose[0].count("\n"), text)
    found = [*syntax_hashes(tree), *word_hashes(tokens_of(code))]
    return {fingerprint: f"{place}:{line}" for fingerprint, line in reversed(found)}


def of_text(text: str, pieces: Iterable[str] = ()) -> Iterator[int]:
    """Yield the fingerprints of a text: of its words, and of the Python that it, or a fenced block in it, may be.

    pieces: parts of the text that may be code too.
    """
    yield from (fingerprint for fingerprint, _ in word_hashes(tokens_of(text)))
    for piece in (text, *_FENCED.findall(text), *pieces):
        with suppress(SyntaxError, ValueError, RecursionError, MemoryError):
            yield from (fingerprint for fingerprint, _ in syntax_hashes(parse(piece)))


def parse(text: str) -> ast.Module:
    """Parse Python without warnings; SyntaxError if it is not valid."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about invalid escapes
        return ast.parse(text)


def syntax_hashes(tree: ast.AST) -> Iterator[Found]:
    """Yield a fingerprint of each expression and statement of LEAST to MOST nodes, and of each short function."""
    words: list[str] = []
    pieces: list[tuple[ast.AST, int, int, int]] = []
    _flatten(tree, words, pieces)
    for node, start, end, size in pieces:
        if LEAST <= size <= MOST and isinstance(node, ast.expr | ast.stmt):
            yield hash(_numbered(words[start:end])), node.lineno
        elif isinstance(node, ast.FunctionDef):  # a short function is only recognised together with its name
            yield hash((node.name, _numbered(words[start:end]))), node.lineno


class _Variable(str):
    """A word that is a variable: a name that the author of the code chose, which fingerprints ignore."""


def _flatten(node: ast.AST, words: list[str], pieces: list[tuple[ast.AST, int, int, int]]) -> int:
    """Append the words of a node, without docstrings, annotations, decorators and types; return its size.

    pieces: node, start and end of its words, and its size: the number of operators, names, numbers and calls in it.
    """
    start = len(words)
    if isinstance(node, _NAMES):
        name = node.id if isinstance(node, ast.Name) else node.arg
        words.append(name if name in _FIXED else _Variable(name))
        size = 1
    elif isinstance(node, ast.Constant):
        words.append(repr(node.value))
        size = 1
    else:
        kind = "Assign" if isinstance(node, ast.AnnAssign) else type(node).__name__
        words += f"{kind} {getattr(node, 'attr', '')}", "("
        size = int(not isinstance(node, ast.arguments))
        for part in _parts(node):
            size += _flatten(part, words, pieces)
        words.append(")")
    pieces.append((node, start, len(words), size))
    return size


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    parts: Iterable[ast.AST | None] = ast.iter_child_nodes(node)
    if isinstance(node, ast.FunctionDef):
        parts = (node.args, *node.body[ast.get_docstring(node, clean=False) is not None :])
    elif isinstance(node, ast.AnnAssign):
        parts = (node.target, node.value)
    for part in parts:
        only_annotated = isinstance(part, ast.AnnAssign) and part.value is None
        if part and not isinstance(part, ast.expr_context) and not only_annotated:
            yield part


def _numbered(words: Iterable[str]) -> tuple[str | int, ...]:
    """Return the words with each variable replaced by a number, in order of appearance."""
    numbers: dict[str, int] = {}
    return tuple(numbers.setdefault(w, len(numbers)) if type(w) is _Variable else w for w in words)


def tokens_of(text: str) -> list[Token]:
    """Return the tokens of any text, also one that is no Python, with their lines."""
    found = [(token, number) for number, line in enumerate(text.split("\n"), 1) for token in _TOKEN.findall(line)]
    return _without_contracts(found) if "def" in text else found


def _without_contracts(tokens: Iterable[Token]) -> list[Token]:
    """Return the tokens without function signatures, because students are given names, arguments and types."""
    left: list[Token] = []
    depth = -1
    for token in tokens:
        if depth < 0 and token[0] != "def":
            left.append(token)
            continue
        depth = 0 if token[0] == "def" else depth + (token[0] in "([{") - (token[0] in ")]}")
        depth = -1 if token[0] == ":" and not depth else depth
    return left


def word_hashes(tokens: Sequence[Token]) -> Iterator[Found]:
    """Yield a fingerprint of each run of RUN tokens with at least RUN_NAMES names in it."""
    words = [token for token, _ in tokens]
    names = [*accumulate(map(str.isidentifier, words), initial=0)]  # before each token
    for start in range(len(tokens) - RUN + 1):
        if names[start + RUN] - names[start] >= RUN_NAMES:
            yield hash(tuple(words[start : start + RUN])), tokens[start][1]
