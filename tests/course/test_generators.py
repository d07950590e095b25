"""Where a function of the course draws, it draws from the generator that it is given, whatever the exercise."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from autograder.checks.judge import examine
from autograder.checks.trial import Trial
from autograder.checks.variant import Variant
from autograder.course.catalog import Course
from autograder.sandbox.inprocess import InProcess
from autograder.spec.judges import Judge
from autograder.values import Rng

COURSE = Course(Path(__file__).parents[2])
DRAWN = [
    (name, function.name)
    for name in COURSE.names
    for function in COURSE.exercise(name).functions
    for judges in [[judge for case in function.cases for judge in case.accept.values()]]
    if any(isinstance(judge, Judge) and judge.rule in ("mask", "epoch") for judge in judges)
]
OTHER = {
    "the global state": (lambda kept, rng: np.random.default_rng(np.random.randint(2**31)), "differs between two"),
    "a seed of its own": (lambda kept, rng: np.random.default_rng(2024), "is the same with another seed"),
    "a generator that is kept": (lambda kept, rng: kept.setdefault("rng", rng), "differs between two calls"),
}


def problems(name, title, answer, seed=0):
    """What is wrong in the cases of the function, in the words that students read."""
    function = COURSE.exercise(name).function(title)
    trial = Trial(Variant(COURSE.exercise(name), seed), InProcess({title: answer}))
    found = [examine(trial, seen, output) for seen in trial.case_results(function) for output in function.outputs]
    return {problem.plain for problem in found if problem}


def test_every_function_that_takes_a_generator_is_visited():
    """Two functions draw; three trainings and overfit_check are judged by what was learned."""
    takes = {(name, f.name) for name in COURSE.names for f in COURSE.exercise(name).functions if "rng" in f.keywords}
    assert set(DRAWN) == {("minibatches", "minibatches"), ("dropout", "dropout_mask")}
    assert {name for name, _ in takes - set(DRAWN)} == {"overfit_check", "train_mlp", "train_cnn", "regularized"}


@pytest.mark.parametrize(("name", "title"), DRAWN)
@pytest.mark.parametrize("kind", OTHER)
def test_numbers_of_another_generator_fail(name, title, kind):
    """The reference with another generator is rejected in one case alone, and the words name the cause."""
    swap, words = OTHER[kind]
    oracle, kept = COURSE.exercise(name).function(title).oracle, {}
    found = problems(name, title, lambda *args, rng, **options: oracle(*args, rng=swap(kept, rng), **options))
    assert len(found) == 1 and words in found.pop()


@pytest.mark.parametrize(("name", "title"), DRAWN)
def test_a_result_that_is_kept_fails(name, title):
    """A result that is drawn once for each shape, and returned ever after, is the same with another seed."""
    oracle, kept = COURSE.exercise(name).function(title).oracle, {}

    def answer(*args, rng, **options):
        key = str([np.shape(arg) if isinstance(arg, np.ndarray) else arg for arg in args]), str(options)
        return kept.setdefault(key, oracle(*args, rng=rng, **options))

    assert any("is the same with another seed" in words for words in problems(name, title, answer))


@pytest.mark.parametrize(("name", "title"), DRAWN)
def test_one_case_is_asked_with_five_seeds(name, title):
    """The last case with a judge is asked twice with its seed and once with each of four others."""
    exercise = COURSE.exercise(name)
    function = exercise.function(title)
    asked = [Variant(exercise, 0).calls(function, case) for case in function.cases]
    (many,) = [calls for calls in asked if len(calls) > 1]
    seeds = [call.inputs["rng"].seed for call in many]
    assert seeds[0] == seeds[1] and len(set(seeds)) == 5 and isinstance(many[0].inputs["rng"], Rng)


RIGHT = {
    "minibatches": [
        lambda n, rng: rng.permutation(n), lambda n, rng: rng.permuted(np.arange(n)),
        lambda n, rng: rng.choice(n, n, replace=False), lambda n, rng: rng.spawn(1)[0].permutation(n),
        lambda n, rng: np.argsort(rng.random(n)),
        lambda n, rng: np.random.default_rng(rng.integers(2**32)).permutation(n),
    ],
    "dropout_mask": [
        lambda n, rng: rng.random(n), lambda n, rng: 1 - rng.random(n), lambda n, rng: rng.uniform(size=n),
        lambda n, rng: rng.integers(0, 2**32, n) / 2**32, lambda n, rng: rng.spawn(1)[0].random(n),
        lambda n, rng: np.random.RandomState(rng.integers(2**32)).rand(n),
    ],
}  # fmt: skip


@pytest.mark.parametrize("number", range(6))
def test_every_way_of_drawing_passes(number):
    """However rng is used: permutation, shuffle, choice, random, integers, spawn, or a seed drawn from it."""
    order, uniform = RIGHT["minibatches"][number], RIGHT["dropout_mask"][number]

    def minibatches(x, y, *, batch_size, rng):
        rows = order(len(x), rng)
        return [(x[rows[i : i + batch_size]], y[rows[i : i + batch_size]]) for i in range(0, len(x), batch_size)]

    def dropout_mask(shape, *, p, rng):
        return (uniform(int(np.prod(shape)), rng) >= p).reshape(shape) / (1 - p)

    for seed in range(3):
        assert problems("minibatches", "minibatches", minibatches, seed) == set()
        assert problems("dropout", "dropout_mask", dropout_mask, seed) == set()
