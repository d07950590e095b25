import numpy as np


def flatten_forward(x):
    rows = []
    for image in x:
        rows.append(image.flatten('F'))
    return np.array(rows)


def flatten_backward(dout, x):
    return dout.reshape(x.shape)
