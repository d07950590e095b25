"""Finding the rules, the class and the key of the course that a folder lies in."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autograder.course.catalog import Course
from autograder.course.policy.policy import Assignment, Policy, Student, nearest
from autograder.course.policy.read import read_policy
from autograder.course.policy.tables import read_adjustments, read_students
from autograder.course.release_folder import Release, find_course_or_release
from autograder.errors import CourseError


def rules(course: Course) -> Policy:
    """Read the rules of a course, with its class and the adjustments; CourseError names the invalid line.

    Extensions and adjustments may name students by login or name; they are kept by id.
    """
    policy, students = _without_adjustments(course), read_students(course.root)
    ids = _ids(students)
    words: dict[str, tuple[str, ...]] = {name: (name,) for name in course.names}
    for name, folder in course.folders.items():
        words[folder.parent.name] = (*words.get(folder.parent.name, ()), name)
    words |= {name: each.exercises for name, each in policy.assignments.items()}
    return replace(
        policy,
        students=students,
        extensions={ids.get(name.casefold(), name): spans for name, spans in policy.extensions.items()},
        places={ids.get(name.casefold(), name): place for name, place in policy.places.items()},
        adjustments=read_adjustments(course.root, words, ids),
    )


def _ids(students: Iterable[Student]) -> dict[str, str]:
    """Return id, login and name, in small letters, → id of those that are one student's."""
    owners: dict[str, set[str]] = {}
    for student in students:
        for word in (student.id, student.login, student.name):
            owners.setdefault(word.casefold(), set()).add(student.id)
    return {word: next(iter(ids)) for word, ids in owners.items() if word and len(ids) == 1}


def assignments(course: Course) -> Mapping[str, Assignment]:
    """Return name → assignment of a course, or of a release, whose assignments are in its index."""
    if not isinstance(course, Release):
        return _without_adjustments(course).assignments
    try:
        return {each["name"]: _from_index(each) for each in course.index.get("assignments", ())}
    except (KeyError, TypeError, ValueError) as error:
        raise CourseError(f"the assignments of {course.root} cannot be read: {error}. Get it again.") from error


def assignment(course: Course, name: str) -> Assignment:
    """Return the assignment of this name, or all of a unit as one; CourseError names the nearest."""
    known = assignments(course)
    unit = tuple(each for each, folder in course.folders.items() if folder.parent.name == name)
    if name in known or unit:
        return known.get(name) or Assignment(name, unit)
    near = ", ".join(nearest(name, known)) or ", ".join(known) or "none"
    raise CourseError(f"course.toml has no assignment {name!r}; there is: {near}. Write [assignments.{name}] into it.")


def hints_open(course: Course) -> dict[str, datetime]:
    """Return exercise → the time from which hints on it are shown, of those for which it is still to come."""
    now = datetime.now(UTC)
    later = (each for each in assignments(course).values() if each.hints and each.hints > now)
    return {name: each.hints for each in later for name in each.exercises if each.hints}


def to_index(each: Assignment) -> dict[str, object]:
    """Return what students' commands need of an assignment, as JSON for the index of a release."""
    times = {key: when.isoformat() if when else None for key, when in (("due", each.due), ("hints", each.hints))}
    return {"name": each.name, "exercises": each.exercises, "title": each.title, **times}


def _from_index(record: Mapping[str, Any]) -> Assignment:
    due, hints = (datetime.fromisoformat(record[key]) if record[key] else None for key in ("due", "hints"))
    return Assignment(record["name"], tuple(record["exercises"]), record["title"], due=due, hints=hints)


def _without_adjustments(course: Course) -> Policy:
    return read_policy(course.root, {name: folder.parent.name for name, folder in course.folders.items()})


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
