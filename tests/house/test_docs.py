"""What the documents say of the code is true: paths, modules, functions, layers, the name of the command."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.cli import COMMANDS
from tests.house.sources import ROOT, modules, tree
from tests.house.test_house_rules import tracked
from tests.house.test_imports import LAYERS

ARCHITECTURE = ROOT / "docs" / "architecture.md"
WORDS = 25


def pages() -> list[Path]:
    """Every page of Markdown; CHANGELOG.md is history and names what is gone."""
    return [path for path in tracked() if path.suffix == ".md" and path.name != "CHANGELOG.md"]


def rows(heading: str) -> list[list[str]]:
    """The cells of the table below a heading of architecture.md, without its first two lines."""
    section = ARCHITECTURE.read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_the_table_of_layers_is_the_tests_own():
    """architecture.md lists every entry of autograder/ in the order of the layers, each with what it must not know."""
    table = rows("The layers")
    assert [row[0] for row in table] == [f"`{name}`" for name in LAYERS]
    assert [row[0] for row in table if len(row) != 3 or not all(row)] == []


def test_the_glossary_is_short():
    """The glossary has at most 25 words, each once, each with one sentence."""
    table = rows("Words")
    words = [row[0] for row in table]
    assert len(words) == len(set(words)) <= WORDS
    assert [word for word, meaning in table if ". " in meaning or not meaning.endswith(".")] == []


# Where a path in the documents may begin: at the root of the repository or inside the engine.
HERE = {"autograder", "tests", "reference", "solutions", "assignments", "examples", "benchmarks", "docs", ".github"}
PATHS = re.compile(r"[\w.<>*-]+(?:/[\w.<>*-]*)+(?::[\w.]+)?|\w+\.py:[\w.]+")
DOTTED = re.compile(r"(?<![\w./-])(?:autograder|tests|reference|benchmarks|docs)(?:\.\w+)+")


def spans(path: Path) -> Iterator[tuple[str, str]]:
    """Place and text of what stands between backticks; blocks of code, and lines on what is planned, are not read."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"(?ms)^( *)```.*?^\1```$", lambda block: "\n" * block[0].count("\n"), text)
    for number, line in enumerate(text.splitlines(), 1):
        if "planned" not in line:
            yield from ((f"{path.name}:{number}", span) for span in re.findall(r"`([^`]+)`", line))


def is_there(named: str, page: Path) -> bool:
    """Whether a path exists, at the root or in the engine; `<name>` stands for any; after a colon follows a name."""
    name, _, inside = named.partition(":")
    pattern = re.sub(r"<\w+>", "*", name).rstrip("/")
    found = [path for base in (ROOT, ROOT / "autograder", page.parent) for path in base.glob(pattern)]
    return any(not inside or defines(path, inside) for path in found)


def defines(path: Path, inside: str) -> bool:
    """Whether a module defines a function, a class, a method or a constant of this name."""
    body = tree(path).body
    for part in inside.split("."):
        nodes = [node for node in body if part in _bound(node)]
        if not nodes:
            return False
        body = getattr(nodes[0], "body", [])
    return True


