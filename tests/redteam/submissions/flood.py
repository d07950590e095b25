"""Print without end."""


def scale_forward(x, w):
    while True:
        print("x" * 10_000)
