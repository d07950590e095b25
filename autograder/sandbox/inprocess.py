"""Run trusted implementations in this process: solutions, known mistakes and references."""

from __future__ import annotations

import inspect
import types
import warnings
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from autograder.errors import Unrecorded
from autograder.implementation import Absent, Outcome, Raised, RequestBatch, Response, Returned, Signature
from autograder.numeric import stopwatch
from autograder.numeric.runtime import fix_runtime
from autograder.values import Code, Rng


class InProcess:
    """Implementation whose functions are called in this process, on copies of their arguments."""

    def __init__(self, functions: Mapping[str, Callable[..., Any]]) -> None:
        self.functions = functions

    def describe(self, function: str) -> Signature | Absent:
        """Return the signature of `function`."""
        return self._absent(function) or signature(self.functions[function])

    def call(
        self, function: str, args: tuple[Any, ...], kwargs: dict[str, Any], *, names: tuple[str, ...], seconds: float,
        expected: int = 0, timed: bool = False,
    ) -> Outcome:  # fmt: skip
        """Return the outcome of one call; `seconds` is not enforced, because the code is trusted."""
        if absent := self._absent(function):
            return absent
        mine, options = [materialise(value) for value in args], {k: materialise(v) for k, v in kwargs.items()}
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                value, cpu = stopwatch.timed(lambda: self.functions[function](*mine, **options))
        except Unrecorded:
            raise
        except Exception as error:
            return Raised(_builtin(error), str(error))
        watched = [*zip(names, args, mine, strict=False), *((k, kwargs[k], options[k]) for k in kwargs if names)]
        return Returned(value, cpu, tuple(name for name, old, new in watched if _changed(old, new)))

    def call_many(self, request_batch: RequestBatch, seconds: float) -> list[Response] | None:
        """Return None: calls in this process gain nothing from a batch."""
        return None

    def renew(self) -> None:
        """Do nothing: trusted code keeps no state."""

    def timing_fault(self) -> str:
        """Return why this process cannot time calls, "" if it can."""
        return fix_runtime()

    def _absent(self, function: str) -> Absent | None:
        code = self.functions.get(function)
        if code is None:
            return Absent("missing", f"{function} is not defined")
        return None if callable(code) else Absent("not callable", f"it is of type {type(code).__name__}")


def load(text: str, filename: str) -> InProcess:
    """Return the functions that a trusted source defines."""
    module = types.ModuleType("trusted")
    exec(compile(text, filename, "exec"), module.__dict__)
    return InProcess({name: code for name, code in vars(module).items() if inspect.isfunction(code)})


def signature(code: Callable[..., Any]) -> Signature:
    """Return the signature of a function, as a worker reports it."""
    parameters = inspect.signature(code).parameters.values()
    kinds = inspect.Parameter
    return Signature(
        positional=tuple(p.name for p in parameters if p.kind in (kinds.POSITIONAL_ONLY, kinds.POSITIONAL_OR_KEYWORD)),
        keyword=tuple(p.name for p in parameters if p.kind in (kinds.KEYWORD_ONLY, kinds.POSITIONAL_OR_KEYWORD)),
        required=tuple(
            p.name
            for p in parameters
            if p.default is p.empty and p.kind not in (kinds.VAR_POSITIONAL, kinds.VAR_KEYWORD)
        ),
        any_positional=any(p.kind is kinds.VAR_POSITIONAL for p in parameters),
        any_keyword=any(p.kind is kinds.VAR_KEYWORD for p in parameters),
    )


def materialise(value: Any) -> Any:
    """Return the argument for a call: a fresh copy, a Generator for Rng, a function for Code."""
    if isinstance(value, np.ndarray):
        return value.copy(order="K")
    if isinstance(value, Rng):
        return np.random.default_rng(value.seed)
    if isinstance(value, Code):
        function = load(value.source, value.name).functions[value.name]
        vars(function)["code"] = value
        return function
    if isinstance(value, list | tuple):
        return type(value)(map(materialise, value))
    if isinstance(value, dict):
        return {key: materialise(item) for key, item in value.items()}
    return value


def _changed(given: Any, mine: Any) -> bool:
    if isinstance(given, np.ndarray):
        return not np.array_equal(given, mine, equal_nan=given.dtype.kind == "f")
    if isinstance(given, list | tuple):
        return len(given) != len(mine) or any(map(_changed, given, mine))
    if isinstance(given, dict):
        return given.keys() != mine.keys() or any(_changed(given[key], mine[key]) for key in given)
    return False


def _builtin(error: Exception) -> str:
    return next(kind.__name__ for kind in type(error).__mro__ if kind.__module__ == "builtins")
