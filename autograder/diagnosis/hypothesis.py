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
    kind: str, name: str, facts: Evidence, words: str, test: Test, still: Test | None = None, sure: bool = True
) -> Hypothesis | None:
    """The claim, as narrow as the facts are, if it is true and enough is wrong to mean something.

    still: what other facts must show, where that is less than what these had to show.
    """
    if not (facts.telling and test(facts)):
        return None
    text = facts.prefix + words
    text = text[0].upper() + text[1:] if facts.prefix or words.startswith(_PLAIN) else text
    return Hypothesis(kind, name, text, partial(_holds, facts, still or test), sure and not facts.narrow)


def _holds(facts: Evidence, test: Test, other: Evidence) -> bool:
    """Whether the test says so of other facts too, looked at as these were."""
    if facts.circumstance and parting(other) != facts.circumstance:
        return False
    return test(only_failing(other) if facts.narrow else other)


def only_failing(facts: Evidence) -> Evidence:
    """The facts of the items that are wrong. Where others are right, it is said which cases these are."""
    if len(facts.failing) == len(facts.items):
        return replace(facts, narrow=True)
    which = parting(facts)
    prefix = f"in the cases {which}, and in no others, " if which else "in every case that fails, "
    return replace(facts, items=facts.failing, narrow=True, prefix=prefix, circumstance=which)


def prediction(facts: Evidence, name: str, words: str, predict: Predict) -> Hypothesis | None:
    """The claim that every item is what is predicted."""
    return hypothesis("pattern", name, facts, words, lambda view: predicts(view, predict))


def predicts(facts: Evidence, predict: Predict) -> bool:
    """Whether every item is what is predicted."""
    return all(alike(item.got, predict(item)) for item in facts.items)


def starts(facts: Evidence, predict: Predict) -> bool:
    """Whether the first wrong item is what is predicted: the quick way to discard most claims."""
    return bool(facts.failing) and alike(facts.failing[0].got, predict(facts.failing[0]))
