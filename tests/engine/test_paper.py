"""The paper: one exercise and one seed make all inputs and all expected values."""

from __future__ import annotations

import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from autograder.checks.variant import Variant, name_outputs, stream
from autograder.cli.grade import CHECK_NAMES
from autograder.course.catalog import Course
from autograder.errors import GraderFault
from autograder.grading.pipeline import without
from autograder.implementation import Returned
from autograder.sandbox.answers import encode
from autograder.spec.draw import normal
from autograder.spec.exercise import plain
from autograder.spec.function import Function, case
from tests.engine.desks import DRIFT, SQUARE
from tests.engine.scripted import sit

ROOT = Path(__file__).parents[2]


def inputs(seed, function=0, number=0):
    """The inputs of one case of SQUARE."""
    half = SQUARE.functions[function]
    return Variant(SQUARE, seed).calls(half, half.cases[number])[0].inputs


def test_a_seed_replays_its_inputs():
    """The same seed makes the same numbers, another seed others."""
    assert np.array_equal(inputs(1)["x"], inputs(1)["x"])
    assert not np.array_equal(inputs(1)["x"], inputs(2)["x"])


def test_cases_differ_from_each_other():
    """Two cases of one shape do not repeat each other's numbers."""
    square = Function(SQUARE.functions[0].oracle, {"out": 1})
    redrawn_records = plain(square, cases=[case("a", x=normal(4)), case("b", x=normal(4))])
    (function,) = redrawn_records.functions
    first, second = (Variant(redrawn_records, 1).calls(function, c)[0].inputs["x"] for c in function.cases)
    assert not np.array_equal(first, second)


def test_forward_and_backward_share_their_inputs():
    """dout comes first in the backward's signature and is drawn last."""
    assert np.array_equal(inputs(1)["x"], inputs(1, function=1)["x"])
    assert list(inputs(1, function=1)) == ["dout", "x"]
    assert inputs(1, function=1, number=1)["dout"].shape == (2, 3)


@pytest.mark.parametrize("number", range(2))
def test_dout_is_no_number_of_the_inputs(number):
    """dout has the shape of x and comes from a random stream of its own: no number occurs in both, or with its sign
    changed."""
    calls = inputs(1, function=1, number=number)
    assert calls["dout"].shape == calls["x"].shape
    assert not np.intersect1d(np.abs(calls["dout"]), np.abs(calls["x"])).size


@pytest.mark.parametrize("seed", [0, 7, 2**32 - 1, 2**32, 2**64 - 1])
def test_a_stream_is_that_of_default_rng(seed):
    """A case's random numbers are those of numpy.random.default_rng for [seed, case, round]."""
    first = SQUARE.functions[1].cases[0]
    words = [seed, zlib.crc32(first.name.encode()), 3]
    assert stream(seed, first, 3).random() == np.random.default_rng(words).random()


def test_dout_is_drawn_apart_from_all_else_of_its_case():
    """None of its numbers is in the case's inputs, in the directions of derivatives or in the inputs that are timed."""
    variant, (first, *_) = Variant(SQUARE, 1), SQUARE.functions[1].cases
    dout = inputs(1, function=1)["dout"]
    others = [stream(variant.seed, first, round).standard_normal(100) for round in range(8)]
    assert not np.intersect1d(dout, others).size


def test_a_question_is_made_once():
    """All candidates of one paper sit the same one."""
    variant, function = Variant(SQUARE, 1), SQUARE.functions[0]
    assert variant.calls(function, function.cases[0]) is variant.calls(function, function.cases[0])


def test_the_reference_feeds_its_own_state():
    """Each step's expected state is the next step's input."""
    (function,) = DRIFT.functions
    steps = Variant(DRIFT, 1).calls(function, function.cases[0])
    assert [step.inputs["w"].tolist() for step in steps] == [[1, 2], [5, 10], [7, 14]]
    assert [step.expected["v"].tolist() for step in steps] == [[2, 4], [1, 2], [0.5, 1]]


def fail(x):
    """A reference with a defect."""
    raise ZeroDivisionError("ours")


@pytest.mark.parametrize(
    ("oracle", "words"),
    [(fail, "failed: ZeroDivisionError: ours"), (lambda x: (x, x, x), r"does not return \(out, rest\)")],
)
def test_a_failing_reference_is_the_grader_s_fault(oracle, words):
    """It is never blamed on the student: an exception, or a wrong number of results."""
    exercise = plain(Function(oracle, {"out": 1, "rest": 1}), cases=[case("one", x=normal(2))])
    with pytest.raises(GraderFault, match=rf"^the reference {oracle.__name__} {words}$"):
        sit(exercise)


@pytest.mark.parametrize(
    ("value", "outputs"),
    [
        ((1, 2), {"w": 1, "v": 2}), ([1, 2], {"w": 1, "v": 2}), ((1,), None), (1, None), ({"w": 1, "v": 2}, None),
        ("ab", None),
    ],
)  # fmt: skip
def test_results_are_named_in_their_order(value, outputs):
    """Tuples and lists of the right length, nothing else."""
    assert name_outputs(DRIFT.functions[0], Returned(value)) == outputs


@pytest.mark.parametrize("name", Course(ROOT).names)
def test_inputs_do_not_depend_on_what_is_skipped(name):
    """Of every exercise, whatever check is left out and however much time a call has."""
    exercise = Course(ROOT).exercise(name)
    longer = replace(exercise, functions=tuple(replace(f, seconds=2 * f.seconds) for f in exercise.functions))
    whole = calls(exercise)
    assert [calls(changed) for changed in (longer, *(without(exercise, {check}) for check in CHECK_NAMES))] == [
        whole
    ] * (1 + len(CHECK_NAMES))


def calls(exercise):
    """Function, case → the bytes of all inputs."""
    variant = Variant(exercise, 3)
    drawn = {
        (f.name, c.name): [call.inputs for call in variant.calls(f, c)]
        for f in exercise.functions for c in (*f.cases, *f.stable_cases) if f.kind != "training"
    }  # fmt: skip
    return {key: encode(inputs) for key, inputs in drawn.items()}
