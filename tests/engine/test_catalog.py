"""The catalog: exercises are found by path, and what is not as it should be is said with its repair."""

from __future__ import annotations

import os
import re
import sys

import pytest

from autograder.course.catalog import Course, find_course
from autograder.errors import CourseError, UsageError
from tests.engine.coursework import TINY, copy_scale, write_exercise


def refused(words: str):
    """CourseError with exactly these words."""
    return pytest.raises(CourseError, match=f"^{re.escape(words)}$")


def test_exercises_are_found_by_their_folders(tiny):
    """By unit, then by name."""
    assert tiny.names == ["heavy_step", "mean_square", "ramp", "scale", "softplus", "spread"]
    assert tiny.folders["scale"].relative_to(tiny.root).as_posix() == "solutions/01_tiny/scale"


def test_an_exercise_knows_its_place_and_its_gallery(tiny):
    """Name and unit from the path, mistakes and alternatives in the order they are written."""
    scale = tiny.exercise("scale")
    assert (scale.name, scale.unit) == ("scale", "01_tiny")
    assert [m.name for m in scale.mistakes][:3] == ["adds", "writes_into_x", "scales_rows"]
    assert [a.name for a in scale.alternatives][-1] == "as_a_list"


def test_functions_are_known_without_loading(tiny):
    """By the definitions of the solution; the spec agrees, for it is checked against it."""
    assert tiny.functions["scale"] == ("scale_forward", "scale_backward")
    assert list(tiny.functions) == tiny.names


def test_an_exercise_without_a_solution_has_no_functions_yet(tmp_path):
    """A folder in the making stops nobody who grades another exercise."""
    folder = tmp_path / "solutions" / "01_tiny" / "new"
    folder.mkdir(parents=True)
    (folder / "spec.py").touch()
    assert Course(tmp_path).functions == {"new": ()}


def test_teaching_order_follows_what_is_required(tiny):
    """Within a unit, after what an exercise requires; then by name."""
    order = [exercise.name for exercise in tiny.exercises()]
    assert order == ["ramp", "scale", "softplus", "spread", "mean_square", "heavy_step"]
    assert [exercise.name for exercise in tiny.exercises(["heavy_step", "scale"])] == ["scale", "heavy_step"]


def test_the_unit_s_page_has_the_first_word_on_the_order(tmp_path):
    """As its README links to them; what it does not mention comes last."""
    for name in ("alpha", "beta", "gamma"):
        write_exercise(tmp_path, "01_tiny", name)
    page = tmp_path / "solutions" / "01_tiny" / "README.md"
    page.write_text("1. [gamma](gamma/)\n2. [alpha](alpha/), and see [gamma](gamma/) again\n", encoding="utf-8")
    assert [exercise.name for exercise in Course(tmp_path).exercises()] == ["gamma", "alpha", "beta"]


def test_units_come_in_order(tmp_path):
    """An earlier unit stays earlier, whatever it requires."""
    write_exercise(tmp_path, "10_late", "a")
    write_exercise(tmp_path, "02_early", "z", requires=("a",))
    assert [exercise.name for exercise in Course(tmp_path).exercises()] == ["z", "a"]


@pytest.mark.parametrize("word", ["01_tiny", "tiny", "1", "01"])
def test_a_unit_is_picked_by_folder_title_or_number(tiny, word):
    """All its exercises."""
    assert tiny.pick([word]) == tiny.names


def test_names_are_picked_once_and_in_the_order_given(tiny):
    """With or without .py, a unit or a name, no exercise twice."""
    assert tiny.pick(["spread", "ramp.py", "spread"]) == ["spread", "ramp"]
    assert tiny.pick(["scale", "tiny"])[0] == "scale"
    assert sorted(tiny.pick(["scale", "tiny"])) == tiny.names


@pytest.mark.parametrize(
    ("word", "guess"),
    [
        ("scael", " Did you mean scale?"), ("mean_sqare", " Did you mean mean_square?"), ("xyzzy", ""),
        ("", ""), ("2", ""),
    ],
)  # fmt: skip
def test_an_unknown_name_comes_with_the_nearest(tiny, word, guess):
    """And with the command that shows all; nothing is guessed that is not near."""
    with refused(f"there is no exercise or unit named {word}.{guess} `handgrad list` shows all."):
        tiny.pick([word])


