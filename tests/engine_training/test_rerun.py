"""A training that did what a known mistake does bears its name; nothing else does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from autograder.checks.variant import Variant
from autograder.grading.pipeline import grade_exercise
from autograder.implementation import Raised
from autograder.spec.exercise import mistake
from tests.engine.scripted import scripted
from tests.engine_training.lessons import LESSON, predict, train


@mistake("train")
def classes_turned(x, labels, *, rng):
    """The means belong to other classes."""
    return {"means": train(x, labels, rng=rng)["means"][[1, 2, 0]]}


@mistake("train")
def drawn_means(x, labels, *, rng):
    """The means are drawn, not learned."""
    return {"means": rng.uniform(50, 60, (3, 2))}


@mistake("train")
def fails(x, labels, *, rng):
    """Raises."""
    raise KeyError("means")


@mistake("predict")
def farthest(x, params):
    """The farthest mean was taken."""
    return np.argmax(((x[:, None] - params["means"]) ** 2).sum(axis=2), axis=1)


@mistake("predict")
def dice(x, params):
    """Labels are drawn."""
    return np.random.default_rng().integers(0, 3, len(x))


@mistake("predict")
def squeezed(x, params):
    """A single label has no axis."""
    return predict(x, params).squeeze()


KNOWN = replace(LESSON, mistakes=(classes_turned, drawn_means, fails, farthest, dice, squeezed))


def names(answers):
    """function → the mistake and the hint of its findings, for a candidate with these answers."""
    variant, implementation = Variant(KNOWN, 3), scripted(KNOWN, answers)
    findings = grade_exercise(variant, implementation)
    return {(f.function, f.mistake, f.hint) for f in findings if f.mistake}


@pytest.mark.parametrize("known", KNOWN.mistakes, ids=lambda known: known.name)
def test_every_known_mistake_is_named(known):
    """By its own name, with its docstring as the hint, and the other half is left alone."""
    assert names({known.function: known.code}) == {(known.function, known.name, known.hint)}


def test_a_convention_is_told_from_a_mistake():
    """The record says which of the two it is."""
    for known, word in ((classes_turned, "mistake"), (replace(classes_turned, convention=True), "convention")):
        exercise = replace(KNOWN, mistakes=(known,))
        variant, implementation = Variant(exercise, 3), scripted(exercise, {"train": known.code})
        findings = grade_exercise(variant, implementation)
        assert {f.diagnosis for f in findings if f.mistake} == {word}


def test_what_else_a_student_keeps_does_not_matter():
    """A history beside the same parameters."""
    kept = names({"train": lambda x, labels, *, rng: {**classes_turned.code(x, labels, rng=rng), "history": [1.0]}})
    assert {name for _, name, _ in kept} == {"classes_turned"}


@pytest.mark.parametrize(
    "almost",
    [
        lambda x, labels, *, rng: {"means": train(x, labels, rng=rng)["means"][[2, 0, 1]]},
        lambda x, labels, *, rng: {"means": classes_turned.code(x, labels, rng=rng)["means"] * (1 + 1e-4)},
        lambda x, labels, *, rng: {"means": rng.normal(50, 60, (3, 2))},
        Raised("ValueError"),
    ],
)
def test_almost_the_same_is_no_name(almost):
    """Another wrong training, one that is a little off, other random numbers, another exception."""
    assert names({"train": almost}) == set()


def test_a_right_training_runs_no_mistake():
    """The gallery is only asked when something failed."""
    ran = []

    @mistake("train")
    def watched(x, labels, *, rng):
        """Watched."""
        ran.append(1)
        return {}

    exercise = replace(KNOWN, mistakes=(watched,))
    variant, implementation = Variant(exercise, 3), scripted(exercise, {})
    grade_exercise(variant, implementation)
    assert ran == []


def test_a_mistake_trains_once_per_paper():
    """Many wrong candidates, one run of each known mistake."""
    ran = []

    @mistake("train")
    def watched(x, labels, *, rng):
        """Watched."""
        ran.append(1)
        return {}

    exercise = replace(KNOWN, mistakes=(watched,))
    variant = Variant(exercise, 3)
    for _ in range(3):
        implementation = scripted(exercise, {"train": drawn_means.code})
        grade_exercise(variant, implementation)
    assert ran == [1]
