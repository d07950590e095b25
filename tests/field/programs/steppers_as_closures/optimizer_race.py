import numpy as np


def walk(step, gradient, w, steps):
    points = np.empty((steps + 1, len(w)))
    points[0] = w
    for t in range(steps):
        points[t + 1] = step(points[t], gradient(points[t].copy()))
    return points


def race(gradient, w, *, steps, lr, adagrad_lr, mu=0.9, eps=1e-8):
    def sgd(p, g):
        return p - lr * g

    def momentum():
        v = np.zeros(len(w))

        def step(p, g):
            nonlocal v
            v = mu * v - lr * g
            return p + v
        return step

    def adagrad():
        cache = np.zeros(len(w))

        def step(p, g):
            nonlocal cache
            cache = cache + g ** 2
            return p - adagrad_lr * g / (np.sqrt(cache) + eps)
        return step

    steppers = {"sgd": sgd, "momentum": momentum(), "adagrad": adagrad()}
    return {name: walk(step, gradient, w, steps) for name, step in steppers.items()}
