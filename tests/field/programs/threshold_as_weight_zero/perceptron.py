import numpy as np


class Unit:
    """A neuron whose first weight meets a constant input of 1."""

    def __init__(self, threshold, weights):
        self.all = np.concatenate(([threshold], weights))

    def fires(self, row):
        total = self.all[0] + row @ self.all[1:]
        return 1.0 if total >= 0 else 0.0

    def learn(self, row, wanted, rate):
        change = rate * (wanted - self.fires(row))
        self.all[0] += change
        self.all[1:] += change * row


def perceptron_forward(x, w, b):
    unit = Unit(b, w)
    return np.array([unit.fires(row) for row in x])


def perceptron_update(x, y, w, b, *, lr):
    unit = Unit(b, w)
    for row, wanted in zip(x, y):
        unit.learn(row, wanted, lr)
    return unit.all[1:].copy(), float(unit.all[0])
