"""Run trusted implementations, solutions and references, in this process."""

from __future__ import annotations

import inspect
import types
import warnings
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from autograder.errors import Unrecorded
from autograder.implementation import Absent, Implementation, Raised, Request, Returned, Signature
from autograder.numeric.runtime import fix_runtime
from autograder.numeric.stopwatch import timed
from autograder.sandbox.inside import worker
from autograder.values import Code, Rng


class InProcess(Implementation):
    """Implementation whose functions are called in this process, on copies of their arguments."""

    def __init__(self, functions: Mapping[str, Callable[..., Any]]) -> None:
        self.functions = functions

    def respond(self, request: Request, seconds: float | None) -> Any:
        """Return a signature, or the outcome of one call; `seconds` is not enforced, because the code is trusted."""
        code = self.functions.get(request.function)
        if code is None:
            return Absent("missing", f"{request.function} is not defined")
        if not callable(code):
            return Absent("not callable", f"it is of type {type(code).__name__}")
        if request.args is None:
            return signature(code)
        args, kwargs = request.args, request.kwargs
        mine, options = [materialise(value) for value in args], {k: materialise(v) for k, v in kwargs.items()}
        kept = {**dict(zip(request.names, mine, strict=False)), **options} if request.names else {}
        before = {name: worker._copied(value) for name, value in kept.items()}
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                value, cpu = timed(lambda: code(*mine, **options))
        except Unrecorded:
            raise
        except Exception as error:
            kind = next(kind.__name__ for kind in type(error).__mro__ if kind.__module__ == "builtins")
            return Raised(kind, str(error))
        return Returned(value, cpu, tuple(name for name in before if worker._changed(before[name], kept[name])))

    def timing_fault(self) -> str:
        """Return why this process cannot time calls, "" if it can."""
        return fix_runtime()


def load(text: str, filename: str) -> InProcess:
    """Return the implementation with the functions that a trusted source defines."""
    module = types.ModuleType("trusted")
    exec(compile(text, filename, "exec"), module.__dict__)
    return InProcess({name: code for name, code in vars(module).items() if inspect.isfunction(code)})


def signature(code: Callable[..., Any]) -> Signature:
    """Return the signature of a trusted function in the form that a worker reports; `empty` is always False."""
    positional, keyword, required, any_positional, any_keyword, _ = worker.signature(code)
    return Signature(tuple(positional), tuple(keyword), tuple(required), any_positional, any_keyword)


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
