"""Return zeros of the right shape."""


def scale_forward(x, w):
    return x * 0
