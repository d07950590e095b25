def output_size(size, *, window, stride=1, pad=0):
    NH = (size + pad * 2 - window + 1) // stride
    return NH
