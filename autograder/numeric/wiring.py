"""How a forward and a backward pass are called in a gradient check: arguments, dout, and which gradient is whose."""

from __future__ import annotations

import contextlib
import copy
import inspect
import io
import traceback
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from autograder.numeric.compare import same, show
from autograder.numeric.derivative import Leaves, leaves_of, mapped


class Failure(Exception):
    """Raised where the functions cannot be compared; the message says why."""


class CheckedFunction:
    """A function under check, called on copies of its arguments and with the keywords that it takes."""

    def __init__(self, function: Any, hyper: Mapping[str, Any], role: str, problems: list[str]) -> None:
        if not callable(function):
            words = f"a string, {function!r}" if isinstance(function, str) else show(function)
            raise Failure(f"{role} is {words}, expected a function: give its name without brackets and arguments.")
        self.function, self.name, kinds = function, getattr(function, "__name__", role), inspect.Parameter
        try:
            parameters = [*inspect.signature(function).parameters.values()]
        except (TypeError, ValueError):
            parameters = [kinds("args", kinds.VAR_POSITIONAL)]
        self.parameters = [p for p in parameters if p.kind in (kinds.POSITIONAL_ONLY, kinds.POSITIONAL_OR_KEYWORD)]
        takes_all = any(p.kind is kinds.VAR_KEYWORD for p in parameters)
        known = {p.name for p in parameters if p.kind in (kinds.POSITIONAL_OR_KEYWORD, kinds.KEYWORD_ONLY)}
        self.hyper = {key: value for key, value in hyper.items() if takes_all or key in known}
        self._problems, self._warnings = problems, np.geterr()

    def __call__(self, arguments: Mapping[str, Any], quiet: bool) -> Any:
        """Call the function and return its value; Failure where it raises. quiet: suppress its output and warnings, and
        do not report arguments that it changes as a problem."""
        mine = {name: mapped(_copied, value) for name, value in arguments.items()}
        try:
            with contextlib.ExitStack() as stack:
                stack.enter_context(np.errstate(all="ignore") if quiet else np.errstate(**self._warnings))
                if quiet:
                    stack.enter_context(contextlib.redirect_stdout(io.StringIO()))
                value = self.function(*mine.values(), **mapped(_copied, self.hyper))
        except NotImplementedError as error:
            raise Failure(f"{self.name} is not written yet.") from error
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # SystemExit too
            own = getattr(getattr(self.function, "__code__", None), "co_filename", None)
            lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == own]
            place, words = f" at line {lines[-1]}" if lines else "", str(error).strip().partition("\n")[0]
            text = f"{self.name} raises {type(error).__name__}{place}{f': {words}' if words else ''}"
            raise Failure(f"{text.rstrip('.')}.") from error
        changed = [name for name, old in arguments.items() if not quiet and not same(data(mine[name]), data(old), 0.0)]
        self._problems += [f"{self.name} changes its argument {name} in place, so the caller's array is different "
                           "afterwards. Make a new array instead." for name in changed]  # fmt: skip
        return value


