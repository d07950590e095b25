"""Papers with the same cases and inputs drawn anew: what is no coincidence holds there too.

They live as long as the trial: a paper that many sit does not grow by them.
"""

from __future__ import annotations

from dataclasses import replace

from autograder.checks.paper import Paper
from autograder.checks.trial import Trial
from autograder.exercise import Function

DRAWN = 4
"""Papers that a claim must hold on which does not explain every number, the student's own among them."""


def twin_seed(seed: int, number: int) -> int:
    """Where the twin of this number has its inputs from."""
    return (seed + number) % 2**64


def has_twins(paper: Paper) -> bool:
    """Whether there are others: a record may hold none."""
    record = paper.exercise.record
    return record is None or bool(record.twins)


def twin_trial(trial: Trial, function: Function, number: int = 1) -> Trial:
    """The same candidate, asked for one function, on the twin of this number."""
    twin = twin_paper(trial, function, number)
    key = f"twin {function.name} {number}"
    return trial.once(key, lambda: Trial(twin, trial.candidate, trial.reveal, trial.seconds))


def twin_paper(trial: Trial, function: Function, number: int = 1) -> Paper:
    """The paper's twin of this number, as far as one function needs it; made once."""
    return trial.once(f"twin paper {function.name} {number}", lambda: _twin(trial.paper, function, number))


def _twin(paper: Paper, function: Function, number: int) -> Paper:
    needed = {function.name, function.forward and function.forward.name}
    exercise = replace(paper.exercise, functions=tuple(f for f in paper.exercise.functions if f.name in needed))
    if (record := exercise.record) is not None:
        exercise = replace(exercise, record=record.twins[number - 1], mistakes=())
    return Paper(exercise, twin_seed(paper.seed, number))
