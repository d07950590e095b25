"""Start another program."""

import os
import subprocess
import sys


def scale_forward(x, w):
    for start in (lambda: os.posix_spawn("/bin/true", ["true"], {}), lambda: os.execv(sys.executable, ["python"])):
        try:
            start()
        except OSError:
            continue
        return x * w
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    return x * w
