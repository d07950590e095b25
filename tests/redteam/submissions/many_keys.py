"""Return a dict of nine thousand arrays, each under a key of its own."""


def scale_forward(x, w):
    return {f"key {number}": x for number in range(9000)}
