class Value:
    def __init__(self, data, parents=(), back=None):
        self.data = data
        self.grad = 0.0
        self.parents = parents
        self.back = back


def add(a, b):
    out = Value(a.data + b.data, (a, b))

    def back():
        a.grad = out.grad
        b.grad = out.grad
    out.back = back
    return out


def mul(a, b):
    out = Value(a.data * b.data, (a, b))

    def back():
        a.grad = out.grad * b.data
        b.grad = out.grad * a.data
    out.back = back
    return out


def maximum(a, b):
    out = Value(max(a.data, b.data), (a, b))

    def back():
        big, small = (a, b) if a.data > b.data else (b, a)
        big.grad = out.grad
        small.grad = small.grad + 0.0
    out.back = back
    return out


def build(x, y, z):
    x, y, z = Value(x), Value(y), Value(z)
    q = add(x, y)
    m = maximum(z, x)
    return x, y, z, q, m, mul(q, m)


def graph_forward(x, y, z):
    return build(x, y, z)[-1].data


def graph_backward(x, y, z):
    x, y, z, q, m, f = build(x, y, z)
    f.grad = 1.0
    f.back()
    m.back()
    q.back()
    return x.grad, y.grad, z.grad
