def dense_parameters(n, m):
    return sum(m for _ in range(n))


def conv_parameters(kh, kw, c, n):
    filters = [(kh, kw, c)] * n
    return sum(a * b * d for a, b, d in filters)


def dense_connections(n, m):
    return dense_parameters(n, m)


def conv_connections(height, width, kh, kw, c, n, *, stride=1, pad=0):
    def along(size, k):
        line = [0] * pad + [1] * size + [0] * pad
        return sum(sum(line[i:i + k]) for i in range(0, len(line) - k + 1, stride))
    return along(height, kh) * along(width, kw) * c * n
