import numpy as np


def softmax_forward(scores):
    lse = np.logaddexp.reduce(scores, axis=1, keepdims=True)
    return np.exp(scores - lse)


def softmax_backward(dout, scores):
    p = softmax_forward(scores)
    jacobians = np.einsum('ij,jk->ijk', p, np.eye(p.shape[1])) - np.einsum('ij,ik->ijk', p, p)
    return np.einsum('ijk,ij->ik', jacobians, dout)
