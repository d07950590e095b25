import numpy as np


class SGDMomentum:
    def __init__(self, alpha, mu, theta):
        self.alpha = alpha
        self.mu = mu
        self.theta = theta

    def step(self, value, grad):
        self.theta = self.mu * self.theta + self.alpha * grad
        return value - self.theta


def momentum_step(w, dw, v, *, lr, mu=0.9):
    opt = SGDMomentum(lr, mu, v)
    w = opt.step(w, dw)
    return w, opt.theta
