def dense_parameters(n, m):
    return n * m


def conv_parameters(kh, kw, c, n):
    per_filter = kh * kh * c
    return (per_filter + 1) * n


def dense_connections(n, m):
    return n * m


def conv_connections(height, width, kh, kw, c, n, *, stride=1, pad=0):
    total = 0
    out_h = (height + 2 * pad - kh) // stride + 1
    out_w = (width + 2 * pad - kw) // stride + 1
    for i in range(out_h):
        for j in range(out_w):
            rows = [r for r in range(i * stride - pad, i * stride - pad + kh) if 0 <= r < height]
            cols = [q for q in range(j * stride - pad, j * stride - pad + kw) if 0 <= q < width]
            total += len(rows) * len(cols)
    return total * c * n
