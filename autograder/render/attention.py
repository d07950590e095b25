"""Sentences on what a person should look at in a class: students without points, unread files, late submissions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from autograder.render.page import amount, points
from autograder.report.report import Report, counted

Kind = Literal["not graded", "not reached", "no points", "not read", "note", "late", "by hand"]
KINDS: tuple[Kind, ...] = ("not graded", "not reached", "no points", "not read", "note", "late", "by hand")
_ROUTINE = ("Commit ",)


@dataclass(frozen=True)
class ClassFacts:
    """What is known of a class besides its reports."""

    names: Mapping[str, str] = field(default_factory=dict)
    """Student → name for people, of those in a class list."""
    sections: Mapping[str, str] = field(default_factory=dict)
    """Student → section, of those in a class list; "" without one."""
    graded: Mapping[str, str] = field(default_factory=dict)
    """Student → UTC time from which the latest of the grades stands."""
    remarks: Sequence[str] = ()
    """Sentences about nobody in the class list or about several, such as files that are nobody's."""
    seconds: Mapping[str, float] = field(default_factory=dict)
    """Exercise → mean time of grading an answer."""


def attention(report: Report) -> list[tuple[Kind, str]]:
    """Return kind and sentence for each thing to look at in a student's report, the gravest first."""
    found = list(_of_exercises(report))
    if not counted(report).score and report.status not in ("passed", "broken"):  # nothing was handed in, or it is wrong
        states = Counter(each.state for each in report.exercises if each.source is not None)
        told = ", ".join(f"{count} {state}" for state, count in states.items())
        unread = any(each.status == "error" for each in report.exercises)
        why = "nothing that was handed in can be graded" if unread else "no exercise was found in what was handed in"
        none = told or " ".join(report.notes) or why
        earned = f"earned {points(report.score)}, and nothing of it counts" if report.score else ""
        found.append(("no points", earned or none))
    if report.mark and report.mark.days_late:
        cost = f"which costs {points(report.mark.late_cost)} points" if report.mark.late_cost else "at no cost"
        found.append(("late", f"{amount(report.mark.days_late, 'day')} late, {cost}"))
    if any(each.source is not None for each in report.exercises):
        found += [("note", note) for note in report.notes if not note.startswith(_ROUTINE)]
    return sorted(found, key=lambda each: KINDS.index(each[0]))


def _of_exercises(report: Report) -> Iterator[tuple[Kind, str]]:
    broken = [each for each in report.exercises if each.status == "broken"]
    pending = [each for each in broken if each.state == "not reached"]
    if faults := [each.name for each in broken if each not in pending]:
        yield "not graded", ", ".join(faults)
    if pending:
        yield "not reached", ", ".join(each.name for each in pending)
    refused: dict[str, list[str]] = {}
    for each in report.exercises:
        if each.status == "error" and each.source is None and each.findings:
            refused.setdefault(each.findings[0].message, []).append(each.name)
    yield from (("not read", f"{', '.join(names)}: {why}") for why, names in refused.items())
    decided: dict[str, list[str]] = {}
    for each in report.exercises:
        if each.mark and each.mark.by_hand:
            decided.setdefault(each.mark.why[-1], []).append(each.name)
    yield from (("by hand", f"{', '.join(names)}: {why}") for why, names in decided.items())