class Wiring:
    """The two functions with their arguments by name. points: those that have a gradient, as flat arrays."""

    def __init__(self, forward: Any, backward: Any, inputs: Sequence[Any] | Mapping[str, Any], hyper: Mapping[str, Any],
                 problems: list[str], notes: list[str]) -> None:  # fmt: skip
        self.problems, self.notes = problems, notes
        self.forward = CheckedFunction(forward, hyper, "forward", problems)
        self.backward = None if backward is None else CheckedFunction(backward, hyper, "backward", problems)
        codes = [code for code in (self.forward, self.backward) if code]
        self.last = codes[-1]
        """The function that returns the gradients."""
        self.title = ", ".join(code.name for code in codes)
        for name in hyper:
            if not any(name in code.hyper for code in codes):
                raise Failure(f"no function of {self.title} takes {name}.")
        if not inputs:
            raise Failure("no inputs are given: name them after the functions, as in gradcheck(forward, backward, x).")
        if not isinstance(inputs, Mapping):
            names = [p.name for p in self.forward.parameters][: len(inputs)]
            names += [f"input {number + 1}" for number in range(len(names), len(inputs))]
            inputs = dict(zip(names, inputs, strict=True))
        self.arguments = {name: _prepared(name, value, notes) for name, value in inputs.items()}
        if not any(map(_is_float, self.arguments.values())):  # whole numbers are floats where nothing else is
            self.arguments = {name: _prepared(name, value, notes, "fiu") for name, value in self.arguments.items()}
        self.points = {name: Leaves(value) for name, value in self.arguments.items() if _is_float(value)}
        for name, point in self.points.items():
            if not np.all(np.isfinite(point.flat)):
                place = name + point.place(int(np.argmin(np.isfinite(point.flat))))
                raise Failure(f"the input {place} is not finite: a derivative needs finite numbers.")
        if not self.points:
            raise Failure(f"none of the inputs ({', '.join(self.arguments)}) is an array or a number of floats.")

    def run(self, moved: Mapping[str, Any] | None = None, quiet: bool = True) -> Any:
        """Return what forward returns, with some of the arguments replaced by `moved`."""
        return self.forward({**self.arguments, **(moved or {})}, quiet)

    def out(self, moved: Mapping[str, Any] | None = None, quiet: bool = True) -> np.ndarray:
        """Return the output of forward, as a fresh float array; Failure where it is none."""
        first, name = _first_of(self.run(moved, quiet)), self.forward.name
        if not isinstance(first, np.ndarray | np.generic | int | float | complex):
            raise Failure(f"{name} returns None: is `return` missing?" if first is None else
                          f"{name} returns {show(first)}, expected an array or a number.")  # fmt: skip
        out = np.array(first, subok=False)
        if out.dtype.kind != "f":
            repair = ("take .real, or find where it becomes complex." if out.dtype.kind == "c" else
                      "what is rounded has no derivative.")  # fmt: skip
            raise Failure(f"out has dtype {out.dtype}, expected float64: {repair}")
        return out

    def grads(self, dout: np.ndarray, quiet: bool = True) -> Any:
        """Return what backward returns; without a backward the second of what forward returns."""
        if self.backward is None:
            value = self.run(quiet=quiet)
            if isinstance(value, tuple) and len(value) == 2:
                return value[1]
            words = f"{self.forward.name} returns {show(value)}"
            raise Failure(f"{words}, expected (loss, gradients), as no backward is given.")
        value = self.run() if self.layout == ["dout"] or "cache" in self.layout else None
        given = {**self.arguments, "dout": dout if dout.ndim else float(dout)}
        given["cache"] = value[1] if isinstance(value, tuple) else None
        return self.backward({slot: given[slot] for slot in self.layout}, quiet)

    @cached_property
    def layout(self) -> list[str]:
        """Return what backward is given, in order: "dout", "cache" or the name of an input."""
        code, value, own = self.backward, self.run(), [*self.arguments]
        if code is None:
            return []
        scalar = np.ndim(_first_of(value)) == 0
        wanted = [p.name for p in code.parameters
                  if (p.default is p.empty or p.name in own) and p.name not in code.hyper]  # fmt: skip
        others = [name for name in wanted if name not in own]
        if not code.parameters:  # it takes *args
            return ["dout", *own][scalar:]
        if not others and wanted:
            return wanted
        if isinstance(value, tuple) and len(value) == 2 and len(wanted) == 2:
            return ["dout", "cache"]
        if len(others) == 1:
            return ["dout" if name in others else name for name in wanted]
        if len(wanted) == len(own) + 1 or (len(wanted) == len(own) and scalar):
            return ["dout", *own][-len(wanted) :]
        raise Failure(f"{code.name} takes ({', '.join(wanted)}), expected ({', '.join(['dout', *own][scalar:])}).")

    def pair(self, given: Any, wrt: Sequence[str] | None) -> list[tuple[str, Any, str]]:
        """Return (name of the gradient, its value, name of its input) for each gradient, in the inputs' order."""
        named = list(wrt or ()) or [name for name in self.layout if name in self.points] or list(self.points)
        if unknown := [name for name in named if name not in self.points]:
            raise Failure(f"wrt names {', '.join(unknown)}, expected some of {', '.join(self.points)}.")
        whole = [name for name in named if isinstance(self.arguments[name], Mapping)]
        if isinstance(given, Mapping):
            if len(whole) == 1:  # whose gradient is a dict
                return [(f"d{whole[0]}", given, whole[0])]
            keys = [str(key).removeprefix("" if key in self.points else "d") for key in given]
            if not set(keys) <= self.points.keys():
                raise Failure(f"the gradients' keys are {', '.join(map(str, given))}, expected d{', d'.join(named)}.")
            return [(str(name), value, key) for (name, value), key in zip(given.items(), keys, strict=True)]
        one = len(named) == 1 and isinstance(self.arguments[named[0]], list)  # whose gradient is a list
        values = list(given) if isinstance(given, tuple) or (isinstance(given, list) and not one) else [given]
        if len(values) > len(named) or (wrt and len(values) != len(wrt)):
            words = f"{self.last.name} returns {len(values)} value{'s' * (len(values) > 1)}"
            raise Failure(f"{words}, expected {len(named)}: the gradients of {', '.join(named)}.")
        return [(f"d{key}", value, key) for key, value in zip(named, values, strict=False)]


def _first_of(value: Any) -> Any:
    """Return the output in a value returned by forward: the first item of a tuple, else the value."""
    return value[0] if isinstance(value, tuple) and value else value


def data(value: Any) -> Any:
    """Return the value with each part that is no number replaced by None, so that two values can be compared."""
    return mapped(lambda leaf: leaf if isinstance(leaf, np.ndarray | np.generic | int | float) else None, value)


def _copied(value: Any) -> Any:
    """Return a copy of an array or a generator, which a function may change; any other value as it is."""
    return copy.deepcopy(value) if isinstance(value, np.ndarray | np.random.Generator) else value


def _prepared(name: str, value: Any, notes: list[str], kinds: str = "f") -> Any:
    """Return an argument converted for the check: numbers of the dtypes in `kinds` to float64, lists to arrays."""
    if isinstance(value, list | tuple) and value and all(type(leaf) in (int, float) for _, leaf in leaves_of(value)):
        with contextlib.suppress(ValueError):  # of rows of several lengths
            return np.array(value)
    if isinstance(value, list | tuple | Mapping):
        return mapped(lambda item: _prepared(name, item, notes), list(value) if isinstance(value, tuple) else value)
    if type(value) is int and "i" in kinds:
        return float(value)
    if not isinstance(value, np.ndarray | np.generic) or value.dtype.kind not in kinds:
        return value.item() if isinstance(value, np.generic) else value
    if value.dtype.kind == "f" and value.dtype != np.float64:
        notes.append(f"{name} is {value.dtype} and is converted to float64: a difference needs its digits")
    return np.asarray(value, np.float64) if isinstance(value, np.ndarray) else float(value)


def _is_float(value: Any) -> bool:
    leaves = [leaf for _, leaf in leaves_of(value)]
    return bool(leaves) and all(isinstance(leaf, float) or getattr(leaf, "dtype", "") == "f8" for leaf in leaves)
