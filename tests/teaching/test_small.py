"""Families of small inputs: their members, the order of the members, and the specs that are rejected."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import CourseError
from autograder.spec.draw import literal, whole
from autograder.spec.function import Function
from autograder.spec.small import by_function, small
from autograder.values import Code
from tests.engine.coursework import TINY, append, copy_scale


@pytest.fixture(autouse=True)
def clean_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """Restore the import path after each test, and keep the tiny oracle on it."""
    monkeypatch.setattr(sys, "path", [*sys.path, str(TINY)])


def drawn(family, number):
    """Return the inputs of a member by name."""
    draws = family.members[number].case.draws
    rng = np.random.default_rng(0)
    return {name: draw(rng) if hasattr(draw, "make") else draw for name, draw in draws.items() if name != "dout"}


@given(st.lists(st.integers(1, 4), max_size=4), st.integers(0, 99))
def test_whole_numbers_are_distinct_and_never_zero(shape, seed):
    """Drawn integers are distinct and never 0, so that nothing cancels or ties by chance."""
    numbers = np.ravel(whole(*shape)(np.random.default_rng(seed)))
    assert len(set(numbers.tolist())) == numbers.size and 0 not in numbers
    assert np.all(numbers == np.rint(numbers)) and np.abs(numbers).max() <= numbers.size + 4


def test_members_come_by_size():
    """Members come by the number of entries; later values of a hyperparameter come after its first."""
    family = small(x="B D", w="D", lr=(0.5, 2.0), sizes={"B": (1, 2), "D": (1, 2)})
    assert [member.case.name for member in family.members][:4] == [
        "lr = 0.5, B = 1, D = 1", "lr = 0.5, B = 2, D = 1", "lr = 2, B = 1, D = 1", "lr = 0.5, B = 1, D = 2",
    ]  # fmt: skip
    weights = [member.weight for member in family.members]
    assert weights == sorted(weights) and len(weights) == 8


def test_a_text_is_a_shape_and_digits_are_fixed():
    """A size that several inputs name is equal in all of them."""
    inputs = drawn(small(x="B 2", w="2 B", sizes={"B": (3,)}), 0)
    assert (inputs["x"].shape, inputs["w"].shape) == ((3, 2), (2, 3))


def test_sizes_that_do_not_fit_together_are_left_out():
    """`where` filters by sizes and by hyperparameters."""
    family = small(x="H", window=(1, 2, 3), where=lambda H, window: window <= H)
    assert all(member.sizes["window"] <= member.sizes["H"] for member in family.members)
    assert len(family.members) == 6


def test_a_recipe_sees_sizes_and_values():
    """A function of sizes and hyperparameters may draw an input."""
    family = small(labels=lambda B, K, p: literal([K, B, p]), K=(5,), p=7, sizes={"B": (2,)})
    assert drawn(family, 0)["labels"].tolist() == [5, 2, 7]


def test_what_is_no_number_is_counted():
    """A function among the values of a hyperparameter is named by its position."""
    family = small(f=(Code("f", "a"), Code("f", "b")), w="2")
    assert [member.case.name for member in family.members] == ["f 1", "f 2"]


def test_one_fixed_case_is_a_family():
    """A family of given numbers has one member with a given name."""
    (member,) = small(x=literal([[1000, 0]])).members
    assert (member.case.name, member.weight, member.case.public) == ("the one case", 2, True)


def test_the_example_to_work_through_is_two_by_two():
    """The worked example has sizes of 2 and first values, unless the spec says otherwise."""
    assert small(x="B D", lr=(0.5, 1.0)).example.sizes == {"lr": 0.5, "B": 2, "D": 2}
    assert small(x="B D", lr=(0.5, 1.0), worked={"B": 1, "lr": 1.0}).example.sizes == {"lr": 1.0, "B": 1, "D": 2}
    assert small(x="B D", where=lambda B, D: B + D == 5).example.sizes in ({"B": 2, "D": 3}, {"B": 3, "D": 2})


def test_small_is_told_once_for_all_functions_or_by_name():
    """`small` takes one family, several, or a dict by function."""
    one, other = small(x="B"), small(x="B D")
    functions = (Function(np.sin, {"out": 1}), Function(np.cos, {"out": 1}))
    assert by_function(None, functions) == {}
    assert by_function(one, functions) == {"sin": (one,), "cos": (one,)}
    assert by_function({"cos": [one, other]}, functions) == {"cos": (one, other)}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('SMALL = small(x="B D")', "SMALL does not say w, which scale_forward takes. Add w=… to it."),
        (
            'SMALL = {"scale_forwards": small(x="B D", w="D")}',
            "SMALL is given for scale_forwards, which is no function. Did you mean scale_forward?",
        ),
    ],
)
def test_small_inputs_that_do_not_fit_are_refused(tmp_path: Path, text, words):
    """Small inputs that do not fit are rejected when the exercise is loaded, with the repair."""
    course = copy_scale(tmp_path)
    append(course, "spec.py", f"\nfrom autograder.spec import small\n{text}\n")
    with pytest.raises(CourseError) as error:
        course.exercise("scale")
    assert words in str(error.value)
