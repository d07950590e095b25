import math


def output_size(size, *, window, stride=1, pad=0):
    return math.floor(size + 2 * pad - window) / stride + 1
