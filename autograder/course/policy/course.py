"""Finding the rules and the key of the course that a folder lies in."""

from __future__ import annotations

import os
from pathlib import Path

from autograder.course.catalog import Course
from autograder.course.policy.policy import Policy
from autograder.course.policy.read import read_policy
from autograder.course.release_folder import Release, find_course_or_release
from autograder.errors import CourseError


def rules(course: Course) -> Policy:
    """Read the rules of a course; CourseError names the invalid line of course.toml."""
    return read_policy(course.root, course.names, {folder.parent.name for folder in course.folders.values()})


def course_rules(named: Path | None) -> Policy | None:
    """Return the rules of the course at `named`, else of the one that this folder lies in; None without a course, and
    in a student's release, whose rules and key would be the student's.

    CourseError: no course at `named`, or an invalid course.toml.
    """
    try:
        course = find_course_or_release(named or Path())
    except CourseError:
        if named:
            raise
        return None
    return None if isinstance(course, Release) else rules(course)


def course_key(named: Path | None) -> str:
    """Return the key of the course at `named`, else of the one that this folder lies in; "" without a key.

    Without a course it is HANDGRAD_KEY. CourseError: no course at `named`, or its key cannot be read.
    """
    return (course_rules(named) or Policy()).key(os.environ)
