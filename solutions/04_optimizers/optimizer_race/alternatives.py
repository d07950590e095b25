"""Optimizer race: right answers written another way, which every check must accept."""

from __future__ import annotations

import numpy as np

from autograder.spec import alternative


@alternative("race")
def rows_filled_with_numbers(gradient, w, *, steps, lr, adagrad_lr, mu=0.9, eps=1e-8):
    paths = {name: np.zeros((steps + 1, len(w))) for name in ("adagrad", "momentum", "sgd")}
    for path in paths.values():
        path[0] = w
    v, cache = [0.0] * len(w), [0.0] * len(w)
    for t in range(steps):
        slope = {name: gradient(path[t]) for name, path in paths.items()}
        for d in range(len(w)):
            v[d] = mu * v[d] - lr * slope["momentum"][d]
            cache[d] += slope["adagrad"][d] ** 2
            paths["sgd"][t + 1, d] = paths["sgd"][t, d] - lr * slope["sgd"][d]
            paths["momentum"][t + 1, d] = paths["momentum"][t, d] + v[d]
            paths["adagrad"][t + 1, d] = paths["adagrad"][t, d] - adagrad_lr * slope["adagrad"][d] / (
                cache[d] ** 0.5 + eps
            )
    return paths


@alternative("race")
def one_loop_and_three_steps(gradient, w, *, steps, lr, adagrad_lr, mu=0.9, eps=1e-8):
    def sgd(w, dw, state):
        return w - lr * dw, state

    def momentum(w, dw, state):
        state = state * mu + lr * dw
        return w - state, state

    def adagrad(w, dw, state):
        state = state + np.square(dw)
        return w - adagrad_lr / (np.sqrt(state) + eps) * dw, state

    paths = {}
    for step in (sgd, momentum, adagrad):
        point, state = w, np.zeros(w.shape)
        points = [point]
        for _ in range(steps):
            point, state = step(point, gradient(point), state)
            points.append(point)
        paths[step.__name__] = np.stack(points)
    return paths


@alternative("race")
def differences_instead_of_state(gradient, w, *, steps, lr, adagrad_lr, mu=0.9, eps=1e-8):
    sgd, momentum, adagrad, slopes = [w], [w, w], [w], []
    for _ in range(steps):
        sgd.append(sgd[-1] - lr * gradient(sgd[-1]))
        momentum.append(momentum[-1] + mu * (momentum[-1] - momentum[-2]) - lr * gradient(momentum[-1]))
        slopes.append(gradient(adagrad[-1]))
        adagrad.append(adagrad[-1] - adagrad_lr * slopes[-1] / (np.linalg.norm(slopes, axis=0) + eps))
    return {"sgd": np.array(sgd), "momentum": np.array(momentum[1:]), "adagrad": np.asfortranarray(adagrad)}
