"""Hold the interpreter's lock in one long computation."""


def scale_forward(x, w):
    return 7 ** (10**8)
