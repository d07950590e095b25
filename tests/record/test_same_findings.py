"""From the record as from the spec: the same findings, to the letter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
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
from tests.record.conftest import SEED, verdict

COURSE = Course(Path(__file__).parents[2])
# Train anew for every answer: fewer of them in the default run.
TRAINING = ("train_mlp", "train_cnn", "regularized")


def answers(course: Course, exercise: Exercise, step: int = 1):
    """Name → functions: the stub, the solution, and it with every `step`-th known mistake or alternative in it."""
    text = course.solution(exercise.name)
    right = load(text, exercise.name).functions
    yield "stub", load(make_stub(text), exercise.name).functions
    yield "solution", right
    for item in (*exercise.mistakes, *exercise.alternatives)[::step]:
        yield item.name, {**right, item.function: item.code}


def differences(course: Course, recorded, name: str, step: int) -> dict[str, list[tuple[Finding, Finding]]]:
    """Answer → the pairs of findings, by the spec and by the record, that differ."""
    exercise = course.exercise(name)
    variants = Variant(exercise, SEED), Variant(recorded(exercise), SEED)
    found = {}
    for who, functions in answers(course, exercise, step):
        found[who] = compared(*variants, functions)
    return {who: pairs for who, pairs in found.items() if pairs}


def compared(live: Variant, kept: Variant, functions: Mapping[str, Any]) -> list[tuple[Finding, Finding]]:
    """The pairs that differ for one answer."""
    pairs = zip(verdict(live, functions), verdict(kept, functions), strict=True)
    return [(live, kept) for live, kept in pairs if live != kept]


@pytest.mark.parametrize("name", ["scale", "mean_square", "spread", "softplus", "heavy_step"])
def test_the_tiny_course(tiny, recorded, name):
    """Every kind of function, result and mistake."""
    assert differences(tiny, recorded, name, 1) == {}


def test_a_judge_of_the_course_s_own_stays_at_home(tiny, recorded):
    """Where the truth is a set and no rule of the engine's describes it, what is not recorded stays open, and only
    what would have been right by the judge's word."""
    for pairs in differences(tiny, recorded, "ramp", 1).values():
        for live, kept in pairs:
            open_now = (live.status, kept.status) == ("passed", "skipped")
            assert open_now or replace(live, example=None) == replace(kept, example=None)
    exercise = tiny.exercise("ramp")
    functions = {**load(tiny.solution("ramp"), "ramp").functions, "ramp_backward": lambda dout, x: dout * (x > -0.5)}
    assert not [f for f in verdict(Variant(recorded(exercise), SEED), functions) if f.score > f.max_score]


@pytest.mark.parametrize("name", [name for name in COURSE.names if name not in (*TRAINING, "overfit_check")])
def test_every_exercise(recorded, name):
    """The stub, the solution and every eighth mistake and alternative."""
    assert differences(COURSE, recorded, name, 8) == {}


@pytest.mark.nightly
@pytest.mark.parametrize("name", [name for name in COURSE.names if name not in (*TRAINING, "overfit_check")])
def test_every_answer_to_every_exercise(recorded, name):
    """All of the mistakes and alternatives."""
    assert differences(COURSE, recorded, name, 1) == {}


def test_params_that_only_the_reference_could_try_out_stay_open(recorded):
    """overfit_check: other params than the recorded ones are skipped, and said to be judged when graded."""
    exercise = COURSE.exercise("overfit_check")
    right = load(COURSE.solution("overfit_check"), "overfit_check").functions
    (other, *_) = (item for item in exercise.alternatives if item.name == "plain_descent_and_a_wider_layer")
    found = compared(Variant(exercise, SEED), Variant(recorded(exercise), SEED), {**right, other.function: other.code})
    assert found
    for live, kept in found:
        assert kept.status == "skipped" and live.status == "passed"
        assert "more than one answer is right here, and yours is judged when it is graded" in kept.message or (
            kept.check == "purity"
        )


def unfair(live: Finding, kept: Finding) -> bool:
    """Whether the record says another thing than the spec: it may only leave open what it cannot tell."""
    return kept.status != "skipped" and (kept.status, kept.mistake) != (live.status, live.mistake)


