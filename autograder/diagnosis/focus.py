"""Restriction of the evidence to the wrong parts of a list or dict, where the other parts are right in every case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from autograder.diagnosis.evidence import Evidence, Item

Rule = Callable[[Item, int], bool]
"""Return whether an item belongs to the parts; the number is the length of its list."""

_RULES: tuple[tuple[str, Rule], ...] = (
    ("the first array of {}", lambda item, count: item.place[-1] == 0),
    ("the last array of {}", lambda item, count: item.place[-1] == count - 1),
    ("every array of {} but the first", lambda item, count: item.place[-1] != 0),
    ("every array of {} but the last", lambda item, count: item.place[-1] != count - 1),
)


def focus(evidence: Evidence) -> Evidence:
    """Limit the evidence to the wrong parts; return it unchanged where no part is right in every case."""
    places = {item.place for item in evidence.items}
    if not places or () in places or not evidence.failing:
        return evidence
    if all(isinstance(part, str) for place in places for part in place):
        return _focus_keys(evidence, {item.place for item in evidence.failing}, len(places))
    if all(len(place) == 1 and isinstance(place[0], int) for place in places):
        return _focus_indices(evidence)
    return evidence


def _focus_keys(evidence: Evidence, wrong: set[tuple[str | int, ...]], count: int) -> Evidence:
    if len(wrong) == count:
        return evidence
    subject = " and ".join(evidence.output + "".join(f"[{part!r}]" for part in place) for place in sorted(wrong))
    return replace(evidence, items=tuple(item for item in evidence.items if item.place in wrong), subject=subject)


def _focus_indices(evidence: Evidence) -> Evidence:
    counts: dict[tuple[str, int], int] = {}
    for item in evidence.items:
        key = item.case.name, item.step
        counts[key] = counts.get(key, 0) + 1
    for words, rule in _RULES:
        inside = tuple(item for item in evidence.items if rule(item, counts[item.case.name, item.step]))
        if len(inside) < len(evidence.items) and all(item.right or item in inside for item in evidence.items):
            return replace(evidence, items=inside, subject=words.format(evidence.output))
    return evidence
