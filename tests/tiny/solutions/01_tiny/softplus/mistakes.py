"""Softplus: wrong answers."""

from __future__ import annotations

import numpy as np

from autograder.spec import mistake


@mistake("softplus")
def overflows(x):
    """exp(x) is too large for a float when x is. Which part of the answer is x itself?"""
    return np.log(1 + np.exp(x))


@mistake("softplus")
def rectifies(x):
    """This is the function that softplus smooths."""
    return np.maximum(x, 0.0)


@mistake("softplus")
def one_forgotten(x):
    """log and exp cancel: the 1 between them is missing."""
    return np.log(np.exp(np.clip(x, -700, 700)))
