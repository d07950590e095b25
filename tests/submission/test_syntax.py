"""Reading the syntax of student text is bounded, and happens in one module."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from autograder.grading.identity import bare, identity, similarity_code
from autograder.sandbox.inside import loader
from autograder.submission import syntax
from autograder.submission.cells import slice_cells
from autograder.submission.source import Refused, Source, decode

PACKAGE = Path(syntax.__file__).parents[1]
RIGHT = "def relu(x):\n    return x  # as it is\n"
LARGE = f"# %%\n{RIGHT}{'y = (1, 2, 3)' + chr(10)}" + "z = 1  # one\n" * 2000
# In 0.05 s of CPU time none of them can be read by any interpreter: each is linear in its length at best.
BOMBS = {
    "f-string": "x = f'" + "{a}" * 80_000 + "'\n",
    "broken statements": "x y\n" * 60_000,
    "broken functions": "def f(:\n" * 30_000,
    "open quotes": "'''\n'" * 50_000,
    "a nested sum": "x = (" + "1+" * 120_000 + "1)\n",
    "an annotation in every line": "a:b\n" * 60_000,
    "brackets in every line": "(((((1)))))\n" * 20_000,
}
# Texts of the course, its authors and the package itself; a student's own function, checked with the student's rights
# (gradcheck); expressions of the diagnosis' own table; and the code that runs in the student's process.
OWN = (
    "authoring", "release", "diagnosis/factors.py", "grading/suite.py", "cli/gradcheck.py", "numeric/wiring.py",
    "sandbox/inside", "sandbox/inprocess.py", "submission/modules.py",
)  # fmt: skip


@pytest.fixture
def brief(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syntax, "SECONDS", 0.05)


def test_student_text_is_parsed_in_one_module_only() -> None:
    """No other module of the package calls a parser, a tokenizer or a symbol table, except on texts of the course."""
    call = re.compile(
        r"\bast\.(parse|literal_eval)\(|(?<![.\w])(compile|eval|exec)\(|symtable\.symtable\(|generate_tokens\("
    )
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if call.search(path.read_text(encoding="utf-8"))
    }
    assert {name for name in found if not name.startswith(OWN)} == {"submission/syntax.py"}


def test_every_reader_of_syntax_is_bounded() -> None:
    """A function that reads a tree, a table, tokens or statements is decorated."""
    assert sorted(_unbounded()) == []


def _unbounded() -> Iterator[str]:
    readers = {"tree", "table", "tokens", "statements"}
    for path in PACKAGE.rglob("*.py"):
        module = ast.parse(path.read_text(encoding="utf-8"))
        functions = [node for node in module.body if isinstance(node, ast.FunctionDef)]
        bounded = {f.name for f in functions if any(ast.unparse(d) == "syntax.bounded" for d in f.decorator_list)}
        callers = {f.name: {n.id for n in ast.walk(f) if isinstance(n, ast.Name)} for f in functions}
        for function in functions:
            calls = {ast.unparse(n.func) for n in ast.walk(function) if isinstance(n, ast.Call)}
            if not calls & {f"syntax.{name}" for name in readers} or function.name in bounded:
                continue
            if not any(function.name in callers[name] for name in bounded):
                yield f"{path.stem}.{function.name}"


@pytest.mark.parametrize("name", BOMBS)
def test_a_text_that_takes_too_long_is_refused_in_words_of_its_own(name: str, brief: None) -> None:
    """The reason says the limit and where the longest line is; nothing was parsed in this process."""
    found = decode(BOMBS[name].encode(), "relu.py")
    assert isinstance(found, Refused)
    assert re.fullmatch(
        r"relu\.py cannot be parsed within 0\.05 s of CPU time\. Its longest line is line \d+ with [\d,]+ characters\. "
        r"Shorten its strings and expressions\.",
        found.reason,
    )


@pytest.mark.parametrize("name", BOMBS)
def test_readers_of_a_text_that_takes_too_long_say_nothing_of_it(
    name: str, brief: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its identity is that of the text, it has no hash of similarity, and comments stay."""
    for parser in ("tree", "table", "tokens", "statements"):
        monkeypatch.setattr(syntax, parser, None)  # whoever parsed here would raise TypeError
    text = BOMBS[name]
    assert identity(text) == identity(text) != identity(f"{text} ")
    assert similarity_code(text, ["f"]) is None
    assert bare(text, identity(text)) == text
    with suppress(syntax.TooCostly):
        assert slice_cells([text], ["nothing"]) == ""  # a cell whose first line is wrong is read in no time


def test_a_large_text_reads_as_a_small_one_does() -> None:
    """The process that reads gives what reading here gives, also after a text that ended it."""
    assert len(LARGE) > syntax.DIRECT
    found = decode(LARGE.encode(), "relu.py")
    assert isinstance(found, Source)
    assert identity(LARGE) == identity(LARGE.replace("  # one", "")) != identity(RIGHT)
    assert bare(LARGE, identity(LARGE)) == "\n".join(line.partition("#")[0] for line in LARGE.split("\n")) + "\n"
    assert "def relu" in slice_cells([LARGE], ["relu"])


@pytest.mark.parametrize("text", ["x y\n", "def f(:\n", "'''\n'", "# %%\n(\n", "@a\n"])
def test_a_broken_text_is_cut_in_linear_work(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The characters that are parsed are a stated multiple of the text's."""
    parsed = 0
    real = ast.parse

    def count(source: str, *args: str) -> ast.Module:
        nonlocal parsed
        parsed += len(source)
        return real(source, *args)

    monkeypatch.setattr(loader.ast, "parse", count)
    whole = text * 3000
    loader.parse(whole, "a.py")
    assert parsed <= 20 * len(whole) + (1 << 16)


def test_a_broken_piece_is_told_with_its_line_in_the_text() -> None:
    """The line of an error, and a line in Python's words, count from the beginning of the text."""
    text = "a = 1\n\ndef f():\nb = 2\nc = (\n"
    broken = [item for item in loader.parse(text, "a.py") if not isinstance(item, ast.stmt)]
    assert [(item.line, item.detail) for item in broken] == [
        (3, "expected an indented block after function definition on line 3"),
        (5, "'(' was never closed"),
    ]
