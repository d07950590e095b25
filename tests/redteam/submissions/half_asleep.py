"""Sleep a little in every call; right."""

import time


def scale_forward(x, w):
    time.sleep(0.02)
    return x * w
