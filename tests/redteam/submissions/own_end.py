"""Kill, stop or end itself by a signal: sent, raised, timed, or asked for at its parent's end."""

import ctypes
import os
import signal
import threading

libc = ctypes.CDLL(None)


def scale_forward(x, w):
    me = os.getpid()
    for name in ("SIGKILL", "SIGSTOP", "SIGTERM", "SIGALRM", "SIGXCPU"):
        number = getattr(signal, name)
        for send in (
            lambda n: os.kill(me, n),
            lambda n: os.kill(0, n),
            lambda n: os.killpg(os.getpgrp(), n),
            lambda n: signal.raise_signal(n),
            lambda n: signal.pthread_kill(threading.get_ident(), n),
            lambda n: signal.setitimer(signal.ITIMER_PROF, 0.01),
            lambda n: libc.prctl(1, n, 0, 0, 0) == 0 or 1 / 0,
        ):
            try:
                send(number)
                return x * w
            except (OSError, ZeroDivisionError):
                pass
    raise PermissionError("no way to send a signal")
