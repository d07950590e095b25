"""Gradient check: a backward pass compared with the numerical derivative of its own forward pass, entry by entry.

The functions are called in this process, on copies of their arguments. Their faults and exceptions are reported in the
result, and not raised.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from autograder.numeric.compare import compare, digits_of, same, show
from autograder.numeric.derivative import Curve, Leaves, Slope, measure
from autograder.numeric.wiring import Failure, Wiring, data

RTOL = 1e-7
"""Largest relative error of a right gradient."""
TIME_UP = "the time was up before everything was compared"


def check_gradients(forward: Callable[..., Any], backward: Callable[..., Any] | None,
                    inputs: Sequence[Any] | Mapping[str, Any], hyper: Mapping[str, Any], *, dout: Any = None,
                    wrt: Sequence[str] | None = None, entries: int = 100, seed: int = 0,
                    seconds: float = 20.0) -> GradientCheck:  # fmt: skip
    """Compare every gradient that backward returns with the five-point derivative of forward.

    forward returns an array, a number, or a tuple that begins with one; with backward None it returns (loss,
    gradients). dout: the upstream gradient, Gaussian by default. wrt: names of the differentiated inputs, in the order
    of the gradients. entries: how many of a gradient's entries are compared one by one; of more, as many are drawn with
    `seed`, and a random direction looks at the rest. seconds: no further entry is begun after this time.
    """
    notes: list[str] = []
    problems: list[str] = []
    found: list[Gradient] = []
    title = ""
    try:
        wiring = Wiring(forward, backward, inputs, hyper, problems, notes)
        title = wiring.title
        with np.errstate(all="ignore"):
            found = _Check(wiring, dout, entries, seed, time.monotonic() + seconds).gradients(wrt)
    except Failure as failure:
        problems.append(str(failure))
    return GradientCheck(title, tuple(found), tuple(dict.fromkeys(problems)), tuple(dict.fromkeys(notes)))


SYMBOLS = {"ok": "✔", "wrong": "✘", "unchecked": "…", "": " "}
"""Status of a line → the mark before it."""


@dataclass(frozen=True)
class Gradient:
    """Result of comparing one gradient with the numerical derivative."""

    name: str
    """Name of the gradient, such as dx."""
    status: Literal["ok", "wrong", "unchecked"]
    """unchecked: most entries lie at corners, or no step gives a derivative there."""
    error: float
    """The largest difference, relative to the entry or to the root mean square, if that is larger; inf without one."""
    text: str = ""
    """Sentences on what is wrong with the gradient; "" for nothing."""
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

    def __str__(self) -> str:
        count = f"{self.checked} of {self.size}" if self.checked < self.size else f"{self.size}"
        facts = [f"{count} {'entry' if self.size == 1 else 'entries'}"] if self.checked or not self.size else []
        facts += [f"{self.corners} at a corner, not counted"] if self.corners else []
        plain = self.error >= 0.1 or not self.error
        number = f"{self.error:.1g}" if plain else f"{self.error:.0e}".replace("e-0", "e-")
        error = f"error {number}" if np.isfinite(self.error) else ""
        place = f" at {self.worst}: {digits_of(self.yours, self.numerical, 'numerical')}" if self.worst else ""
        return f"{self.name}  {error or self.status}{place}" + (f"  ({'; '.join(facts)})" if facts else "")


@dataclass(frozen=True)
class GradientCheck:
    """The result of a gradient check: true when everything is right; as text one line for each gradient."""

    title: str
    """Words on what was checked."""
    gradients: tuple[Gradient, ...] = ()
    """Results for the gradients, in the order in which backward returns them."""
    problems: tuple[str, ...] = ()
    """Sentences on what is wrong besides a gradient's numbers."""
    notes: tuple[str, ...] = ()
    """Sentences on what was assumed or left out."""

    @property
    def ok(self) -> bool:
        """Return whether every gradient was compared and is right, and nothing else is wrong."""
        return bool(self.gradients) and not self.problems and all(g.status == "ok" for g in self.gradients)

    @property
    def errors(self) -> dict[str, float]:
        """Return gradient → its relative error."""
        return {gradient.name: gradient.error for gradient in self.gradients}

    def __bool__(self) -> bool:
        return self.ok

    @property
    def verdict(self) -> str:
        """Return the result of the whole check in a few words."""
        if self.ok:
            return "every gradient agrees with the numerical derivative"
        named = ", ".join(gradient.name for gradient in self.gradients if gradient.status != "ok")
        return f"{named} not as {'they' if ',' in named else 'it'} should be".strip()

    def lines(self) -> list[tuple[str, str]]:
        """Return status and text of each line of the result after the first; notes have the status ""."""
        found = [line for g in self.gradients for line in ((g.status, str(g)), ("", g.text)) if line[1]]
        return [*found, *(("wrong", text) for text in self.problems), *(("", f"note: {text}") for text in self.notes)]

    def __repr__(self) -> str:
        told = [f"  {SYMBOLS[status]} {text}" for status, text in self.lines()]
        return "\n".join([f"gradcheck {self.title}: {self.verdict}", *told])


