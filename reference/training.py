"""Training: mini-batch descent with momentum, for any network that is a dict of parameters and a gradient function.

The same parts that the earlier chapters are made of, put to work. `gradients(x, labels, params)` returns the loss of a
batch and the gradient of every parameter under its own key.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.random import Generator

from reference.descent import minibatches
from reference.optimizers import momentum_step

Params = dict[str, np.ndarray]
Gradients = Callable[[np.ndarray, np.ndarray, Params], tuple[float, Params]]


def descend(
    gradients: Gradients,
    params: Params,
    x: np.ndarray,
    labels: np.ndarray,
    *,
    lr: float,
    epochs: int,
    batch_size: int,
    rng: Generator,
    mu: float = 0.9,
) -> tuple[Params, list[float]]:
    """(params, history): the parameters after so many epochs, and each epoch's mean loss, before each batch's step.

    Every epoch visits every row once, in a new random order. The params that were given stay as they are.
    """
    params, history = dict(params), []
    velocity = {key: np.zeros_like(w) for key, w in params.items()}
    for _ in range(epochs):
        total = 0.0
        for rows, truth in minibatches(x, labels, batch_size=batch_size, rng=rng):
            loss, grads = gradients(rows, truth, params)
            total += loss * len(rows)
            for key, dw in grads.items():
                params[key], velocity[key] = momentum_step(params[key], dw, velocity[key], lr=lr, mu=mu)
        history.append(total / len(x))
    return params, history


def he(*shape: int, fan_in: int, rng: Generator) -> np.ndarray:
    """Gaussian weights of variance 2 / fan_in: half of a ReLU's inputs are cut off, and the rest keep their size.

    Source: He et al., "Delving deep into rectifiers", 2015.
    """
    return rng.standard_normal(shape) * np.sqrt(2 / fan_in)


def fitting(params: Mapping[str, np.ndarray], **shapes: tuple[int | str, ...]) -> list[np.ndarray]:
    """The parameters of these names, in this order; ValueError where one is missing or has another shape.

    A letter in a shape stands for any size, the same wherever it occurs.
    """
    sizes: dict[int | str, int] = {}
    for key, shape in shapes.items():
        w = params.get(key) if isinstance(params, Mapping) else None
        if not isinstance(w, np.ndarray) or w.dtype.kind != "f" or w.ndim != len(shape):
            raise ValueError(f"{key} is no float array with {len(shape)} axes")
        for letter, size in zip(shape, w.shape, strict=True):
            if sizes.setdefault(letter, letter if isinstance(letter, int) else size) != size:
                raise ValueError(f"{key} has shape {w.shape}, which does not fit {shape}")
    return [params[key] for key in shapes]
