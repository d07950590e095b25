"""nbgrader's settings for a course, set by the course's nbgrader_config.py."""

from __future__ import annotations

import os
from typing import Any

from autograder.authoring.build.notebook import STUB

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
