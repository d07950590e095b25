"""Return lists in lists, five hundred deep."""


def scale_forward(x, w):
    value = 1.0
    for _ in range(500):
        value = [value]
    return value
