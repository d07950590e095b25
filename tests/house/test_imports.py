"""Imports point down: the architecture, proven by reading every import statement."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter

import pytest

from tests.house.sources import imports, is_stdlib, modules

# Part of the engine → the parts it may import; `cli`, `__main__` and `commands` may import all.
DOWN = {
    "errors": "",
    "escape": "",
    "memory": "",
    "candidate": "",
    "report": "",
    "literal": "",
    "slices": "literal report",
    "draw": "candidate",
    "invariant": "",
    "scales": "draw exercise",
    "exercise": "draw invariant scales",
    "training": "exercise",
    "small": "draw exercise",
    "formula": "",
    "formulas": "errors exercise",
    "truth": "",
    "numeric": "candidate",
    "inprocess": "candidate numeric",
    "checks": "candidate draw exercise inprocess numeric report scales training truth",
    "rerun": "candidate checks exercise inprocess numeric report",
    "diagnose": "candidate checks draw exercise inprocess invariant numeric report",
    "teaching": "candidate checks exercise formulas literal numeric report slices small training",
    "grade": "candidate checks diagnose exercise report rerun teaching",
    "soundness": "errors exercise invariant small",
    "record": "candidate checks diagnose draw errors exercise inprocess invariant numeric scales small teaching "
    "training truth",
    "catalog": "errors exercise formulas record small soundness",
    "sandbox": "candidate errors numeric.runtime report",
    "intake": "candidate errors escape report sandbox.inside",
    "preview": "intake sandbox.inside",
    "render": "escape formula literal report slices",
    "evidence": "render report",
    "platforms": "batch catalog errors escape evidence intake policy render report",
    "build": "errors exercise catalog formula",
    "explorer": "batch catalog errors exercise grade intake release render report sandbox",
    "release": "build catalog errors exercise grade record",
    "gaps": "build catalog errors exercise formulas teaching training",
    "scaffold": "catalog errors",
    "policy": "catalog errors render report",
    "replay": "batch exercise grade report sandbox",
    "watch": "exercise render report",
    "audit": "build candidate catalog checks diagnose exercise gaps grade inprocess report",
    "plots": "",
    "notebook": "batch catalog errors escape exercise grade intake literal numeric.runtime release render report "
    "sandbox slices",
    "nbgrader": "batch build catalog errors notebook render report",
    "confusion": "build candidate catalog checks diagnose exercise grade inprocess mutation report sandbox",
    "mutation": "build candidate catalog checks errors exercise sandbox training",
    "batch": "policy candidate catalog checks errors escape exercise grade intake numeric.runtime render report "
    "sandbox",
}
TOP = ("__main__", "cli", "commands")
ENGINE = {name: path for name, path in modules("autograder").items() if name != "autograder"}


def part(module: str) -> str:
    """autograder.checks.speed → checks."""
    return module.split(".")[1] if "." in module else ""


def allowed(module: str, target: str) -> bool:
    """Whether the engine's module may import this one of the engine's."""
    if part(module) in TOP or part(module) == part(target) or target == "autograder":
        return True
    inner = target.removeprefix("autograder.")
    return any(inner == name or inner.startswith(f"{name}.") for name in DOWN[part(module)].split())


def test_every_part_has_its_place():
    """A new part is entered here, with what it may import, before it grows."""
    assert {part(name) for name in ENGINE} - set(TOP) <= set(DOWN)


@pytest.mark.parametrize("module", ENGINE)
def test_the_engine_imports_downwards(module):
    """Each module imports only the parts below its own, lazily or not."""
    if part(module) not in {*DOWN, *TOP}:
        pytest.fail(f"{part(module)} has no place in DOWN")
    ours = [found for found in imports(module, ENGINE[module]) if found.target.startswith("autograder")]
    assert [f"line {found.line}: {found.target}" for found in ours if not allowed(module, found.target)] == []


def foreign(name, path, friends):
    """Imports that are neither Python's nor of these packages."""
    return [
        f"line {found.line}: {found.target}"
        for found in imports(name, path)
        if not is_stdlib(found.target) and found.target.partition(".")[0] not in friends
    ]


@pytest.mark.parametrize("module", ENGINE)
def test_no_course_is_imported_by_the_engine(module):
    """Oracles arrive inside a spec; the engine knows no exercise, no reference and no test."""
    courses = {"reference", "solutions", "tests", "assignments", "examples"}
    assert [f.target for f in imports(module, ENGINE[module]) if f.target.partition(".")[0] in courses] == []


