"""The result of a gradient check: one line for each gradient, a verdict, and what else is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

SYMBOLS = {"ok": "✔", "wrong": "✘", "unchecked": "…", "": " "}
"""The mark of a line, by its status."""


@dataclass(frozen=True)
class Gradient:
    """One gradient against the numerical derivative."""

    name: str
    """Such as dx."""
    status: Literal["ok", "wrong", "unchecked"]
    """unchecked: most entries lie at corners, or no step gives a derivative there."""
    error: float
    """The largest difference, relative to the entry or to the root mean square, if that is larger; inf without one."""
    text: str = ""
    """What is wrong, in sentences; "" for nothing."""
    worst: str = ""
    """The entry with the largest error, such as dx[0, 2]."""
    yours: float = np.nan
    """The gradient's number there."""
    numerical: float = np.nan
    """The numerical derivative there."""
    checked: int = 0
    """Number of entries that were compared one by one."""
    size: int = 0
    """Number of entries."""
    corners: int = 0
    """Number of entries at corners, which do not count."""
    along: bool = False
    """Whether it was compared along one random direction only."""

    def __str__(self) -> str:
        count = f"{self.checked} of {self.size}" if self.checked < self.size else f"{self.size}"
        facts = [f"{count} {'entry' if self.size == 1 else 'entries'}"] if self.checked or not self.size else []
        facts += [f"{self.corners} at a corner, not counted"] if self.corners else []
        facts += ["along a random direction"] if self.along else []
        plain = self.error >= 0.1 or not self.error
        number = f"{self.error:.1g}" if plain else f"{self.error:.0e}".replace("e-0", "e-")
        error = f"error {number}" if np.isfinite(self.error) else ""
        place = f" at {self.worst}: {_pair(self.yours, self.numerical)}" if self.worst else ""
        return f"{self.name}  {error or self.status}{place}" + (f"  ({'; '.join(facts)})" if facts else "")


@dataclass(frozen=True)
class GradientCheck:
    """The result of a gradient check: true when everything is right; as text one line for each gradient."""

    title: str
    """What was checked."""
    gradients: tuple[Gradient, ...] = ()
    """In the order in which backward returns them."""
    problems: tuple[str, ...] = ()
    """What is wrong besides a gradient's numbers, in sentences."""
    notes: tuple[str, ...] = ()
    """What was assumed or left out, in sentences."""

    @property
    def ok(self) -> bool:
        """Whether every gradient was compared and is right, and nothing else is wrong."""
        return bool(self.gradients) and not self.problems and all(g.status == "ok" for g in self.gradients)

    @property
    def errors(self) -> dict[str, float]:
        """Gradient → its relative error."""
        return {gradient.name: gradient.error for gradient in self.gradients}

    def __bool__(self) -> bool:
        return self.ok

    @property
    def verdict(self) -> str:
        """The result in a few words."""
        if self.ok:
            return "every gradient agrees with the numerical derivative"
        named = {status: [g.name for g in self.gradients if g.status == status] for status in ("wrong", "unchecked")}
        said = [f"{', '.join(names)} {words}" for names, words in (
            (named["wrong"], "wrong"), (named["unchecked"], "not checked")) if names]  # fmt: skip
        return "; ".join(said) or "not as it should be"

    def lines(self) -> list[tuple[str, str]]:
        """The status and the text of every line after the first; "" as status of a note and of what explains a line."""
        found: list[tuple[str, str]] = []
        for gradient in self.gradients:
            found += [(gradient.status, str(gradient))] + ([("", gradient.text)] if gradient.text else [])
        return [*found, *(("wrong", text) for text in self.problems), *(("", f"note: {text}") for text in self.notes)]

    def __repr__(self) -> str:
        told = [f"  {SYMBOLS[status]} {text}" for status, text in self.lines()]
        return "\n".join([f"gradcheck {self.title}: {self.verdict}", *told])


def _pair(yours: float, numerical: float) -> str:
    """The two numbers with as many digits as show the difference, at most nine."""
    texts = [(f"{yours + 0.0:.{digits}g}", f"{numerical + 0.0:.{digits}g}") for digits in (4, 6, 9)]
    mine, other = next((pair for pair in texts if pair[0] != pair[1]), texts[0])
    return f"{mine}, numerical {other}"
