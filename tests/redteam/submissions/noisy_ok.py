"""Print a hundred thousand characters, on both streams; right."""

import sys


def scale_forward(x, w):
    print("x" * 50_000)
    print("y" * 50_000, file=sys.stderr)
    return x * w
