"""The small inputs of every exercise are valid, pass every right answer, and reveal the known mistakes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from autograder.checks.judge import examine
from autograder.checks.trial import CaseResult, Trial
from autograder.checks.variant import Variant
from autograder.course.catalog import Course
from autograder.diagnosis.hint import add_hints
from autograder.diagnosis.shrink import case_batches
from autograder.grading.pipeline import undiagnosed
from autograder.report.report import Array, Example
from autograder.sandbox import inprocess
from autograder.sandbox.inprocess import InProcess
from autograder.spec.exercise import Exercise
from autograder.spec.function import Function

MOST = 1000
"""Members that a family has at most: each may cost a call."""

COURSE = Course(Path(__file__).parents[2])
CALM = frozenset({"consistency"})
"""Checks whose findings have no example."""
# Judged by what they learned, which no small input shows.
LEARNS = {"train_mlp", "train_cnn", "overfit_check", "regularized"}
NAMES = [name for name in COURSE.names if name not in LEARNS]

# Mistakes that take more than small inputs: a random order or mask, a state that goes round, ties in a network,
# nearly constant columns.
LARGE = {
    "minibatches": 17, "dropout": 16, "perceptron": 3, "adagrad": 2, "momentum": 1, "cnn_backprop": 1,
    "connection_counts": 1, "z_score": 1,
}  # fmt: skip


def right(exercise: Exercise, function: Function) -> dict[str, InProcess]:
    """Return every right answer to a function by its name."""
    solution = inprocess.load(COURSE.solution(exercise.name), exercise.name)
    others = {a.name: InProcess({function.name: a.code}) for a in exercise.alternatives if a.function == function.name}
    return {"solution": solution, **others}


@pytest.mark.parametrize("name", NAMES)
def test_every_right_answer_is_right_on_every_small_input(name):
    """Every right answer passes on all small inputs, and no family has more members than are used."""
    exercise = COURSE.exercise(name)
    assert set(exercise.small) == {function.name for function in exercise.functions}
    for function in exercise.functions:
        assert sum(len(family.members) for family in exercise.small[function.name]) <= MOST
        for title, implementation in right(exercise, function).items():
            trial = Trial(Variant(exercise, 0), implementation)
            for item in answered(trial, function):
                problems = [examine(trial, item, output) for output in function.outputs]
                assert not any(problems), (title, item.case.name, problems)


def answered(trial: Trial, function: Function) -> list[CaseResult]:
    """Return the results of the implementation on every small input."""
    return [
        CaseResult.of_call(
            function, case, item, trial.implementation.call(ask.function, ask.args, ask.kwargs, names=(), seconds=1)
        )
        for batch in case_batches(function, trial.exercise.small[function.name])
        for (case, item), ask in zip(batch.calls, batch.request_batch.requests, strict=True)
    ]


@pytest.mark.parametrize("name", NAMES)
def test_a_known_mistake_is_seen_on_a_small_input(name):
    """Every known mistake fails on a small input, except listed ones, and its example shows the failure."""
    exercise, large = COURSE.exercise(name), set()
    solution = inprocess.load(COURSE.solution(name), name).functions
    variant = Variant(exercise, 0)
    for mistake in exercise.mistakes:
        trial = Trial(variant, InProcess({**solution, mistake.function: mistake.code}), True)
        with np.errstate(all="ignore"):
            findings = add_hints(trial, undiagnosed(trial, CALM))
        for finding in findings:
            if finding.status in ("failed", "error") and finding.check in ("values", "gradient") and finding.case:
                if finding.example is None or finding.example.case.startswith(finding.case):
                    large.add(mistake.name)
                else:
                    assert entries(finding.example) <= 16
                    assert finding.example.outcome or finding.example.yours != finding.example.expected
    assert len(large) <= LARGE.get(name, 0), large


def entries(example: Example) -> int:
    """Return the number of entries of the input arrays."""
    return sum(len(value.values) for value in example.inputs.values() if isinstance(value, Array))
