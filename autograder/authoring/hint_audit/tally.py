"""Counts of the hint audit by kind of wrong code, by exercise and by named mistake or pattern; their printing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from rich.console import Console
from rich.table import Table
from rich.text import Text

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


_COLUMNS = ("suspects", "outputs", "named", "true", "differs", "false", "precision")


def print_hint_audit(verdicts: list[HintVerdict], console: Console) -> None:
    """Print counts by kind of wrong code, by exercise and by name; then every false sentence and the totals."""

    kinds = count(verdicts, lambda verdict: verdict.kind)
    console.print(_table("suspect", {kind: kinds[kind] for kind in KINDS if kind in kinds}))
    console.print(_table("exercise", count(verdicts, lambda verdict: verdict.exercise)))
    names = count((v for v in verdicts if v.name and v.outcome != "named"), lambda verdict: verdict.name)
    console.print(_table("told", dict(sorted(names.items(), key=lambda pair: -pair[1].outputs))))
    wrong = [verdict for verdict in verdicts if verdict.outcome == "false"]
    for verdict in wrong:
        place = f"{verdict.exercise} {verdict.function} {verdict.output}, {verdict.kind} ({verdict.code})"
        console.print(Text(f"✘ {place}: {verdict.words}", style="red"), soft_wrap=True)
    console.print(Text(closing(verdicts), style="bold red" if wrong else "bold green"), soft_wrap=True)


def closing(verdicts: list[HintVerdict]) -> str:
    """Return the closing line with the counts of all outcomes."""
    outcomes = [verdict.outcome for verdict in verdicts]
    return (
        f"{len(outcomes)} wrong outputs: {outcomes.count('named')} named, {outcomes.count('true')} with a true "
        f"sentence, {outcomes.count('differs')} without a word, {outcomes.count('false')} with a false one"
    )


def _table(title: str, tallies: Mapping[str, HintTally]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(title, no_wrap=True)
    for column in _COLUMNS:
        table.add_column(column, justify="right")
    for name, tally in tallies.items():
        counts = [str(tally.outcomes[outcome]) for outcome in _COLUMNS[2:6]]
        cells = (str(len(tally.codes)), str(tally.outputs), *counts, f"{tally.precision:.1%}")
        table.add_row(name, *cells, style="red" if tally.outcomes["false"] else "")
    return table
