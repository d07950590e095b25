"""The findings by a record equal those by the spec."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from autograder.authoring.build.stub import make_stub
from autograder.checks.variant import Variant
from autograder.course.catalog import Course
from autograder.report.report import Finding
from autograder.sandbox.inprocess import load
from autograder.spec.draw import normal
from autograder.spec.exercise import Exercise, plain
from autograder.spec.function import Function, case
from tests.record.conftest import COURSE, SEED, verdict

# Train anew for every answer: fewer of them in the default run.
TRAINING = ("train_mlp", "train_cnn", "regularized")


def answers(course: Course, exercise: Exercise, step: int = 1):
    """Return name → functions: the stub, the solution, and the solution with each `step`-th mistake or alternative."""
    text = course.solution(exercise.name)
    right = load(text, exercise.name).functions
    yield "stub", load(make_stub(text), exercise.name).functions
    yield "solution", right
    for item in (*exercise.mistakes, *exercise.alternatives)[::step]:
        yield item.name, {**right, item.function: item.code}


def differences(course: Course, recorded, name: str, step: int) -> dict[str, list[tuple[Finding, Finding]]]:
    """Return answer → pairs of different findings by the spec and by the record."""
    exercise = course.exercise(name)
    variants = Variant(exercise, SEED), Variant(recorded(exercise), SEED)
    found = {}
    for who, functions in answers(course, exercise, step):
        found[who] = compared(*variants, functions)
    return {who: pairs for who, pairs in found.items() if pairs}


def compared(live: Variant, replayed: Variant, functions: Mapping[str, Any]) -> list[tuple[Finding, Finding]]:
    """Return the pairs of different findings for one answer."""
    pairs = zip(verdict(live, functions), verdict(replayed, functions), strict=True)
    return [(live, replayed) for live, replayed in pairs if live != replayed]


@pytest.mark.parametrize("name", ["scale", "mean_square", "spread", "softplus", "heavy_step"])
def test_the_tiny_course(tiny, recorded, name):
    """The tiny course has all kinds of functions, results and mistakes."""
    assert differences(tiny, recorded, name, 1) == {}


def test_a_course_s_own_judge_gives_recorded_verdicts_only(tiny, recorded):
    """A right output that a course's own judge has no recorded verdict on is skipped; all other findings are equal."""
    for pairs in differences(tiny, recorded, "ramp", 1).values():
        for live, replayed in pairs:
            open_now = (live.status, replayed.status) == ("passed", "skipped")
            assert open_now or replace(live, example=None) == replace(replayed, example=None)
    exercise = tiny.exercise("ramp")
    functions = {**load(tiny.solution("ramp"), "ramp").functions, "ramp_backward": lambda dout, x: dout * (x > -0.5)}
    assert not [f for f in verdict(Variant(recorded(exercise), SEED), functions) if f.score > f.max_score]


@pytest.mark.parametrize("name", [name for name in COURSE.names if name not in (*TRAINING, "overfit_check")])
def test_every_exercise(recorded, name):
    """The findings are equal for the stub, the solution and each eighth mistake and alternative."""
    assert differences(COURSE, recorded, name, 8) == {}


@pytest.mark.nightly
@pytest.mark.parametrize("name", [name for name in COURSE.names if name not in (*TRAINING, "overfit_check")])
def test_every_answer_to_every_exercise(recorded, name):
    """The findings are equal for all mistakes and alternatives."""
    assert differences(COURSE, recorded, name, 1) == {}


def test_params_that_only_the_reference_could_try_out_stay_open(recorded):
    """overfit_check: params that are not recorded are skipped, and the message says that they are judged later."""
    exercise = COURSE.exercise("overfit_check")
    right = load(COURSE.solution("overfit_check"), "overfit_check").functions
    (other, *_) = (item for item in exercise.alternatives if item.name == "plain_descent_and_a_wider_layer")
    found = compared(Variant(exercise, SEED), Variant(recorded(exercise), SEED), {**right, other.function: other.code})
    assert found
    for live, replayed in found:
        assert replayed.status == "skipped" and live.status == "passed"
        assert "more than one answer is right here, and yours is judged when it is graded" in replayed.message or (
            replayed.check == "purity"
        )


