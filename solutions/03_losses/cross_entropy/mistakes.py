"""Cross-entropy: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import math

import numpy as np

from autograder.spec import convention, mistake


@convention("cross_entropy")
def summed_not_averaged(q, p, *, base=math.e):
    """The loss is too large by the size of the batch: this is what libraries call the reduction “sum”. Here losses of
    the rows are averaged."""
    return -np.sum(_terms(q, p)) / math.log(base)


@mistake("cross_entropy")
def averaged_over_classes_too(q, p, *, base=math.e):
    """The loss is too small by the number of classes: the mean ran over all B*K entries. Sum over the classes, average
    over the rows."""
    return -np.mean(_terms(q, p)) / math.log(base)


@mistake("cross_entropy")
def divided_by_classes(q, p, *, base=math.e):
    """The sum over the rows is divided by the number of classes. Divide by the number of rows."""
    return -np.sum(_terms(q, p)) / math.log(base) / p.shape[1]


@mistake("cross_entropy")
def base_ignored(q, p, *, base=math.e):
    """Right for the natural logarithm only: `base` has no effect."""
    return -np.sum(_terms(q, p)) / len(q)


@convention("cross_entropy")
def always_base_ten(q, p, *, base=math.e):
    """The logarithm always has base 10. Without a word on the base it is the natural one."""
    return -np.sum(_terms(q, p)) / math.log(10) / len(q)


@mistake("cross_entropy")
def multiplied_by_the_logarithm_of_the_base(q, p, *, base=math.e):
    """Right for the natural logarithm only: changing to another base divides by the logarithm of the base."""
    return -np.sum(_terms(q, p)) * math.log(base) / len(q)


@mistake("cross_entropy")
def divided_by_the_base(q, p, *, base=math.e):
    """The loss was divided by the base itself. By which function of it does one change a logarithm's base?"""
    return -np.sum(_terms(q, p)) / base / len(q)


@mistake("cross_entropy")
def zero_times_infinity(q, p, *, base=math.e):
    """nan where q and p are both 0: NumPy's 0 * log 0 is 0 * -inf. The limit is 0: take the logarithm only where p is
    not 0."""
    return -np.sum(p * np.log(q)) / math.log(base) / len(q)


@mistake("cross_entropy")
def small_number_in_the_log(q, p, *, base=math.e):
    """A small number was added inside the logarithm to avoid log 0. The loss is then a little off everywhere, and
    bounded where it should grow. Where p is 0, no logarithm is needed."""
    return -np.sum(p * np.log(q + 1e-7)) / math.log(base) / len(q)


@mistake("cross_entropy")
def prediction_cut_off(q, p, *, base=math.e):
    """Right unless the true class has a tiny probability: q was cut off below, which bounds the loss where it should
    grow. Where p is 0, no logarithm is needed."""
    return -np.sum(p * np.log(np.clip(q, 1e-12, 1))) / math.log(base) / len(q)


@mistake("cross_entropy")
def prediction_and_target_swapped(q, p, *, base=math.e):
    """The logarithm was taken of the target and weighted by the prediction. Which comes first in the signature?"""
    return -np.sum(_terms(p + 1e-300, q)) / math.log(base) / len(q)


@mistake("cross_entropy")
def only_the_likeliest_class(q, p, *, base=math.e):
    """Right for one-hot targets only: of an uncertain target just the largest share was used. All shares count."""
    return -np.mean(np.log(q[np.arange(len(q)), p.argmax(axis=1)])) / math.log(base)


@mistake("cross_entropy")
def logarithm_of_the_sum(q, p, *, base=math.e):
    """Right for one-hot targets only: the sum stands inside the logarithm. Take the logarithm of each q, then sum."""
    return -np.mean(np.log(np.sum(p * q, axis=1))) / math.log(base)


@mistake("cross_entropy")
def other_classes_counted_too(q, p, *, base=math.e):
    """A term (1 - p) * log(1 - q) was added: that is the loss of K yes-or-no questions. Here one question has K
    answers."""
    rest = np.log(np.where(q < 1, 1 - q, 1.0))
    return -np.sum(_terms(q, p) + (1 - p) * rest) / math.log(base) / len(q)


@mistake("cross_entropy")
def sign_forgotten(q, p, *, base=math.e):
    """The loss is negative. The logarithm of a probability is never positive, the loss never negative."""
    return np.sum(_terms(q, p)) / math.log(base) / len(q)


@mistake("cross_entropy")
def one_loss_for_each_row(q, p, *, base=math.e):
    """There is one loss for each row. Their mean is wanted: one number."""
    return -np.sum(_terms(q, p), axis=1) / math.log(base)


