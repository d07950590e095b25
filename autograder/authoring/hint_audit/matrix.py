"""Terminal output of `handgrad audit --confusion`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from autograder.authoring.hint_audit.tally import HintTally
    from autograder.authoring.hint_audit.verdicts import HintVerdict

_COLUMNS = ("suspects", "outputs", "named", "true", "differs", "false", "precision")


def print_hint_audit(verdicts: list[HintVerdict], console: Console) -> None:
    """Print counts by kind of wrong code, by exercise and by name; then every false sentence and the totals."""
    from autograder.authoring.hint_audit.tally import KINDS, count

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
