"""AdaGrad: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import convention, mistake


@mistake("adagrad_step")
def gradient_ascent(w, dw, cache, *, lr, eps=1e-8):
    """The cache is right, but w moves uphill. The gradient points to where the loss grows."""
    total = cache + dw**2
    return w + lr * dw / (np.sqrt(total) + eps), total


@mistake("adagrad_step")
def cache_replaced(w, dw, cache, *, lr, eps=1e-8):
    """The first step is right, later ones are too long: the cache holds only the newest square. It should collect
    them."""
    total = dw**2
    return w - lr * dw / (np.sqrt(total) + eps), total


@mistake("adagrad_step")
def cache_decays(w, dw, cache, *, lr, eps=1e-8):
    """The cache is a moving average: that is RMSProp. AdaGrad's cache forgets nothing and adds the square in full."""
    total = 0.9 * cache + 0.1 * dw**2
    return w - lr * dw / (np.sqrt(total) + eps), total


@mistake("adagrad_step")
def square_missing(w, dw, cache, *, lr, eps=1e-8):
    """The cache holds sums of sizes. What does it add up, before the root undoes it?"""
    total = cache + np.abs(dw)
    return w - lr * dw / (np.sqrt(total) + eps), total


@mistake("adagrad_step")
def root_missing(w, dw, cache, *, lr, eps=1e-8):
    """The cache is right, but you divide by the sum of squares itself: large gradients then make tiny steps, and small
    ones huge steps. What turns squares back into sizes?"""
    total = cache + dw**2
    return w - lr * dw / (total + eps), total


@mistake("adagrad_step")
def division_missing(w, dw, cache, *, lr, eps=1e-8):
    """The cache is right but has no effect: w makes a plain gradient step."""
    return w - lr * dw, cache + dw**2


@mistake("adagrad_step")
def multiplied_by_the_root(w, dw, cache, *, lr, eps=1e-8):
    """The cache is right, but its root multiplies the step. Entries with large gradients should slow down."""
    total = cache + dw**2
    return w - lr * dw * (np.sqrt(total) + eps), total


@convention("adagrad_step")
def eps_inside_the_root(w, dw, cache, *, lr, eps=1e-8):
    """The cache is right, and w is nearly right: only tiny gradients show it. eps is under the root, as in Keras; here
    it is added outside."""
    total = cache + dw**2
    return w - lr * dw / np.sqrt(total + eps), total


@mistake("adagrad_step")
def eps_missing(w, dw, cache, *, lr, eps=1e-8):
    """An entry whose gradients were all 0 becomes nan: 0 / 0. What is eps for?"""
    total = cache + dw**2
    return w - lr * dw / np.sqrt(total), total


@mistake("adagrad_step")
def eps_kept_in_the_cache(w, dw, cache, *, lr, eps=1e-8):
    """eps was added to the cache that you return, so it grows by eps at every step. Add it where you divide."""
    total = cache + dw**2 + eps
    return w - lr * dw / np.sqrt(total), total


@mistake("adagrad_step")
def eps_fixed(w, dw, cache, *, lr, eps=1e-8):
    """Right with the default eps only: the number is written into the formula. Use the argument."""
    total = cache + dw**2
    return w - lr * dw / (np.sqrt(total) + 1e-8), total


@mistake("adagrad_step")
def old_cache_used(w, dw, cache, *, lr, eps=1e-8):
    """The cache is right, but w was divided by the one from before this gradient: the first step then divides by eps
    alone. In which order are the two lines?"""
    return w - lr * dw / (np.sqrt(cache) + eps), cache + dw**2


@mistake("adagrad_step")
def old_cache_returned(w, dw, cache, *, lr, eps=1e-8):
    """w is right for one step, but the cache you return is the one you were given. The next step needs the new one."""
    return w - lr * dw / (np.sqrt(cache + dw**2) + eps), cache.copy()


@mistake("adagrad_step")
def root_kept_in_the_cache(w, dw, cache, *, lr, eps=1e-8):
    """The cache that you return is the root already, and the next step takes the root again. Keep the squares."""
    size = np.sqrt(cache + dw**2)
    return w - lr * dw / (size + eps), size


@mistake("adagrad_step")
def one_cache_for_all(w, dw, cache, *, lr, eps=1e-8):
    """All entries have the same cache: the squares were summed over the whole array. Each entry has its own."""
    total = cache + np.sum(dw**2)
    return w - lr * dw / (np.sqrt(total) + eps), total


@mistake("adagrad_step")
def lr_in_the_cache(w, dw, cache, *, lr, eps=1e-8):
    """The learning rate was squared into the cache, where it cancels in the division. It scales the step only."""
    total = cache + (lr * dw) ** 2
    return w - lr * dw / (np.sqrt(total) + eps), total


@mistake("adagrad_step")
def lr_missing(w, dw, cache, *, lr, eps=1e-8):
    """The cache is right, but the step does not depend on the learning rate."""
    total = cache + dw**2
    return w - dw / (np.sqrt(total) + eps), total


@mistake("adagrad_step")
def only_the_step(w, dw, cache, *, lr, eps=1e-8):
    """The cache is right, but you returned the step instead of the place it leads to."""
    total = cache + dw**2
    return -lr * dw / (np.sqrt(total) + eps), total


@mistake("adagrad_step")
def results_swapped(w, dw, cache, *, lr, eps=1e-8):
    """w and cache came back in the wrong order."""
    total = cache + dw**2
    return total, w - lr * dw / (np.sqrt(total) + eps)


@mistake("adagrad_step")
def updated_in_place(w, dw, cache, *, lr, eps=1e-8):
    """The numbers are right, but the caller's w and cache were changed: `cache += …` and `w -= …` work in the arrays
    you were given. Make new arrays."""
    cache += dw**2
    w -= lr * dw / (np.sqrt(cache) + eps)
    return w, cache


@mistake("adagrad_step")
def eps_squared_under_the_root(w, dw, cache, *, lr, eps=1e-8):
    """The cache is right. The square of eps stands under the root; eps is added to the root."""
    total = cache + dw**2
    return w - lr * dw / np.sqrt(total + eps**2), total


@convention("adagrad_step")
def cache_begins_at_a_tenth(w, dw, cache, *, lr, eps=1e-8):
    """The steps are too short at first: 0.1 was added under the root, as in TensorFlow, whose cache begins there."""
    total = cache + dw**2
    return w - lr * dw / np.sqrt(total + 0.1), total


@mistake("adagrad_step")
def eps_as_a_floor(w, dw, cache, *, lr, eps=1e-8):
    """The root is the larger one of itself and eps. The formula adds eps to it, everywhere."""
    cache = cache + dw**2
    return w - lr * dw / np.maximum(np.sqrt(cache), eps), cache


@mistake("adagrad_step")
def eps_only_for_an_empty_cache(w, dw, cache, *, lr, eps=1e-8):
    """eps stands in for the root where that is 0, and is missing elsewhere. The formula adds it everywhere."""
    cache = cache + dw**2
    return w - lr * dw / np.where(cache > 0, np.sqrt(cache), eps), cache
