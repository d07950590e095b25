"""What an exercise knows of its outputs besides their values: the terms of a formula, and sums that must come out.

A diagnosis uses them to say which term is missing. They earn nothing and cost nothing; the audit proves that they hold.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Terms:
    """The output is the sum of these terms. make: takes the function's arguments and returns name → array; a name is
    what a student may read, such as "the way through the mean"."""

    output: str
    make: Callable[..., Mapping[str, np.ndarray]]


@dataclass(frozen=True)
class Sums:
    """What the output sums to along some axes is known, such as 0 for each column. over: the axes, by name.

    broken: what to say where the sums are wrong. kept: where they are right and the output is not; "" for nothing.
    times: an input by which the output is multiplied before, less that input's mean along the axes. slack: the share
    by which the sums may be off and still count as right. Without axes it is the output itself that must be right.
    """

    output: str
    over: str
    broken: str = ""
    kept: str = ""
    times: str = ""
    slack: float = 0.0


Invariant = Terms | Sums
