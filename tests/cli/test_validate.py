"""What a student is told before handing in: where each function stands, which one counts, what is not looked at."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.cli.main import main
from autograder.release.making import Files
from tests.cli.forked import run
from tests.cli.test_commands import RIGHT, TINY
from tests.release.conftest import release, tiny_files
from tests.submission.papers import notebook, text

__all__ = ["release", "tiny_files"]

FORWARD, BACKWARD = RIGHT.strip().split("\n\n")


Validate = Callable[..., tuple[int, str]]


@pytest.fixture
def validate(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Validate:
    """Exit code and all that is said, on lines that are long enough for every sentence."""
    monkeypatch.setenv("COLUMNS", "200")

    def call(path: Path, *words: str) -> tuple[int, str]:
        status = main(["validate", str(path), *words, "--course", str(TINY)])
        done = capsys.readouterr()
        return status, done.out + done.err

    return call


def book(root: Path, *cells: object) -> Path:
    """ann's notebook."""
    (root / "ann.ipynb").write_bytes(notebook(*cells))  # type: ignore[arg-type]
    return root / "ann.ipynb"


def test_everything_is_there(validate: Validate, tmp_path: Path) -> None:
    """Cell and line of each function; exit code 0."""
    code, said = validate(book(tmp_path, "import numpy as np", f"# mine\n{FORWARD}", BACKWARD), "scale")

    assert code == 0, said
    assert "✔ scale  ann.ipynb\n" in said
    assert "scale_forward   cell 2, line 2\n" in said and "scale_backward  cell 3, line 1\n" in said
    assert "✔ All is there. Whether it is right says `handgrad check`." in said


def test_the_last_of_two_counts_and_is_said(validate: Validate, tmp_path: Path) -> None:
    """With the places of those that do not."""
    path = book(tmp_path, FORWARD, FORWARD, BACKWARD, FORWARD)

    code, said = validate(path, "scale")

    assert code == 0
    assert "cell 4, line 1; defined before in cell 1, line 1 and cell 2, line 1: the last one counts" in said


def test_what_does_not_parse_hides_no_other_definition(validate: Validate, tmp_path: Path) -> None:
    """As in the notebook, and when it is graded: the cell defines nothing."""
    code, said = validate(book(tmp_path, FORWARD, BACKWARD, "def scale_forward(x, w:\n    return 1"), "scale")

    assert code == 0
    assert "scale_forward   cell 1, line 1; cell 3, line 1 is not Python and does not count" in said


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("", "missing: no line defines it"),
        ("def scale_forward(x, w):\n    raise NotImplementedError('yours')", "cell 1, line 1: not written yet"),
        ('def scale_forward(x, w):\n    """Scale."""\n    ...', "cell 1, line 1: not written yet"),
        ("def scale_forward(x, w:\n    return x", "cell 1, line 1: is not Python: '(' was never closed"),
        ("from mine import scale_forward", "cell 1, line 1: is imported from mine, which is not there"),
        (f"{FORWARD}\ndel scale_forward", "missing: no line defines it"),
        ("scale_foward = None", "missing: no line defines it"),
        ("def outer():\n    def scale_forward(x, w):\n        return x * w", "missing: no line defines it"),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_with_its_reason(validate: Validate, tmp_path: Path, cell: str, words: str) -> None:
    """Exit code 1."""
    code, said = validate(book(tmp_path, cell, BACKWARD), "scale")

    assert code == 1
    assert words in said and "0 of 1 exercises are complete" in said


def test_all_exercises_of_the_unit_are_expected(validate: Validate, tmp_path: Path) -> None:
    """Without names, those of the units that the notebook has something of; what it has nothing of stands in a line."""
    code, said = validate(book(tmp_path, FORWARD, BACKWARD))

    assert code == 1
    assert "✔ scale" in said and "✘ nothing of: " in said and "mean_square" in said


def test_what_is_not_looked_at_is_named(validate: Validate, tmp_path: Path) -> None:
    """Cells of another language, input() and modules that are not there; a question inside of a function is none."""
    cells = (
        "%matplotlib inline\nimport torch, matplotlib.pyplot as plt\n!ls", FORWARD,
        "n = input('how many?')\ndef ask():\n    return input()", BACKWARD, "%%bash\nls", "1 / 0", text("# scale"),
    )  # fmt: skip

    status, said = validate(book(tmp_path, *cells), "scale")

    flat = " ".join(said.split())
    assert status == 0, said
    assert "ann.ipynb, cell 1, line 2: torch is not there when it is graded. Only what uses it fails." in flat
    assert "matplotlib is not there" not in flat
    assert "ann.ipynb, cell 3, line 1: nobody answers input() when it is graded." in flat
    assert flat.count("input()") == 1
    assert "cell 5 is left out: %%bash is not Python." in flat


