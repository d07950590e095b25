"""Gradient check: a backward pass compared with the numerical derivative of its own forward pass, entry by entry.

The functions are called in this process, on copies of their arguments. What they do wrong becomes words in the result;
no exception of theirs passes through.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import numpy as np

from autograder.numeric.compare import compare, same, show
from autograder.numeric.derivative import Leaves, Slope, measure
from autograder.numeric.gradients import Gradient, GradientCheck
from autograder.numeric.wiring import Failure, Wiring

RTOL = 1e-7
"""Largest relative error of a right gradient, for a forward pass in float64."""
TIME_UP = "the time was up before everything was compared"
_SINGLE = 1e-3
_ISOLATED = 8
_CONFIRMED = 5
_TIMES = 1e3
_NOWHERE = ("", np.nan, np.nan)


def check_gradients(
    forward: Callable[..., Any], backward: Callable[..., Any] | None, inputs: Sequence[Any] | Mapping[str, Any],
    hyper: Mapping[str, Any], *, dout: Any = None, wrt: Sequence[str] | None = None, entries: int = 100, seed: int = 0,
    seconds: float = 20.0, title: str = "",
) -> GradientCheck:  # fmt: skip
    """Compare every gradient that backward returns with the five-point derivative of forward.

    forward returns an array, a number, or a tuple that begins with one; with backward None it returns (loss,
    gradients). dout: the upstream gradient, Gaussian by default. wrt: names of the differentiated inputs, in the order
    of the gradients. entries: how many of a gradient's entries are compared one by one; of more, as many are drawn with
    `seed`, and random directions look at the rest. seconds: no further entry is begun after this time.
    """
    notes: list[str] = []
    problems: list[str] = []
    found: list[Gradient] = []
    try:
        wiring = Wiring(forward, backward, inputs, hyper, notes)
        title = title or wiring.title
        check = _Check(wiring, dout, entries, seed, time.monotonic() + seconds, problems, notes)
        found = check.gradients(wrt)
        check.look_again()
    except Failure as failure:
        problems.append(str(failure))
    return GradientCheck(title or "", tuple(found), tuple(dict.fromkeys(problems)), tuple(dict.fromkeys(notes)))


class _Check:
    """The state of one check: the arguments, the output, dout, and what was found."""

    def __init__(
        self, wiring: Wiring, dout: Any, entries: int, seed: int, deadline: float, problems: list[str], notes: list[str]
    ) -> None:
        self.wiring, self.problems, self.notes = wiring, problems, notes
        self.entries, self.seed, self.deadline = entries, seed, deadline
        self.rng = np.random.default_rng(seed)
        self.out = self._first_out()
        self.dout = self._dout(dout)
        self.eps = float(np.finfo(self.out.dtype).eps)
        self.rtol = RTOL if self.out.dtype.itemsize >= 8 else _SINGLE

    def _first_out(self) -> np.ndarray:
        """The output, after all that must hold of forward before it can be differentiated."""
        wiring, name = self.wiring, self.wiring.forward.name
        value = wiring.run(quiet=False)
        self.problems += wiring.forward.changes()
        out = wiring.out(value)
        kept, before = np.asarray(wiring.first(value)), out.copy()
        again = wiring.out(wiring.run())
        if not np.array_equal(out, again, equal_nan=True):
            raise Failure(f"{name} is random: two calls with equal arguments give different results. Draw outside of "
                          "it and give what was drawn as an argument, or give it a Generator.")  # fmt: skip
        with contextlib.suppress(Failure):
            wiring.run({key: point.at(point.flat * 1.1 + 0.1) for key, point in wiring.points.items()})
        if not np.array_equal(kept, before, equal_nan=True):
            self.problems.append(f"{name} returns the same array in every call, so a later call changes an earlier "
                                 "result. Make a new array in each call.")  # fmt: skip
        if not np.all(np.isfinite(out)):
            index = np.unravel_index(int(np.argmin(np.isfinite(out))), out.shape)
            place = f"[{', '.join(map(str, index))}]" if out.ndim else ""
            raise Failure(f"{name} gives {show(out[index])} at out{place}, which has no derivative.")
        self._look_at_memory(out)
        return out

    def _look_at_memory(self, out: np.ndarray) -> None:
        """Whether forward depends on how its arguments lie in memory."""
        layouts: dict[str, Callable[[np.ndarray], np.ndarray]]
        layouts = {"Fortran order": lambda array: np.array(array, order="F"), "a strided view": _strided}
        for words, layout in layouts.items():
            value = self.wiring.out(self.wiring.run(_relaid(self.wiring.arguments, layout)))
            if value.shape != out.shape or not same(value, out):
                self.problems.append(f"{self.wiring.forward.name} gives another result for equal numbers in {words}: "
                                     "it reads memory order, as ravel('K'), .strides or .data do.")  # fmt: skip
                return

    def _dout(self, given: Any) -> np.ndarray:
        if given is None:
            takes = self.wiring.takes_dout
            if not takes and self.out.ndim and self.wiring.backward:
                self.notes.append("backward takes no dout: it is compared with the gradient of the sum of out")
            return self.rng.standard_normal(self.out.shape) if takes else np.ones(self.out.shape)
        made = np.asarray(given, np.float64)
        if made.shape != self.out.shape:
            raise Failure(f"dout has shape {made.shape}, expected {self.out.shape}, the shape of out.")
        return made

    def gradients(self, wrt: Sequence[str] | None) -> list[Gradient]:
        """Every gradient that backward returns, compared."""
        wiring = self.wiring
        given = wiring.grads(self.dout, quiet=False)
        if wiring.backward:
            self.problems += wiring.backward.changes()
        if not same(_data(wiring.grads(self.dout)), _data(given)):
            name = (wiring.backward or wiring.forward).name
            raise Failure(f"{name} is random: two calls with equal arguments give different gradients.")
        pairs = wiring.pair(given, wrt)
        self._look_at_scale(pairs)
        return [self._gradient(name, value, key) for name, value, key in pairs]

    def _look_at_scale(self, pairs: list[tuple[str, Any, str]]) -> None:
        """Whether every gradient is proportional to dout."""
        if not self.wiring.takes_dout:
            return
        for factor in (_TIMES, 1 / _TIMES):
            other = self.wiring.pair(self.wiring.grads(self.dout * factor), [key for _, _, key in pairs])
            for (name, value, _), (_, scaled, _) in zip(pairs, other, strict=True):
                with contextlib.suppress(TypeError, ValueError, AttributeError):
                    one, two = Leaves(value).flat * factor, Leaves(scaled).flat
                    if one.shape == two.shape and np.all(np.isfinite(one)) and not same(two, one, 1e-6):
                        self.problems.append(f"{name} is not proportional to dout: for dout times {factor:g} it is not "
                                             f"{factor:g} times as large. Look for a clip, a cast or a small number "
                                             "that is added.")  # fmt: skip
                        return

    def _gradient(self, name: str, given: Any, key: str) -> Gradient:
        point = self.wiring.points[key]
        size = point.flat.size
        if given is None:
            return Gradient(name, "wrong", np.inf, f"{name} is None: is it missing in `return`?", size=size)
        if words := form_problem(name, given, point.value, key):
            return Gradient(name, "wrong", np.inf, f"{words}{self._other(name, given, key)}", size=size)
        flat = Leaves(given, point.value).flat
        if not np.all(np.isfinite(flat)):
            place = f"{name}{point.place(int(np.argmin(np.isfinite(flat))))}"
            text = f"{place} is {show(flat[~np.isfinite(flat)][0])}."
            return Gradient(name, "wrong", np.inf, text, place, size=size)
        if not size:
            return Gradient(name, "ok", 0.0, size=0)
        return self._compared(name, flat, key)

    def _compared(self, name: str, flat: np.ndarray, key: str) -> Gradient:
        """One gradient of the right form, entry by entry: a sample, and what random directions find beside it."""
        point = self.wiring.points[key]
        size = flat.size
        chosen = np.arange(size) if size <= self.entries else np.sort(self.rng.permutation(size)[: self.entries])
        begun: dict[int, float] = {}
        for index in map(int, chosen):
            if time.monotonic() > self.deadline:
                self.notes.append(TIME_UP)
                break
            begun[index] = self._first(key, index)
        slopes = self._slopes(flat, key, begun)
        if size > self.entries and not any(slope.kind == "differs" for slope in slopes.values()):
            slopes |= self._isolated(flat, key)
        return self._told(name, flat, key, slopes, point)

    def _slopes(self, flat: np.ndarray, key: str, begun: Mapping[int, float]) -> dict[int, Slope]:
        """The entries against their derivatives at the first step, and the first that differ at every step."""
        point, slopes, confirmed = self.wiring.points[key], dict[int, Slope](), 0
        typical = _rms([value for value in begun.values() if np.isfinite(value)])
        for index, value in begun.items():
            given = float(flat[index] * point.scales[index])
            if abs(value - given) <= self.rtol * max(abs(value), abs(given), typical):
                slopes[index] = Slope(value, given, "agrees")
            elif confirmed < _CONFIRMED or not np.isfinite(value):
                slopes[index] = self._entry(flat, key, index, typical)
                confirmed += slopes[index].kind == "differs"
            else:
                slopes[index] = Slope(value, given, "differs")
        return slopes

    def _told(self, name: str, flat: np.ndarray, key: str, slopes: dict[int, Slope], point: Leaves) -> Gradient:
        units = point.scales
        corners = [i for i, slope in slopes.items() if slope.kind == "corner"]
        rough = [i for i, slope in slopes.items() if slope.kind == "rough"]
        wrong = [i for i, slope in slopes.items() if slope.kind == "differs" or not (slope.right or i in rough)]
        counted = [i for i in slopes if i in wrong or not (i in corners or i in rough)]
        values = {i: slopes[i].value / units[i] for i in counted}
        rms = _rms([*values.values()])
        errors = {i: _relative(flat[i], values[i], rms) for i in counted}
        worst = max(wrong or counted, key=lambda i: errors[i], default=None)
        error = errors[worst] if worst is not None else np.inf
        facts: tuple[str, float, float]
        facts = (f"{name}{point.place(worst)}", float(flat[worst]), values[worst]) if worst is not None else _NOWHERE
        status: Literal["ok", "wrong", "unchecked"] = "wrong" if wrong else "ok"
        text = ""
        if wrong:
            text = f"{len(wrong)} of {len(slopes)} entries differ. {self._why(name, flat, key, slopes, wrong)}".rstrip()
        elif 2 * (len(corners) + len(rough)) > len(slopes) or not slopes:
            status = "unchecked"
            text = self._why_unchecked(key, point, corners, rough)
        elif rough:
            self.notes.append(f"{len(rough)} entries of {name} have no numerical derivative and are not counted")
        return Gradient(name, status, error, text, *facts, len(slopes), flat.size, len(corners))

    def _why_unchecked(self, key: str, point: Leaves, corners: list[int], rough: list[int]) -> str:
        if corners:
            return (f"Most entries lie at a corner, where forward has two slopes, such as {key}"
                    f"{point.place(corners[0])}. Move {key} a little, or draw it at random.")  # fmt: skip
        if rough:
            return (f"{self.wiring.forward.name} has no numerical derivative at {key}{point.place(rough[0])}: it jumps "
                    "there, or its numbers are rounded, as by float32, np.round or astype.")  # fmt: skip
        return "No entry was compared in the time given."

    def _why(self, name: str, flat: np.ndarray, key: str, slopes: dict[int, Slope], wrong: list[int]) -> str:
        """What the wrong numbers have in common: no slope at all, a factor, another input's gradient."""
        point = self.wiring.points[key]
        units = point.scales
        at_corner = [i for i in wrong if slopes[i].kind == "corner"]
        if len(at_corner) == len(wrong):
            low, high = slopes[wrong[0]].low / units[wrong[0]], slopes[wrong[0]].high / units[wrong[0]]
            return f"Forward has a corner there: any value from {low:.4g} to {high:.4g} is right."
        smooth = {i: s for i, s in slopes.items() if s.kind in ("agrees", "differs")}
        if all(slope.value == 0 for slope in smooth.values()):
            return (f"{self.wiring.forward.name} does not change when {key} is moved: does it use {key}, "
                    "or remember a result?")  # fmt: skip
        if not flat.any():
            return f"{name} is all zeros."
        right, mine = [s.value / units[i] for i, s in smooth.items()], [flat[i] for i in smooth]
        return _factor(right, mine, self.wiring.sizes()) or self._other(name, point.at(flat), key).strip()

    def _other(self, name: str, given: Any, key: str) -> str:
        """Whether a gradient of another shape has the right numbers, or is that of another input; "" otherwise."""
        try:
            flat = Leaves(given).flat
        except (TypeError, ValueError):
            return ""
        if not np.all(np.isfinite(flat)):
            return ""
        shape = np.shape(self.wiring.points[key].value)
        if isinstance(given, np.ndarray) and given.shape != shape:
            if given.T.shape == shape and self._is(given.T.ravel(), key):
                return " The values are right, but transposed."
            if self._is(flat, key):
                return " The values are right, only the shape is not."
        for other, point in self.wiring.points.items():
            if other != key and np.shape(given) == np.shape(point.value) and self._is(flat, other):
                return f" What is returned as {name} is the gradient of {other}: look at the order in `return`."
        return ""

    def _is(self, flat: np.ndarray, key: str) -> bool:
        """Whether these numbers are the gradient of this input, at up to ten entries, of which one is not 0."""
        point = self.wiring.points[key]
        if flat.size != point.flat.size or not flat.any():
            return False
        chosen = np.unique(np.linspace(0, flat.size - 1, 10).astype(int))
        typical = _rms([self._first(key, int(index)) for index in chosen])
        return typical > 0 and all(self._entry(flat, key, int(index), typical).right for index in chosen)

    def _first(self, key: str, index: int) -> float:
        """The numerical derivative of an entry at the first step, times the entry's unit."""
        return measure(self._curve(key, self._unit(key, index)), np.nan, 0.0, eps=self.eps).value

    def _entry(self, flat: np.ndarray, key: str, index: int, typical: float) -> Slope:
        v, own = self._unit(key, index), abs(float(self.wiring.points[key].flat[index])) or 1.0
        given = float(flat[index] * v[index])
        return measure(self._curve(key, v), given, typical, self.rtol, self.eps, shorter=own / v[index])

    def _unit(self, key: str, index: int) -> np.ndarray:
        point = self.wiring.points[key]
        v = np.zeros(point.flat.size)
        v[index] = point.scales[index]
        return v

    def _isolated(self, flat: np.ndarray, key: str) -> dict[int, Slope]:
        """The first wrong entry that two random directions see, isolated by halving the entries that move."""
        point, found = self.wiring.points[key], dict[int, Slope]()
        for number in range(2):
            v = point.direction(self.seed + number) * (np.abs(point.flat) if point.flat.any() else 1.0)
            for _ in range(_ISOLATED):
                if self._agree(flat, key, v) or time.monotonic() > self.deadline:
                    break
                moving = np.flatnonzero(v)
                while moving.size > 1:
                    half = np.zeros_like(v)
                    half[moving[: moving.size // 2]] = v[moving[: moving.size // 2]]
                    agrees = self._agree(flat, key, half)
                    moving = moving[moving.size // 2 :] if agrees else moving[: moving.size // 2]
                index = int(moving[0])
                found[index] = self._entry(flat, key, index, abs(float(flat[index] * point.scales[index])))
                if found[index].kind == "differs":
                    return found
                v[index] = 0.0
        return found

    def _agree(self, flat: np.ndarray, key: str, v: np.ndarray) -> bool:
        slope = measure(self._curve(key, v), float(flat @ v), float(np.linalg.norm(flat * v)), self.rtol, self.eps)
        return slope.kind == "agrees"

    def _curve(self, key: str, v: np.ndarray) -> Callable[[float], np.ndarray]:
        point = self.wiring.points[key]

        def curve(t: float) -> np.ndarray:
            try:
                out = self.wiring.out(self.wiring.run({key: point.at(point.flat + t * v)}))
            except Failure:  # not defined there, as a logarithm beyond 0
                return np.full(self.out.shape, np.nan)
            if out.shape != self.out.shape:
                raise Failure(f"{self.wiring.forward.name} gives shape {out.shape} when {key} is moved a little, "
                              f"and {self.out.shape} before.")  # fmt: skip
            return np.asarray(out * self.dout)

        return curve

    def look_again(self) -> None:
        """Whether forward still gives what it gave at first."""
        if not np.array_equal(self.wiring.out(self.wiring.run()), self.out, equal_nan=True):
            self.problems.append(f"{self.wiring.forward.name} remembers earlier calls: with equal arguments it gives "
                                 "another result than at first.")  # fmt: skip


def form_problem(name: str, given: Any, like: Any, key: str) -> str:
    """What is wrong with the type, the shape or the dtype of a gradient; "" for nothing."""
    if isinstance(given, np.ndarray) and np.shape(given) != np.shape(like) and not isinstance(like, list | dict):
        return f"{name} has shape {given.shape}, expected {np.shape(like)}, the shape of {key}."
    difference = compare(name, given, like, 1e300, 1e300)  # any number passes
    return difference.text if difference and difference.kind not in ("values", "nonfinite") else ""


def _relative(yours: float, numerical: float, rms: float) -> float:
    size = max(abs(yours), abs(numerical), rms)
    return abs(yours - numerical) / size if size else 0.0


def _rms(values: list[float]) -> float:
    return float(np.sqrt(np.mean(np.square(values)))) if values else 0.0


def _factor(right: list[float], given: list[float], sizes: Mapping[str, int]) -> str:
    """A factor between all numbers and the right ones, and the size that it equals; "" without one."""
    expected, mine = np.array(right), np.array(given)
    base = float(expected @ expected)
    factor = float(mine @ expected) / base if base else 0.0
    near = np.allclose(mine, factor * expected, rtol=1e-5, atol=1e-6 * float(np.abs(mine).max(initial=0.0)))
    if not factor or expected.size < 2 or not near:
        return ""
    if abs(factor + 1) < 1e-5:
        return "Every entry has the opposite sign."
    named = [f" {name} is {size}." for name, size in sizes.items() if size > 1 and
             min(abs(factor - size), abs(factor * size - 1)) < 1e-5 * max(factor, 1)]  # fmt: skip
    return f"Every entry is {factor:.6g} times the numerical derivative.{''.join(named[:1])}"


def _strided(array: np.ndarray) -> np.ndarray:
    """Equal numbers in a view that skips every other number of its memory."""
    return np.repeat(array, 2, axis=-1)[..., ::2] if array.ndim else array


def _relaid(value: Any, layout: Callable[[np.ndarray], np.ndarray]) -> Any:
    if isinstance(value, np.ndarray):
        return layout(value)
    if isinstance(value, Mapping):
        return {key: _relaid(item, layout) for key, item in value.items()}
    return type(value)([_relaid(item, layout) for item in value]) if type(value) in (list, tuple) else value


def _data(value: Any) -> Any:
    """The value with what is no data replaced, so that two can be compared."""
    if isinstance(value, Mapping):
        return {str(key): _data(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return list(map(_data, value))
    return value if isinstance(value, np.ndarray | np.generic | int | float | complex) else show(value)
