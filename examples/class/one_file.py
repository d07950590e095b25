import numpy as np


def dense_forward(x: np.ndarray, w: np.ndarray, b: np.ndarray) -> np.ndarray:
    return x.reshape(len(x), -1) @ w + b


def dense_backward(
    dout: np.ndarray, x: np.ndarray, w: np.ndarray, b: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    flat = x.reshape(len(x), -1)
    dx = (dout @ w.T).reshape(x.shape)
    dw = flat.T @ dout
    db = dout.sum(axis=0)
    return dx, dw, db


def relu_forward(x: np.ndarray) -> np.ndarray:
    return np.maximum(x, 0)


def relu_backward(dout: np.ndarray, x: np.ndarray) -> np.ndarray:
    return dout * (x > 0)


def conv2d_forward(x: np.ndarray, w: np.ndarray, b: np.ndarray, *, stride: int = 1, pad: int = 0) -> np.ndarray:
    KH, KW, C, N = w.shape
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    H = (xp.shape[1] - KH) // stride + 1
    W = (xp.shape[2] - KW) // stride + 1
    out = np.zeros((x.shape[0], H, W, N))
    for i in range(KH):
        for j in range(KW):
            out += xp[:, i:i + stride * H:stride, j:j + stride * W:stride] @ w[i, j]
    return out + b


def conv2d_backward(
    dout: np.ndarray, x: np.ndarray, w: np.ndarray, b: np.ndarray, *, stride: int = 1, pad: int = 0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    B, H, W, N = dout.shape
    KH, KW, C, N = w.shape
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    for i in range(KH):
        for j in range(KW):
            patch = (slice(None), slice(i, i + stride * H, stride), slice(j, j + stride * W, stride))
            dw[i, j] = xp[patch].reshape(-1, C).T @ dout.reshape(-1, N)
            dxp[patch] += dout @ w[i, j].T
    dx = dxp[:, pad:pad + x.shape[1], pad:pad + x.shape[2]]
    return dx, dw, dout.sum(axis=(0, 1, 2))


def max_pool2d_forward(x: np.ndarray, *, window: int, stride: int) -> np.ndarray:
    H = (x.shape[1] - window) // stride + 1
    W = (x.shape[2] - window) // stride + 1
    out = np.full((x.shape[0], H, W, x.shape[3]), -np.inf)
    for i in range(window):
        for j in range(window):
            out = np.maximum(out, x[:, i:i + stride * H:stride, j:j + stride * W:stride])
    return out


def max_pool2d_backward(dout: np.ndarray, x: np.ndarray, *, window: int, stride: int) -> np.ndarray:
    H, W = dout.shape[1:3]
    out = max_pool2d_forward(x, window=window, stride=stride)
    dx = np.zeros_like(x)
    left = np.ones(dout.shape, dtype=bool)
    for i in range(window):
        for j in range(window):
            patch = (slice(None), slice(i, i + stride * H, stride), slice(j, j + stride * W, stride))
            hit = (x[patch] == out) & left
            left &= ~hit
            dx[patch] += dout * hit
    return dx


def softmax_cross_entropy(scores: np.ndarray, labels: np.ndarray) -> float:
    z = scores - scores.max(axis=1, keepdims=True)
    log_probs = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return -log_probs[np.arange(len(labels)), labels].mean()


def softmax_cross_entropy_backward(scores: np.ndarray, labels: np.ndarray) -> np.ndarray:
    z = np.exp(scores - scores.max(axis=1, keepdims=True))
    probs = z / z.sum(axis=1, keepdims=True)
    probs[np.arange(len(labels)), labels] -= 1
    return probs / len(labels)


def momentum_step(
    w: np.ndarray, dw: np.ndarray, v: np.ndarray, *, lr: float, mu: float = 0.9
) -> tuple[np.ndarray, np.ndarray]:
    v = mu * v - lr * dw
    return w + v, v
