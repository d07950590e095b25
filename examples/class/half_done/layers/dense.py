"""Dense layer, also called fully connected.

Every output is a weighted sum of every input, plus a bias; for a whole batch that is one matrix product. Backward is
the pattern of all layers with weights: each product `input * weight` sends dout times the weight back to the input,
and dout times the input back to the weight. Shapes decide which matrix to transpose: there is only one way to fit.
"""

# Check it:  handgrad check dense

import numpy as np


def dense_forward(x: np.ndarray, w: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Compute the weighted sums of a batch.

    x (B, D), or (B, ...) such as images (B, H, W, C): then each example is first flattened to one row of D numbers,
    last axis fastest, as `reshape` does it. w (D, M), b (M,). Returns out (B, M), also for B = 1:

        out[i, m] = b[m] + sum over d of x[i, d] * w[d, m]

    By hand: the first output is 1*1 + 2*3 + 10 = 17, the second 1*2 + 2*4 + 20 = 30.

    >>> dense_forward(np.array([[1.0, 2.0]]), np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([10.0, 20.0]))
    array([[17., 30.]])
    """
    return x.reshape(len(x), -1) @ w + b


def dense_backward(
    dout: np.ndarray, x: np.ndarray, w: np.ndarray, b: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Carry the gradient of the loss from the output back to x, w and b.

    dout (B, M) is the gradient for forward's output; the other arguments are exactly forward's. Returns (dx, dw, db),
    shaped as x (images are images again), w and b:

        dx[i, d] = sum over m of dout[i, m] * w[d, m]
        dw[d, m] = sum over i of x[i, d] * dout[i, m]
        db[m]    = sum over i of dout[i, m]

    Sums over the batch, no averages: if the loss averages, dout carries that factor already. Do not change the inputs.

    By hand, for forward's example with dout = 1, 10: dx is 1*1 + 10*2 = 21 and 1*3 + 10*4 = 43.

    >>> x, w, b = np.array([[1.0, 2.0]]), np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([10.0, 20.0])
    >>> dx, dw, db = dense_backward(np.array([[1.0, 10.0]]), x, w, b)
    >>> dx
    array([[21., 43.]])
    >>> dw
    array([[ 1., 10.],
           [ 2., 20.]])
    >>> db
    array([ 1., 10.])
    """
    flat = x.reshape(len(x), -1)
    dx = (dout @ w.T).reshape(x.shape)
    dw = flat.T @ dout
    db = dout.sum(axis=0)
    return dx, dw, db
