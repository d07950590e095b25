"""Overflow the stack."""

import sys


def scale_forward(x, w):
    sys.setrecursionlimit(1 << 30)
    return scale_forward(x, w)
