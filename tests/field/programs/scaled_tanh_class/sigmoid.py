import numpy as np


class Sigmoid:
    def __call__(self, z):
        self.t = np.tanh(0.5 * z)
        return 0.5 * (1.0 + self.t)

    def grad(self):
        return 0.25 * (1.0 - self.t * self.t)


def sigmoid_forward(x):
    return Sigmoid()(x)


def sigmoid_backward(dout, x):
    s = Sigmoid()
    s(x)
    return s.grad() * dout
