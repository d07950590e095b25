import numpy as np


def fit_line(x, y, w, *, lr, batch_size, epochs):
    history = []
    num_batches = len(x) // batch_size
    for epoch in range(epochs):
        total, seen = 0.0, 0
        for k in range(num_batches):
            xb = x[k * batch_size:(k + 1) * batch_size]
            yb = y[k * batch_size:(k + 1) * batch_size]
            error = xb @ w - yb
            total += np.sum(error ** 2)
            seen += len(xb)
            w = w - lr * 2 * xb.T @ error / len(xb)
        history.append(total / max(seen, 1))
    return w, np.array(history)
