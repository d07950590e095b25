import numpy as np


class SigmoidLayer:
    def __init__(self):
        self.cache = {}

    def forward_propagate(self, Z):
        self.cache['Z'] = Z
        return np.where(Z < 0, np.exp(np.minimum(Z, 0)), 1.0) / (1 + np.exp(-np.abs(Z)))

    def back_propagate(self, dA):
        Z = self.cache['Z']
        return dA * (Z * (1 - Z))


def sigmoid_forward(x):
    return SigmoidLayer().forward_propagate(x)


def sigmoid_backward(dout, x):
    layer = SigmoidLayer()
    layer.forward_propagate(x)
    return layer.back_propagate(dout)
