"""Whose rules hold: those of the course that a folder lies in, and its key."""

from __future__ import annotations

import os
from pathlib import Path

from autograder.course.catalog import Course, find_course
from autograder.course.policy.policy import Policy
from autograder.course.policy.read import read_policy
from autograder.errors import CourseError


def rules(course: Course) -> Policy:
    """What course.toml says; CourseError with the line that does not fit."""
    return read_policy(course.root, course.names, {folder.parent.name for folder in course.folders.values()})


def course_rules(named: Path | None) -> Policy | None:
    """The rules of the course at `named`, else of the one that this folder lies in; None without one.

    CourseError: no course at `named`, or a course.toml that does not fit.
    """
    try:
        course = find_course(named or Path())
    except CourseError:
        if named:
            raise
        return None
    return rules(course)


def course_key(named: Path | None) -> str:
    """The key of the course at `named`, else of the one that this folder lies in, as `grade` finds it; "" without one.

    Where there is no course it is HANDGRAD_KEY. CourseError: no course at `named`, or its key cannot be read.
    """
    return (course_rules(named) or Policy()).key(os.environ)
