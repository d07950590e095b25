"""Set its own limit of CPU time to a second and use it up, so that the kernel sends SIGKILL."""

import resource


def scale_forward(x, w):
    resource.setrlimit(resource.RLIMIT_CPU, (1, 1))
    while True:
        pass
