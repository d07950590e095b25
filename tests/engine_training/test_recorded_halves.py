"""From a record: without the reference's predict, what nobody can tell stays open, and what can be told is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from autograder.record.read import read_exercise
from autograder.release.recording import record_exercise
from tests.engine_training.lessons import CENTRES, LESSON, learn, predict, train


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """The lesson from its record."""
    path = Path(tmp_path_factory.mktemp("record")) / "lesson.npz"
    path.write_bytes(record_exercise(LESSON, 7))
    return read_exercise(path)


def halves(verdict):
    """Status of train's accuracy and of predict."""
    return verdict.of("training", "train", "accuracy").status, verdict.of("training", "predict").status


def near(x, labels, *, rng):
    """As right as the reference's, and not the same to the bit."""
    return {"means": train(x, labels, rng=rng)["means"] + 1e-3}


RIGHT = {"train": near, "predict": predict}
OWN_FORM = {
    "train": lambda x, labels, *, rng: list(train(x, labels, rng=rng)["means"]),
    "predict": lambda x, params: predict(x, {"means": np.array(params)}),
}
UNLIKE = {
    "train": lambda x, labels, *, rng: {"m": train(x, labels, rng=rng)["means"][::-1]},
    "predict": lambda x, params: predict(x, {"means": params["m"]}),
}


@pytest.mark.parametrize(("answers", "found"), [
    (RIGHT, ("passed", "passed")),
    (OWN_FORM, ("passed", "passed")),
    (RIGHT | {"train": lambda x, labels, *, rng: {"means": CENTRES[[1, 2, 0]]}}, ("failed", "passed")),
    (RIGHT | {"train": lambda x, labels, *, rng: {"means": np.nan}}, ("failed", "passed")),
    (RIGHT | {"predict": lambda x, params: (predict(x, params) + 1) % 3}, ("skipped", "failed")),
    (RIGHT | {"predict": lambda x, params: predict(x, params).astype(float)}, ("skipped", "failed")),
    (UNLIKE, ("failed", "skipped")),
], ids=["right", "own form", "poor train", "no params", "poor predict", "no labels", "own form, poor"])  # fmt: skip
def test_the_broken_half_is_found_where_it_can_be(kept, answers, found):
    """What is right never fails, and what is wrong never passes."""
    assert halves(learn(answers, kept)) == found


def test_what_stays_open_says_why(kept):
    """The reference's params are there, and predict reads them otherwise."""
    verdict = learn({"train": near, "predict": lambda x, params: (predict(x, params) + 1) % 3}, kept)
    assert verdict.of("training", "train", "accuracy").message == (
        "predict reads the recorded params otherwise than the reference does. If that is not as you mean it, repair it "
        "first; what train and predict are worth is seen when they are graded."
    )


def test_between_the_bars_nobody_can_tell(kept):
    """Two thirds of the rows are right: a poor predict, or a train of one's own kind?"""
    verdict = learn({"train": near, "predict": lambda x, params: np.minimum(predict(x, params), 1)}, kept)
    assert halves(verdict) == ("skipped", "skipped")


def test_a_predict_of_its_own_kind_stays_open(kept):
    """It is right with its own params and reads the reference's otherwise: the reference could tell."""
    answers = {
        "train": lambda x, labels, *, rng: {"means": -train(x, labels, rng=rng)["means"]},
        "predict": lambda x, params: predict(x, {"means": -params["means"]}),
    }
    assert halves(learn(answers, kept)) == ("passed", "skipped")


def test_the_reference_s_own_params_are_known_to_be_good(kept):
    """To the bit the same: what the reference reads in them is recorded, so nothing stays open."""
    verdict = learn({"train": train, "predict": lambda x, params: np.minimum(predict(x, params), 1)}, kept)
    assert halves(verdict) == ("passed", "failed")
