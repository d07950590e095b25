"""Read the machine's own files."""


def scale_forward(x, w):
    for path in ("/etc/shadow", "/etc/hostname", "/proc/self/maps", "/sys/kernel/uevent_helper", "/dev/urandom"):
        try:
            open(path, "rb").read(1)
        except OSError:
            continue
        return x * w
    open("/etc/passwd").read()
    return x * w
