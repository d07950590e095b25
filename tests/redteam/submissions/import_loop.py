"""Never come back from being loaded."""

while True:
    pass


def scale_forward(x, w):
    return x * 0
