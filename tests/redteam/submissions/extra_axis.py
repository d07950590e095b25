"""Right values with an axis too many."""


def scale_forward(x, w):
    return (x * w)[..., None]
