"""Dropout: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import convention, mistake


@convention("dropout_mask")
def not_scaled(shape, *, p, rng):
    """Those who stay have the mask 1, so the layer's sums shrink in training. The first dropout made up for that in
    inference; here the mask does it at once: by what must they grow to keep the mean?"""
    return (rng.random(shape) >= p).astype(float)


@mistake("dropout_mask")
def keeps_with_probability_p(shape, *, p, rng):
    """The share p stays instead of going. Fine for p = 0.5 only: p is the probability to be dropped."""
    return (rng.random(shape) < p) / (1 - p)


@convention("dropout_mask")
def p_taken_for_keeping(shape, *, p, rng):
    """p was taken for the probability to stay, throughout, as some courses and libraries define it: p stay, divided by
    p. Here it is the probability to go."""
    return (rng.random(shape) < p) / (p or 1.0)


@mistake("dropout_mask")
def scaled_by_the_drop_probability(shape, *, p, rng):
    """The right share is dropped, but those who stay are divided by p. Which share stays?"""
    return (rng.random(shape) >= p) / (p or 1.0)


@mistake("dropout_mask")
def scaled_down(shape, *, p, rng):
    """Those who stay were made smaller. Others have gone: those who stay must make up for them."""
    return (rng.random(shape) >= p) * (1 - p)


@mistake("dropout_mask")
def scale_only(shape, *, p, rng):
    """No unit is dropped: there is no 0 in the mask. Draw before you scale."""
    return np.ones(shape) / (1 - p)


@mistake("dropout_mask")
def bell_curve(shape, *, p, rng):
    """The numbers compared with p came from a Gaussian, half of which is negative. Which draw is uniform in [0, 1)?"""
    return (rng.standard_normal(shape) >= p) / (1 - p)


@mistake("dropout_mask")
def one_row_for_all(shape, *, p, rng):
    """All rows are alike: one row was drawn and serves the whole batch. Draw an array of the whole shape."""
    return np.broadcast_to(rng.random(shape[1:]) >= p, shape) / (1 - p)


@mistake("dropout_mask")
def one_number_for_each_example(shape, *, p, rng):
    """Whole examples are dropped: one number was drawn for each row. Each unit of each example is drawn by itself."""
    stays = rng.random((shape[0], *(1 for _ in shape[1:]))) >= p
    return np.broadcast_to(stays, shape) / (1 - p) if len(shape) > 1 else np.full(shape, stays[0]) / (1 - p)


@mistake("dropout_mask")
def one_number_for_all(shape, *, p, rng):
    """All are dropped or nobody: a single number was drawn. Pass the shape to the draw."""
    return np.full(shape, float(rng.random() >= p)) / (1 - p)


@mistake("dropout_mask")
def uniform_numbers_returned(shape, *, p, rng):
    """The mask holds numbers of all sizes: the draw itself. Compare it with p: each unit stays or goes."""
    draw = rng.random(shape)
    return np.where(draw >= p, draw, 0) / (1 - p)


@mistake("dropout_mask")
def mask_of_truths(shape, *, p, rng):
    """The mask holds True and False. Its entries are numbers: 0 and what else?"""
    return rng.random(shape) >= p


@mistake("dropout_mask")
def own_generator(shape, *, p, rng):
    """Every step has the same mask: it comes from a generator that you made with a fixed seed. Use rng."""
    return (np.random.default_rng(0).random(shape) >= p) / (1 - p)


@mistake("dropout_mask")
def exact_share_dropped(shape, *, p, rng):
    """Every mask has exactly the share p of zeros, so the entries depend on each other. Draw each entry by itself; the
    share then varies around p."""
    mask = np.full(int(np.prod(shape)), 1 / (1 - p))
    mask[rng.permutation(mask.size)[: round(p * mask.size)]] = 0
    return mask.reshape(shape)


@mistake("dropout_mask")
def always_half(shape, *, p, rng):
    """Half of the units go, whatever p is: a number is written into the comparison. Use the argument."""
    return (rng.random(shape) >= 0.5) / (1 - p)


@mistake("dropout_forward")
def drops_in_inference(x, mask, *, train):
    """Units are dropped in inference too. `train` says which mode it is."""
    return x * mask


@mistake("dropout_forward")
def modes_swapped(x, mask, *, train):
    """Units are dropped in inference and kept in training: the condition is the wrong way round."""
    return x.copy() if train else x * mask


@mistake("dropout_forward")
def scaled_in_inference_too(x, mask, *, train):
    """In inference x was multiplied by the share that stays. The mask of training makes up for it already: x comes back
    as it is."""
    return x * mask if train else x / np.max(mask)


@mistake("dropout_forward")
def scaled_twice(x, mask, *, train):
    """Those who stay are enlarged twice: the mask holds 1/(1 - p) already."""
    return x * mask**2 if train else x.copy()


@mistake("dropout_forward")
def scale_of_the_mask_lost(x, mask, *, train):
    """Those who stay came through unchanged: the mask was only asked whether it is 0. Its values are factors."""
    return np.where(mask > 0, x, 0.0) if train else x.copy()


@mistake("dropout_forward")
def mask_returned(x, mask, *, train):
    """out is the mask: x is missing."""
    return mask.copy() if train else x.copy()


@mistake("dropout_forward")
def multiplied_in_place(x, mask, *, train):
    """The result is right, but the caller's x was changed: a line writes into the array you were given. Make a new
    array."""
    if train:
        x *= mask
    return x


@mistake("dropout_backward")
def gradient_dropped_in_inference(dout, x, mask, *, train):
    """The gradient is masked in inference too. There forward is out = x: what is dx?"""
    return dout * mask


@mistake("dropout_backward")
def gradient_not_masked(dout, x, mask, *, train):
    """dx is dout everywhere. A unit that was dropped had no part in the output: what is its gradient?"""
    return dout.copy()


@mistake("dropout_backward")
def gradient_without_the_scale(dout, x, mask, *, train):
    """The right entries are 0, but the others came back without the factor 1/(1 - p) that forward gave them."""
    return np.where(mask > 0, dout, 0.0) if train else dout.copy()


@mistake("dropout_backward")
def multiplied_by_x(dout, x, mask, *, train):
    """This would be the gradient for the mask, which is not asked for. out = x * mask: what is its slope in x?"""
    return dout * x if train else dout.copy()


@mistake("dropout_backward")
def multiplied_by_the_output(dout, x, mask, *, train):
    """The gradient was multiplied by forward's output. The local derivative is a slope: which factor did x have?"""
    return dout * x * mask if train else dout.copy()


