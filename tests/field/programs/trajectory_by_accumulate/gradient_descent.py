from itertools import accumulate, repeat

import numpy as np


def gradient_descent(gradient, w, *, lr, steps):
    points = accumulate(repeat(None, steps), lambda p, _: p - lr * gradient(p), initial=np.array(w, dtype=float))
    return np.stack(list(points))
