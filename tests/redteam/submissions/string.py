"""Return a word."""


def scale_forward(x, w):
    return "correct"