@mistake("cross_entropy")
def zeros_filled_in_place(q, p, *, base=math.e):
    """The loss is right, but the caller's q was changed: assigning to some of its entries writes into the array you
    were given. Make a new array."""
    q[p == 0] = 1
    return -np.sum(p * np.log(q)) / math.log(base) / len(q)


@mistake("cross_entropy")
def relative_entropy(q, p, *, base=math.e):
    """This is the relative entropy, p log(p / q), right only where p is 0 or 1. Cross-entropy takes the logarithm
    of q alone."""
    own = p * np.log(np.where(p > 0, p, 1.0))
    return np.sum(_terms(q, p) * -1 + own) / math.log(base) / len(p)


@convention("cross_entropy_backward")
def gradient_not_averaged(q, p):
    """dq is too large by the size of the batch: it belongs to a loss that is summed. The loss averages over the rows:
    what does that do to the gradient?"""
    return _gradient(q, p) * len(q)


@mistake("cross_entropy_backward")
def gradient_divided_by_all_entries(q, p):
    """dq is too small by the number of classes. The loss is a mean over rows."""
    return _gradient(q, p) / q.shape[1]


@mistake("cross_entropy_backward")
def gradient_divided_by_classes(q, p):
    """dq is divided by the number of classes. The loss is a mean over rows."""
    return _gradient(q, p) * len(q) / q.shape[1]


@mistake("cross_entropy_backward")
def sign_flipped(q, p):
    """dq has the opposite sign everywhere. A larger probability of the truth makes the loss smaller."""
    return -_gradient(q, p)


@mistake("cross_entropy_backward")
def difference_returned(q, p):
    """This is q - p, the gradient for the scores before softmax. The question is q itself: what is the derivative of
    the logarithm?"""
    return (q - p) / len(q)


@mistake("cross_entropy_backward")
def target_forgotten(q, p):
    """Every entry is -1/q, whatever the target. What is each logarithm multiplied by?"""
    return -1 / (np.where(q > 0, q, 1.0) * len(q))


@mistake("cross_entropy_backward")
def logarithm_kept(q, p):
    """This is -p * log q, the loss's own terms. The derivative of the logarithm is no logarithm."""
    return -_terms(q, p) / len(q)


@mistake("cross_entropy_backward")
def ratio_turned_over(q, p):
    """This is -q/p. The logarithm was taken of q: which of the two is in its derivative's denominator?"""
    return -q / (np.where(p > 0, p, np.inf) * len(q))


@mistake("cross_entropy_backward")
def zero_divided_by_zero(q, p):
    """nan where q and p are both 0. Where p is 0 nothing depends on q: the gradient is 0 without a division."""
    return -p / q / len(q)


@mistake("cross_entropy_backward")
def small_number_in_the_denominator(q, p):
    """A small number was added to the denominator to avoid 0/0. The gradient is then a little off everywhere. Where p
    is 0, no division is needed."""
    return -p / (q + 1e-7) / len(q)


@mistake("cross_entropy_backward")
def gradient_fills_zeros_in_place(q, p):
    """The gradient is right, but the caller's q was changed: assigning to some of its entries writes into the array
    you were given. Make a new array."""
    q[p == 0] = 1
    return -p / q / len(q)


@mistake("cross_entropy")
def base_ten_by_default(q, p, *, base=10.0):
    """Right where a base is given. Without one the logarithm is the natural one: look at the default of `base`."""
    return -np.sum(_terms(q, p)) / math.log(base) / len(q)


@mistake("cross_entropy")
def likeliest_class_and_a_small_number(q, p, *, base=math.e):
    """Of an uncertain target just the largest share was used; all shares count. And a small number inside the logarithm
    makes the loss a little off everywhere."""
    return -np.mean(np.log(q[np.arange(len(q)), p.argmax(axis=1)] + 1e-7)) / math.log(base)


@mistake("cross_entropy")
def other_classes_counted_without_care(q, p, *, base=math.e):
    """A term (1 - p) * log(1 - q) was added: that is the loss of K yes-or-no questions, and nan or inf where q is 0 or
    1. Here one question has K answers."""
    with np.errstate(all="ignore"):
        return -np.sum(p * np.log(q) + (1 - p) * np.log(1 - q)) / math.log(base) / len(q)


def _terms(q, p):
    return p * np.log(np.where(p > 0, q, 1.0))


def _gradient(q, p):
    return -p / (np.where(p > 0, q, 1.0) * len(q))
