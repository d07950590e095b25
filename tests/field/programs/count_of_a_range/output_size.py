def output_size(size, *, window, stride=1, pad=0):
    return len(range(0, size + 2 * pad - window + 1, stride))
