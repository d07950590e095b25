import numpy as np


def cross_correlate2d(x, k, *, stride=1, pad=0):
    a = np.pad(x, pad)
    spectrum = np.fft.fft2(a) * np.conj(np.fft.fft2(k, s=a.shape))
    whole = np.real(np.fft.ifft2(spectrum))
    return whole[:a.shape[0] - k.shape[0] + 1:stride, :a.shape[1] - k.shape[1] + 1:stride].copy()
