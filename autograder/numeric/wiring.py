"""How a forward and a backward pass are called in a gradient check: arguments, dout, and which gradient is whose."""

from __future__ import annotations

import ast
import contextlib
import copy
import inspect
import io
import textwrap
import traceback
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from autograder.numeric.compare import show
from autograder.numeric.derivative import Leaves, leaves_of


class Failure(Exception):
    """The functions cannot be compared; the message says why."""


class CheckedFunction:
    """A function under check, called on copies of its arguments and with the keywords that it takes."""

    def __init__(self, function: Any, hyper: Mapping[str, Any], role: str) -> None:
        if not callable(function):
            words = f"a string, {function!r}" if isinstance(function, str) else show(function)
            raise Failure(f"{role} is {words}, expected a function: give its name without brackets and arguments.")
        self.function, self.name = function, getattr(function, "__name__", role)
        try:
            parameters = [*inspect.signature(function).parameters.values()]
        except (TypeError, ValueError):
            parameters = [inspect.Parameter("args", inspect.Parameter.VAR_POSITIONAL)]
        kinds = inspect.Parameter
        self.parameters = [p for p in parameters if p.kind in (kinds.POSITIONAL_ONLY, kinds.POSITIONAL_OR_KEYWORD)]
        self.open = any(p.kind is kinds.VAR_POSITIONAL for p in parameters)
        takes_all = any(p.kind is kinds.VAR_KEYWORD for p in parameters)
        known = {p.name for p in parameters if p.kind in (kinds.POSITIONAL_OR_KEYWORD, kinds.KEYWORD_ONLY)}
        self.hyper = {key: value for key, value in hyper.items() if takes_all or key in known}
        self._changed: dict[str, None] = {}

    def __call__(self, names: Sequence[str], args: Sequence[Any], quiet: bool) -> Any:
        """The returned value; Failure where it raises. quiet: without what it prints, and without a look at arguments
        that it changes."""
        mine = [copied(value) for value in args]
        try:
            with contextlib.ExitStack() as silent:
                if quiet:
                    silent.enter_context(contextlib.redirect_stdout(io.StringIO()))
                    silent.enter_context(np.errstate(all="ignore"))
                value = self.function(*mine, **copied(self.hyper))
        except NotImplementedError as error:
            raise Failure(f"{self.name} is not written yet.") from error
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # SystemExit too
            raise Failure(self._raised(error)) from error
        if not quiet:
            changed = [name for name, old, new in zip(names, args, mine, strict=False) if not unchanged(old, new)]
            self._changed |= dict.fromkeys(changed)
        return value

    def changes(self) -> list[str]:
        """A sentence for each argument that a watched call wrote into."""
        return [f"{self.name} changes its argument {name} in place, so the caller's array is different afterwards. "
                "Make a new array instead." for name in self._changed]  # fmt: skip

    def _raised(self, error: BaseException) -> str:
        own = getattr(getattr(self.function, "__code__", None), "co_filename", None)
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == own]
        place, words = f" at line {lines[-1]}" if lines else "", str(error).strip().partition("\n")[0]
        return f"{self.name} raises {type(error).__name__}{place}{f': {words}' if words else ''}".rstrip(".") + "."