@pytest.mark.slow
def test_a_training_s_broken_half_is_named_and_the_other_stays_open(recorded):
    """Without the reference's predict nobody can tell what a broken one's params are worth."""
    for pairs in differences(COURSE, recorded, "train_mlp", 4).values():
        assert not [pair for pair in pairs if unfair(*pair)]


@pytest.mark.nightly
@pytest.mark.parametrize("name", TRAINING)
def test_every_answer_to_every_training(recorded, name):
    """What the record says is what the spec says; a mistake keeps its name or stays open."""
    for pairs in differences(COURSE, recorded, name, 1).values():
        assert not [pair for pair in pairs if unfair(*pair)]


UNNAMED = (
    ("relu", "leaks"), ("relu", "slope_leaks"), ("dense", "x_not_flattened"), ("conv2d", "padded_on_one_side"),
    ("softmax_cross_entropy", "softmax_derivative_forgotten"), ("batchnorm", "gamma_missing_in_the_mean_path"),
)  # fmt: skip


@pytest.mark.parametrize(("name", "mistake"), UNNAMED)
def test_what_nobody_foresaw_is_narrowed_down_from_the_record_too(recorded, name, mistake):
    """Where it goes wrong, in which cases, which law is broken: proven on the questions that were recorded for that."""
    known = COURSE.exercise(name)
    (wrong,) = (found for found in known.mistakes if found.name == mistake)
    exercise = replace(known, mistakes=())
    right = load(COURSE.solution(name), name).functions
    variants = Variant(exercise, SEED), Variant(recorded(exercise), SEED)
    live, kept = (verdict(variant, {**right, wrong.function: wrong.code}) for variant in variants)
    assert live == kept
    assert {finding.diagnosis for finding in kept} & {"pattern", "invariant"}


def test_without_them_nothing_is_said_that_was_not_proven(recorded):
    """A record that holds no such questions narrows nothing down; what explains every number is said all the same."""
    exercise = replace(COURSE.exercise("relu"), mistakes=())
    kept = recorded(exercise)
    bare = replace(kept, record=replace(kept.record, redrawn_records=()))
    answers = {**load(COURSE.solution("relu"), "relu").functions, "relu_forward": lambda x: np.where(x < 0, 0.1 * x, x)}
    said = [{f.hint for f in verdict(Variant(it, SEED), answers) if f.output == "out"} for it in (kept, bare)]
    assert said == [{"out is right but where x < 0."}, {""}]
    double = {**answers, "relu_forward": lambda x: 2 * np.maximum(x, 0)}
    said = [{f.hint for f in verdict(Variant(it, SEED), double) if f.output == "out"} for it in (kept, bare)]
    assert said[0] == said[1] != {""}


def negative(x: np.ndarray) -> np.ndarray:
    """-x."""
    return -x


def either_sign(inputs: Mapping[str, Any], out: Any) -> str | None:
    """A judge of the course's own: x or -x."""
    return None if np.array_equal(np.abs(out), np.abs(inputs["x"])) else "out is neither x nor -x"


@pytest.mark.parametrize("order", [1, -1], ids=["open first", "open last"])
def test_a_case_that_stays_open_hides_no_case_that_fails(recorded, order):
    """Where one case is judged when it is graded and another one is wrong, the output has failed."""
    free = case("either sign", public=True, accept={"out": either_sign}, x=normal(3))
    firm = case("one sign", public=True, x=normal(4))
    exercise = recorded(plain(Function(negative, {"out": 2}), cases=[free, firm][::order]))
    found = verdict(Variant(exercise, SEED), {"negative": lambda x: x})[-1]
    assert (found.status, found.case, found.score, found.max_score) == ("failed", "one sign", 0, 2)
    assert found.message.endswith("Case “one sign” (1 of 2 cases fail).")
    alone = verdict(Variant(exercise, SEED), {"negative": lambda x: x if len(x) == 3 else -x})[-1]
    assert (alone.status, alone.case) == ("skipped", "either sign")
    assert "yours is judged when it is graded" in alone.message
