import math
import numpy as np


def cross_entropy(q, p, *, base=math.e):
    i, k = np.nonzero(p)
    total = -math.fsum(p[i, k] * np.log(q[i, k]))
    return total / math.log(base) / len(p)


def cross_entropy_backward(q, p):
    dq = np.zeros(q.shape)
    i, k = np.nonzero(p)
    dq[i, k] = p[i, k] / q[i, k] * (-1.0 / len(q))
    return dq