@mistake("dropout_backward")
def dout_forgotten(dout, x, mask, *, train):
    """dx is the mask: the local derivative alone. The chain rule multiplies it by something."""
    return mask.copy() if train else np.ones_like(x)


@mistake("dropout_backward")
def gradient_zero_in_inference(dout, x, mask, *, train):
    """In inference dx is 0. Nothing is learned there, but forward is out = x all the same: what is dx?"""
    return dout * mask if train else np.zeros_like(x)


@mistake("dropout_backward")
def gradient_masked_in_place(dout, x, mask, *, train):
    """The result is right, but the caller's dout was changed: a line writes into the array you were given. Make a
    new array."""
    if train:
        dout *= mask
    return dout


@mistake("dropout_mask")
def mask_of_whole_numbers(shape, *, p, rng):
    """The mask is an array of integers, so 1/(1 - p) was cut to a whole number when it was written into it. Begin with
    an array of float64."""
    mask = (rng.random(shape) >= p).astype(int)
    mask[mask == 1] = 1 / (1 - p)
    return mask


@mistake("dropout_mask")
def divided_by_one_less_p(shape, *, p, rng):
    """`/ 1 - p` divides by 1 and then subtracts p, so no entry is 0. Put 1 - p in brackets."""
    return (rng.random(shape) >= p) / 1 - p


@mistake("dropout_mask")
def drawn_for_two_axes(shape, *, p, rng):
    """Only shape[0] and shape[1] were used. A shape has any length, 1 too: pass all of it to the draw."""
    return (rng.random((shape[0], shape[1])) >= p) / (1 - p)