def test_a_unit_is_no_exercise(tiny):
    """Where one exercise is wanted, a unit says what it is, and an unknown name what is near."""
    with refused("tiny is a unit, not an exercise"):
        tiny.exercise("tiny")
    with refused("there is no exercise or unit named scal. Did you mean scale? `handgrad list` shows all."):
        tiny.solution("scal")


def test_two_exercises_of_one_name_are_refused(tmp_path):
    """A submission is found by its name, so it must be one."""
    first = write_exercise(tmp_path, "01_a", "dense")
    second = write_exercise(tmp_path, "02_b", "dense")
    with refused(f"two exercises are named dense: {first} and {second}"):
        Course(tmp_path).names


def test_a_circle_of_requirements_is_shown(tmp_path):
    """With the way round it."""
    write_exercise(tmp_path, "01_a", "egg", requires=("hen",))
    write_exercise(tmp_path, "01_a", "hen", requires=("egg",))
    with refused("exercises require each other in a circle: egg → hen → egg"):
        Course(tmp_path).exercises()


@pytest.mark.parametrize("spec", ["", "EXERCISE = None\n", "exercise = 1\n"])
def test_a_spec_without_an_exercise_is_refused(tmp_path, spec):
    """It says what to assign."""
    folder = write_exercise(tmp_path, "01_a", "empty", spec=spec)
    with refused(f"{folder / 'spec.py'} defines no EXERCISE; assign layer(...), loss(...) or plain(...)"):
        Course(tmp_path).exercise("empty")


def test_a_spec_that_does_not_load_is_refused_with_its_error(tmp_path):
    """Any exception, by its name and words; also in the files beside it."""
    folder = write_exercise(tmp_path, "01_a", "bad", spec="1 / 0\n")
    with refused(f"{folder / 'spec.py'} does not load: ZeroDivisionError: division by zero"):
        Course(tmp_path).exercise("bad")
    other = write_exercise(tmp_path, "01_a", "worse")
    (other / "mistakes.py").write_text("import no_such_module\n")
    with refused(f"{other / 'mistakes.py'} does not load: ModuleNotFoundError: No module named 'no_such_module'"):
        Course(tmp_path).exercise("worse")


def test_an_exercise_without_mistakes_and_alternatives_loads(tmp_path):
    """The audit says what is missing; a student's copy has neither."""
    write_exercise(tmp_path, "01_a", "bare")
    bare = Course(tmp_path).exercise("bare")
    assert (bare.mistakes, bare.alternatives) == ((), ())


def test_the_solution_is_read_as_text(tiny):
    """It is not run to be read."""
    assert tiny.solution("scale").startswith('"""Scale every column."""')


def test_a_course_is_found_from_any_folder_in_it(tmp_path, monkeypatch):
    """The nearest folder above that holds solutions/, from an absolute or a relative start."""
    assert find_course(TINY / "solutions" / "01_tiny").root == TINY
    course = copy_scale(tmp_path)
    monkeypatch.chdir(course.root / "solutions")
    start = course.root.__class__("01_tiny")
    assert find_course(start).root == tmp_path.resolve()


def test_outside_of_a_course_the_option_is_named(tmp_path):
    """A usage error, with what to do."""
    words = f"{tmp_path} lies in no course. Go into the folder that holds your assignments, or name it with --course."
    with refused(words):
        find_course(tmp_path)
    assert issubclass(CourseError, UsageError)


@pytest.mark.parametrize("name", ["spec.py", "mistakes.py", "alternatives.py"])
def test_a_changed_file_is_loaded_anew_even_with_the_time_and_size_it_had(tmp_path, monkeypatch, name):
    """Bytecode of the earlier text is not taken for that of the later one."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    course = copy_scale(tmp_path)
    path = course.root / "solutions" / "01_tiny" / "scale" / name
    text = path.read_text(encoding="utf-8")
    for words in ("raise ValueError(1)", "raise ValueError(2)"):
        path.write_text(f"{text}\n{words}\n", encoding="utf-8")
        os.utime(path, (10**9, 10**9))
        with pytest.raises(CourseError, match=re.escape(f"does not load: ValueError: {words[-2]}")):
            course.exercise("scale")
