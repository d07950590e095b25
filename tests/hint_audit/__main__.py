"""Show that hints say true: `python -m tests.hint_audit [NAME …] [--course DIR]`.

Diagnoses known mistakes, two at once, and mutants, and tests each sentence on other inputs. Exits 1 when one is false.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from autograder.cli import arguments
from autograder.cli.audit import in_processes
from tests.proof import parser_of, run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console
    from rich.table import Table

    from tests.hint_audit.hint_audit import HintTally, HintVerdict


def prove(args: argparse.Namespace) -> int:
    """Print what the diagnosis says of wrong code on each seed; exit 0 when no sentence is false."""
    from tests.hint_audit.hint_audit import audit_hints, summary

    course = arguments.open_course(args)
    seeds = range(args.first, args.first + args.seeds)
    parts = [(course, name, seed) for name in arguments.named(args, course) for seed in seeds]
    found = [verdict for each in in_processes(args.jobs, "doubting", audit_hints, parts) for verdict in each]
    if args.json:
        arguments.print_json(summary(found))
    else:
        from rich.console import Console

        print_hint_audit(found, Console())
    return 1 if any(verdict.outcome == "false" for verdict in found) else 0


def print_hint_audit(verdicts: list[HintVerdict], console: Console) -> None:
    """Print counts by kind of wrong code, by exercise and by name; then every false sentence and the totals."""
    from autograder.authoring.matrix import print_faults
    from tests.hint_audit.hint_audit import KINDS, count

    kinds = count(verdicts, lambda verdict: verdict.kind)
    names = count((v for v in verdicts if v.name and v.outcome != "named"), lambda verdict: verdict.name)
    console.print(_tallies("suspect", {kind: kinds[kind] for kind in KINDS if kind in kinds}))
    console.print(_tallies("exercise", count(verdicts, lambda verdict: verdict.exercise)))
    console.print(_tallies("told", dict(sorted(names.items(), key=lambda pair: -pair[1].outputs))))
    faults = [f"{v.exercise} {v.function} {v.output}, {v.kind} ({v.code}): {v.words}"
              for v in verdicts if v.outcome == "false"]  # fmt: skip
    outcomes = [verdict.outcome for verdict in verdicts]
    words = (
        f"{len(outcomes)} wrong outputs: {outcomes.count('named')} named, {outcomes.count('true')} with a true "
        f"sentence, {outcomes.count('differs')} without a word, {outcomes.count('false')} with a false one"
    )
    print_faults(faults, console, words)


def _tallies(title: str, tallies: Mapping[str, HintTally]) -> Table:
    from autograder.authoring.matrix import empty_table

    outcomes = ("named", "true", "differs", "false")
    table = empty_table(title, "suspects", "outputs", *outcomes, "precision")
    for name, tally in tallies.items():
        counts = (len(tally.codes), tally.outputs, *(tally.outcomes[outcome] for outcome in outcomes))
        style = "red" if tally.outcomes["false"] else ""
        table.add_row(name, *map(str, counts), f"{tally.precision:.1%}", style=style)
    return table


if __name__ == "__main__":
    raise SystemExit(run(parser_of("tests.hint_audit", __doc__, 1), prove))
