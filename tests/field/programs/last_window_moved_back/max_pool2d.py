import numpy as np


def starts(length, window, stride):
    s = list(range(0, length - window + 1, stride))
    if s[-1] + window < length:
        s.append(length - window)
    return s


def max_pool2d_forward(x, *, window, stride):
    rows = starts(x.shape[1], window, stride)
    cols = starts(x.shape[2], window, stride)
    out = np.zeros((x.shape[0], len(rows), len(cols), x.shape[3]))
    for i, y in enumerate(rows):
        for j, z in enumerate(cols):
            region = x[:, y:y + window, z:z + window, :]
            out[:, i, j, :] = region.max(axis=1).max(axis=1)
    return out


def max_pool2d_backward(dout, x, *, window, stride):
    rows = starts(x.shape[1], window, stride)
    cols = starts(x.shape[2], window, stride)
    d_result = np.zeros_like(x)
    for i, y in enumerate(rows):
        for j, z in enumerate(cols):
            region = x[:, y:y + window, z:z + window, :]
            flat = region.reshape(len(x), -1, x.shape[3])
            hit = flat.argmax(axis=1)
            for b in range(len(x)):
                for c in range(x.shape[3]):
                    p, q = divmod(hit[b, c], window)
                    d_result[b, y + p, z + q, c] += dout[b, i, j, c]
    return d_result
