import numpy as np

_state = {}


def momentum_step(w, dw, v, *, lr, mu=0.9):
    key = w.shape
    if key not in _state:
        _state[key] = np.zeros_like(w)
    _state[key] = mu * _state[key] - lr * dw
    return w + _state[key], _state[key].copy()
