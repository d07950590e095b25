"""Reading single values of course.toml. Each function raises ValueError that says what is expected, with an example."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, timedelta
from typing import Any, Literal, cast

_UNITS = {"min": 60, "minute": 60, "h": 3600, "hour": 3600, "d": 86400, "day": 86400, "w": 604800, "week": 604800}
_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]+)")
_MOST = 3650 * 86400


def quote(value: Any) -> str:
    """Return the value about as TOML writes it."""
    return f'"{value}"' if isinstance(value, str) else str(value)


def text(value: Any) -> str:
    """Read any text."""
    if not isinstance(value, str):
        raise ValueError('a text such as "Deep learning by hand"')
    return value


def variable(value: Any) -> str:
    """Read the name of an environment variable."""
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z_]\w*", value):
        raise ValueError('the name of an environment variable, such as "HANDGRAD_KEY"')
    return value


def factor(value: Any) -> float:
    """Read a weight, 0 or more."""
    return _number(value, 0, 1e6, "a factor such as 1.5; 0 leaves it out")


def percent(value: Any) -> float:
    """Read a percentage, 0 to 100."""
    return _number(value, 0, 100, "percent from 0 to 100, such as 10")


def share(value: Any) -> float:
    """Read a share, 0 to 1."""
    return _number(value, 0, 1, "a share from 0 to 1, such as 0.5")


def count(value: Any) -> int:
    """Read a whole number, 0 or more."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError("a whole number such as 1")
    return value


def base(value: Any) -> Literal["score", "max"]:
    """Read the base of a penalty, "score" or "max"."""
    if value not in ("score", "max"):
        raise ValueError('"score" (of what was earned) or "max" (of what could be)')
    return cast('Literal["score", "max"]', value)


def moment(value: Any) -> datetime:
    """Read a time, which must have an offset from UTC."""
    if not isinstance(value, datetime):
        day = f" on {value}" if isinstance(value, date) else ""
        raise ValueError(f"a time{day} with its offset from UTC, such as 2026-12-01T23:59:00+01:00")
    if value.tzinfo is None:
        raise ValueError(f"its offset from UTC too, such as {value.isoformat()}+01:00 or {value.isoformat()}Z")
    return value


def span(value: Any) -> timedelta:
    """Read a length of time: one or more numbers with their units."""
    wanted = 'a length of time such as "15 min", "2 days" or "1 week"'
    if not isinstance(value, str):
        raise ValueError(wanted)
    parts = _SPAN.findall(value.lower())
    if not parts or _SPAN.sub("", value.lower()).strip(" ,"):
        raise ValueError(wanted)
    seconds = 0.0
    for number, unit in parts:
        known = _UNITS.get(unit) or _UNITS.get(unit.removesuffix("s"))
        if known is None:
            raise ValueError(wanted)
        seconds += float(number) * known
    if seconds > _MOST:
        raise ValueError(f"{wanted}, at most ten years")
    return timedelta(seconds=seconds)


def _number(value: Any, least: float, most: float, wanted: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(wanted)
    if not least <= value <= most:
        raise ValueError(wanted)
    return float(value)
