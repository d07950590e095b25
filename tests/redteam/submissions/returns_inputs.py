"""Return what was given."""


def scale_forward(x, w):
    return x
