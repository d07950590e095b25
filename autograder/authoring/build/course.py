"""Plan, writing and comparison of the files that are generated from solutions/: assignments/ and docs/mistakes/.

Paths are relative to the course's root, such as assignments/02_layers/conv2d.py, and 02_layers.ipynb beside it.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from autograder.authoring.build.mistakes import FOLDER, MADE, pages
from autograder.authoring.build.notebook import student_notebook
from autograder.authoring.build.stub import CHECK, PLANTED, add_check, make_stub, plant
from autograder.authoring.build.unit import read_units
from autograder.course.catalog import Course, text_of


def plan(course_root: Path, names: Collection[str] | None = None) -> dict[Path, str]:
    """Return path → text of every generated file, sorted; ValueError names the solution and the line that is wrong.

    names: the exercises that notebooks hold; None: all.
    """
    found = pages(course_root)
    for path in course_root.glob("solutions/*/*/solution.py"):
        exercise = path.parent
        found[Path("assignments", exercise.parent.name, f"{exercise.name}.py")] = stub_text(course_root, path)
    for unit in read_units(Course(course_root)):
        if names is None or unit.exercises.keys() & set(names):
            held = unit if names is None else unit.only(names)
            found[Path("assignments", unit.name, f"{unit.name}.ipynb")] = student_notebook(held)
    return dict(sorted(found.items()))


def write(course_root: Path) -> list[Path]:
    """Write the generated files that differ, remove those without a solution, and return the changed paths."""
    wanted = plan(course_root)
    changed = list(_drift(course_root, wanted))
    for path in changed:
        if path in wanted:
            (course_root / path).parent.mkdir(parents=True, exist_ok=True)
            (course_root / path).write_text(wanted[path], encoding="utf-8", newline="\n")
        else:
            (course_root / path).unlink()
    return changed


def compare(course_root: Path) -> list[str]:
    """Return a sentence, with its repair, for each generated file that is missing, different or without a solution."""
    drift = _drift(course_root, plan(course_root))
    return [f"{path.as_posix()} {words}; run: handgrad build" for path, words in drift.items()]


def _drift(course_root: Path, wanted: dict[Path, str]) -> dict[Path, str]:
    """Return path → what is wrong with a generated file. Files without the build's mark, written by hand, may stay."""
    found: dict[Path, str] = {}
    for path, text in wanted.items():
        if not (course_root / path).exists():
            found[path] = "is missing"
        elif (course_root / path).read_bytes() != text.encode():
            origins = {".md": "mistakes.py", ".py": "solution", ".ipynb": "unit's page and solutions"}
            found[path] = f"differs from its {origins[path.suffix]}"
    paths = (*course_root.glob("assignments/*/*"), *(course_root / FOLDER).glob("*.md"))
    for path in sorted(path for path in paths if path.is_file() and path.relative_to(course_root) not in wanted):
        mark = {".md": MADE, ".py": f"{CHECK}{path.stem}", ".ipynb": f'"unit": "{path.stem}"'}.get(path.suffix)
        if mark in [line.strip() for line in path.read_bytes().decode("utf-8", "replace").split("\n")]:
            found[path.relative_to(course_root)] = "has no solution any more"
    return found


def stub_text(course_root: Path, solution: Path) -> str:
    """Return the text of the file that students begin with; ValueError names the solution and the wrong line."""
    try:
        begin = plant(text_of(solution), text_of(solution.with_name(PLANTED)))
        return add_check(make_stub(begin), solution.parent.name)
    except ValueError as error:
        place = solution.parent if str(error).startswith(PLANTED) else solution
        raise ValueError(f"{place.relative_to(course_root).as_posix()}: {error}") from error
