"""Counts of the hint audit by kind of wrong code, by exercise and by named mistake or pattern."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from autograder.authoring.hint_audit.verdicts import HintVerdict, Outcome
from autograder.authoring.hint_audit.wrong_code import Kind

KINDS: tuple[Kind, ...] = get_args(Kind)
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
_KEYS = {"code": "suspect", "name": "told"}
"""Field → its key in the JSON, which keeps the keys of its first version."""


@dataclass
class HintTally:
    """Counts of one group of verdicts."""

    codes: set[tuple[str, str]] = field(default_factory=set)
    """Exercise and name of each wrong code with a failing output."""
    outcomes: Counter[str] = field(default_factory=Counter)
    """Outcome → number of failing outputs."""

    @property
    def outputs(self) -> int:
        """Return the number of failing outputs."""
        return self.outcomes.total()

    @property
    def precision(self) -> float:
        """Return the fraction of the diagnoses that are true; 1 where there are none."""
        diagnosed = self.outputs - self.outcomes["differs"]
        return 1.0 if not diagnosed else 1 - self.outcomes["false"] / diagnosed


def count(verdicts: Iterable[HintVerdict], by: Callable[[HintVerdict], str]) -> dict[str, HintTally]:
    """Count verdicts in groups by the key that `by` returns."""
    tallies: dict[str, HintTally] = {}
    for verdict in verdicts:
        tally = tallies.setdefault(by(verdict), HintTally())
        tally.codes.add((verdict.exercise, verdict.code))
        tally.outcomes[verdict.outcome] += 1
    return tallies


def summary(verdicts: Iterable[HintVerdict]) -> Mapping[str, Any]:
    """Return the counts as JSON values, with every verdict that is false."""
    verdicts = list(verdicts)
    diagnosed = [verdict for verdict in verdicts if verdict.name and verdict.outcome != "named"]
    return {
        "kinds": _plain(count(verdicts, lambda verdict: verdict.kind)),
        "exercises": _plain(count(verdicts, lambda verdict: verdict.exercise)),
        "told": _plain(count(diagnosed, lambda verdict: verdict.name)),
        "false": [_renamed(vars(verdict)) for verdict in verdicts if verdict.outcome == "false"],
    }


def _renamed(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {_KEYS.get(name, name): value for name, value in fields.items()}


def _plain(tallies: Mapping[str, HintTally]) -> dict[str, Any]:
    return {
        name: {"suspects": len(tally.codes), "outputs": tally.outputs, "precision": tally.precision,
               **{outcome: tally.outcomes[outcome] for outcome in OUTCOMES}}
        for name, tally in tallies.items()
    }  # fmt: skip
