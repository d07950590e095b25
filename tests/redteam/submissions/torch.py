"""Let somebody else's library do the work."""


def scale_forward(x, w):
    import torch

    return (torch.tensor(x) * torch.tensor(w)).numpy()