class Wiring:
    """The two functions with their arguments by name. points: those that have a gradient, as flat arrays."""

    def __init__(
        self, forward: Any, backward: Any, inputs: Sequence[Any] | Mapping[str, Any], hyper: Mapping[str, Any],
        notes: list[str],
    ) -> None:  # fmt: skip
        self.forward = CheckedFunction(forward, hyper, "forward")
        self.backward = None if backward is None else CheckedFunction(backward, hyper, "backward")
        for name in hyper:
            if not any(name in code.hyper for code in (self.forward, self.backward) if code):
                both = " nor ".join(code.name for code in (self.forward, self.backward) if code)
                raise Failure(f"{'neither ' if backward else 'not '}{both} takes {name}.")
        if not inputs:
            raise Failure("no inputs are given: name them after the functions, as in gradcheck(forward, backward, x).")
        self.arguments = self._named(inputs, notes)
        self._layout: list[str] | None = None
        self._whole = [name for name, value in self.arguments.items() if _is_whole(value)]
        self.points = {name: Leaves(value) for name, value in self.arguments.items() if _is_float(value)}
        if self._whole:
            self._convert(notes)
        for name, point in self.points.items():
            if not np.all(np.isfinite(point.flat)):
                place = name + point.place(int(np.argmin(np.isfinite(point.flat))))
                raise Failure(f"the input {place} is not finite: a derivative needs finite numbers.")
        if not self.points:
            raise Failure(f"none of the inputs ({', '.join(self.arguments)}) is an array or a number of floats.")

    @property
    def title(self) -> str:
        """The names of the functions."""
        return ", ".join(code.name for code in (self.forward, self.backward) if code)

    def _named(self, inputs: Sequence[Any] | Mapping[str, Any], notes: list[str]) -> dict[str, Any]:
        if isinstance(inputs, Mapping):
            given = dict(inputs)
        else:
            names = [p.name for p in self.forward.parameters][: len(inputs)]
            names += [f"input {number + 1}" for number in range(len(names), len(inputs))]
            given = dict(zip(names, inputs, strict=True))
        return {name: _prepared(name, value, notes) for name, value in given.items()}

    def _convert(self, notes: list[str]) -> None:
        """Convert whole numbers to floats, where backward returns more gradients than there are float inputs."""
        try:
            value = self.run()
            out = np.asarray(self.first(value))
            given = self.grads(np.ones(out.shape))
        except (Failure, TypeError, ValueError):
            return
        count = len(given) if isinstance(given, tuple) else 1
        for name in self._whole[: max(count - len(self.points), 0)]:
            notes.append(f"{name} holds whole numbers and is converted to float64")
            value = self.arguments[name]
            self.arguments[name] = float(value) if isinstance(value, int) else np.asarray(value, np.float64)
        self.points = {name: Leaves(value) for name, value in self.arguments.items() if _is_float(value)}
        self._layout = None

    def run(self, moved: Mapping[str, Any] | None = None, quiet: bool = True) -> Any:
        """What forward returns, with some of the arguments moved."""
        arguments = {**self.arguments, **(moved or {})}
        return self.forward(list(arguments), list(arguments.values()), quiet)

    def first(self, value: Any) -> Any:
        """The output in what forward returned: the first of a tuple."""
        return value[0] if isinstance(value, tuple) and value else value

    def out(self, value: Any) -> np.ndarray:
        """The output as a fresh float array; Failure where it is none."""
        first, name = self.first(value), self.forward.name
        if first is None:
            raise Failure(f"{name} returns None: is `return` missing?")
        if not isinstance(first, np.ndarray | np.generic | int | float | complex):
            raise Failure(f"{name} returns {show(first)}, expected an array or a number.")
        out = np.array(first, subok=False)
        if out.dtype.kind == "c":
            raise Failure(f"out has dtype {out.dtype}, expected float64: take .real, or find where it becomes complex.")
        if out.dtype.kind != "f":
            raise Failure(f"out has dtype {out.dtype}, expected float64: what is rounded has no derivative.")
        return out

    @property
    def takes_dout(self) -> bool:
        """Whether backward is given the upstream gradient."""
        return self.backward is not None and "dout" in self._arrangement()

    def grads(self, dout: np.ndarray, quiet: bool = True) -> Any:
        """What backward returns; without a backward the second of what forward returns."""
        if self.backward is None:
            value = self.run(quiet=quiet)
            if not isinstance(value, tuple) or len(value) != 2:
                words = f"{self.forward.name} returns {show(value)}"
                raise Failure(f"{words}, expected (loss, gradients), as no backward is given.")
            return value[1]
        layout = self._arrangement()
        value = self.run() if layout == ["dout"] or "cache" in layout else None
        slots = {f"= {name}": argument for name, argument in self.arguments.items()}
        slots |= {"dout": dout if dout.ndim else float(dout), "cache": value[1] if isinstance(value, tuple) else None}
        return self.backward([slot.removeprefix("= ") for slot in layout], [slots[slot] for slot in layout], quiet)

    def _arrangement(self) -> list[str]:
        """What backward is given, in order: "dout", "cache" or "= " and the name of an input."""
        if self._layout is None:
            self._layout = self._arrange()
        return self._layout

    def _arrange(self) -> list[str]:
        assert self.backward is not None
        value, code, own = self.run(), self.backward, [f"= {name}" for name in self.arguments]
        scalar, cached = np.ndim(self.first(value)) == 0, isinstance(value, tuple) and len(value) == 2
        if code.open:
            return own if scalar else ["dout", *own]
        wanted = [p.name for p in code.parameters if p.default is p.empty or p.name in self.arguments]
        wanted = [name for name in wanted if name not in code.hyper]
        others = [name for name in wanted if name not in self.arguments]
        if not others and wanted:
            return [f"= {name}" for name in wanted]
        if cached and len(wanted) == 2:
            return ["dout", "cache"]
        if len(others) == 1:
            return ["dout" if name in others else f"= {name}" for name in wanted]
        if len(wanted) == len(own) + 1:
            return ["dout", *own]
        if len(wanted) == len(own) and scalar:
            return own
        names = ", ".join([*([] if scalar else ["dout"]), *self.arguments])
        raise Failure(f"{code.name} takes ({', '.join(wanted)}), expected ({names}).")

    def pair(self, given: Any, wrt: Sequence[str] | None) -> list[tuple[str, Any, str]]:
        """(name of the gradient, its value, name of its input) for every gradient."""
        code = self.backward or self.forward
        layout = [slot.removeprefix("= ") for slot in self._arrangement()] if self.backward else []
        named = [name for name in layout if name in self.points] or list(self.points)
        if isinstance(given, Mapping) and (wrt is None or len(wrt) > 1):
            return self._of_dict(given, named)
        one = len(named) == 1 and isinstance(self.arguments[named[0]], list)  # whose gradient is a list
        listed = isinstance(given, list) and (wrt is None or len(wrt) > 1) and not one
        values = list(given) if isinstance(given, tuple) or listed else [given]
        unknown = [name for name in wrt or () if name not in self.points]
        if unknown:
            raise Failure(f"wrt names {', '.join(unknown)}, expected some of {', '.join(self.points)}.")
        if (wrt is not None and len(wrt) != len(values)) or len(values) > len(named):
            wanted = list(wrt or named)
            raise Failure(f"{code.name} returns {len(values)} {'values' if len(values) > 1 else 'value'}, expected "
                          f"{len(wanted)}: the gradients of {', '.join(wanted)}.")  # fmt: skip
        keys = list(wrt) if wrt is not None else self._keys(values, named)
        return [(f"d{key}", value, key) for key, value in zip(keys, values, strict=True)]

    def _of_dict(self, given: Mapping[Any, Any], named: Sequence[str]) -> list[tuple[str, Any, str]]:
        whole = [name for name in named if isinstance(self.arguments[name], Mapping)]
        if len(whole) == 1:
            return [(f"d{whole[0]}", given, whole[0])]
        pairs = [(str(key), value, str(key).removeprefix("" if key in self.points else "d"))
                 for key, value in given.items()]  # fmt: skip
        unknown = [name for name, _, key in pairs if key not in self.points]
        if unknown:
            raise Failure(f"the gradients' keys are {', '.join(map(str, given))}, expected d{', d'.join(named)}.")
        return pairs

    def _keys(self, values: Sequence[Any], named: Sequence[str]) -> list[str]:
        """The inputs that the gradients belong to: by the names in `return`, by shape, else the first ones."""
        said = [name.removeprefix("d") for name in _returned_names((self.backward or self.forward).function)]
        if len(said) == len(values) and len(set(said)) == len(said) and set(said) <= set(self.points):
            return said
        if len(values) == len(named):
            return list(named)
        fits = [
            choice for choice in combinations(named, len(values))
            if all(np.shape(value) == np.shape(self.arguments[key]) for key, value in zip(choice, values, strict=True)
                   if not isinstance(value, list | dict))
        ]  # fmt: skip
        return list(fits[0] if fits else named[: len(values)])

    def sizes(self) -> dict[str, int]:
        """The sizes of the inputs by the Python that gives them, such as x.shape[0]."""
        arrays = {name: value for name, value in self.arguments.items() if isinstance(value, np.ndarray)}
        found = {f"{name}.shape[{axis}]": n for name, value in arrays.items() for axis, n in enumerate(value.shape)}
        return found | {f"{name}.size": value.size for name, value in arrays.items() if value.ndim > 1}


