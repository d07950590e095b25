"""Which half is broken: predict is judged by its own params, or by the reference's, and never for train's faults."""

from __future__ import annotations

import re

import numpy as np
import pytest

from autograder.implementation import Raised
from tests.engine_training.lessons import CENTRES, learn, predict, train


def halves(verdict):
    """Scores of train's accuracy and of predict."""
    return verdict.of("training", "train", "accuracy").score, verdict.of("training", "predict").score


def labels(verdict):
    return verdict.of("training", "predict")


WRONG_FORM = {
    "scores": (lambda x, params: -((x[:, None] - params["means"]) ** 2).sum(axis=2),
               "predict returns an array of shape (60, 3), expected 60 ints, one label per row. If these are scores or "
               "probabilities: the label is where a row's largest one stands."),
    "columns": (lambda x, params: np.arange(3),
                "predict returns an array of shape (3,), expected 60 ints, one label per row. Is the largest score "
                "looked for down the columns instead of along each row?"),
    "floats": (lambda x, params: predict(x, params).astype(float),
               "predict returns labels of dtype float64, expected ints. A label is an index, not a measure."),
    "list": (lambda x, params: predict(x, params).tolist(),
             "predict returns a list of 60, expected 60 ints, one label per row."),
    "cube": (lambda x, params: np.zeros((60, 1, 1), int),
             "predict returns an array of shape (60, 1, 1), expected 60 ints, one label per row."),
}  # fmt: skip


@pytest.mark.parametrize(("code", "message"), WRONG_FORM.values(), ids=WRONG_FORM)
def test_something_else_than_labels_costs_predict_alone(code, message):
    """The params are right, as the reference's predict shows; the message says what came instead."""
    verdict = learn({"predict": code}, reveal=True)
    assert halves(verdict) == (6, 0)
    assert (labels(verdict).status, labels(verdict).message) == ("failed", message)
    assert verdict.of("speed").status == "passed"


@pytest.mark.parametrize(("code", "message"), WRONG_FORM.values(), ids=WRONG_FORM)
def test_what_came_of_hidden_rows_is_not_told(code, message):
    """The kind of fault and its repair are, and the name of a dtype."""
    told = labels(learn({"predict": code})).message
    assert told == re.sub(r"an array of shape \([^)]*\)|a list of 60", "something else", message)


def test_a_predict_that_reads_good_params_badly_costs_predict_alone():
    """Labels in the right form and wrong: the reference's predict reaches more with the same params."""
    verdict = learn({"predict": lambda x, params: (predict(x, params) + 1) % 3})
    assert halves(verdict) == (6, 0)
    assert labels(verdict).message == (
        "predict is right on 0.000 of the fresh rows with params that reach 1.000. Does it make the same steps as the "
        "forward pass in training, and does the largest score win?"
    )


def test_a_poor_training_costs_train_alone():
    """predict is right with the reference's params."""
    verdict = learn({"train": lambda x, labels, *, rng: {"means": CENTRES[[1, 2, 0]]}})
    assert halves(verdict) == (0, 2)


@pytest.mark.parametrize("train_answer", [Raised("ValueError"), lambda x, labels, *, rng: {"means": np.nan}])
def test_no_training_costs_train_alone(train_answer):
    """Without params predict is tried with the reference's."""
    assert halves(learn({"train": train_answer})) == (0, 2)


def test_params_of_one_s_own_form_are_as_good():
    """The layout is free where both halves work."""
    verdict = learn({
        "train": lambda x, labels, *, rng: list(train(x, labels, rng=rng)["means"]),
        "predict": lambda x, params: predict(x, {"means": np.array(params)}),
    })  # fmt: skip
    assert verdict.score == 10


def test_where_nobody_can_tell_predict_is_skipped():
    """Own layout, poor accuracy: the reference's half fits neither, so only what was measured is blamed."""
    verdict = learn({
        "train": lambda x, labels, *, rng: [CENTRES[[1, 2, 0]]],
        "predict": lambda x, params: predict(x, {"means": params[0]}),
    })  # fmt: skip
    assert halves(verdict) == (0, 0)
    assert labels(verdict).status == "skipped"
    assert labels(verdict).message == "train must return params that predict can read first."


def test_without_labels_an_own_layout_cannot_be_measured():
    """predict fails, and no other predict reads these params: train is skipped, not blamed."""
    verdict = learn({
        "train": lambda x, labels, *, rng: [train(x, labels, rng=rng)["means"]],
        "predict": Raised("IndexError", "", 3),
    })  # fmt: skip
    finding = verdict.of("training", "train", "accuracy")
    assert finding.status == "skipped"
    assert finding.message == "predict must return labels first: without them nobody can tell."
    assert (labels(verdict).status, labels(verdict).message) == ("error", "predict raises IndexError at line 3.")


def test_a_predict_that_rolls_dice_fails():
    """Right labels most of the time are none."""
    dice = np.random.default_rng(0)
    verdict = learn({"predict": lambda x, params: np.where(dice.random(len(x)) < 0.05, 0, predict(x, params))})
    assert halves(verdict) == (6, 0)
    assert labels(verdict).message == (
        "predict gives the same rows other labels when it is asked again. Nothing may be random once training is over: "
        "dropout belongs to training."
    )


def test_a_predict_that_looks_at_the_other_rows_fails():
    """Centred by the batch, one row is always in the middle."""
    verdict = learn({"predict": lambda x, params: predict(x - x.mean(axis=0) + CENTRES.mean(axis=0), params)})
    assert halves(verdict) == (6, 0)
    assert labels(verdict).message == (
        "predict gives a row another label when the row comes alone. Means, deviations and maxima over the rows must "
        "be those of the training, kept in params: a row's label cannot depend on its neighbours."
    )


def test_a_predict_that_fails_on_a_single_row_is_told_so():
    """Other forms and exceptions for a batch of one."""
    squeezed = learn({"predict": lambda x, params: predict(x, params).squeeze()})
    assert labels(squeezed).message.startswith("predict returns ")
    assert "expected 1 int, one label per row" in labels(squeezed).message

    def only_batches(x, params):
        if len(x) == 1:
            raise ValueError("too few")
        return predict(x, params)

    raising = learn({"predict": only_batches})
    assert labels(raising).message == "predict raises ValueError. That is for a batch of one row."
    assert labels(raising).status == "error"


def test_a_predict_not_written_yet_is_skipped():
    """Train is judged by the reference's predict meanwhile."""
    verdict = learn({"predict": Raised("NotImplementedError")})
    assert halves(verdict) == (6, 0)
    assert (labels(verdict).status, labels(verdict).message) == ("skipped", "predict is not written yet.")


def test_constant_labels_earn_nothing():
    """A predict that learned nothing from nobody."""
    verdict = learn({
        "train": lambda x, labels, *, rng: {}, "predict": lambda x, params: np.zeros(len(x), int),
    })  # fmt: skip
    assert verdict.score == 0