def _bound(node: ast.stmt) -> set[str]:
    """The names that a statement binds."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    inside = list(ast.walk(node))
    names = {item.id for item in inside if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store)}
    return names | {item.asname or item.name for item in inside if isinstance(item, ast.alias)}


def is_module(dotted: str) -> bool:
    """Whether a dotted name is a module, a name in one, or a package that `python -m` runs."""
    found = modules(dotted.partition(".")[0])
    if f"{dotted}.__main__" in found:
        return True
    parts = dotted.split(".")
    for cut in range(len(parts), 0, -1):
        module = ".".join(parts[:cut])
        if module in found:
            return cut == len(parts) or _offers(found[module], ".".join(parts[cut:]))
    return False


def _offers(path: Path, inside: str) -> bool:
    """Whether a module defines a name, or lists it in `__all__`, as those that are imported when they are used."""
    return defines(path, inside) or f'"{inside}"' in path.read_text(encoding="utf-8")


def missing(page: Path) -> Iterator[str]:
    """Paths and modules between backticks that do not exist."""
    for place, span in spans(page):
        for named in PATHS.findall(span):
            first = named.partition("/")[0].partition(":")[0]
            if (first in HERE | set(LAYERS) or ".py:" in named) and not is_there(named, page):
                yield f"{place}: {named}"
        for dotted in DOTTED.findall(span):
            if not dotted.endswith((".py", ".md", ".toml", ".yml")) and not is_module(dotted):
                yield f"{place}: {dotted}"


def test_every_path_in_the_documents_exists():
    """Files, folders, modules and functions that the documents name are there, under this name."""
    assert [words for page in pages() for words in missing(page)] == []


@pytest.mark.parametrize(
    "text",
    ["`autograder/truth/`", "`checks/valuez.py`", "`autograder.truth`", "`docs/none.md`", "`errors.py:Nothing`",
     "`checks/trial.py:Trial.observe`", "`python -m tests.course.nothing`"],
)  # fmt: skip
def test_a_stale_path_is_found(tmp_path, text):
    """The reader of the documents finds a path, a module and a function that do not exist."""
    page = tmp_path / "page.md"
    page.write_text(f"It stands in {text}, not in `autograder/checks/` or `checks/trial.py:Trial.call`.\n", "utf-8")
    assert len(list(missing(page))) == 1


IMPORTED = re.compile(r"from (autograder[\w.]*) import (\((?:\s|\w|,)*\)|\w+(?: as \w+)?(?:, \w+)*)")


def test_every_import_in_a_text_exists():
    """What specs, cells and scripts inside strings and documents import from the engine is there."""
    found = [
        f"{path.relative_to(ROOT)}: {module} has no {name}"
        for path in tracked()
        if path.suffix in (".py", ".md", ".ipynb", ".j2", ".sh") and path.name != "test_imports.py"
        for module, names in IMPORTED.findall(path.read_text(encoding="utf-8", errors="replace"))
        for name in re.findall(r"\w+", re.sub(r" as \w+", "", names))
        if not is_module(f"{module}.{name}")
    ]
    assert found == []


def test_every_link_in_the_documents_leads_somewhere():
    """A link inside the repository names a file that is there, and a heading of it."""
    assert [words for page in pages() for words in broken_links(page)] == []


def broken_links(page: Path) -> Iterator[str]:
    """The links of a page whose file or heading is missing."""
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        name, _, heading = target.partition("#")
        path = page.parent / name if name else page
        if "://" in target:
            continue
        if not path.exists() or (heading and heading not in headings(path)):
            yield f"{page.relative_to(ROOT)}: {target}"


def headings(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    found = re.findall(r"(?m)^#+ (.+)$", page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", words.lower()).strip().replace(" ", "-") for words in found}


# The old name of the command, as it is typed and as it begins a message. `python -m autograder` is the module.
OLD = "auto" + "grader"
TYPED = rf"(?<![\w./-])(?<!-m )(?<!import ){OLD}`?[ \t]*(?:[ \t]|\n[ \t#*]*)(?:{'|'.join(COMMANDS)}|--help|--version)\b"
PREFIX = rf"""(?:^[ \t]*|["'`(>]){OLD}: """
NAMED = re.compile(f"{TYPED}|{PREFIX}", re.MULTILINE)


def test_the_command_is_called_handgrad():
    """No text tells anybody to type the old name, and no message begins with it; CHANGELOG.md is history."""
    found = [
        f"{path.relative_to(ROOT)}:{line}: {words}"
        for path in tracked()
        if path.name != "CHANGELOG.md"
        for line, words in old_names(path.read_bytes().decode("utf-8", "replace"))
    ]
    assert found == []


def old_names(text: str) -> list[tuple[int, str]]:
    """Line and words of every place that calls the command by its old name."""
    return [(text.count("\n", 0, match.start()) + 1, match[0].strip()) for match in NAMED.finditer(text)]


@pytest.mark.parametrize(
    ("text", "count"),
    [("run `X check relu`", 1), ("call X\n    grade class", 1), ("# X\n# hint relu", 1), ('print("X: no file")', 1),
     ("X: nothing to check", 1), ("`X` check", 1), ("python -m X check", 0), ("%load_ext X", 0),
     ("from X import check", 0), ("a failure of the X: never a zero", 0), ("--exporter=X.list", 0), ("/X/list", 0)],
)  # fmt: skip
def test_the_old_name_is_found(text, count):
    """A command line and a message's beginning are found, over a line's end too; imports and other senses are not."""
    assert len(old_names(text.replace("X", OLD))) == count
