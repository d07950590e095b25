"""Cost no CPU time and never come back."""

import time


def scale_forward(x, w):
    time.sleep(3600)
