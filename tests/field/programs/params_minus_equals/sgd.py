import numpy as np


class SGD:
    def __init__(self, lr):
        self.lr = lr

    def step(self, param, grad):
        param -= self.lr * grad
        return param


def sgd_step(w, dw, *, lr):
    return SGD(lr).step(w, dw)