def copied(value: Any) -> Any:
    """A copy of arrays, lists, dicts and generators, in which a function may write."""
    if isinstance(value, np.ndarray):
        return value.copy(order="K") if value.flags.forc or not value.ndim else _with_strides(value)
    if isinstance(value, Mapping):
        return {key: copied(item) for key, item in value.items()}
    if type(value) in (list, tuple):
        return type(value)(map(copied, value))
    return copy.deepcopy(value) if isinstance(value, np.random.Generator) else value


def _with_strides(value: np.ndarray) -> np.ndarray:
    """A copy that is no contiguous block of memory either."""
    return np.repeat(value, 2, axis=-1)[..., ::2]


def unchanged(old: Any, new: Any) -> bool:
    """Whether a function left this argument as it was."""
    if isinstance(old, np.ndarray):
        return old.dtype.kind == "O" or np.array_equal(old, new, equal_nan=old.dtype.kind in "fc")
    if isinstance(old, Mapping):
        return bool(old.keys() == new.keys()) and all(unchanged(old[key], new[key]) for key in old)
    if isinstance(old, list | tuple):
        return len(old) == len(new) and all(map(unchanged, old, new))
    return True


def _prepared(name: str, value: Any, notes: list[str]) -> Any:
    """The argument to check with: floats as float64, lists of numbers as arrays."""
    if isinstance(value, np.ndarray | np.generic):
        kind = value.dtype.kind
        if kind == "c":
            raise Failure(f"{name} is {value.dtype}: give its real and its imaginary part as two inputs.")
        if kind == "f" and value.dtype != np.float64:
            notes.append(f"{name} is {value.dtype} and is converted to float64: a difference needs its digits")
        if isinstance(value, np.generic):
            return value.item() if kind != "f" else float(value)
        return np.asarray(value, np.float64) if kind == "f" else value
    if isinstance(value, Mapping):
        return {key: _prepared(f"{name}[{key!r}]", item, notes) for key, item in value.items()}
    if isinstance(value, list | tuple) and value:
        numbers = _numbers(value)
        if numbers is not None:
            notes.append(f"{name} is a {type(value).__name__} of numbers and is given as an array")
            return numbers
        return [_prepared(f"{name}[{place}]", item, notes) for place, item in enumerate(value)]
    return value


