"""Examples of a failure with the entries marked that the checks call wrong."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from autograder.numeric.compare import wrong_entries
from autograder.report.report import Array, Example
from autograder.spec.function import Tolerance


def marked(example: Example, tolerance: Tolerance = Tolerance()) -> Example:
    """Return the example with `wrong` as a check sets it; unchanged where the arrays have no equal shape."""
    if example.yours is None or example.yours.shape != example.expected.shape:
        return example
    yours, expected = _numbers(example.yours), _numbers(example.expected)
    wrong = wrong_entries(yours, expected, tolerance.rtol, tolerance.atol)
    return replace(example, wrong=tuple(np.flatnonzero(wrong).tolist()))


def _numbers(array: Array) -> np.ndarray:
    return np.array([float(value) for value in array.values], dtype=float)
