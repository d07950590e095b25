import numpy as np

WEIGHT_DECAY = 0.01


def dense_forward(x, w, b):
    last_input = np.reshape(x, (x.shape[0], -1))
    return np.dot(last_input, w) + b


def dense_backward(dout, x, w, b):
    last_input = np.reshape(x, (x.shape[0], -1))
    n = dout.shape[0]
    dW = np.dot(last_input.T, dout) / n - WEIGHT_DECAY * w
    db = np.mean(dout, axis=0)
    return np.reshape(np.dot(dout, w.T), x.shape), dW, db
