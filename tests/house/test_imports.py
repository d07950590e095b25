"""The architecture, proven by reading every import statement; docs/architecture.md explains it."""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from tests.house.sources import ROOT, Import, imports, is_stdlib, modules

# The engine's parts, lowest first: each may import only those before it.
LAYERS = """
errors values implementation
numeric report
spec sandbox
submission checks render
diagnosis
record course
grading
batch authoring
release platforms
frontends
cli
""".split()
ENGINE = modules("autograder")
ENTRIES = 20


def part(module: str) -> str:
    """Return the part of a module: autograder.checks.speed → checks; "" for the package itself."""
    return module.partition(".")[2].partition(".")[0]


def ours(module: str) -> list[Import]:
    """List the imports of the engine by one of its modules, lazy ones and a type checker's included."""
    found = imports(module, ENGINE[module], types=True)
    return [item for item in found if item.target.partition(".")[0] == "autograder"]


def test_every_part_has_its_layer():
    """The top of the package holds the layers and nothing else, at most 20 entries."""
    here = {path.stem for path in (ROOT / "autograder").iterdir() if path.suffix == ".py" or path.is_dir()}
    entries = {name for name in here if not name.startswith("__")}
    assert (entries, len(entries) <= ENTRIES) == (set(LAYERS), True)


def test_the_engine_imports_downwards():
    """Each module imports only parts of lower layers and its own; nobody imports the package itself."""
    height = {name: number for number, name in enumerate(LAYERS)}
    wrong = [
        f"{module}, line {item.line}: {item.target}"
        for module in ENGINE
        if part(module) and not module.endswith(".__main__")
        for item in ours(module)
        if height.get(part(item.target), len(LAYERS)) > height[part(module)]
    ]
    assert wrong == []


def circle(package: str) -> list[str]:
    """Return one circle of imports in the package, [] where there is none."""
    found = modules(package)
    graph = {
        name: {item.target for item in imports(name, path, types=True) if item.target in found} - {name}
        for name, path in found.items()
    }
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        return list(error.args[1])
    assert set(order) == set(found)
    return []


def test_no_module_imports_itself_in_a_circle():
    """No circle, through lazy imports and those for type checkers neither."""
    assert (circle("autograder"), circle("reference")) == ([], [])


def foreign(found: dict[str, Path], friends: set[str]) -> Iterator[tuple[str, Import]]:
    """Yield imports that are neither Python's nor of these packages."""
    for name, path in found.items():
        for item in imports(name, path):
            if not is_stdlib(item.target) and item.target.partition(".")[0] not in friends:
                yield name, item


def strange(found: dict[str, Path], friends: set[str]) -> list[str]:
    """List imports that are neither Python's nor of these packages, as text."""
    return [f"{name}, line {item.line}: {item.target}" for name, item in foreign(found, friends)]


def test_no_course_is_imported_by_the_engine():
    """References arrive inside a spec; the engine knows no exercise, no reference and no test."""
    courses = {"reference", "solutions", "tests", "assignments", "examples"}
    wrong = [(m, i.target) for m, path in ENGINE.items() for i in imports(m, path) if i.target.split(".")[0] in courses]
    assert wrong == []


# Modules that only another program loads, which is therefore there already.
LOADED_BY = {
    "autograder.frontends.nbgrader.plugin": {"nbgrader", "nbformat"},
    "autograder.frontends.pytest_plugin.items": {"pytest"},
    "autograder.frontends.pytest_plugin.plugin": {"pytest"},
}
OPTIONAL = {"nbformat", "nbgrader", "sqlalchemy", "distributed", "matplotlib", "pytest"}


def test_only_three_packages_are_needed():
    """The engine needs NumPy, rich and jinja2; what an extra installs is imported when it is used."""
    assert strange(ENGINE, {"autograder", "numpy", "rich", "jinja2", "markupsafe", *OPTIONAL}) == []
    eager = [
        f"{module}, line {item.line}: {item.target}"
        for module, item in foreign(ENGINE, {"autograder", "numpy", "rich", "jinja2", "markupsafe"})
        if not item.lazy and item.target.partition(".")[0] not in LOADED_BY.get(module, set())
    ]
    assert eager == []


def test_the_reference_knows_numpy_only():
    """The reference imports NumPy, typing and its own modules."""
    assert strange(modules("reference"), {"numpy", "reference"}) == []


def test_the_measuring_tools_know_numpy_only():
    """`numeric` imports NumPy and the engine's lower layers."""
    assert strange({m: path for m, path in ENGINE.items() if part(m) == "numeric"}, {"numpy", "autograder"}) == []


def test_the_untrusted_process_sees_itself_and_numpy():
    """Code inside a worker imports only itself: whatever it could import, a student's code could read."""
    inside = {m: path for m, path in ENGINE.items() if m.startswith("autograder.sandbox.inside")}
    wrong = [(m, i.target) for m in inside for i in ours(m) if not i.target.startswith("autograder.sandbox.inside")]
    assert len(inside) > 3 and wrong == [] and strange(inside, {"numpy", "autograder"}) == []


def specs(*stems: str) -> dict[str, Path]:
    """Select the files of exercises by their stem."""
    return {name: path for name, path in modules("solutions").items() if path.stem in stems}


def test_a_spec_imports_the_words_of_specs():
    """A spec imports `autograder.spec`, the reference and NumPy."""
    found = specs("spec", "mistakes", "alternatives")
    words = [(m, i.target) for m, path in found.items() for i in imports(m, path) if i.target.startswith("autograder")]
    assert len(found) > 100 and strange(found, {"numpy", "autograder", "reference"}) == []
    assert {target for _, target in words} == {"autograder.spec", "autograder.spec.small"}  # `small`: word and module


def test_a_solution_uses_numpy_alone():
    """What students are shown, they can run."""
    assert strange(specs("solution"), {"numpy"}) == []


FORMS = """
import os.path, json
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    import rich
else:
    import ast
def f():
    try:
        import heapq
    except ImportError:
        import bisect
    with f():
        import abc
from . import frame
from ..limits import Limits
from autograder import report
from autograder.report.report import Report
"""


def test_every_form_of_an_import_is_read(tmp_path):
    """The reader of imports finds relative, lazy and conditional ones; a type checker's on request."""
    path = tmp_path / "m.py"
    path.write_text(FORMS, encoding="utf-8")
    found = imports("autograder.sandbox.inside.m", path)
    assert [(f.target, f.lazy) for f in found] == [
        ("os.path", False), ("json", False), ("typing", False), ("ast", False),
        ("heapq", True), ("bisect", True), ("abc", True),
        ("autograder.sandbox.inside.frame", False), ("autograder.sandbox.limits", False),
        ("autograder.report", False), ("autograder.report.report", False),
    ]  # fmt: skip
    with_types = imports("autograder.sandbox.inside.m", path, types=True)
    assert [f.target for f in with_types if f not in found] == ["rich"]
