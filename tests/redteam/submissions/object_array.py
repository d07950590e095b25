"""Right values as Python objects in an array."""


def scale_forward(x, w):
    return (x * w).astype(object)
