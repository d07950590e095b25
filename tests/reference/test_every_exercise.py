"""What must hold for the oracle and the solution of every exercise, found by walking the folders."""

from __future__ import annotations

import doctest
import importlib.util
from collections.abc import Callable, Mapping
from functools import cache
from inspect import Signature, signature
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from autograder.sandbox.inprocess import materialise
from autograder.spec.draw import cotangent, model
from autograder.spec.exercise import Exercise
from autograder.spec.function import Case, Free, Function
from autograder.values import Code, Rng

FOLDERS = sorted(path.parent for path in Path(__file__).parents[2].glob("solutions/*/*/spec.py"))
STEP = 1e-30


@cache
def module(folder: Path, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"{folder.name}_{name}", folder / f"{name}.py")
    assert spec is not None and spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def exercise(folder: Path) -> Exercise:
    return module(folder, "spec").EXERCISE


def pairs(folder: Path, *, kind: str | None = None, smooth: bool = False) -> list[tuple[Function, Case]]:
    return [
        (function, case)
        for function in exercise(folder).functions
        for case in function.cases + function.stable_cases
        if kind in (None, function.kind) and not (smooth and (case.accept or case in function.stable_cases))
    ]


def for_every_case(**chosen: Any) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Turn a test of one case into a test of all cases of a folder; its failure names each case that fails.

    A test for each of 700 cases costs more than what most of them calculate.
    """

    def walked(test: Callable[..., None]) -> Callable[..., None]:
        def walk(folder: Path, **others: Any) -> None:
            faults = []
            for function, case in pairs(folder, **chosen):
                try:
                    test(folder, function, case, **others)
                except AssertionError as error:
                    faults.append(f"{function.name}, {case.name}: {error}")
            assert not faults, "\n\n".join(faults)

        walk.__name__, walk.__doc__, walk.__module__ = test.__name__, test.__doc__, test.__module__
        own = [each for name, each in signature(test).parameters.items() if name not in ("function", "case")]
        walk.__signature__ = Signature(own)  # type: ignore[attr-defined]
        return pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)(walk)

    return walked


def drawn(function: Function, case: Case, seed: int = 0) -> dict[str, Any]:
    """The arguments by name; `dout` is Gaussian, at the case's scale."""
    rng = np.random.default_rng(seed)
    names = [name for name in function.positional + function.keywords if name in case.draws and name != "dout"]
    inputs = {name: case.draws[name](rng) if callable(case.draws[name]) else case.draws[name] for name in names}
    if function.takes_cotangent:
        assert function.forward is not None
        dout = case.draws.get("dout", cotangent)(np.shape(called(function.forward, inputs)[0]))
        inputs = {"dout": dout(rng), **inputs}
    return inputs


def called(function: Function, inputs: Mapping[str, Any], code: Any = None) -> tuple[Any, ...]:
    """The outputs, always as a tuple."""
    args = [ready(inputs[name]) for name in function.positional]
    words = {name: ready(inputs[name]) for name in function.keywords if name in inputs}
    value = (code or function.oracle)(*args, **words)
    return value if isinstance(value, tuple) else (value,)


def ready(value: Any) -> Any:
    """The generator or the function where a case holds its recipe; anything else is passed as it is."""
    return materialise(value) if isinstance(value, Rng | Code) else value


def leaves(value: Any) -> list[Any]:
    """The arrays and numbers in nested lists, tuples and dicts, in order."""
    items = list(value.values()) if isinstance(value, dict) else value
    return [leaf for item in items for leaf in leaves(item)] if isinstance(items, list | tuple) else [items]


