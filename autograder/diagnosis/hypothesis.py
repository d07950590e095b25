"""A claim: a sentence about an output, and the test that makes it true or false."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from autograder.diagnosis.circumstances import parting
from autograder.diagnosis.evidence import Evidence, Item
from autograder.diagnosis.numbers import alike

Test = Callable[[Evidence], bool]

Predict = Callable[[Item], np.ndarray | None]
"""What the output would be if the claim were true."""

_PLAIN = ("the ", "each ", "every ", "in ", "of ", "a ")


@dataclass(frozen=True, eq=False)
class Hypothesis:
    """kind: what it rests on, in the record's words. name: of the pattern, for counting. words: for the student.

    holds: whether it is true of other facts too; whoever doubts it can draw other inputs and ask. sure: it says what
    every number is in every case.
    """

    kind: str
    name: str
    words: str
    holds: Test
    sure: bool = False


def hypothesis(
    kind: str, name: str, evidence: Evidence, words: str, test: Test, still: Test | None = None, sure: bool = True
) -> Hypothesis | None:
    """The claim, as narrow as the facts are, if it is true and enough is wrong to mean something.

    still: what other facts must show, where that is less than what these had to show.
    """
    if not (evidence.telling and test(evidence)):
        return None
    text = evidence.prefix + words
    text = text[0].upper() + text[1:] if evidence.prefix or words.startswith(_PLAIN) else text
    return Hypothesis(kind, name, text, partial(_holds, evidence, still or test), sure and not evidence.narrow)


def _holds(evidence: Evidence, test: Test, other: Evidence) -> bool:
    """Whether the test says so of other facts too, looked at as these were."""
    if evidence.circumstance and parting(other) != evidence.circumstance:
        return False
    return test(only_failing(other) if evidence.narrow else other)


def only_failing(evidence: Evidence) -> Evidence:
    """The facts of the items that are wrong. Where others are right, it is said which cases these are."""
    if len(evidence.failing) == len(evidence.items):
        return replace(evidence, narrow=True)
    which = parting(evidence)
    prefix = f"in the cases {which}, and in no others, " if which else "in every case that fails, "
    return replace(evidence, items=evidence.failing, narrow=True, prefix=prefix, circumstance=which)


def prediction(evidence: Evidence, name: str, words: str, predict: Predict) -> Hypothesis | None:
    """The claim that every item is what is predicted."""
    return hypothesis("pattern", name, evidence, words, lambda view: predicts(view, predict))


def predicts(evidence: Evidence, predict: Predict) -> bool:
    """Whether every item is what is predicted."""
    return all(alike(item.got, predict(item)) for item in evidence.items)


def starts(evidence: Evidence, predict: Predict) -> bool:
    """Whether the first wrong item is what is predicted: the quick way to discard most claims."""
    return bool(evidence.failing) and alike(evidence.failing[0].got, predict(evidence.failing[0]))
