"""The words of a spec: what layer, loss, optimizer and plain make of their functions."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.spec.draw import normal
from autograder.spec.exercise import alternative, layer, loss, mistake, optimizer, plain
from autograder.spec.function import Function, Speed, Tolerance, case


def forward(x, w, *, eps=1e-5):
    """Any forward."""


def backward(dout, x, w, *, eps=1e-5):
    """Its backward."""


def total(x):
    """Any function of values."""


CASES = [case("one", x=normal(2), w=normal(3))]
SPEED = Speed((CASES[0],))


def test_a_function_s_words_come_from_its_oracle():
    """Name, arguments by position, hyperparameters by keyword, and the cotangent."""
    function = Function(backward, {"dx": 1, "dw": 2}, purity=0.5, stability=0.25, speed=0.25)
    assert function.name == "backward"
    assert function.positional == ("dout", "x", "w")
    assert function.keywords == ("eps",)
    assert function.takes_cotangent and not Function(forward, {"out": 1}).takes_cotangent
    assert function.max_score == 4


def test_a_layer_ties_its_halves_together():
    """Both see every case, the backward two more; it is graded as a gradient and knows its forward."""
    exercise = layer(Function(forward, {"out": 1}), Function(backward, {"dx": 1}), cases=CASES, requires=("dense",))
    first, second = exercise.functions
    assert first.cases == second.cases[:1] == tuple(CASES)
    assert [case.name for case in second.cases[1:]] == ["one, dout times 1000", "one, dout times 1e-05"]
    assert (first.kind, second.kind) == ("values", "gradient")
    assert second.forward == first
    assert exercise.requires == ("dense",)
    assert exercise.max_score == 2


def test_speed_and_stability_go_to_those_with_points_for_them():
    """A function without points is neither timed nor tried at the edge."""
    exercise = loss(
        Function(forward, {"loss": 1}, stability=1),
        Function(backward, {"dx": 1}, speed=1),
        cases=CASES, speed=SPEED, stable=CASES,
    )  # fmt: skip
    first, second = exercise.functions
    assert (first.stable_cases, first.timing) == (tuple(CASES), None)
    assert (second.stable_cases, second.timing) == ((), SPEED)


def test_a_function_s_own_cases_come_first():
    """The exercise's cases go to functions that bring none."""
    own = case("own", x=normal(1))
    exercise = plain(Function(forward, {"out": 1}, cases=(own,)), Function(total, {"sum": 1}), cases=CASES)
    assert [function.cases for function in exercise.functions] == [(own,), tuple(CASES)]


@pytest.mark.parametrize("steps", [1, 2])
def test_the_second_hidden_case_with_one_right_answer_is_scaled(steps):
    """Public cases and those with several right answers come last, and a dout of the author's own is kept."""
    cases = [case("shown", public=True, x=normal(2)), case("any", x=normal(2), accept={"dx": lambda given, got: None}),
             *(case(f"hidden {n}", x=normal(2), steps=steps) for n in (1, 2, 3))]  # fmt: skip
    words = [named.name for named in plain(Function(backward, {"dx": 1}), cases=cases).functions[0].cases[len(cases):]]
    assert words == ["hidden 2, dout times 1000", "hidden 2, dout times 1e-05"]
    own = [*cases, case("own", x=normal(2), dout=lambda shape: normal(*shape, scale=2.0))]
    assert plain(Function(backward, {"dx": 1}), cases=own).functions[0].cases == tuple(own)


def test_of_many_hidden_cases_the_last_three_are_scaled():
    """With four hidden cases or more no case is added; those for another check keep their `dout`."""
    cases = [*(case(f"hidden {n}", x=normal(2)) for n in range(5)), case("tied", x=normal(2), check="ties")]
    names = [named.name for named in plain(Function(backward, {"dx": 1}), cases=cases).functions[0].cases]
    scaled = ["hidden 4, dout times 1000", "hidden 3, dout times 1e-05", "hidden 2, dout times 1000"]
    assert names == ["hidden 0", "hidden 1", "tied", *scaled]


def test_an_optimizer_is_graded_by_its_values():
    """State in, state out, with a large and a small state in two cases more."""
    exercise = optimizer(Function(forward, {"w": 1, "x": 1}), cases=CASES, requires=("sgd",))
    one, *others = exercise.functions[0].cases
    assert [case.name for case in others] == ["one, all arrays times 1000", "one, all arrays times 1e-05"]
    for scaled, scale in zip(others, (1e3, 1e-5), strict=True):
        drawn, given = (c.draws["w"](np.random.default_rng(0)) for c in (scaled, one))
        np.testing.assert_array_equal(drawn, scale * given)
    assert [function.kind for function in exercise.functions] == ["values"]
    assert exercise.requires == ("sgd",)


def test_thirds_leave_no_trail_of_digits():
    """0.1 + 0.2 points are 0.3."""
    assert plain(Function(forward, {"a": 0.1, "b": 0.2}), cases=CASES).max_score == 0.3


def test_a_function_is_found_by_name():
    """KeyError for any other."""
    exercise = plain(Function(forward, {"out": 1}), cases=CASES)
    assert exercise.function("forward").oracle is forward
    with pytest.raises(KeyError):
        exercise.function("sideways")


def test_a_mistake_s_docstring_is_its_hint():
    """Name and hint come from the code, without the indentation of the source."""

    @mistake("forward")
    def flipped(x):
        """Upside down.

        Turn it round.
        """

    @alternative("forward", fast=False)
    def slowly(x):
        return np.array(x)

    assert (flipped.name, flipped.function, flipped.hint) == ("flipped", "forward", "Upside down.\n\nTurn it round.")
    assert (slowly.name, slowly.function, slowly.fast) == ("slowly", "forward", False)


def test_what_a_spec_need_not_say():
    """The tolerance that a thousand right answers kept, the two bars, a hidden case of one step, a fast alternative."""
    assert (Tolerance().rtol, Tolerance().atol) == (1e-8, 1e-11)
    assert Speed(()).bars == (5.0, 60.0)
    assert (CASES[0].public, CASES[0].steps, CASES[0].accept) == (False, 1, {})
    assert alternative("forward")(forward).fast
    function = Function(forward, {"out": 1})
    assert function.points == {}
