"""Papers with the same cases and inputs drawn anew: what is no coincidence holds there too.

They live as long as the trial: a paper that many sit does not grow by them.
"""

from __future__ import annotations

from autograder.checks.paper import Paper
from autograder.checks.trial import Trial


def twin_paper(trial: Trial, number: int = 1) -> Paper:
    """The paper's twin of this number; made once."""
    paper = trial.paper
    return trial.once(f"twin paper {number}", lambda: Paper(paper.exercise, (paper.seed + number) % 2**64))


def twin_trial(trial: Trial, number: int = 1) -> Trial:
    """The same candidate, sitting the twin."""
    twin = twin_paper(trial, number)
    return trial.once(f"twin {number}", lambda: Trial(twin, trial.candidate, trial.reveal, trial.seconds))
