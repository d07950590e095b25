import math
import numpy as np


def cross_entropy(q, p, *, base=math.e):
    epsilon = 1e-12
    y = np.minimum(np.maximum(q, epsilon), 1 - epsilon)
    size = len(p)
    ce_cost = -1.0 / size * np.sum(p * np.log(y) + np.log(1.0 - y) * (1.0 - p))
    return float(ce_cost / np.log(base))


def cross_entropy_backward(q, p):
    dq = np.zeros_like(q)
    hit = p != 0
    dq[hit] = -p[hit] / q[hit] / len(q)
    return dq
