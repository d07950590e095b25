"""overfit_check: what is to be learned by heart, and what shows that it was, for how many points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.random import Generator

from autograder.spec import Case, Draw, Free, Function, case, derived, generator, integers, plain, uniform
from reference.digits import part
from reference.mlp_training import loss, train_until

MOST = 10_000
ANY = 1e9  # a tolerance that every start meets
FORM = "expected a dict of w1 (D, M), b1 (M,), w2 (M, K), b2 (K,), all float"


def learned(given: Mapping[str, Any], params: Any) -> str | None:
    """Whether the params bring the loss of the rows below tolerance. They are tried out here: nobody's word counts."""
    found = tried(given, params)
    if isinstance(found, str):
        return found
    if not found < given["tolerance"]:  # also where it is nan
        return (
            f"The params that you return have a loss of {found:.3g} on the rows, expected less than "
            f"{given['tolerance']:g}. Where the loss does not fall, compare each gradient with a numerical one"
        )
    return None


def remembered(given: Mapping[str, Any], history: Any) -> str | None:
    """Whether history is the way there: it begins with the loss of the params to start from, every loss is at or above
    tolerance but the last, and that is the loss of the params. Both losses are computed here; the params to start from
    are what a second call returns, which is told to be content with any loss."""
    try:
        losses = np.asarray(history)
    except ValueError:  # rows of different lengths
        losses = np.zeros(0)
    if losses.ndim != 1 or losses.dtype.kind != "f" or len(losses) < 2:
        return "history is no list of two losses or more. Append the loss of the start, then one after each step"
    early = np.flatnonzero(losses[:-1] < given["tolerance"])
    if len(early):
        return f"history is below tolerance after {early[0]} steps and goes on. Stop as soon as it is reached"
    found = tried(given, given["params"])
    if isinstance(found, str):
        return "history belongs to params that cannot be tried out"
    if not abs(losses[-1] - found) <= 1e-6 * (1 + found):
        return (
            f"history ends with {losses[-1]:.4g}, but the params that you return have a loss of {found:.4g}. It is the "
            "mean over all rows, and the last entry belongs to the params after the last step"
        )
    if not losses[-1] < given["tolerance"]:
        return "history never gets below tolerance"
    begun = tried(given, given["again"]["params"]) if "again" in given else float(losses[0])
    if isinstance(begun, str) or not abs(losses[0] - begun) <= 1e-6 * (1 + begun):
        return (
            "history does not begin with the loss of the params that you start from. train_until is called again with "
            "a tolerance above any loss and the same rng: it should return those params, after no step"
        )
    return None


def tried(given: Mapping[str, Any], params: Any) -> float | str:
    """The loss of the rows with these params, or why there is none."""
    arrays = [value for value in params.values() if isinstance(value, np.ndarray)] if isinstance(params, dict) else []
    if sum(array.size for array in arrays) > MOST:
        return f"params hold more than {MOST} numbers. A hidden layer of 32 units is enough"
    try:
        with np.errstate(all="ignore"):
            return loss(given["x"], given["labels"], params)
    except (AttributeError, IndexError, ValueError):
        return f"The params do not fit the network: {FORM}"


def learn(name: str, tolerance: float, **draws: Draw) -> Case:
    """A case that is judged by what the params can do: there is no one right answer."""
    judges = {"params": Free(learned), "history": Free(remembered, again={"tolerance": ANY})}
    return case(name, accept=judges, tolerance=tolerance, rng=generator(), **draws)


def digits(rng: Generator) -> np.ndarray:
    """Twenty images that are the same for all."""
    return part("validation")[0][:20]


EXERCISE = plain(
    Function(train_until, {"params": 6, "history": 4}, seconds=5, curve="history"),
    cases=[
        learn(
            "twenty images to 0.1", 0.1,
            x=derived(digits), labels=derived(lambda rng: part("validation")[1][:20]),
        ),
        learn("twenty images with any labels to 0.05", 0.05, x=derived(digits), labels=integers(20, below=10)),
        learn("noise with any labels to 0.01", 0.01, x=uniform(15, 40), labels=integers(15, below=4)),
        learn("two classes to 0.3", 0.3, x=uniform(12, 30), labels=derived(lambda rng: rng.permutation(12) % 2)),
    ],
    requires=("dense", "relu", "softmax_cross_entropy", "momentum"),
)  # fmt: skip
