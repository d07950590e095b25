"""Rendering a class as index.html: a self-contained file that allows its own script only."""

from __future__ import annotations

import base64
import hashlib
import json
from importlib import resources
from typing import Any

from autograder.render.class_page.classroom import Classroom, ExerciseColumn, Who, small
from autograder.report.escape import show, visible

BINS = 20
_GROUPS = 200
_MISTAKES = 100


def class_page_html(room: Classroom, title: str = "") -> str:
    """Return the page. Text of students is escaped and never becomes markup or code."""
    import jinja2

    style, script = _asset("overview.css"), _asset("overview.js")
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined, finalize=visible
    )
    return environment.from_string(_asset("overview.html")).render(
        title=title or "The class",
        style=style,
        script=script,
        policy=f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; base-uri 'none'",
        facts=_facts(room),
        bins=histogram(room.shares),
        units=_units(room),
        mistakes=_mistakes(room),
        groups=_groups(room),
        data=_data(room),
    )


def histogram(shares: list[float | None]) -> list[dict[str, Any]]:
    """Count the submissions in each twentieth of the points; the full score is in the last."""
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
    return {
        "students": len(room.students),
        "exercises": len(room.columns),
        "tiers": ", ".join(f"{tier} {count}" if len(room.tiers) > 1 else tier for tier, count in room.tiers.items()),
        "mean": round(100 * sum(known) / len(known)) if known else None,
        "median": round(100 * known[len(known) // 2]) if known else None,
        "late": len(room.late),
        "ungraded": sum(value is None for value in room.shares),
        "feedback": set(room.tiers) == {"local"},
    }


def _units(room: Classroom) -> list[tuple[str, list[dict[str, Any]]]]:
    units: dict[str, list[dict[str, Any]]] = {}
    for column in room.columns.values():
        units.setdefault(column.unit, []).append(_column(column))
    return list(units.items())


def _column(column: ExerciseColumn) -> dict[str, Any]:
    asked = column.graded
    timed = sum(column.speed.values())
    speed = {tier: round(100 * column.speed[tier] / timed, 1) for tier in ("fast", "fair", "slow")} if timed else None
    return {
        "name": column.name,
        "handed_in": column.handed_in,
        "passed": round(100 * column.passed / asked) if asked else None,
        "mean": round(100 * column.shares / asked) if asked else None,
        "seconds": "" if column.seconds is None else f"{column.seconds:.2f}",
        "speed": speed,
        "broken": column.statuses["broken"],
    }


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
    """Return small groups with equal programs or equal wrong outputs, those with most in common first."""
    size = len(room.students)
    found = [("code", exercise, "", who) for (exercise, _), who in room.kin.items() if small([who], size)]
    found += [
        ("answer", exercise, where, who) for (exercise, where, _), who in room.answers.items() if small([who], size)
    ]
    shared: dict[tuple[int, ...], list[tuple[str, str, str]]] = {}
    for kind, exercise, where, who in found:
        shared.setdefault(tuple(who), []).append((kind, exercise, where))
    ordered = sorted(shared.items(), key=lambda item: (-len(item[1]), item[0]))[:_GROUPS]
    return [_group(room, list(who), things) for who, things in ordered]


def _group(room: Classroom, who: Who, things: list[tuple[str, str, str]]) -> dict[str, Any]:
    return {
        "who": who,
        "names": [(room.students[number], room.links[number]) for number in who],
        "code": sorted({exercise for kind, exercise, _ in things if kind == "code"}),
        "answers": sorted({where for kind, _, where in things if kind == "answer"}),
    }


def _data(room: Classroom) -> str:
    """Return the script's data as JSON, in which `<`, `>` and `&` are escaped, so that no name can end the element."""
    width = 3 * len(room.columns)
    record = {
        "students": room.students,
        "links": room.links,
        "shares": [None if value is None else round(100 * value, 1) for value in room.shares],
        "late": room.late,
        "why": room.why,
        "reasons": [show(words) for words in room.reasons],
        "rows": [row + "-00" * ((width - len(row)) // 3) for row in room.rows],
        "exercises": [[show(column.name), show(column.unit), column.max_score] for column in room.columns.values()],
        "mistakes": [item["who"] for item in _mistakes(room)],
        "groups": [item["who"] for item in _groups(room)],
    }
    text = json.dumps(record, separators=(",", ":"), allow_nan=False)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _asset(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