def _numbers(value: Any) -> np.ndarray | None:
    """The array of nested lists of Python numbers; None for anything else."""
    flat = list(value)
    while any(isinstance(item, list | tuple) for item in flat):
        flat = [part for item in flat for part in (item if isinstance(item, list | tuple) else [item])]
    if not all(type(item) in (int, float) for item in flat):
        return None
    try:
        return np.array(value)
    except ValueError:
        return None


def _is_float(value: Any) -> bool:
    leaves = [leaf for _, leaf in leaves_of(value)]
    return bool(leaves) and all(isinstance(leaf, float) or getattr(getattr(leaf, "dtype", None), "kind", "") == "f"
                                for leaf in leaves)  # fmt: skip


def _is_whole(value: Any) -> bool:
    return type(value) is int or (isinstance(value, np.ndarray) and value.dtype.kind in "iu")


def _returned_names(function: Callable[..., Any]) -> list[str]:
    """The names in the function's last `return`, such as dx, dw, db; empty where it returns anything else."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):
        return []
    last = max((node for node in ast.walk(tree) if isinstance(node, ast.Return)), key=lambda n: n.lineno, default=None)
    parts = last.value.elts if last and isinstance(last.value, ast.Tuple) else [last.value] if last else []
    return [part.id for part in parts if isinstance(part, ast.Name)]
