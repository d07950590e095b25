import numpy as np


def z_score(x, epsilon=1e-6):
    return (x - x.mean(axis=0)) / (x.std(axis=0) + epsilon)
