"""An nbgrader course: source notebooks and settings, which its nbgrader_config.py asks for; a unit is an assignment."""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from pathlib import Path
from typing import Any

import jinja2

from autograder.authoring.build.notebook import STUB, source_notebook
from autograder.authoring.build.unit import read_units
from autograder.course.catalog import Course
from autograder.errors import UsageError
from autograder.report.files import write_whole

CONFIG = "nbgrader_config.py"
_MARK = "# Written by `handgrad nbgrader init`."
_TEMPLATE = Path(__file__).with_name("nbgrader_config.py.j2")


def init(course: Course, folder: Path, units: Collection[str] = (), *, kernel: bool = False) -> list[Path]:
    """Write source/ and the settings; return the changed files, relative to `folder`. units: all where it is empty.

    UsageError where `folder` holds settings that this command did not write, and where a unit has no page.
    """
    path = folder / CONFIG
    if path.exists() and _MARK not in path.read_text(encoding="utf-8", errors="replace"):
        words = f"{path} was not written by this command. Rename it to nbgrader_local.py, which is read last."
        raise UsageError(words)
    way = Path(os.path.relpath(course.root, folder.resolve()))  # both folders can be moved together
    name = re.sub(r"\W+", "_", course.root.name).strip("_") or "course"
    template = jinja2.Template(_TEMPLATE.read_text(encoding="utf-8"), keep_trailing_newline=True)
    config = template.render(mark=_MARK, course=f"here / {way.as_posix()!r}", name=repr(name), kernel=kernel)
    wanted = {Path(CONFIG): config}
    for unit in read_units(course):
        if not units or unit.name in units:
            wanted[Path("source", unit.name, f"{unit.name}.ipynb")] = source_notebook(unit)
    without = sorted(set(units) - {path.parent.name for path in wanted})
    if without or len(wanted) == 1:
        words = ", ".join(without) or "the course"
        raise UsageError(f"{words} has no page, and so no notebook: write solutions/<unit>/README.md.")
    kept = {path for path in wanted if (folder / path).is_file()}
    changed = [path for path in wanted if path not in kept or (folder / path).read_bytes() != wanted[path].encode()]
    for path in changed:
        write_whole(folder / path, wanted[path])
    return changed


_SECONDS = 600


def configure(c: Any, *, course: str, course_id: str, kernel: bool = False) -> None:
    """Fill nbgrader's config object. course: the folder with solutions/.

    Checks are graded in the sandbox and no notebook is run. kernel: run notebooks as nbgrader does, with the grader's
    own rights; the functions are still tested in the sandbox.
    """
    from nbgrader.converters import Autograde
    from nbgrader.preprocessors import DeduplicateIds, Execute

    from autograder.frontends.nbgrader.plugin import GradeInSandbox, MendCells

    os.environ["HANDGRAD_COURSE"] = os.path.abspath(course)
    c.CourseDirectory.course_id = course_id
    c.ClearSolutions.code_stub = {"python": STUB}
    c.Execute.timeout = _SECONDS
    sanitize, grade = (
        Autograde.class_traits()[name].default() for name in ("sanitize_preprocessors", "autograde_preprocessors")
    )
    place = sanitize.index(DeduplicateIds)
    c.Autograde.sanitize_preprocessors = [*sanitize[:place], MendCells, *sanitize[place:]]
    if not kernel:
        c.Autograde.autograde_preprocessors = [GradeInSandbox if each is Execute else each for each in grade]
