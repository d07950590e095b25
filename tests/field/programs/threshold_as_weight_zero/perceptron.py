import numpy as np


class Perceptron(object):
    def __init__(self, eta, w_):
        self.eta = eta
        self.w_ = w_

    def net_input(self, X):
        return np.dot(X, self.w_[1:]) + self.w_[0]

    def predict(self, X):
        return np.where(self.net_input(X) >= 0.0, 1.0, 0.0)

    def fit_once(self, X, y):
        for xi, target in zip(X, y):
            update = self.eta * (target - self.predict(xi))
            self.w_[1:] += update * xi
            self.w_[0] += update
        return self


def perceptron_forward(x, w, b):
    return Perceptron(0.0, np.append(b, w)).predict(x)


def perceptron_update(x, y, w, b, *, lr):
    p = Perceptron(lr, np.append(b, w)).fit_once(x, y)
    return p.w_[1:].copy(), float(p.w_[0])
