"""The confusion matrix: verdicts counted by kind of suspect, by exercise and by what was told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from autograder.authoring.hint_audit.verdicts import HintVerdict, Outcome
from autograder.authoring.hint_audit.wrong_code import Kind

KINDS: tuple[Kind, ...] = get_args(Kind)
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


@dataclass
class HintTally:
    """suspects: how many of them have a failing output. outcomes: of all failing outputs."""

    suspects: set[tuple[str, str]] = field(default_factory=set)
    outcomes: Counter[str] = field(default_factory=Counter)

    @property
    def outputs(self) -> int:
        """How many outputs failed."""
        return self.outcomes.total()

    @property
    def precision(self) -> float:
        """The share of what was told that is true; 1 where nothing was told."""
        told = self.outputs - self.outcomes["differs"]
        return 1.0 if not told else 1 - self.outcomes["false"] / told


def count(verdicts: Iterable[HintVerdict], by: Callable[[HintVerdict], str]) -> dict[str, HintTally]:
    """A tally for each word that `by` gives."""
    tallies: dict[str, HintTally] = {}
    for verdict in verdicts:
        tally = tallies.setdefault(by(verdict), HintTally())
        tally.suspects.add((verdict.exercise, verdict.suspect))
        tally.outcomes[verdict.outcome] += 1
    return tallies


def summary(verdicts: Iterable[HintVerdict]) -> Mapping[str, Any]:
    """The same for machines: by kind, by exercise, by what was told, and every false sentence."""
    verdicts = list(verdicts)
    told = [verdict for verdict in verdicts if verdict.told and verdict.outcome != "named"]
    return {
        "kinds": _plain(count(verdicts, lambda verdict: verdict.kind)),
        "exercises": _plain(count(verdicts, lambda verdict: verdict.exercise)),
        "told": _plain(count(told, lambda verdict: verdict.told)),
        "false": [vars(verdict) for verdict in verdicts if verdict.outcome == "false"],
    }


def _plain(tallies: Mapping[str, HintTally]) -> dict[str, Any]:
    return {
        name: {"suspects": len(tally.suspects), "outputs": tally.outputs, "precision": tally.precision,
               **{outcome: tally.outcomes[outcome] for outcome in OUTCOMES}}
        for name, tally in tallies.items()
    }  # fmt: skip