# What only another program loads, and which therefore imports it at once.
LOADED_BY = {
    "autograder.frontends.nbgrader.plugin": {"nbgrader", "nbformat"},
    "autograder.frontends.nbgrader.exporter": {"nbgrader"},
    "autograder.frontends.pytest_plugin.items": {"pytest"},
    "autograder.frontends.pytest_plugin.bench": {"pytest"},
    "autograder.frontends.pytest_plugin.plugin": {"pytest"},
}
OPTIONAL = {"nbformat", "nbgrader", "sqlalchemy", "distributed", "matplotlib", "pytest"}


@pytest.mark.parametrize("module", ENGINE)
def test_only_three_packages_are_needed(module):
    """NumPy, rich and jinja2; what an extra brings is imported lazily."""
    assert foreign(module, ENGINE[module], {"autograder", "numpy", "rich", "jinja2", "markupsafe", *OPTIONAL}) == []
    later = OPTIONAL - LOADED_BY.get(module, set())
    eager = [f for f in imports(module, ENGINE[module]) if f.target.partition(".")[0] in later and not f.lazy]
    assert [f.target for f in eager] == []


@pytest.mark.parametrize("module", modules("reference"))
def test_the_reference_knows_numpy_only(module):
    """A book of formulas: NumPy, typing and its own pages."""
    assert foreign(module, modules("reference")[module], {"numpy", "reference"}) == []


@pytest.mark.parametrize("module", [name for name in ENGINE if part(name) == "numeric"])
def test_the_measuring_tools_know_numpy_only(module):
    """And `candidate`, for the word Unsupported."""
    assert foreign(module, ENGINE[module], {"numpy", "autograder"}) == []


INSIDE = [name for name in ENGINE if name.startswith("autograder.sandbox.inside")]


@pytest.mark.parametrize("module", INSIDE)
def test_the_untrusted_process_sees_itself_and_numpy(module):
    """Whatever it could import, a student's code could read: no spec, no check, no record."""
    ours = [f.target for f in imports(module, ENGINE[module]) if f.target.startswith("autograder")]
    assert [target for target in ours if not target.startswith("autograder.sandbox.inside")] == []
    assert foreign(module, ENGINE[module], {"numpy", "autograder"}) == []


def test_the_inside_is_there():
    """The rule above would hold for an empty folder too."""
    assert len(INSIDE) > 3


def specs(*stems):
    """Files of exercises by their stem."""
    return {name: path for name, path in modules("solutions").items() if path.stem in stems}


@pytest.mark.parametrize("module", specs("spec", "mistakes", "alternatives"))
def test_a_spec_is_written_in_the_engine_s_words(module):
    """Exercise, draw and small from the engine, oracles from the reference."""
    path = modules("solutions")[module]
    assert foreign(module, path, {"numpy", "autograder", "reference"}) == []
    words = {f.target for f in imports(module, path) if f.target.startswith("autograder")}
    known = ("exercise", "draw", "candidate", "invariant", "small", "training", "truth")
    assert words <= {f"autograder.{word}" for word in known}


@pytest.mark.parametrize("module", specs("solution"))
def test_a_solution_uses_numpy_alone(module):
    """What students are shown, they can run."""
    assert foreign(module, modules("solutions")[module], {"numpy"}) == []


@pytest.mark.parametrize("package", ["autograder", "reference"])
def test_no_module_imports_itself_in_a_circle(package):
    """At the top of the files; an import inside a function may point back."""
    found = modules(package)
    graph = {
        name: {f.target for f in imports(name, path) if not f.lazy and f.target in found and f.target != name}
        for name, path in found.items()
    }
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]))
    assert set(order) == set(found)


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


def test_a_type_checker_s_import_is_no_import(tmp_path):
    """The reader of imports, on every form there is."""
    path = tmp_path / "m.py"
    path.write_text(FORMS, encoding="utf-8")
    found = imports("autograder.sandbox.inside.m", path)
    assert [(f.target, f.lazy) for f in found] == [
        ("os.path", False), ("json", False), ("typing", False), ("ast", False),
        ("heapq", True), ("bisect", True), ("abc", True),
        ("autograder.sandbox.inside.frame", False), ("autograder.sandbox.limits", False),
        ("autograder.report.report", False), ("autograder.report.report", False),
    ]  # fmt: skip
