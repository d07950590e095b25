"""Optimizer race: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import convention, mistake


@mistake("race")
def same_gradient_for_all(gradient, w, *, steps, lr, adagrad_lr, mu=0.9, eps=1e-8):
    """The first step of each is right, then momentum and AdaGrad go astray: all three used the gradient at SGD's
    point. Each has to ask for the gradient where it stands."""
    sgd, momentum, adagrad = [w], [w], [w]
    v, cache = 0 * w, 0 * w
    for _ in range(steps):
        dw = gradient(sgd[-1])
        v, cache = mu * v - lr * dw, cache + dw**2
        sgd.append(sgd[-1] - lr * dw)
        momentum.append(momentum[-1] + v)
        adagrad.append(adagrad[-1] - adagrad_lr * dw / (np.sqrt(cache) + eps))
    return _paths(sgd, momentum, adagrad)


@mistake("race")
def next_starts_where_the_last_ended(gradient, w, *, steps, lr, adagrad_lr, mu=0.9, eps=1e-8):
    """SGD is right, but momentum starts where SGD ended, and AdaGrad where momentum ended. All three start from the
    given w."""
    sgd = _sgd(gradient, w, steps, lr)
    momentum = _momentum(gradient, sgd[-1], steps, lr, mu)
    return _paths(sgd, momentum, _adagrad(gradient, momentum[-1], steps, adagrad_lr, eps))


@mistake("race")
def one_point_for_all(gradient, w, *, steps, lr, adagrad_lr, mu=0.9, eps=1e-8):
    """The optimizers pull at one and the same w, one after the other. Give each a point of its own."""
    sgd, momentum, adagrad = [w], [w], [w]
    v, cache = 0 * w, 0 * w
    for _ in range(steps):
        w = w - lr * gradient(w)
        sgd.append(w)
        v = mu * v - lr * gradient(w)
        w = w + v
        momentum.append(w)
        dw = gradient(w)
        cache = cache + dw**2
        w = w - adagrad_lr * dw / (np.sqrt(cache) + eps)
        adagrad.append(w)
    return _paths(sgd, momentum, adagrad)


@mistake("race")
def same_lr_for_all(gradient, w, *, steps, lr, adagrad_lr, mu=0.9, eps=1e-8):
    """AdaGrad is wrong from its first step on: it ran with lr. It has a learning rate of its own."""
    return _race(gradient, w, steps, lr, lr, mu, eps)


@mistake("race")
def velocity_forgotten(gradient, w, *, steps, lr, adagrad_lr, mu=0.9, eps=1e-8):
    """Momentum's path is SGD's: the velocity starts from zero at every step. It must outlive the step."""
    return _race(gradient, w, steps, lr, adagrad_lr, 0.0, eps)


@mistake("race")
def cache_forgotten(gradient, w, *, steps, lr, adagrad_lr, mu=0.9, eps=1e-8):
    """AdaGrad's steps never get shorter: the cache starts from zero at every step. It must outlive the step."""
    adagrad = [w]
    for _ in range(steps):
        dw = gradient(adagrad[-1])
        adagrad.append(adagrad[-1] - adagrad_lr * dw / (np.sqrt(dw**2) + eps))
    return _paths(_sgd(gradient, w, steps, lr), _momentum(gradient, w, steps, lr, mu), adagrad)


@mistake("race")
def cache_decays(gradient, w, *, steps, lr, adagrad_lr, mu=0.9, eps=1e-8):
    """The cache is a moving average: that is RMSProp. AdaGrad's cache forgets nothing and adds the square in full."""
    adagrad, cache = [w], 0 * w
    for _ in range(steps):
        dw = gradient(adagrad[-1])
        cache = 0.9 * cache + 0.1 * dw**2
        adagrad.append(adagrad[-1] - adagrad_lr * dw / (np.sqrt(cache) + eps))
    return _paths(_sgd(gradient, w, steps, lr), _momentum(gradient, w, steps, lr, mu), adagrad)


@convention("race")
def eps_inside_the_root(gradient, w, *, steps, lr, adagrad_lr, mu=0.9, eps=1e-8):
    """AdaGrad is nearly right: only gentle slopes show it. eps is under the root, as in Keras; here it is added
    outside."""
    adagrad, cache = [w], 0 * w
    for _ in range(steps):
        dw = gradient(adagrad[-1])
        cache = cache + dw**2
        adagrad.append(adagrad[-1] - adagrad_lr * dw / np.sqrt(cache + eps))
    return _paths(_sgd(gradient, w, steps, lr), _momentum(gradient, w, steps, lr, mu), adagrad)


@mistake("race")
def eps_missing(gradient, w, *, steps, lr, adagrad_lr, mu=0.9, eps=1e-8):
    """Along a direction without slope AdaGrad's path is nan: 0 / 0. What is eps for?"""
    with np.errstate(invalid="ignore"):
        return _race(gradient, w, steps, lr, adagrad_lr, mu, 0.0)


@mistake("race")
def velocity_subtracted(gradient, w, *, steps, lr, adagrad_lr, mu=0.9, eps=1e-8):
    """Momentum climbs out of the ravine: the minus sign is in the velocity already, so what happens to v in w's
    line?"""
    momentum, v = [w], 0 * w
    for _ in range(steps):
        v = mu * v - lr * gradient(momentum[-1])
        momentum.append(momentum[-1] - v)
    return _paths(_sgd(gradient, w, steps, lr), momentum, _adagrad(gradient, w, steps, adagrad_lr, eps))


