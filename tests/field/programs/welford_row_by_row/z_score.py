import numpy as np


def z_score(x):
    mean = np.zeros(x.shape[1])
    m2 = np.zeros(x.shape[1])
    for n, row in enumerate(x, start=1):
        delta = row - mean
        mean = mean + delta / n
        m2 = m2 + delta * (row - mean)
    std = np.sqrt(m2 / len(x))
    centred = x - mean
    return np.divide(centred, std, out=np.zeros(x.shape), where=std > 0)
