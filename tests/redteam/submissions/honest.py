"""Right, as the reference is."""


def scale_forward(x, w):
    return x * w
