"""Two trainings, without and with a flag: the gap between given and fresh rows must shrink."""

from __future__ import annotations

import numpy as np

from tests.engine_training.lessons import CENTRES, GAP, learn, recall, remember, train


def gap(verdict):
    return verdict.of("training", "remember", "gap")


def test_a_gap_that_shrinks_earns_its_points():
    """The figures say how right each training is on given and on fresh rows."""
    verdict = learn({}, GAP)
    assert verdict.score == 10
    figures = gap(verdict).figures
    assert (figures["given_without"], figures["given_with"], figures["fresh_with"]) == (1, 1, 1)
    assert 0.2 < figures["fresh_without"] < 0.5


def test_both_trainings_see_the_same_rows_and_generator():
    """They differ by the flag alone."""
    seen = []

    def watching(x, labels, *, rng, regularize):
        seen.append((x.tolist(), rng.random(), regularize))
        return remember(x, labels, rng=rng, regularize=regularize)

    learn({"remember": watching}, GAP)
    (first, second) = seen
    assert first[:2] == second[:2] and (first[2], second[2]) == (False, True)


def test_a_flag_that_changes_nothing_fails():
    """The same gap twice."""
    always = gap(learn({"remember": lambda x, labels, *, rng, regularize: train(x, labels, rng=rng)}, GAP))
    assert (always.status, always.score) == ("failed", 0)
    assert always.message == (
        "With regularize=False the gap between its own rows and fresh ones is 0.000, with regularize=True exactly the "
        "same: does regularize change anything?"
    )


def test_a_gap_that_shrinks_too_little_fails():
    """Asked for is 0.5; here it shrinks by about a third, from one class forgotten to none."""

    def hardly(x, labels, *, rng, regularize):
        return train(x, labels, rng=rng) if regularize else {"x": x, "labels": labels, "known": CENTRES[:2]}

    def reading(x, params):
        if "known" not in params:
            return recall(x, params)
        rows, learned = recall(x, params), recall(x, {"means": params["known"]})
        return np.where((x[:, None] == params["x"]).all(axis=2).any(axis=1), rows, learned)

    finding = gap(learn({"remember": hardly, "recall": reading}, GAP))
    assert finding.score == 0
    assert finding.message == (
        "With regularize=False the gap between its own rows and fresh ones is 0.333, with regularize=True 0.000; it "
        "should shrink by 0.5 or more. Drop more units, and check that dropout and batch normalization are at work in "
        "training and have no randomness and no batch in predict."
    )


def test_a_plain_training_that_fits_nothing_has_no_gap_to_shrink():
    """Without over-fitting nothing can be seen."""

    def lazy(x, labels, *, rng, regularize):
        return train(x, labels, rng=rng) if regularize else {"means": CENTRES[[1, 2, 0]]}

    assert gap(learn({"remember": lazy}, GAP)).message == (
        "With regularize=False it is right on 0.000 of its own rows, expected 0.9 or more: where nothing over-fits, "
        "nothing can shrink. Train longer, or with more units."
    )


def test_a_poor_regularized_training_has_no_gap():
    """An untrained network has none either."""

    def broken(x, labels, *, rng, regularize):
        return {"means": CENTRES[[1, 2, 0]]} if regularize else remember(x, labels, rng=rng, regularize=False)

    verdict = learn({"remember": broken}, GAP)
    assert gap(verdict).status == "skipped"
    assert verdict.of("training", "recall").score == 2


def test_the_other_way_round_fails():
    """The words give both gaps and what was asked for."""

    def reversed_flag(x, labels, *, rng, regularize):
        return remember(x, labels, rng=rng, regularize=not regularize)

    verdict = learn({"remember": reversed_flag, "recall": lambda x, params: recall(x, params)}, GAP)
    assert verdict.of("training", "remember", "accuracy").score == 0
    assert gap(verdict).score == 0
