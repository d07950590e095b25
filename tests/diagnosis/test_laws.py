"""Properties of every diagnosis: no hints about noise, no hidden numbers, no exceptions."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.checks.variant import Variant
from autograder.grading.pipeline import Options, grade_exercise
from autograder.implementation import Raised, Returned, Stopped
from autograder.spec.exercise import Exercise
from autograder.values import Unsupported
from tests.diagnosis.exercises import (
    CENTRE,
    COUNT,
    DENSE,
    GATE,
    HEAVY,
    PARTS,
    PICK,
    QUICK,
    SLIDE,
    SPREAD,
    dense_backward,
    finding,
    hint,
    judge,
)  # fmt: skip
from tests.engine.scripted import scripted

DESKS = {"dense": DENSE, "gate": GATE, "slide": SLIDE, "heavy": HEAVY, "centre": CENTRE, "pick": PICK, "spread": SPREAD}
EXACT = re.compile(r"influence each other|depends? on|proportional to dout|must sum|holds too little|Of all cases")


def noisy(exercise: Exercise, seed: int) -> dict[str, Any]:
    """Return functions whose outputs are noise of the right shape, equal for equal inputs."""

    def code_of(function):
        def code(*args, **words):
            right = function.oracle(*args, **words)
            digest = str([np.round(np.sum(np.abs(a)), 6) for a in args if isinstance(a, np.ndarray)]).encode()
            rng = np.random.default_rng([seed, *digest])
            many = right if isinstance(right, tuple) else (right,)
            made = tuple(rng.standard_normal(np.shape(one)) if np.ndim(one) else float(rng.normal()) for one in many)
            return made if isinstance(right, tuple) else made[0]

        return code

    return {function.name: code_of(function) for function in exercise.functions}


@pytest.mark.parametrize("name", DESKS)
@settings(max_examples=6)
@given(seed=st.integers(0, 2**32))
def test_noise_has_no_pattern(name, seed):
    """Noise gets no pattern as a hint; a hint about its dependences is true."""
    for found in judge(DESKS[name], noisy(DESKS[name], seed), seed=seed % 50).findings:
        assert found.diagnosis != "mistake" and (not found.hint or EXACT.search(found.hint)), found.hint


@settings(max_examples=25)
@given(
    amount=st.floats(1e-6, 1e-2), where=st.integers(0, 100), change=st.sampled_from(["one", "all"]),
    seed=st.integers(0, 1000),
)  # fmt: skip
def test_a_near_miss_is_none(amount, where, change, seed):
    """A factor, transpose or sign that fails in one entry, or by a little noise, gives no hint."""

    def spoilt(dout, x, w, b):
        dx, dw, db = dense_backward(dout, x, w, b)
        off = np.zeros(dx.size)
        if change == "one":
            off[where % dx.size] = amount
        else:
            off = amount * np.cos(np.arange(dx.size) + where)
        return -2 * dx + off.reshape(dx.shape), dw, db

    words = hint(DENSE, spoilt, "dx", seed=seed)
    assert not re.search("times what|sign|transposed|reverse|exactly|right but", words), words


HIDDEN = re.compile(r"\d+\.\d|\d{2,}")


@pytest.mark.parametrize("name", DESKS)
def test_a_hidden_number_is_not_told(name):
    """No hint shows a measured number where a failing case is hidden."""
    exercise = DESKS[name]
    for factor in (1.7, 3.25, -0.123456):
        answers = {f.name: _times(f, factor) for f in exercise.functions}
        for found in judge(exercise, answers).findings:
            assert not HIDDEN.search(found.hint.replace("0.9", "")), found.hint


def _times(function, factor):
    def code(*args, **words):
        right = function.oracle(*args, **words)
        return tuple(factor * one for one in right) if isinstance(right, tuple) else factor * right

    return code


def test_a_factor_without_a_name_is_told():
    """A factor that is the same in each case, but is no expression of sizes, is told without its value."""
    found = hint(DENSE, _times(DENSE.functions[0], 1.7), "out", "dense_forward", reveal=True)
    assert found == "In each case all of out is off by one factor. What multiplies or divides all of it?"


ANYTHING = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=3), st.just(Unsupported("object")),
        st.sampled_from([
            np.zeros(0), np.zeros((2, 0, 3)), np.array(np.nan), np.array([np.inf, -np.inf, np.nan]),
            np.array([True, False]), np.array(["a"]), np.array([1j]), np.array([1e308, -1e308]), np.array(2**63 - 1),
            np.full((3, 4), 1e200), np.zeros((1, 1, 1, 1, 1, 1)), np.float16(3), np.uint8([1, 2]), np.array([None]),
        ]),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner) | st.dictionaries(st.sampled_from("ab"), inner),
    max_leaves=5,
)  # fmt: skip


@settings(max_examples=60)
@given(data=st.data())
def test_a_diagnosis_survives_whatever_comes_back(data):
    """Whatever an answer returns or raises, the verdict is the one without a diagnosis."""
    exercise = data.draw(st.sampled_from([DENSE, GATE, SLIDE, HEAVY, PARTS, PICK, COUNT]))
    values = [Returned(data.draw(ANYTHING)) for _ in range(2)] + [Raised("ValueError", "no")]
    calls: list[int] = []

    def code(*args, **words):
        calls.append(1)
        return values[len(calls) % len(values)]

    target = data.draw(st.sampled_from([f.name for f in exercise.functions]))
    findings = judge(exercise, {target: code}).findings
    assert all(f.status != "broken" and f.score <= f.max_score for f in findings)


def test_a_function_that_was_ended_is_not_called_again():
    """A function that was stopped is called neither on redrawn variants nor with changed inputs."""
    verdict = judge(DENSE, {"dense_forward": Stopped("time")})
    calls = [name for name, _ in verdict.implementation.calls]
    assert calls.count("dense_forward") == 1


def test_a_function_that_was_ended_in_one_case_is_not_called_again():
    """Nothing is said of the outputs before the stopped call: it could not be tested by further calls."""
    calls = []

    def code(x, w, b):
        calls.append(1)
        return Stopped("time") if len(calls) == 3 else -(x @ w + b)

    found = judge(DENSE, {"dense_forward": code}).of("values")
    assert found.hint == ""
    assert len(calls) == 3


def test_a_right_answer_is_called_no_more_than_without_a_diagnosis():
    """The diagnosis calls only the wrong function again."""
    verdict = judge(DENSE, {"dense_forward": lambda x, w, b: x @ w - b})
    calls = [name for name, _ in verdict.implementation.calls]
    assert calls.count("dense_backward") == len(DENSE.functions[1].cases) < calls.count("dense_forward")


def test_scores_and_messages_are_those_of_the_checks():
    """A diagnosis changes only the hint, the mistake and the diagnosis of a finding."""
    answers = {"dense_forward": lambda x, w, b: x @ w, "dense_backward": lambda *a: [-g for g in dense_backward(*a)]}
    found = judge(DENSE, answers).findings
    from autograder.checks.trial import Trial
    from autograder.grading.pipeline import undiagnosed

    trial = Trial(Variant(DENSE, 7), scripted(DENSE, answers))
    bare = undiagnosed(trial, QUICK.skip)
    assert [replace(f, hint="", diagnosis="", mistake=None) for f in found[: len(bare)]] == list(bare)
    assert all(f.hint for f in found if f.status == "failed" and f.check != "consistency")


def test_the_same_answer_gets_the_same_hint():
    """Redrawn variants depend only on the variant's seed, so equal answers get equal hints."""
    code = lambda dout, x, w, b: (dout @ w.T, x.T @ dout / len(x), dout.sum(axis=0))  # noqa: E731
    found = [finding(DENSE, code, "dw") for _ in range(2)]
    assert found[0] == found[1]
    assert grade_exercise(Variant(DENSE, 3), scripted(DENSE, {}), Options(skip=QUICK.skip)) is not None
