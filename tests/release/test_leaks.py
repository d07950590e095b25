"""The search for secrets finds each secret in each possible place of a release."""

from __future__ import annotations

import base64
import gzip
import io
import json
import zipfile
import zlib

import numpy as np
import pytest

from autograder.authoring.fingerprints import of_code
from autograder.course.catalog import Course
from autograder.release.leaks import engine_fingerprints, search, secrets
from autograder.release.making import make
from autograder.release.wheel import build_wheel
from tests.house.sources import ROOT
from tests.release.conftest import TINY

MISTAKE = TINY / "solutions" / "01_tiny" / "scale" / "mistakes.py"
CODE = MISTAKE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def secret():
    """Return the secrets of the tiny course."""
    return secrets(TINY)


def packed(**members: bytes) -> bytes:
    """Return the bytes of a zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "."), data)
    return out.getvalue()


def npy(array: np.ndarray) -> bytes:
    """Return the bytes of an array without pickle."""
    out = io.BytesIO()
    np.lib.format.write_array(out, array, allow_pickle=False)
    return out.getvalue()


def notebook(text: str) -> bytes:
    """Return a notebook with one cell, whose source is a list of lines."""
    return json.dumps({"cells": [{"cell_type": "code", "source": text.splitlines(keepends=True)}]}).encode()


RAW = CODE.encode()
HIDDEN = {
    "a file": {"assignments/a.py": RAW},
    "a notebook's cell": {"a.ipynb": notebook(CODE)},
    "a cell's output": {"a.ipynb": json.dumps({"outputs": [{"text": CODE}]}).encode()},
    "a page": {"README.md": f"Look:\n```python\n{CODE}```\n".encode()},
    "a string in JSON": {"a.json": json.dumps([{"x": {"y": CODE}}]).encode()},
    "a key in JSON": {"a.json": json.dumps({CODE: 1}).encode()},
    "a comment": {"a.py": "".join(f"# {line}\n" for line in CODE.splitlines()).encode()},
    "a string in Python": {"a.py": f"TEXT = {CODE!r}".encode()},
    "a wheel": {"a.whl": packed(autograder__py=RAW)},
    "a zip in a zip": {"a.whl": packed(b__zip=packed(c__py=RAW))},
    "an array of bytes": {"a.npz": packed(x__npy=npy(np.frombuffer(RAW, np.uint8)))},
    "an array of texts": {"a.npz": packed(x__npy=npy(np.array([CODE, "b"])))},
    "an array of letters as floats": {"a.npy": npy(np.array([float(ord(letter)) for letter in CODE]))},
    "an array of letters as ints": {"a.npy": npy(np.array([ord(letter) for letter in CODE]))},
    "base64": {"a.txt": b"blob: " + base64.b64encode(RAW)},
    "compressed base64": {"a.json": json.dumps([base64.b64encode(zlib.compress(RAW)).decode()]).encode()},
    "gzip in base64": {"a.txt": base64.b64encode(gzip.compress(RAW))},
    "a specification": {"a.py": (MISTAKE.parent / "spec.py").read_bytes()},
    "a solution": {"a.py": (MISTAKE.parent / "solution.py").read_bytes()},
    "an alternative": {"a.py": (MISTAKE.parent / "alternatives.py").read_bytes()},
}


@pytest.mark.parametrize("files", HIDDEN.values(), ids=HIDDEN)
def test_a_secret_is_found_wherever_it_hides(secret, files):
    """A leak has the file in the release, and file and line of the secret."""
    found = search(files, secret)
    assert any("holds code of solutions/01_tiny/" in what and what[-1].isdigit() for _, what in found)


@pytest.mark.parametrize("name", ["a.pyc", "a.pkl", "a.so", "a", "a.zip!b.exe"])
def test_a_kind_of_file_that_no_release_has_is_a_leak(secret, name):
    """A file of an unknown kind is a leak."""
    files = {name: b"x"} if "!" not in name else {"a.whl": packed(b__exe=b"x")}
    (leak,) = search(files, secret)
    assert leak[1] == "is of a kind that no release has"


def test_the_tiny_release_holds_none(secret, tiny_files):
    """Neither the records nor the pages of the tiny release hold a secret."""
    assert search(tiny_files, secret) == []


def test_statements_and_hints_are_free(secret, tiny):
    """Docstrings, stubs and hints of known mistakes are not secret."""
    hints = [mistake.hint for exercise in tiny.exercises() for mistake in exercise.mistakes]
    assert search({"a.json": json.dumps(hints).encode()}, secret) == []


def test_a_leak_is_told_with_its_places(course):
    """A solution among the files is found, and the leak names the file and the place of the code."""
    held = Course(course)
    files = make(held, held.exercises(["scale"]), "x") | {"assignments/01_tiny/extra.py": RAW}
    (leak,) = search(files, secrets(course), shared=True)
    assert leak[0] == "assignments/01_tiny/extra.py"
    assert leak[1].startswith("holds code of solutions/01_tiny/scale/")


@pytest.fixture(scope="module")
def book():
    """Return the secrets of the whole course."""
    return secrets(ROOT)


@pytest.mark.parametrize("every", [8, pytest.param(1, marks=pytest.mark.nightly)])
@pytest.mark.slow
def test_a_release_of_the_course_holds_none(book, monkeypatch, every):
    """No file, member or array of the release of the course holds code of the reference or of solutions/."""
    monkeypatch.setattr("autograder.release.recording.ROUNDS", 1)  # the number of timings has no effect on leaks
    course = Course(ROOT)
    names = course.names[::every]
    files = make(course, course.exercises(names), "all")
    assert sum(path.endswith(".npz") for path in files) == len(names) >= 56 // every
    assert search(files, book) == []
    assert sum(map(len, files.values())) < 8_000_000


@pytest.mark.slow
def test_the_engine_in_its_wheel_holds_none(book):
    """The wheel holds no secret but code that course and engine share, which is public with the engine."""
    public = engine_fingerprints()
    private = {fingerprint: place for fingerprint, place in book.items() if fingerprint not in public}
    assert 0 < len(book) - len(private) < len(book) / 100
    name, wheel = build_wheel()
    assert search({f"wheels/{name}": wheel}, book, shared=True) == []


def test_a_file_of_the_engine_shares_its_code_and_no_more(secret):
    """Code of an engine's file is no leak; beside a secret, or with its line in a comment, the secret is one."""
    text = (ROOT / "autograder" / "spec" / "judges.py").read_text(encoding="utf-8")
    both = {**secret, **of_code(text, "spec/judges.py")}
    comments = "".join(f"# {line}\n" for line in CODE.splitlines())
    assert search({"a.py": text.encode()}, both) != [] == search({"a.py": text.encode()}, both, shared=True)
    for more in (CODE, comments):
        (leak,) = search({"a.py": f"{text}\n{more}".encode()}, both, shared=True)
        assert leak[1].startswith("holds code of solutions/01_tiny/scale/")
