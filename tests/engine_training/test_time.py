"""Points by CPU time against the reference's own training, in the same run."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from autograder.checks import CHECKS
from autograder.checks.training_run import training_run
from autograder.checks.trial import Trial
from autograder.checks.variant import Variant
from autograder.grading.pipeline import ALONE, Options, grade_exercise, run_checks, time, without
from autograder.implementation import Returned
from tests.engine.scripted import Scripted, scripted
from tests.engine_training.lessons import LESSON, train


@dataclass
class Slow(Scripted):
    """Its train takes `seconds` and its predict `predicting`."""

    seconds: float = 0.0
    predicting: float = 0.0

    def call(self, function, args, kwargs, **rest):
        outcome = super().call(function, args, kwargs, **rest)
        spent = self.seconds if function == "train" else self.predicting
        return replace(outcome, cpu=spent) if isinstance(outcome, Returned) else outcome


def timed(times: float, predicting: float = 0.0):
    """The finding of a training that takes so many times what the reference took, and of a predict likewise."""
    right = scripted(LESSON, {})
    trial = Trial(Variant(LESSON, 7), Slow(right.answers, right.described), reveal=True)
    run = training_run(trial, LESSON.training)
    base = run.reference.cpu + run.truth.outcome.cpu
    trial.implementation.seconds, trial.implementation.predicting = times * base, predicting * base
    contract = CHECKS["contract"](trial, ())
    return next(f for f in CHECKS["training"](trial, contract) if f.check == "speed")


@pytest.mark.parametrize(
    ("times", "score", "status"), [(9, 2, "passed"), (11, 1, "slow"), (59, 1, "slow"), (61, 0, "slow")]
)
def test_two_bars(times, score, status):
    """Everything up to ten times the reference's time, half up to sixty."""
    finding = timed(times)
    assert (finding.score, finding.max_score, finding.status) == (score, 2, status)
    assert finding.figures == {"ratio": pytest.approx(times, abs=0.01), "fast": 10, "fair": 60}


def test_what_is_left_to_predict_is_counted():
    """A train that does nothing and a predict that does all of it take the time that they take together."""
    assert timed(0, predicting=9).figures["ratio"] == pytest.approx(9, abs=0.01)
    assert timed(5, predicting=60).score == 0


def test_slow_says_how_slow():
    """The figure, the bar, and what to do."""
    assert timed(20).message == (
        "train is right and takes some 20 times the reference's CPU time; the bar is 10. Fewer epochs may do, and "
        "whole batches in one expression are faster than rows one by one."
    )
    assert timed(200).message == (
        "train is right but takes some 200 times the reference's CPU time; half the points need 60. Replace the "
        "innermost Python loops by array expressions, and stop once the accuracy stands."
    )


def test_training_and_speed_are_measured_alone():
    """Not among the checks that come first; they run in `time`."""
    assert ALONE == ("training", "speed")
    implementation = scripted(LESSON, {})
    trial = Trial(Variant(LESSON, 7), implementation)
    shared = run_checks(trial)
    assert implementation.calls == [] and {found.check for found in shared}.isdisjoint(ALONE)
    assert sum(f.score for f in time(trial, shared, ())) == 10


def test_nothing_is_drawn_for_an_exercise_without_training():
    """Grading anything else loads no data and trains nothing."""
    from tests.engine.desks import DOUBLE

    trial = Trial(Variant(DOUBLE, 7), scripted(DOUBLE, {}))
    assert CHECKS["training"](trial, ()) == ()
    assert trial._made == {} and trial.variant._made == {}


@pytest.mark.parametrize(("skip", "most"), [("training", 0), ("speed", 8)])
def test_a_skipped_check_costs_and_earns_nothing(skip, most):
    """`--skip` takes the points away from both sides."""
    exercise = without(LESSON, {skip})
    assert exercise.max_score == most
    variant, implementation = Variant(exercise, 7), scripted(exercise, {})
    findings = grade_exercise(variant, implementation, Options(skip=frozenset({skip})))
    assert sum(f.score for f in findings) == sum(f.max_score for f in findings) == most
    assert train.__name__ in {name for name, _ in implementation.calls} or skip == "training"
