"""Never come back, and let nobody interrupt."""

import signal

for number in range(1, 32):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass


def scale_forward(x, w):
    while True:
        try:
            pass
        except BaseException:
            pass
