"""Right numbers in lists instead of an array."""


def scale_forward(x, w):
    return (x * w).tolist()
