import numpy as np


def race(gradient, w, *, steps, lr, adagrad_lr, mu=0.9, eps=1e-8):
    paths = {}
    v = np.zeros_like(w)
    h = np.zeros_like(w)
    for key in ("sgd", "momentum", "adagrad"):
        pos = w
        history = [pos.copy()]
        for _ in range(steps):
            g = gradient(pos)
            if key == "sgd":
                pos -= lr * g
            elif key == "momentum":
                v = mu * v - lr * g
                pos += v
            else:
                h = h + g * g
                pos -= adagrad_lr * g / (np.sqrt(h) + eps)
            history.append(pos.copy())
        paths[key] = np.array(history)
    return paths
