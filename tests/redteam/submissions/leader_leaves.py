"""End the first thread alone, so that a process is left that never answers."""

import ctypes
import platform
import threading
import time

EXIT = {"x86_64": 60, "aarch64": 93}


def scale_forward(x, w):
    threading.Thread(target=time.sleep, args=(3600,)).start()
    ctypes.CDLL(None).syscall(EXIT[platform.machine()], 0)
