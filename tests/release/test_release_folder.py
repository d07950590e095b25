"""A release has the interface of a course without solutions."""

from __future__ import annotations

import json

import pytest

from autograder.course.catalog import Course
from autograder.course.release_folder import INDEX, Release, find_course_or_release, find_release
from autograder.errors import CourseError
from tests.release.conftest import TINY


def test_it_is_found_from_inside(release):
    """A release is found from itself and from any folder in it."""
    assert find_course_or_release(release / "assignments" / "01_tiny").root == release
    assert find_release(release) == Release(release)


def test_names_units_and_functions_are_the_course_s(release, tiny):
    """Names, units and functions are in teaching order, read without loading an exercise."""
    held = Release(release)
    assert held.names == [exercise.name for exercise in tiny.exercises()]
    assert held.functions == {e.name: tuple(f.name for f in e.functions) for e in tiny.exercises()}
    assert held.pick(["tiny"]) == held.pick(["01_tiny"]) == held.names
    assert [exercise.name for exercise in held.exercises()] == held.names
    assert {exercise.unit for exercise in held.exercises()} == {"01_tiny"}


def test_an_exercise_has_its_points_and_its_known_mistakes(release, tiny):
    """Known mistakes have their hints and none of their code."""
    kept, live = Release(release).exercise("scale"), tiny.exercise("scale")
    assert kept.max_score == live.max_score and kept.requires == live.requires
    assert [(m.name, m.hint) for m in kept.mistakes] == [(m.name, m.hint) for m in live.mistakes]
    assert not kept.alternatives


def test_a_name_that_is_not_there_meets_a_suggestion(release):
    """An unknown name raises the course's error with a suggestion."""
    with pytest.raises(CourseError, match=r"there is no exercise or unit named scala\. Did you mean scale\?"):
        Release(release).pick(["scala"])


def test_the_nearest_one_is_opened(release, course):
    """The nearest one is opened: a release in a course, or a course in a release."""
    inner = course / "out"
    release.rename(inner)
    assert isinstance(find_course_or_release(inner), Release)
    assert type(find_course_or_release(course)) is Course
    (inner / "deep" / "solutions").mkdir(parents=True)
    assert type(find_course_or_release(inner / "deep")) is Course


def test_where_there_is_neither_the_words_are_the_course_s(tmp_path):
    """Outside of both the error is that for a missing course."""
    with pytest.raises(CourseError, match=r"lies in no course\. Go into the folder that holds your assignments"):
        find_course_or_release(tmp_path)
    assert find_release(tmp_path) is None
    assert find_course_or_release(TINY).root == TINY


def spoil(release, **facts):
    """Change the index."""
    path = release / INDEX
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | facts), encoding="utf-8")


@pytest.mark.parametrize("text", ["", "[]", "{}", "nonsense", '{"schema": 1'])
def test_an_index_that_is_none_is_refused_with_the_repair(release, text):
    """An index that is changed, cut off or something else is refused with the repair."""
    (release / INDEX).write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match=r"release\.json is no index of a release: .+ Get it again"):
        _ = Release(release).names


def test_another_engine_s_release_says_what_to_install(release):
    """The error for another schema says what to install."""
    spoil(release, schema="handgrad/release/9")
    with pytest.raises(CourseError, match="is written as handgrad/release/9, this engine reads handgrad/release/2"):
        _ = Release(release).names


@pytest.mark.parametrize("exercises", [None, [1], [["a"]], [["../../etc/passwd", "01_tiny", []]], [["a", "..", []]]])
def test_an_index_that_names_no_exercises_is_refused(release, exercises):
    """An invalid list of exercises is refused; a name cannot lead out of the folder."""
    spoil(release, exercises=exercises)
    with pytest.raises(CourseError, match="names no exercises"):
        _ = Release(release).names


def test_a_missing_record_is_refused_by_its_name(release):
    """The error names the missing record and the repair."""
    (release / "record" / "01_tiny" / "scale.npz").unlink()
    with pytest.raises(CourseError, match=r"scale\.npz is no record: .+ Get it again"):
        Release(release).exercise("scale")
