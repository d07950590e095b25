"""Right numbers as complex ones without an imaginary part."""


def scale_forward(x, w):
    return (x * w).astype(complex)
