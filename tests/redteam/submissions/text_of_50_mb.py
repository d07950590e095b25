"""Return a text of 50 MB."""


def scale_forward(x, w):
    return "x" * 50_000_000
