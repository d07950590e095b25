import numpy as np


def arctan_normalize(x):
    return np.arctan(x) * (2 / 3.14159)
