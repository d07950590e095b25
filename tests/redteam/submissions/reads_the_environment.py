"""Look for tokens and keys."""

import os


def scale_forward(x, w):
    secrets = [name for name in os.environ if any(word in name for word in ("TOKEN", "KEY", "SECRET", "HANDGRAD"))]
    if not secrets:
        raise LookupError("no secret in sight")
    return x * w