def test_files_and_folders_too(validate: Validate, tmp_path: Path) -> None:
    """A file that bears an exercise's name is that exercise; a folder is all that is in it."""
    (tmp_path / "scale.py").write_text(RIGHT, encoding="utf-8")
    assert validate(tmp_path / "scale.py")[0] == 0

    code, said = validate(tmp_path)

    assert code == 1 and "✔ scale  scale.py" in said and "nothing of: " in said
    assert validate(tmp_path, "scale")[0] == 0


def test_a_file_that_is_refused_is_one_of_its_exercises(validate: Validate, tmp_path: Path) -> None:
    """The others are read."""
    (tmp_path / "scale.py").write_text(RIGHT, encoding="utf-8")
    (tmp_path / "softplus.py").write_bytes(b"# caf\xe9")

    code, said = validate(tmp_path, "scale", "softplus")

    assert code == 1
    assert "✘ softplus  softplus.py" in said and "is not UTF-8: byte 0xe9 in line 1" in said


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'{"cells": [', "its JSON breaks off or is wrong in line 1. Open it in Jupyter, save it, and hand it in"),
        (b"\xff\xfe{", "it is not UTF-8"), (b"[]", "it has no cells"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why_and_how_to_repair_it(
    validate: Validate, tmp_path: Path, data: bytes, words: str
) -> None:
    """Exit code 2, and nothing else."""
    (tmp_path / "ann.ipynb").write_bytes(data)

    code, said = validate(tmp_path / "ann.ipynb")

    assert code == 2
    assert said.startswith("handgrad: ann.ipynb ") and words in said


def test_a_path_that_is_not_there(validate: Validate, tmp_path: Path) -> None:
    """Usage."""
    code, said = validate(tmp_path / "no.ipynb")

    assert code == 2 and "does not exist. Name the file or the folder that you will hand in." in said


def test_a_notebook_of_something_else(validate: Validate, tmp_path: Path) -> None:
    """Nothing is found, which is no success."""
    code, said = validate(book(tmp_path, "x = 1"))

    assert code == 1 and "No function of the course's exercises was found." in said


def test_nothing_is_run(validate: Validate, tmp_path: Path) -> None:
    """Neither code nor magics."""
    mark = tmp_path / "ran"
    write = f"open({str(mark)!r}, 'w')"

    validate(book(tmp_path, write, f"!touch {mark}", f"@{write}\n{FORWARD}", BACKWARD), "scale")

    assert not mark.exists()


def test_hostile_names_are_shown_escaped(validate: Validate, tmp_path: Path) -> None:
    """Nothing of a name or a text acts on a terminal."""
    (tmp_path / "\x1b[31m.ipynb").write_bytes(notebook(FORWARD, BACKWARD, "import \u202ex", "::error::x"))

    _, said = validate(tmp_path / "\x1b[31m.ipynb", "scale")

    assert "\\x1b[31m.ipynb" in said and "\x1b" not in said and "\u202e" not in said


def test_in_a_students_repository(release: Path, tiny_files: Files) -> None:
    """Without any solution: the record says what is asked for."""
    path = next(release.glob("assignments/*/scale.py"))

    done = run("validate", path.relative_to(release), cwd=release)
    assert (done.returncode, "not written yet" in done.stdout) == (1, True), done.stdout + done.stderr

    path.write_text(RIGHT, encoding="utf-8")
    done = run("validate", path.relative_to(release), cwd=release)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("piece", ["def helper(x)\n    return x", "scratch = = 2", "%%bad\nx = = 1"])
def test_lines_that_do_not_parse_are_told_where_all_functions_are_there(
    validate: Validate, tmp_path: Path, piece: str
) -> None:
    """Validate names the place and the error of lines that are not Python beside whole functions."""
    path = tmp_path / "scale.py"
    path.write_text(f"{RIGHT}\n{piece}\n")

    code, said = validate(path, "scale")

    assert code == 0 and "All is there" in said
    assert "scale.py, line " in said and "is not Python: " in said and "left out when it is graded" in said


def test_a_function_that_does_not_parse_is_told_once(validate: Validate, tmp_path: Path) -> None:
    """Validate tells once, in its own row, that a function is not Python."""
    path = tmp_path / "scale.py"
    path.write_text(RIGHT.replace("def scale_backward(", "def scale_backward((", 1))

    _, said = validate(path, "scale")

    assert said.count("is not Python") == 1
