"""Send the inputs away, by every kind of socket."""

import socket


def scale_forward(x, w):
    sent = 0
    for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX):
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            try:
                socket.socket(family, kind).close()
                sent += 1
            except OSError:
                pass
    if not sent:
        raise OSError("no socket of any kind")
    return x * w
