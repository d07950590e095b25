"""Rendering a class as index.html: a self-contained file that allows its own script only."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from autograder.render.html.classroom import Classroom, is_small
from autograder.render.html.feedback import asset, source_hash, template
from autograder.report.escape import show

BINS = 20
_GROUPS = 200
_MISTAKES = 100
_LISTED = 200
_COMPARED, _TEXTS, _LETTERS = 60, 4, 8_000  # groups with sources, sources of a group, characters of a source

Sources = Callable[[str, str], str]
"""Function: student and exercise → the text that was handed in."""


def class_page_html(room: Classroom, title: str = "", sources: Sources = lambda student, exercise: "") -> str:
    """Return the page of a class as HTML. Text of students is escaped and never becomes markup or code."""
    style, script = asset("overview.css"), asset("overview.js")
    mistakes, groups = _mistakes(room), _groups(room)
    looks = [
        {
            "kind": kind, "count": len({number for number, _ in found}), "more": max(0, len(found) - _LISTED),
            "items": [(room.people[number], room.links[number], words) for number, words in found[:_LISTED]],
        }
        for kind, found in room.looks.items()
        if found
    ]  # fmt: skip
    allowed = f"style-src '{source_hash(style)}'; script-src '{source_hash(script)}'"
    return template("overview.html").render(
        title=title or "The class", style=style, script=script, facts=_facts(room), looks=looks,
        policy=f"default-src 'none'; base-uri 'none'; {allowed}", remarks=list(map(show, room.known.remarks)),
        bins=histogram(room.shares), units=_units(room), sections=sorted(set(room.sections) - {""}),
        mistakes=mistakes, groups=groups, data=_data(room, mistakes, groups, sources),
    )  # fmt: skip


def histogram(shares: list[float | None]) -> list[dict[str, Any]]:
    """Return the number of submissions in each twentieth of the points, as bars; the full score is in the last."""
    counts = [0] * BINS
    for value in shares:
        if value is not None:
            counts[min(int(value * BINS), BINS - 1)] += 1
    most = max(counts) or 1
    return [
        {"from": 100 * i // BINS, "to": 100 * (i + 1) // BINS, "count": n, "height": round(100 * n / most, 2)}
        for i, n in enumerate(counts)
    ]


def _facts(room: Classroom) -> dict[str, Any]:
    known = sorted(value for value in room.shares if value is not None)
    when = max(room.known.graded.values(), default="")
    pending = {number for number, _ in room.looks["not reached"]} - {number for number, _ in room.looks["not graded"]}
    return {
        "students": len(room.students), "exercises": len(room.columns), "late": len(room.late),
        "tiers": ", ".join(f"{tier} {count}" if len(room.tiers) > 1 else tier for tier, count in room.tiers.items()),
        "mean": round(100 * sum(known) / len(known)) if known else None,
        "median": round(100 * known[len(known) // 2]) if known else None,
        "graded": when.replace("T", " ").removesuffix("Z"), "ungraded": len(room.looks["not graded"]),
        "pending": len(pending), "feedback": set(room.tiers) == {"local"},
    }  # fmt: skip


def _units(room: Classroom) -> list[tuple[str, list[dict[str, Any]]]]:
    units: dict[str, list[dict[str, Any]]] = {}
    for number, column in enumerate(room.columns.values()):
        counts, seconds, timed = column.counts, room.known.seconds.get(column.name), column.speed.total()
        speed = {tier: round(100 * column.speed[tier] / timed, 1) for tier in ("fast", "fair", "slow") if timed}
        units.setdefault(column.unit, []).append({
            "number": number, "name": column.name, "handed_in": counts["handed in"],
            "wrong": counts["failed"] + counts["error"] + counts["slow"],
            "passed": round(100 * counts["right"] / counts["graded"]) if counts["graded"] else None,
            "mean": round(100 * column.shares / counts["graded"]) if counts["graded"] else None,
            "seconds": "" if seconds is None else f"{seconds:.2f}", "speed": speed,
            "broken": counts["broken"],
        })  # fmt: skip
    return list(units.items())


def _mistakes(room: Classroom) -> list[dict[str, Any]]:
    """Return known mistakes with their students, the most common first."""
    found = sorted(room.mistakes.items(), key=lambda item: (-len(item[1]), item[0]))[:_MISTAKES]
    most = len(found[0][1]) if found else 1
    return [
        {
            "exercise": exercise, "function": function, "name": name.replace("_", " "), "count": len(who), "who": who,
            "width": round(100 * len(who) / most, 1),
        }
        for (exercise, function, name), who in found
    ]  # fmt: skip


def _groups(room: Classroom) -> list[dict[str, Any]]:
    """Return small groups of students with equal programs or equal wrong outputs, those with most in common first."""
    found = [("code", exercise, "", who) for (exercise, _), who in room.kin.items()]
    found += [("answer", exercise, where, who) for (exercise, where, _), who in room.answers.items()]
    shared: dict[tuple[int, ...], list[tuple[str, str, str]]] = {}
    for kind, exercise, where, who in (each for each in found if is_small(each[3], len(room.students))):
        shared.setdefault(tuple(who), []).append((kind, exercise, where))
    ordered = sorted(shared.items(), key=lambda item: (-len({each[1] for each in item[1]}), -len(item[1]), item[0]))
    return [
        {
            "who": list(who), "names": [(room.people[number], room.links[number]) for number in who],
            "code": sorted({exercise for kind, exercise, _ in things if kind == "code"}),
            "answers": sorted({where for kind, _, where in things if kind == "answer"}),
            "exercises": sorted({exercise for _, exercise, _ in things}),
            "several": len({exercise for _, exercise, _ in things}) > 1,
        }
        for who, things in ordered[:_GROUPS]
    ]  # fmt: skip


def _data(room: Classroom, mistakes: list[dict[str, Any]], groups: list[dict[str, Any]], sources: Sources) -> str:
    """Return the script's data as JSON, in which `<`, `>` and `&` are escaped, so that no name can end the element."""
    width = 3 * len(room.columns)
    listed = any(person != student for person, student in zip(room.people, room.students, strict=True))
    record = {
        "students": room.students, "people": room.people if listed else None, "sections": room.sections,
        "links": room.links, "shares": [None if value is None else round(100 * value, 1) for value in room.shares],
        "late": room.late, "why": room.why, "reasons": list(map(show, room.reasons)),
        "rows": [row + "-00" * ((width - len(row)) // 3) for row in room.rows],
        "exercises": [[show(column.name), show(column.unit), column.max_score] for column in room.columns.values()],
        "looks": {kind: sorted({number for number, _ in found}) for kind, found in room.looks.items() if found},
        "mistakes": [item["who"] for item in mistakes], "groups": [item["who"] for item in groups],
        "sources": [_compared(room, group, sources) for group in groups[:_COMPARED]],
    }  # fmt: skip
    text = json.dumps(record, separators=(",", ":"), allow_nan=False)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _compared(room: Classroom, group: dict[str, Any], sources: Sources) -> list[tuple[str, list[str]]]:
    """Return each exercise that a group shares, with the texts of its first students in their order."""
    who = [room.students[number] for number in group["who"][:_TEXTS]]
    compared = []
    for name in group["exercises"]:
        texts = [sources(student, name) for student in who]
        cut = [text[:_LETTERS].expandtabs(4) + "\n…" * (len(text) > _LETTERS) for text in texts]
        if any(texts):
            compared.append((show(name), ["\n".join(map(show, text.split("\n"))) for text in cut]))
    return compared
