"""The ten checks as cells of asserts, as other graders have them: one per function, which compares with the reference.

The calls are as many as in the course's cases, with arrays of equal shapes. Values, shapes and unchanged arguments are
asserted; precision, diagnosis and numerical derivatives are not, so the other graders do a little less.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograder.checks.variant import Variant, arguments
from autograder.spec.exercise import Inputs
from autograder.spec.function import Function
from benchmarks.answers import COURSE, TEN

PREAMBLE = '''
import copy

import numpy as np

rng = np.random.default_rng(0)


def as_tuple(values):
    return values if isinstance(values, tuple) else (values,)


def examine(function, reference, cases):
    for args, options in cases:
        kept = copy.deepcopy(args)
        got, expected = as_tuple(function(*args, **options)), as_tuple(reference(*kept, **options))
        assert len(got) == len(expected)
        for mine, right in zip(got, expected):
            assert np.shape(mine) == np.shape(right)
            assert np.allclose(mine, right, rtol=1e-8, atol=1e-11)
        assert all(map(np.array_equal, args, kept))
'''.strip()


def cells(names: Sequence[str] = TEN, *, exact: bool = False) -> dict[str, str]:
    """Return function name → the code that checks it, in the order of the course; PREAMBLE must have run before.

    exact: use the cases' own numbers, because some functions do not accept all numbers.
    """
    return {
        function.name: _cell(function, variant, exact)
        for variant in (Variant(COURSE.exercise(name), seed=0) for name in names)
        for function in variant.exercise.functions
    }


def _cell(function: Function, variant: Variant, exact: bool) -> str:
    cases = (*function.cases, *function.stable_cases)
    calls = [_call(function, variant.calls(function, case)[0].inputs, exact) for case in cases]
    name = function.name
    listed = "".join(f"    {call},\n" for call in calls)
    return (
        f"from {function.oracle.__module__} import {name} as reference_{name}\n\n"
        f"examine({name}, reference_{name}, [\n{listed}])"
    )


def _call(function: Function, inputs: Inputs, exact: bool) -> str:
    args, options = arguments(function, inputs)
    return f"(({', '.join(_text(value, exact) for value in args)},), {options})"


def _text(value: Any, exact: bool) -> str:
    if isinstance(value, np.ndarray) and value.dtype.kind == "f" and not exact:
        return f"rng.standard_normal({value.shape})"
    return f"np.array({value.tolist()})" if isinstance(value, np.ndarray) else repr(value)
