"""The house's own rules, so that nobody has to remember them."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.checks import CHECKS
from autograder.report import STATUSES
from tests.house.sources import ROOT, modules, tree

OURS = {**modules("autograder"), **modules("reference")}

# File → why it is one idea all the same.
LONGER: dict[str, str] = {}
LINES = 400


@pytest.mark.parametrize("module", OURS)
def test_a_file_is_one_idea(module):
    """A longer file is usually two; an exception is listed with its reason, and leaves the list when it shrinks."""
    lines = len(OURS[module].read_text(encoding="utf-8").splitlines())
    if module in LONGER:
        assert lines > LINES, f"{module} has {lines} lines: take it off the list"
    else:
        assert lines <= LINES, f"{module} has {lines} lines, expected {LINES} or fewer: which are its two ideas?"


@pytest.mark.parametrize("module", OURS)
def test_a_module_is_a_noun_with_a_meaning(module):
    """What is called utils holds anything."""
    vague = {"util", "utils", "helper", "helpers", "common", "base", "manager", "misc", "tools", "core"}
    assert not vague & set(module.split("."))


def public(body: list[ast.stmt], prefix: str = "") -> Iterator[tuple[str, ast.AST]]:
    """Functions, classes and their methods whose names do not begin with an underscore."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield prefix + node.name, node
            if isinstance(node, ast.ClassDef):
                yield from public(node.body, f"{prefix}{node.name}.")


@pytest.mark.parametrize("module", OURS)
def test_what_is_public_is_explained(module):
    """Every module, class and function has a docstring; a method that several classes have, in one of them."""
    parsed = tree(OURS[module])
    assert ast.get_docstring(parsed), "the module has no docstring"
    found = list(public(parsed.body))
    methods = {name.partition(".")[2] for name, node in found if "." in name and _explained(node)}
    assert [name for name, node in found if not _explained(node) and name.partition(".")[2] not in methods] == []


def _explained(node: ast.AST) -> bool:
    """It has a docstring, or it is a line of a protocol, whose own docstring says what it means."""
    line = isinstance(node, ast.FunctionDef) and ast.unparse(node.body[-1]) == "..." and len(node.body) == 1
    return line or bool(ast.get_docstring(node))  # type: ignore[arg-type]


@pytest.mark.parametrize("module", OURS)
def test_what_is_public_is_annotated(module):
    """Every argument and every result."""
    bare = [
        name for name, node in public(tree(OURS[module]).body)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not _annotated(node)
    ]  # fmt: skip
    assert bare == []


def _annotated(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    return node.returns is not None and all(arg.annotation or arg.arg in ("self", "cls") for arg in given)


def tracked() -> list[Path]:
    """Files of the repository, new ones too."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a checkout: git ls-files has nothing to list")
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    paths = [ROOT / name.decode() for name in listed.stdout.split(b"\0") if name]
    return [path for path in paths if path.is_file()]


# Written in pieces, or this file would be its own first finding.
PLACES = re.compile("|".join(["/" + "root/", "/" + "home/", "/" + "work/", r"[A-Z]:\\" + "Users"]))
HOSTS = re.compile("|".join(["pypi" + r"\.org", "python" + "hosted", "test" + "pypi", "anaconda" + r"\.(org|com)"]))
# Places that are no machine's: fixed by a platform or a container, or what hostile code of a test tries to write.
FIXED = re.compile("/" + r"home/(jovyan|runner)/|/" + "root/x'")


@pytest.mark.parametrize("what", [PLACES, HOSTS], ids=["machine paths", "index hosts"])
def test_no_file_names_a_machine(what):
    """A checkout works wherever it lies, and packages come from wherever the user's installer is told."""
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for path in tracked()
        for number, line in enumerate(path.read_bytes().decode("utf-8", "replace").splitlines(), 1)
        if what.search(FIXED.sub("", line))
    ]
    assert found == []


JUNK = re.compile(r"(^|/)(\.ipynb_checkpoints|__pycache__|[^/]*\.egg-info)/|\.DS_Store$|\.py[cod]$|~$|\.orig$")


def test_nothing_that_a_program_leaves_behind_is_tracked():
    """Caches, checkpoints and an editor's copies; git ignores them, whatever folder they lie in."""
    assert [path for path in tracked() if JUNK.search(path.relative_to(ROOT).as_posix())] == []
    left = [".ipynb_checkpoints/01.ipynb", "__pycache__/x.pyc", ".DS_Store", "handgrad.egg-info/PKG-INFO"]
    command = ["git", "check-ignore", *(f"assignments/01_perceptron/{name}" for name in left)]
    ignored = subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout.split()
    assert ignored == command[2:]


def test_the_record_s_words_are_documented():
    """Each status, each check, in the document of the record's schema."""
    text = (ROOT / "docs" / "report-schema.md").read_text(encoding="utf-8")
    words = [*STATUSES, *CHECKS]
    assert [word for word in words if f"`{word}`" not in text and f'"{word}"' not in text] == []


def test_a_test_says_its_property():
    """Every test has a docstring of one sentence or a few."""
    bare = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        for name, node in public(tree(path).body)
        if name.rpartition(".")[2].startswith("test_") and not ast.get_docstring(node)  # type: ignore[arg-type]
    ]
    assert bare == []


def test_no_test_is_written_twice():
    """A second function of the same name would silently replace the first."""
    twice = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in sorted((ROOT / "tests").rglob("*.py"))
        for name, count in _counts(path).items()
        if count > 1
    ]
    assert twice == []


def _counts(path: Path) -> dict[str, int]:
    names = [name for name, _ in public(tree(path).body)]
    return {name: names.count(name) for name in names}


def test_no_mistake_is_written_twice():
    """Of two mistakes with one name only the last would run."""
    found = [
        f"{path.parent.name}/{path.name}: {name}"
        for path in sorted((ROOT / "solutions").glob("*/*/*.py"))
        for name, count in _counts(path).items()
        if count > 1
    ]
    assert found == []
