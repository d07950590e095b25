"""A hypothesis: a sentence about a wrong output, with the test of whether it is true."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from autograder.diagnosis.evidence import Evidence, Item, equal
from autograder.diagnosis.other_shapes import failing_fact, holds_in_all_failing

Test = Callable[[Evidence], bool]

Predict = Callable[[Item], np.ndarray | None]
"""The output that a hypothesis predicts for an item; None where it predicts none."""

Candidate = tuple[str, str, Predict]
"""The name of a pattern, its sentence, and the output that it predicts."""

_PLAIN = ("the ", "each ", "every ", "in ", "of ", "a ", "what ")
"""First words of a sentence that are not names: they get a capital letter only where the sentence begins."""


@dataclass(frozen=True, eq=False)
class Hypothesis:
    """A sentence about a wrong output that was true of the evidence it was made from."""

    kind: str
    """The kind of proof, as `Finding.diagnosis` records it."""
    name: str
    """The name of the pattern, for statistics."""
    words: str
    """The sentence that the student reads."""
    holds: Test = lambda other: True
    """Test the hypothesis on other evidence, such as that of a redrawn variant."""


def hypothesis(kind: str, name: str, evidence: Evidence, words: str, test: Test,
               retest: Test | None = None) -> Hypothesis | None:  # fmt: skip
    """Return a hypothesis with these words if its test is true of the evidence and the evidence is significant.

    `retest` replaces `test` on other evidence, from which less is required.
    """
    if not (evidence.is_significant and test(evidence)):
        return None
    if evidence.without_output and len({item.case.name for item in evidence.failing}) < 2:
        return None  # only one of several failing cases has an output to compare
    text = evidence.prefix + (words[0].lower() + words[1:] if words.lower().startswith(_PLAIN) else words)
    text = text[0].upper() + text[1:] if evidence.prefix or text.startswith(_PLAIN) else text
    return Hypothesis(kind, name, text, partial(_holds, evidence, retest or test))


def _holds(evidence: Evidence, test: Test, other: Evidence) -> bool:
    """Return whether a test holds for `other`, restricted as `evidence` is: to a circumstance, to wrong items."""
    if evidence.circumstance and not holds_in_all_failing(other, evidence.circumstance):
        return False
    return test(only_failing(other) if evidence.failing_only else other)


def only_failing(evidence: Evidence) -> Evidence:
    """Return the evidence reduced to the wrong items, with a prefix for sentences that names the failing cases."""
    if len(evidence.failing) == len(evidence.items):
        return replace(evidence, failing_only=True)
    which = failing_fact(evidence)
    prefix = f"in the cases {which}, and in no others, " if which else "in every case that fails, "
    return replace(evidence, items=evidence.failing, failing_only=True, prefix=prefix, circumstance=which)


def predicted(evidence: Evidence, candidates: Iterable[Candidate]) -> Iterator[Hypothesis | None]:
    """Yield a hypothesis for each candidate whose prediction equals the first wrong item: that it equals every item."""
    for name, words, predict in candidates:
        first = next(iter(evidence.failing), None)
        if first is not None:  # comparing one item rejects most candidates quickly
            evidence.spend(first)
            if equal(first.got, predict(first)):
                yield hypothesis("pattern", name, evidence, words, partial(predicts_all, predict))


def predicts_all(predict: Predict, evidence: Evidence) -> bool:
    """Return whether the returned array of every item equals its prediction."""
    evidence.spend()
    return all(equal(item.got, predict(item)) for item in evidence.items)
