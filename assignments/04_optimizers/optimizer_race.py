"""Three optimizers race through a ravine.

SGD, momentum and AdaGrad start at the same point of the same landscape, and their paths show how they differ: SGD
swings from wall to wall, momentum swings less and less while it gathers speed along the floor, AdaGrad treats the
steep direction and the gentle one alike. Each optimizer has its own point, and its own state from its own past.
"""

# Check it:  handgrad check optimizer_race

from collections.abc import Callable

import numpy as np


def race(
    gradient: Callable[[np.ndarray], np.ndarray],
    w: np.ndarray,
    *,
    steps: int,
    lr: float,
    adagrad_lr: float,
    mu: float = 0.9,
    eps: float = 1e-8,
) -> dict[str, np.ndarray]:
    """Run SGD, momentum and AdaGrad from the same start and keep all the points they visit.

    gradient is a function: gradient(w) returns the gradient (D,) at the point w (D,). Returns a dict of three
    trajectories, each an array (steps + 1, D) whose first row is the given w:

        "sgd"        w = w - lr * dw
        "momentum"   v = mu * v - lr * dw              w = w + v
        "adagrad"    cache = cache + dw^2              w = w - adagrad_lr * dw / (sqrt(cache) + eps)

    dw is the gradient at the optimizer's own point; v and cache start at zero. AdaGrad has a learning rate of its own,
    because it divides by the gradient's size: its first step is adagrad_lr long in every coordinate. The given w stays
    as it is.

    On J(w) = (w0^2 + 19*w1^2) / 2, which is steep in w1, two steps from (-8, 2):

    >>> ravine = lambda w: np.array([1.0, 19.0]) * w
    >>> paths = race(ravine, np.array([-8.0, 2.0]), steps=2, lr=0.1, adagrad_lr=1.8, mu=0.5)
    >>> for name, path in paths.items():
    ...     print(name, path.round(2).tolist())
    sgd [[-8.0, 2.0], [-7.2, -1.8], [-6.48, 1.62]]
    momentum [[-8.0, 2.0], [-7.2, -1.8], [-6.08, -0.28]]
    adagrad [[-8.0, 2.0], [-6.2, 0.2], [-5.1, 0.02]]
    """
    raise NotImplementedError("write race")