def mapped(change: Callable[..., Any], value: Any, *others: Any) -> Any:
    """`value` with every array or number changed, given those of the same place in `others`."""
    if isinstance(value, dict):
        return {key: mapped(change, item, *(other[key] for other in others)) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [mapped(change, *items) for items in zip(value, *others, strict=True)]
    return change(value, *others)


def flat(value: Any) -> np.ndarray:
    """All numbers of nested lists and dicts of arrays, in a row."""
    return np.concatenate([np.ravel(leaf) for leaf in leaves(value)])


def differentiable(function: Function) -> list[str]:
    """The forward's inputs that have a gradient: `dx` is the one of `x`."""
    return [name.removeprefix("d") for name in function.outputs]


def weighed(function: Function, inputs: dict[str, Any], name: str, value: Any) -> Any:
    """The scalar whose gradient backward returns, with the input `name` replaced."""
    assert function.forward is not None
    out = called(function.forward, inputs | {name: value})[0]
    return np.sum(inputs["dout"] * out) if function.takes_cotangent else out


def complex_step(function: Function, inputs: dict[str, Any], name: str, direction: Any) -> float:
    """The directional derivative, exact to rounding: there is no difference to cancel."""
    plane = mapped(lambda leaf: leaf.astype(complex) if is_float(leaf) else leaf, inputs)
    moved = mapped(lambda leaf, step: leaf + 1j * STEP * step, inputs[name], direction)
    return float(np.imag(weighed(function, plane, name, moved))) / STEP


def is_float(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind == "f"


def central_differences(function: Function, inputs: dict[str, Any], name: str, h: float = 1e-5) -> np.ndarray:
    """The gradient, all entries in a row."""

    def value(i: int, step: float) -> Any:
        steps = iter(step * (np.arange(flat(inputs[name]).size) == i))
        moved = mapped(lambda leaf: leaf + np.reshape([next(steps) for _ in range(np.size(leaf))], np.shape(leaf)),
                       inputs[name])  # fmt: skip
        return weighed(function, inputs, name, moved)

    return np.array([(value(i, h) - value(i, -h)) / (2 * h) for i in range(flat(inputs[name]).size)])


@for_every_case(kind="gradient", smooth=True)
def test_backward_is_the_complex_step_derivative_of_forward(folder: Path, function: Function, case: Case) -> None:
    """Every gradient of the oracle equals the complex-step derivative of its forward, input by input.

    Where the output is nearly flat, a backward knows its slope as exactly as `out` is rounded, times `dout`.
    """
    inputs = drawn(function, case)
    rng = np.random.default_rng(1)
    for name, gradient in zip(differentiable(function), called(function, inputs), strict=True):
        for _ in range(2):
            direction = mapped(lambda leaf: rng.standard_normal(np.shape(leaf)), inputs[name])
            exact = complex_step(function, inputs, name, direction)
            rounding = np.finfo(float).eps * np.linalg.norm(flat(inputs.get("dout", 0.0)))
            scale = np.linalg.norm(flat(direction)) * (1e-12 * np.linalg.norm(flat(gradient)) + rounding)
            assert abs(flat(gradient) @ flat(direction) - exact) <= scale, name


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_backward_is_the_difference_quotient_of_forward(folder: Path) -> None:
    """Entry by entry, every gradient of the oracle equals a central difference; the complex step is no oracle alone."""
    for function in exercise(folder).functions:
        if function.kind == "gradient":
            ordinary = [case for case in function.cases if case.public and not case.accept] + [*model(function.cases)]
            inputs = min((drawn(function, case) for case in ordinary), key=size)
            for name, gradient in zip(differentiable(function), called(function, inputs), strict=True):
                assert list(map(np.shape, leaves(gradient))) == list(map(np.shape, leaves(inputs[name])))
                expected = central_differences(function, inputs, name)
                np.testing.assert_allclose(flat(gradient), expected, rtol=1e-6, atol=1e-8)


def size(inputs: dict[str, Any]) -> int:
    """How many numbers there are."""
    return sum(np.size(leaf) for leaf in leaves(inputs))


def test_the_derivative_tests_catch_a_gradient_that_is_slightly_off() -> None:
    """The complex step sees a gradient that is wrong by 1e-9 of itself, the difference quotient one wrong by 1e-5."""
    folder = next(folder for folder in FOLDERS if folder.name == "conv2d")
    _, backward = exercise(folder).functions
    inputs = drawn(backward, backward.cases[1])
    dx = called(backward, inputs)[0]
    direction = np.random.default_rng(1).standard_normal(dx.shape)
    exact = complex_step(backward, inputs, "x", direction)
    scale = np.linalg.norm(dx) * np.linalg.norm(direction)
    assert abs(np.sum(dx * (1 + 1e-9) * direction) - exact) > 1e-12 * scale
    with pytest.raises(AssertionError):
        expected = central_differences(backward, inputs, "x")
        np.testing.assert_allclose(flat(dx) * (1 + 1e-5), expected, rtol=1e-6, atol=1e-8)


def judged(function: Function, case: Case, inputs: dict[str, Any], values: tuple[Any, ...], name: str) -> str | None:
    """What the case's judge says of one of the outputs."""
    accept, outputs = case.accept[name], dict(zip(function.outputs, values, strict=True))
    if isinstance(accept, Free):
        return accept.judge(inputs | outputs, outputs[name])
    return accept(inputs, outputs[name])


@for_every_case()
def test_solution_equals_the_oracle(folder: Path, function: Function, case: Case) -> None:
    """The readable solution and the vectorized oracle, written independently, agree on every case."""
    inputs = drawn(function, case)
    mine = called(function, inputs, getattr(module(folder, "solution"), function.name))
    for name, got, expected in zip(function.outputs, mine, called(function, inputs), strict=True):
        if name in case.accept:
            assert judged(function, case, inputs, mine, name) is None
        else:
            for mine_leaf, leaf in zip(leaves(got), leaves(expected), strict=True):
                np.testing.assert_allclose(mine_leaf, leaf, rtol=1e-10, atol=1e-12)
                assert np.shape(mine_leaf) == np.shape(leaf)


@for_every_case()
def test_oracle_satisfies_the_judges_of_its_own_cases(folder: Path, function: Function, case: Case) -> None:
    """Where the truth is a set, the oracle's own answer lies in it; everywhere it is finite."""
    inputs = drawn(function, case)
    values = called(function, inputs)
    for name, value in zip(function.outputs, values, strict=True):
        assert all(np.all(np.isfinite(leaf)) for leaf in leaves(value))
        if name in case.accept:
            assert judged(function, case, inputs, values, name) is None


@pytest.mark.parametrize("source", ["oracle", "solution"])
@for_every_case()
def test_inputs_stay_as_they_were(folder: Path, function: Function, case: Case, source: str) -> None:
    """Neither oracle nor solution changes an input or returns memory that belongs to one."""
    code = function.oracle if source == "oracle" else getattr(module(folder, "solution"), function.name)
    inputs, before = drawn(function, case), drawn(function, case)
    results = called(function, inputs, code)
    arrays = [leaf for leaf in leaves(inputs) if isinstance(leaf, np.ndarray)]
    for value, old in zip(leaves(inputs), leaves(before), strict=True):
        np.testing.assert_array_equal(value, old)
    assert not any(np.shares_memory(result, value) for result in leaves(results) for value in arrays)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@for_every_case()
def test_oracle_keeps_the_precision(folder: Path, function: Function, case: Case, dtype: type) -> None:
    """float64 in, float64 out, and float32 in, float32 out; a loss is a Python float."""
    inputs = mapped(lambda leaf: leaf.astype(dtype) if is_float(leaf) else leaf, drawn(function, case))
    given = any(map(is_float, leaves(inputs)))
    for value in leaves(called(function, inputs)):
        if np.ndim(value) == 0:
            assert isinstance(value, float | int)
        else:
            assert value.dtype == (dtype if given else np.float64) or value.dtype.kind in "iu"


@for_every_case()
def test_memory_order_does_not_matter(folder: Path, function: Function, case: Case) -> None:
    """The oracle gives the same numbers for C and Fortran order and for strided views."""
    inputs = drawn(function, case)
    fortran = mapped(lambda leaf: np.asfortranarray(leaf) if np.ndim(leaf) else leaf, inputs)
    strided = mapped(lambda leaf: np.repeat(leaf, 2, axis=-1)[..., ::2] if np.ndim(leaf) else leaf, inputs)
    for other in (fortran, strided):
        for got, expected in zip(leaves(called(function, other)), leaves(called(function, inputs)), strict=True):
            np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-13)


def test_every_exercise_has_cases_to_walk() -> None:
    """Only trainings have none, and every gradient has cases to compare with differences."""
    assert {"regularized", "train_cnn", "train_mlp"} == {folder.name for folder in FOLDERS if not pairs(folder)}
    for folder in FOLDERS:
        gradients = {function.name for function, _ in pairs(folder, kind="gradient")}
        assert gradients == {function.name for function, _ in pairs(folder, kind="gradient", smooth=True)}, folder


def test_a_case_that_fails_is_named() -> None:
    """A test of every case reports each that fails, with its function."""

    @for_every_case()
    def test(folder: Path, function: Function, case: Case) -> None:
        assert case.public, "is hidden"

    folder = next(folder for folder in FOLDERS if folder.name == "conv2d")
    hidden = [f"{function.name}, {case.name}: is hidden" for function, case in pairs(folder) if not case.public]
    with pytest.raises(AssertionError) as failed:
        test(folder)
    assert len(hidden) > 2 and all(line in str(failed.value) for line in hidden)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_examples_in_the_assignment_are_true(folder: Path) -> None:
    """Every `>>>` of a docstring runs as printed, and every function has at least one."""
    solution = module(folder, "solution")
    tests = {test.name.split(".")[-1]: test for test in doctest.DocTestFinder().find(solution) if test.examples}
    assert {function.name for function in exercise(folder).functions} <= set(tests)
    for test in tests.values():
        assert doctest.DocTestRunner(verbose=False).run(test).failed == 0


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_exercise_is_worth_ten_points(folder: Path) -> None:
    """Every exercise weighs the same."""
    assert exercise(folder).max_score == 10
