"""Name the function otherwise than it was asked for."""


def scale_foward(x, w):
    return x * w
