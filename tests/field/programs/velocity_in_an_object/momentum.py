import numpy as np


class MomentumSGD:
    def __init__(self, momentum, velocity):
        self.momentum = momentum
        self.velocity = velocity

    def update(self, w, d_w, learning_rate):
        self.velocity = self.momentum * self.velocity - d_w * learning_rate
        return w + self.velocity


def momentum_step(w, dw, v, *, lr, mu=0.9):
    optimizer = MomentumSGD(mu, v)
    new_w = optimizer.update(w, dw, lr)
    return new_w, optimizer.velocity
