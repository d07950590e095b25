"""The rules of the code. A rule is one test that lists its violations, not one test for each file."""

from __future__ import annotations

import ast
import io
import re
import subprocess
import tokenize
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.checks import CHECKS
from autograder.report.report import STATUSES
from tests.house.sources import ROOT, modules, tree

ENGINE = modules("autograder")
OURS = {**ENGINE, **modules("reference")}
LINES = 400


def test_a_file_is_short():
    """No module of the engine or of the reference has more than 400 lines."""
    lengths = {module: len(path.read_text(encoding="utf-8").splitlines()) for module, path in OURS.items()}
    assert {module: lines for module, lines in lengths.items() if lines > LINES} == {}


def test_a_module_is_a_noun_with_a_meaning():
    """No module has a name that fits any content, such as utils."""
    vague = {"util", "utils", "helper", "helpers", "common", "base", "manager", "misc", "tools", "core"}
    assert [module for module in OURS if vague & set(module.split("."))] == []


def public(body: list[ast.stmt], prefix: str = "") -> Iterator[tuple[str, ast.AST]]:
    """Functions, classes and their methods whose names do not begin with an underscore."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield prefix + node.name, node
            if isinstance(node, ast.ClassDef):
                yield from public(node.body, f"{prefix}{node.name}.")


def test_what_is_public_is_explained():
    """Every module, class and function has a docstring; a method that several classes have, in one of them."""
    assert [words for module, path in OURS.items() for words in _unexplained(module, tree(path))] == []


def _unexplained(module: str, parsed: ast.Module) -> Iterator[str]:
    if not ast.get_docstring(parsed):
        yield module
    found = list(public(parsed.body))
    methods = {name.partition(".")[2] for name, node in found if "." in name and _explained(node)}
    for name, node in found:
        if not _explained(node) and name.partition(".")[2] not in methods:
            yield f"{module}: {name}"


def _explained(node: ast.AST) -> bool:
    """Whether it has a docstring, or is a line of a protocol, whose own docstring says what it means."""
    line = isinstance(node, ast.FunctionDef) and ast.unparse(node.body[-1]) == "..." and len(node.body) == 1
    return line or bool(ast.get_docstring(node))  # type: ignore[arg-type]


def test_what_is_public_is_annotated():
    """Every public function annotates every argument and its result."""
    bare = [
        f"{module}: {name}"
        for module, path in OURS.items()
        for name, node in public(tree(path).body)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not _annotated(node)
    ]
    assert bare == []


def _annotated(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    return node.returns is not None and all(arg.annotation or arg.arg in ("self", "cls") for arg in given)


def test_a_class_name_has_one_meaning():
    """A public class name exists once in the engine."""
    places = defaultdict(list)
    for module, path in ENGINE.items():
        for node in tree(path).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(module)
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def docstrings(path: Path) -> Iterator[tuple[int, str]]:
    """Line and text of every docstring in a file."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            text = ast.get_docstring(node)
            if text:
                yield node.body[0].lineno, text


def test_a_docstring_is_read_alone():
    """No docstring of the engine begins with "The same", which only the one above it explains."""
    found = [
        f"{path.relative_to(ROOT)}:{line}: {text.splitlines()[0]}"
        for path in ENGINE.values()
        for line, text in docstrings(path)
        if text.startswith("The same")
    ]
    assert found == []


# Words that make a program a person or a place.
PERSONS = re.compile(
    r"\b(mourn\w*|bur(y|ies|ied|ying)|confess\w*|hopeless\w*|culprits?|orphan\w*|strangers?|whisper\w*|gossip\w*"
    r"|sits|desks?|seat(s|ed)?|sent home)\b",
    re.IGNORECASE,
)


def test_no_word_makes_a_program_a_person():
    """No identifier, docstring or comment of the engine says that code sits, mourns or is a stranger."""
    found = [
        f"{path.relative_to(ROOT)}:{line}: {match[0]}"
        for path in ENGINE.values()
        if PERSONS.search(whole := path.read_text(encoding="utf-8")) or PERSONS.search(_cut(whole))
        for line, text in sorted([*docstrings(path), *_names_and_comments(path)])
        for match in PERSONS.finditer(text)
    ]
    assert found == []


def _names_and_comments(path: Path) -> Iterator[tuple[int, str]]:
    """Identifiers, cut into their words, and comments."""
    for token in tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline):
        if token.type == tokenize.NAME:
            yield token.start[0], _cut(token.string)
        elif token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def _cut(text: str) -> str:
    """Cut identifiers into their words."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", text)


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


def test_no_file_names_a_machine():
    """A checkout works wherever it lies, and packages come from wherever the user's installer is told."""
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for path in tracked()
        for number, line in enumerate(path.read_bytes().decode("utf-8", "replace").splitlines(), 1)
        if PLACES.search(FIXED.sub("", line)) or HOSTS.search(FIXED.sub("", line))
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
