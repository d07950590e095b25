"""Arctangent normalization: right answers written another way, which every check must accept."""

from __future__ import annotations

import math

import numpy as np

from autograder.spec import alternative


@alternative("arctan_normalize", fast=False)
def entry_by_entry(x):
    out = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        out[index] = 2 * math.atan(x[index]) / math.pi
    return out


@alternative("arctan_normalize")
def angle_of_a_point(x):
    return np.asfortranarray(np.arctan2(x, 1.0) / (math.pi / 2))


@alternative("arctan_normalize")
def share_of_a_right_angle(x):
    return np.degrees(np.arctan(x)) / 90
