import numpy as np


def conv1d_forward(x, w, b, *, stride=1, pad=0):
    input_size = x.shape[1]
    kernel_size = w.shape[0]
    output_size = input_size - kernel_size + 1
    Z = np.zeros((x.shape[0], output_size, w.shape[2]))
    for i in range(output_size):
        Z[:, i, :] = np.tensordot(x[:, i:i + kernel_size, :], w, axes=([1, 2], [0, 1])) + b
    return Z


def conv1d_backward(dout, x, w, b, *, stride=1, pad=0):
    kernel_size = w.shape[0]
    dLdb = np.sum(dout, axis=(0, 1))
    dLdW = np.zeros(w.shape)
    for k in range(kernel_size):
        dLdW[k] = np.tensordot(x[:, k:k + dout.shape[1], :], dout, axes=([0, 1], [0, 1]))
    padded = np.pad(dout, ((0, 0), (kernel_size - 1, kernel_size - 1), (0, 0)))
    flipped = w[::-1]
    dLdA = np.zeros(x.shape)
    for i in range(x.shape[1]):
        dLdA[:, i, :] = np.tensordot(padded[:, i:i + kernel_size, :], flipped, axes=([1, 2], [0, 2]))
    return dLdA, dLdW, dLdb
