"""Results that are no arrays."""

import numpy as np


def spread(size: int, *, by: int = 1) -> int:
    """The length of `size` entries with `by` gaps between neighbours."""
    # BEGIN SOLUTION
    return (size - 1) * (by + 1) + 1
    # END SOLUTION


def extremes(x: np.ndarray) -> dict[str, np.ndarray]:
    """low and high of every column of x (B, D), each (D,)."""
    # BEGIN SOLUTION
    return {"low": np.min(x, axis=0), "high": np.max(x, axis=0)}
    # END SOLUTION


def halves(x: np.ndarray) -> list[np.ndarray]:
    """The first and the second half of the rows; the second has the middle one."""
    # BEGIN SOLUTION
    return [x[: len(x) // 2], x[len(x) // 2 :]]
    # END SOLUTION
