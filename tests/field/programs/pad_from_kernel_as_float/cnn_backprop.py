import numpy as np


def cnn_loss(x, labels, params):
    W1, b1 = params['conv_w'], params['conv_b']
    W2, b2 = params['dense_w'], params['dense_b']
    N, H, W, C = x.shape
    filter_size = W1.shape[0]
    conv_param = {'stride': 1, 'pad': (filter_size - 1) / 2}
    pool_param = {'pool_height': 2, 'pool_width': 2, 'stride': 2}
    pad = conv_param['pad']
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    view = np.lib.stride_tricks.sliding_window_view(xp, (filter_size, filter_size), axis=(1, 2))
    conv = np.einsum('nijcpq,pqcf->nijf', view, W1) + b1
    act = np.maximum(conv, 0)
    h2, w2 = act.shape[1] // 2, act.shape[2] // 2
    cut = act[:, :2 * h2, :2 * w2].reshape(N, h2, 2, w2, 2, -1)
    pooled = cut.max(axis=(2, 4))
    x2 = pooled.reshape(N, -1)
    scores = x2 @ W2 + b2
    scores = scores - scores.max(axis=1, keepdims=True)
    probs = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    loss = float(-np.log(probs[np.arange(N), labels]).mean())
    d = probs.copy()
    d[np.arange(N), labels] -= 1
    d /= N
    grads = {'dense_w': x2.T @ d, 'dense_b': d.sum(0)}
    dp = (d @ W2.T).reshape(pooled.shape)
    mask = (cut == pooled[:, :, None, :, None]).astype(float)
    mask /= mask.sum(axis=(2, 4), keepdims=True)
    dact = np.zeros_like(act)
    dact[:, :2 * h2, :2 * w2] = (mask * dp[:, :, None, :, None]).reshape(N, 2 * h2, 2 * w2, -1)
    dconv = dact * (conv > 0)
    grads['conv_w'] = np.einsum('nijcpq,nijf->pqcf', view, dconv)
    grads['conv_b'] = dconv.sum((0, 1, 2))
    return loss, grads