class _Check:
    """The state of one check: the functions with their arguments, the output and dout."""

    def __init__(self, wiring: Wiring, dout: Any, entries: int, seed: int, deadline: float) -> None:
        self.wiring, self.entries, self.seed, self.deadline = wiring, entries, seed, deadline
        self.name = wiring.forward.name
        self.rng = np.random.default_rng(seed)
        self.out = out = wiring.out(quiet=False)
        if not np.array_equal(out, wiring.out(), equal_nan=True):
            raise Failure(f"{self.name} is random: two calls with equal arguments give different results. Draw outside "
                          "of it and give what was drawn as an argument, or give it a Generator.")  # fmt: skip
        if not np.all(np.isfinite(out)):
            index = np.unravel_index(int(np.argmin(np.isfinite(out))), out.shape)
            place = f"[{', '.join(map(str, index))}]" if out.ndim else ""
            raise Failure(f"{self.name} gives {show(out[index])} at out{place}, which has no derivative.")
        takes = "dout" in wiring.layout
        if dout is None and not takes and out.ndim and wiring.backward:
            wiring.notes.append("backward takes no dout: it is compared with the gradient of the sum of out")
        drawn = self.rng.standard_normal(out.shape) if takes and dout is None else np.ones(out.shape)
        self.dout = drawn if dout is None else np.asarray(dout, np.float64)
        if self.dout.shape != out.shape:
            raise Failure(f"dout has shape {self.dout.shape}, expected {out.shape}, the shape of out.")

    def gradients(self, wrt: Sequence[str] | None) -> list[Gradient]:
        """Return the comparison of every gradient that backward returns."""
        wiring = self.wiring
        given = wiring.grads(self.dout, quiet=False)
        if not same(data(wiring.grads(self.dout)), data(given)):
            raise Failure(f"{wiring.last.name} is random: two calls with equal arguments give different gradients.")
        found = [self._gradient(name, value, key) for name, value, key in wiring.pair(given, wrt)]
        if not np.array_equal(wiring.out(), self.out, equal_nan=True):
            wiring.problems.append(f"{self.name} remembers earlier calls: with equal arguments it gives another result "
                                   "than at first.")  # fmt: skip
        return found

    def _gradient(self, name: str, given: Any, key: str) -> Gradient:
        point, place = self.wiring.points[key], ""
        text = f"{name} is None: is it missing in `return`?"
        if given is not None and not (text := form_problem(name, given, point.value, key)):
            flat = Leaves(given, point.value).flat
            if np.all(np.isfinite(flat)):
                return self._compared(name, flat, key) if flat.size else Gradient(name, "ok", 0.0)
            place = f"{name}{point.place(int(np.argmin(np.isfinite(flat))))}"
            text = f"{place} is {show(flat[~np.isfinite(flat)][0])}."
        return Gradient(name, "wrong", np.inf, text, place, size=point.flat.size)

    def _compared(self, name: str, flat: np.ndarray, key: str) -> Gradient:
        """Return the comparison of a gradient of the right form: a sample by entry, the rest by a random direction."""
        point, size, slopes = self.wiring.points[key], flat.size, dict[int, Slope]()
        chosen = np.arange(size) if size <= self.entries else np.sort(self.rng.permutation(size)[: self.entries])
        typical = _rms(flat[chosen] * point.scales[chosen])
        for index in map(int, chosen):
            if time.monotonic() > self.deadline:
                self.wiring.notes.append(TIME_UP)
                break
            slopes[index] = self._entry(flat, key, index, typical)
        if size > self.entries and not any(slope.kind == "differs" for slope in slopes.values()):
            slopes |= self._isolated(flat, key)
        return self._told(name, flat, key, slopes)

    def _told(self, name: str, flat: np.ndarray, key: str, slopes: dict[int, Slope]) -> Gradient:
        point = self.wiring.points[key]
        uncounted = [i for i, s in slopes.items() if s.kind == "rough" or (s.kind == "corner" and s.right)]
        wrong = [i for i, slope in slopes.items() if not (slope.right or i in uncounted)]
        values = {i: slope.value / point.scales[i] for i, slope in slopes.items() if i not in uncounted}
        rms = _rms(values.values())
        errors = {i: abs(flat[i] - v) / (max(abs(flat[i]), abs(v), rms) or 1.0) for i, v in values.items()}
        corners = sum(slope.kind == "corner" for slope in slopes.values())
        status: Literal["ok", "wrong", "unchecked"] = "wrong" if wrong else "ok"
        text = ""
        if wrong:
            text = f"{len(wrong)} of {len(slopes)} entries differ. {self._why(name, flat, key, slopes, wrong)}".rstrip()
        elif 2 * len(uncounted) > len(slopes) or not slopes:
            status, place = "unchecked", f"{key}{point.place((uncounted or [0])[0])}"
            text = ("No entry was compared in the time given." if not slopes else
                    f"Most entries lie at a corner, where forward has two slopes, such as {place}. Move {key} a "
                    "little, or draw it at random." if corners else
                    f"{self.name} has no numerical derivative at {place}: it jumps there, or its numbers are rounded, "
                    "as by float32, np.round or astype.")  # fmt: skip
        elif rough := sum(slopes[i].kind == "rough" for i in uncounted):
            self.wiring.notes.append(f"{rough} entries of {name} have no numerical derivative and are not counted")
        found = Gradient(name, status, np.inf, text, checked=len(slopes), size=flat.size, corners=corners)
        worst = max(wrong or values, key=errors.__getitem__, default=None)
        return found if worst is None else replace(found, error=errors[worst], worst=f"{name}{point.place(worst)}",
                                                   yours=float(flat[worst]), numerical=values[worst])  # fmt: skip

    def _why(self, name: str, flat: np.ndarray, key: str, slopes: dict[int, Slope], wrong: list[int]) -> str:
        """Return a sentence on what wrong entries share: a corner, no slope, zeros or a factor; "" for nothing."""
        point, first = self.wiring.points[key], slopes[wrong[0]]
        if all(slopes[i].kind == "corner" for i in wrong):
            low, high = first.low / point.scales[wrong[0]], first.high / point.scales[wrong[0]]
            return f"Forward has a corner there: any value from {low:.4g} to {high:.4g} is right."
        smooth = {i: s.value / point.scales[i] for i, s in slopes.items() if s.kind in ("agrees", "differs")}
        if not any(smooth.values()):
            return f"{self.name} does not change when {key} is moved: does it use {key}, or remember a result?"
        if not flat.any():
            return f"{name} is all zeros."
        return _factor(np.array([*smooth.values()]), flat[[*smooth]], self.wiring.arguments)

    def _entry(self, flat: np.ndarray, key: str, index: int, typical: float) -> Slope:
        """Return the derivative along one entry, multiplied by the unit of its step, compared with the gradient's."""
        point = self.wiring.points[key]
        v = np.zeros(point.flat.size)
        v[index] = point.scales[index]
        given, shorter = float(flat[index] * v[index]), (abs(float(point.flat[index])) or 1.0) / v[index]
        return measure(self._curve(key, v), given, typical, RTOL, shorter)

    def _isolated(self, flat: np.ndarray, key: str) -> dict[int, Slope]:
        """Return {index: Slope} of a wrong entry, found by bisection along a random direction; {} if none is found."""
        point = self.wiring.points[key]

        def agrees(v: np.ndarray) -> bool:
            slope = measure(self._curve(key, v), float(flat @ v), float(np.linalg.norm(flat * v)), RTOL)
            return slope.kind == "agrees"

        v = point.direction(self.seed) * (np.abs(point.flat) if point.flat.any() else 1.0)
        moving = np.arange(v.size)
        if agrees(v) or time.monotonic() > self.deadline:
            return {}
        while moving.size > 1:
            first, second = np.array_split(moving, 2)
            moving = second if agrees(np.where(np.isin(np.arange(v.size), first), v, 0.0)) else first
        index = int(moving[0])
        return {index: self._entry(flat, key, index, abs(float(flat[index] * point.scales[index])))}

    def _curve(self, key: str, v: np.ndarray) -> Curve:
        point = self.wiring.points[key]

        def curve(t: float) -> np.ndarray:
            try:
                out = self.wiring.out({key: point.at(point.flat + t * v)})
            except Failure:  # not defined there, as a logarithm beyond 0
                return np.full(self.out.shape, np.nan)
            if out.shape != self.out.shape:
                raise Failure(f"{self.name} gives shape {out.shape} when {key} is moved a little, and {self.out.shape} "
                              "before.")  # fmt: skip
            return np.asarray(out * self.dout)

        return curve


