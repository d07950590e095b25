"""Write the result into the argument and return that."""


def scale_forward(x, w):
    x *= w
    return x