def unfair(live: Finding, replayed: Finding) -> bool:
    """Return whether the record contradicts the spec; a finding that needs the reference may be skipped."""
    return replayed.status != "skipped" and (replayed.status, replayed.mistake) != (live.status, live.mistake)


@pytest.mark.slow
def test_a_training_s_broken_half_is_named_and_the_other_stays_open(recorded):
    """The params of a wrong predict need the reference, so its training is skipped."""
    for pairs in differences(COURSE, recorded, "train_mlp", 4).values():
        assert not [pair for pair in pairs if unfair(*pair)]


@pytest.mark.nightly
@pytest.mark.parametrize("name", TRAINING)
def test_every_answer_to_every_training(recorded, name):
    """The findings are equal; a known mistake keeps its name or is skipped."""
    for pairs in differences(COURSE, recorded, name, 1).values():
        assert not [pair for pair in pairs if unfair(*pair)]


UNNAMED = (
    ("relu", "leaks"), ("relu", "slope_leaks"), ("dense", "x_not_flattened"), ("conv2d", "padded_on_one_side"),
    ("softmax_cross_entropy", "softmax_derivative_forgotten"), ("batchnorm", "gamma_missing_in_the_mean_path"),
)  # fmt: skip


@pytest.mark.parametrize(("name", "mistake"), UNNAMED)
def test_what_nobody_foresaw_is_narrowed_down_from_the_record_too(recorded, name, mistake):
    """Hints on an unknown mistake are verified on the redrawn records."""
    known = COURSE.exercise(name)
    (wrong,) = (found for found in known.mistakes if found.name == mistake)
    exercise = replace(known, mistakes=())
    right = load(COURSE.solution(name), name).functions
    variants = Variant(exercise, SEED), Variant(recorded(exercise), SEED)
    live, replayed = (verdict(variant, {**right, wrong.function: wrong.code}) for variant in variants)
    assert live == replayed
    assert {finding.diagnosis for finding in replayed} & {"pattern", "invariant"}


def test_without_them_nothing_is_said_that_was_not_proven(recorded):
    """A record without redrawn records gives no hint on what nobody foresaw."""
    exercise = replace(COURSE.exercise("relu"), mistakes=())
    replayed = recorded(exercise)
    bare = replace(replayed, oracle=replace(replayed.oracle, load_redrawn=tuple))
    answers = {**load(COURSE.solution("relu"), "relu").functions, "relu_forward": lambda x: np.where(x < 0, 0.1 * x, x)}
    said = [{f.hint for f in verdict(Variant(it, SEED), answers) if f.output == "out"} for it in (replayed, bare)]
    assert said == [{"out is right but where x < 0."}, {""}]
    double = {**answers, "relu_forward": lambda x: 2 * np.maximum(x, 0)}
    said = [{f.hint for f in verdict(Variant(it, SEED), double) if f.output == "out"} for it in (replayed, bare)]
    assert said == [{"out is 2 times what it should be."}, {""}]


def negative(x: np.ndarray) -> np.ndarray:
    """Return -x."""
    return -x


def either_sign(inputs: Mapping[str, Any], out: Any) -> str | None:
    """Judge with the course's own code: x or -x is right."""
    return None if np.array_equal(np.abs(out), np.abs(inputs["x"])) else "out is neither x nor -x"


@pytest.mark.parametrize("order", [1, -1], ids=["open first", "open last"])
def test_a_case_that_stays_open_hides_no_case_that_fails(recorded, order):
    """An output fails if one case is wrong, even if another case is skipped."""
    free = case("either sign", public=True, accept={"out": either_sign}, x=normal(3))
    firm = case("one sign", public=True, x=normal(4))
    exercise = recorded(plain(Function(negative, {"out": 2}), cases=[free, firm][::order]))
    found = verdict(Variant(exercise, SEED), {"negative": lambda x: x})[-1]
    assert (found.status, found.case, found.score, found.max_score) == ("failed", "one sign", 0, 2)
    assert found.message.endswith("Case “one sign” (1 of 2 cases fail).")
    alone = verdict(Variant(exercise, SEED), {"negative": lambda x: x if len(x) == 3 else -x})[-1]
    assert (alone.status, alone.case) == ("skipped", "either sign")
    assert "yours is judged when it is graded" in alone.message