@mistake("race")
def old_velocity_used(gradient, w, *, steps, lr, adagrad_lr, mu=0.9, eps=1e-8):
    """Momentum starts one step late: it moved with the velocity from before this gradient. In which order are the two
    lines?"""
    momentum, v = [w], 0 * w
    for _ in range(steps):
        momentum.append(momentum[-1] + v)
        v = mu * v - lr * gradient(momentum[-2])
    return _paths(_sgd(gradient, w, steps, lr), momentum, _adagrad(gradient, w, steps, adagrad_lr, eps))


@convention("race")
def nesterov(gradient, w, *, steps, lr, adagrad_lr, mu=0.9, eps=1e-8):
    """Momentum asked for the gradient one step ahead: this is Nesterov's. Here momentum asks at the point where it
    is."""
    momentum, v = [w], 0 * w
    for _ in range(steps):
        v = mu * v - lr * gradient(momentum[-1] + mu * v)
        momentum.append(momentum[-1] + v)
    return _paths(_sgd(gradient, w, steps, lr), momentum, _adagrad(gradient, w, steps, adagrad_lr, eps))


@convention("race")
def weighted_average(gradient, w, *, steps, lr, adagrad_lr, mu=0.9, eps=1e-8):
    """Momentum's gradient is scaled by 1 - mu: this velocity is a moving average, as in Adam. Here the gradient counts
    in full."""
    momentum = _momentum(gradient, w, steps, (1 - mu) * lr, mu)
    return _paths(_sgd(gradient, w, steps, lr), momentum, _adagrad(gradient, w, steps, adagrad_lr, eps))


@mistake("race")
def mu_fixed(gradient, w, *, steps, lr, adagrad_lr, mu=0.9, eps=1e-8):
    """Momentum is right with mu = 0.9 only: the number is written into the formula. Use the argument."""
    return _race(gradient, w, steps, lr, adagrad_lr, 0.9, eps)


@mistake("race")
def gradient_ascent(gradient, w, *, steps, lr, adagrad_lr, mu=0.9, eps=1e-8):
    """All three climb. The gradient points to where the loss grows."""
    return _race(gradient, w, steps, -lr, -adagrad_lr, mu, eps)


@mistake("race")
def start_left_out(gradient, w, *, steps, lr, adagrad_lr, mu=0.9, eps=1e-8):
    """The start is missing: each trajectory has steps + 1 points, and the first of them is w itself."""
    return {name: path[1:] for name, path in _race(gradient, w, steps, lr, adagrad_lr, mu, eps).items()}


@mistake("race")
def paths_mixed_up(gradient, w, *, steps, lr, adagrad_lr, mu=0.9, eps=1e-8):
    """Two paths stand under each other's name."""
    paths = _race(gradient, w, steps, lr, adagrad_lr, mu, eps)
    return paths | {"momentum": paths["adagrad"], "adagrad": paths["momentum"]}


@mistake("race")
def only_the_last_points(gradient, w, *, steps, lr, adagrad_lr, mu=0.9, eps=1e-8):
    """You returned where each path ends. The whole paths are asked for, one row per point."""
    return {name: path[-1] for name, path in _race(gradient, w, steps, lr, adagrad_lr, mu, eps).items()}


@mistake("race")
def start_moved_in_place(gradient, w, *, steps, lr, adagrad_lr, mu=0.9, eps=1e-8):
    """The paths are right, but the caller's w has walked along: `w -= …` writes into the array you were given."""
    paths = _race(gradient, w, steps, lr, adagrad_lr, mu, eps)
    for _ in range(steps):
        w -= lr * gradient(w)
    return paths


@mistake("race")
def moved_in_place_by_the_first(gradient, w, *, steps, lr, adagrad_lr, mu=0.9, eps=1e-8):
    """SGD is right, but it moved the caller's w with `w -= …`, and the others then started from there."""
    sgd = [w.copy()]
    for _ in range(steps):
        w -= lr * gradient(w)
        sgd.append(w.copy())
    return _paths(sgd, _momentum(gradient, w, steps, lr, mu), _adagrad(gradient, w, steps, adagrad_lr, eps))


def _race(gradient, w, steps, lr, adagrad_lr, mu, eps):
    momentum = _momentum(gradient, w, steps, lr, mu)
    return _paths(_sgd(gradient, w, steps, lr), momentum, _adagrad(gradient, w, steps, adagrad_lr, eps))


def _sgd(gradient, w, steps, lr):
    return _momentum(gradient, w, steps, lr, 0.0)


def _momentum(gradient, w, steps, lr, mu):
    path, v = [w.copy()], 0 * w
    for _ in range(steps):
        v = mu * v - lr * gradient(path[-1])
        path.append(path[-1] + v)
    return path


def _adagrad(gradient, w, steps, lr, eps):
    path, cache = [w.copy()], 0 * w
    for _ in range(steps):
        dw = gradient(path[-1])
        cache = cache + dw**2
        path.append(path[-1] - lr * dw / (np.sqrt(cache) + eps))
    return path


def _paths(sgd, momentum, adagrad):
    return {"sgd": np.array(sgd), "momentum": np.array(momentum), "adagrad": np.array(adagrad)}
