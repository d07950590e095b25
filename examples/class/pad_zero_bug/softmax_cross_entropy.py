import numpy as np


def softmax_cross_entropy(scores: np.ndarray, labels: np.ndarray) -> float:
    total = 0.0
    for i in range(len(labels)):
        z = scores[i] - np.max(scores[i])
        total += np.log(np.sum(np.exp(z))) - z[labels[i]]
    return total / len(labels)


def softmax_cross_entropy_backward(scores: np.ndarray, labels: np.ndarray) -> np.ndarray:
    z = np.exp(scores - scores.max(axis=1, keepdims=True))
    probs = z / z.sum(axis=1, keepdims=True)
    probs[np.arange(len(labels)), labels] -= 1
    return probs / len(labels)
