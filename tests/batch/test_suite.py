"""Tests of the suite: it contains everything but the text that a verdict depends on."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from autograder.course.catalog import Course
from autograder.grading import suite
from autograder.grading.pipeline import Options
from autograder.grading.suite import engine, suites
from tests.house.sources import imports, modules

NAMES = ("scale", "ramp", "mean_square")


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """Copy the tiny course, to be changed."""
    return Course(Path(shutil.copytree(Path(__file__).parents[1] / "tiny", tmp_path / "course")))


def hashes(course: Course, options: Options = Options(), tier: str = "sealed") -> dict[str, str]:
    return {name: found.sha256 for name, found in suites(course, NAMES, options, tier).items()}


def changed(course: Course, path: str, addition: str = "\n# changed\n") -> set[str]:
    """Return the exercises whose suites a change of this file changes."""
    before = hashes(course)
    with (course.root / path).open("a", encoding="utf-8") as file:
        file.write(addition)
    after = hashes(course)
    return {name for name in NAMES if before[name] != after[name]}


@pytest.mark.parametrize(
    ("path", "touched"),
    [
        ("solutions/01_tiny/scale/spec.py", {"scale"}),
        ("solutions/01_tiny/scale/mistakes.py", {"scale"}),
        ("solutions/01_tiny/scale/solution.py", set()),
        ("solutions/01_tiny/scale/alternatives.py", set()),
        ("tiny_oracle.py", set(NAMES)),
    ],
)
def test_a_file_touches_the_exercises_that_rest_on_it(course: Course, path: str, touched: set[str]) -> None:
    """The spec, the known mistakes and the references count; the solution and the alternatives do not."""
    assert changed(course, path) == touched


def book(course: Course, **files: str) -> None:
    """Create a reference of several modules, which scale's spec imports."""
    for name, text in files.items():
        path = course.root / "book" / f"{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


def test_imports_are_followed_as_far_as_they_lead(course: Course) -> None:
    """Imports are followed from the spec through modules, also inside functions; unused modules do not count."""
    book(course, __init__="", near="def f():\n    from book import far\n", far="", other="")
    changed(course, "solutions/01_tiny/scale/spec.py", "\nfrom book.near import f\n")
    assert [changed(course, f"book/{name}.py") for name in ("__init__", "near", "far")] == [{"scale"}] * 3
    assert changed(course, "book/other.py") == set()


def test_relative_imports_are_followed(course: Course) -> None:
    """Relative imports are followed: of a module, of names of a module, and from the folder above."""
    book(course, __init__="", near="from . import far\n", far="from .deep.inner import f\n", upper="")
    (course.root / "book" / "deep").mkdir()
    for name, text in (("__init__", ""), ("inner", "from .. import upper\nf = 1\n")):
        (course.root / "book" / "deep" / f"{name}.py").write_text(text, encoding="utf-8")
    changed(course, "solutions/01_tiny/scale/spec.py", "\nimport book.near\n")
    assert [changed(course, f"book/{name}.py") for name in ("far", "deep/inner", "upper")] == [{"scale"}] * 3


def test_data_beside_a_module_that_reads_it_counts(course: Course) -> None:
    """The files beside a module that uses its own path count, except Markdown."""
    book(course, digits="DATA = __file__\n", deaf="")
    for name in ("digits.npz", "digits.md"):
        (course.root / "book" / name).write_bytes(b"1")
    changed(course, "solutions/01_tiny/scale/spec.py", "\nimport book.digits\n")
    assert changed(course, "book/digits.npz") == {"scale"}
    assert changed(course, "book/digits.md") == changed(course, "book/deaf.py") == set()


def test_what_may_be_imported_by_a_computed_name_counts(course: Course) -> None:
    """Modules that a computed name may import count."""
    book(course, chooser="import importlib\n", chosen="")
    changed(course, "solutions/01_tiny/scale/spec.py", "\nimport book.chooser\n")
    assert changed(course, "book/chosen.py") == {"scale"}


def test_modules_that_import_each_other_end(course: Course) -> None:
    """An import cycle is followed once."""
    book(course, a="import book.b\n", b="import book.a\n")
    changed(course, "solutions/01_tiny/scale/spec.py", "\nimport book.a\n")
    assert changed(course, "book/b.py") == {"scale"}


@pytest.mark.parametrize(
    "options",
    [Options("k2"), Options("k", frozenset({"speed"})), Options("k", reveal=True)],
    ids=["key", "skip", "reveal"],
)
def test_another_way_of_grading_is_another_suite(course: Course, options: Options) -> None:
    """Each option changes the suite of every exercise."""
    assert not set(hashes(course, options).values()) & set(hashes(course, Options("k")).values())


def test_another_tier_is_another_suite(course: Course) -> None:
    """The sealed and the guarded tier have different suites."""
    assert not set(hashes(course).values()) & set(hashes(course, tier="guarded").values())


def test_the_order_in_which_checks_are_skipped_means_nothing(course: Course) -> None:
    """The order of skipped checks does not change the suite."""
    one, two = (Options(skip=frozenset(words)) for words in (("speed", "purity"), ("purity", "speed")))
    assert hashes(course, one) == hashes(course, two)


def test_the_key_is_not_in_the_parts(course: Course) -> None:
    """The parts contain only a code of the key."""
    parts = suites(course, NAMES, Options("a very secret key"), "sealed")["scale"].parts
    assert "a very secret key" not in str(parts) and len(parts["key"]) == 64


# Reading decides which text is graded, and the course's rules which hints are shown; the verdict follows from the text.
BESIDE = r"autograder\.(submission(?!\.(definitions|places))|course\.policy)"


def test_the_engine_s_own_part_holds_all_that_grades() -> None:
    """Every module that `grading.grader` imports, directly or not, and all of the sandbox, is hashed."""
    home = suite.home()
    hashed = set(suite.sources())
    ours = modules("autograder")
    reached, waiting = set(), ["autograder.grading.grader"]
    while waiting:
        name = waiting.pop()
        if name in ours and name not in reached:
            reached.add(name)
            found = [item.target for item in imports(name, ours[name])]
            waiting += [target for target in found if not re.match(BESIDE, target)]
    inside = set((home / "sandbox").rglob("*.py"))
    needed = {ours[name] for name in reached} | inside
    assert {path.relative_to(home) for path in needed} <= hashed
    assert len(engine()) == 64
