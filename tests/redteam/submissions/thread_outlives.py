"""Leave threads behind that wait for ever; right."""

import threading
import time


def scale_forward(x, w):
    for _ in range(4):
        threading.Thread(target=time.sleep, args=(3600,)).start()
    return x * w