def form_problem(name: str, given: Any, like: Any, key: str) -> str:
    """Return what is wrong with the type, the shape or the dtype of a gradient; "" for nothing."""
    if isinstance(given, np.ndarray) and np.shape(given) != np.shape(like) and not isinstance(like, list | dict):
        return f"{name} has shape {given.shape}, expected {np.shape(like)}, the shape of {key}."
    difference = compare(name, given, like, 1e300, 1e300)  # any number passes
    return difference.text if difference and difference.kind not in ("values", "nonfinite") else ""


def _rms(values: Iterable[float]) -> float:
    sizes = np.abs([*values])
    largest = float(np.max(sizes, initial=0.0))  # the square of 1e200 is inf
    return largest * float(np.sqrt(np.mean(np.square(sizes / largest)))) if largest else 0.0


def _factor(right: np.ndarray, given: np.ndarray, arguments: Mapping[str, Any]) -> str:
    """Return a sentence on the factor by which all numbers are wrong, with a size that it equals; "" without one."""
    factor = float(given @ right) / float(right @ right)
    if not factor or right.size < 2 or not same(given, factor * right, 1e-5):
        return ""
    if abs(factor + 1) < 1e-5:
        return "Every entry has the opposite sign."
    arrays = {name: value for name, value in arguments.items() if isinstance(value, np.ndarray)}
    sizes = [(f"{name}.shape[{axis}]", n) for name, value in arrays.items() for axis, n in enumerate(value.shape)]
    sizes += [(f"{name}.size", value.size) for name, value in arrays.items()]
    named = [f" {name} is {size}." for name, size in sizes if size > 1 and
             min(abs(factor - size), abs(factor * size - 1)) < 1e-5 * max(factor, 1)]  # fmt: skip
    return f"Every entry is {factor:.6g} times the numerical derivative.{''.join(named[:1])}"
