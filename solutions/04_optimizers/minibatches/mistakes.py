"""Mini-batches: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import convention, mistake


@mistake("minibatches")
def not_shuffled(x, y, *, batch_size, rng):
    """The rows come in the order of the data. Which argument have you not used?"""
    return _cut(x, y, np.arange(len(x)), batch_size)


@mistake("minibatches")
def shuffled_apart(x, y, *, batch_size, rng):
    """x and y were shuffled apart, so the rows have lost their labels. Draw one order and use it for both."""
    return _zip(x[rng.permutation(len(x))], y[rng.permutation(len(y))], batch_size)


@mistake("minibatches")
def only_x_shuffled(x, y, *, batch_size, rng):
    """x was shuffled and y was not, so the rows have lost their labels. Use the same order for both."""
    return _zip(x[rng.permutation(len(x))], y, batch_size)


@mistake("minibatches")
def batches_shuffled_but_not_rows(x, y, *, batch_size, rng):
    """The batches come in a random order, but each holds neighbouring rows of the data. Shuffle the rows, then cut."""
    starts = rng.permutation(len(x) // batch_size) * batch_size
    rest = np.arange(len(x) // batch_size * batch_size, len(x))
    order = np.concatenate([*(np.arange(start, start + batch_size) for start in starts), rest])
    return _cut(x, y, order.astype(int), batch_size)


@mistake("minibatches")
def shuffled_inside_batches(x, y, *, batch_size, rng):
    """Every batch holds the same rows at every epoch, only in another order. Shuffle the rows before you cut."""
    starts = range(0, len(x), batch_size)
    order = np.concatenate([rng.permutation(np.arange(s, min(s + batch_size, len(x)))) for s in starts])
    return _cut(x, y, order, batch_size)


@mistake("minibatches")
def started_at_a_random_row(x, y, *, batch_size, rng):
    """Only the first row is random, the others follow in the order of the data. All orders should be possible."""
    return _cut(x, y, np.roll(np.arange(len(x)), rng.integers(len(x))), batch_size)


@mistake("minibatches")
def own_generator(x, y, *, batch_size, rng):
    """The order is the same at every epoch: it comes from a generator that you made with a fixed seed. Use rng."""
    return _cut(x, y, np.random.default_rng(0).permutation(len(x)), batch_size)


@mistake("minibatches")
def no_row_swapped_with_itself(x, y, *, batch_size, rng):
    """No row ever keeps its place, though one in len(x) should: the partner of a swap is drawn from the rows before it
    only. A row may also be swapped with itself."""
    places = range(len(x) - 1, 0, -1)
    return _cut(x, y, _swapped(len(x), zip(places, rng.integers(0, list(places)), strict=True)), batch_size)


@mistake("minibatches")
def swapped_with_any_row(x, y, *, batch_size, rng):
    """Some orders are likelier than others: the partner of each swap is drawn from all rows. len(x)^len(x) equally
    likely ways cannot share out evenly over all orders. Draw it from the rows that have no place yet."""
    return _cut(x, y, _swapped(len(x), enumerate(rng.integers(len(x), size=len(x)))), batch_size)


@mistake("minibatches")
def pairs_swapped(x, y, *, batch_size, rng):
    """Too many rows keep their place: one in seven was in none of the swaps. `rng.permutation` draws a whole order."""
    return _cut(x, y, _swapped(len(x), rng.integers(len(x), size=(len(x), 2))), batch_size)


@mistake("minibatches")
def sorted_by_few_keys(x, y, *, batch_size, rng):
    """The rows were sorted by random whole numbers, and rows with the same number keep the order of the data. Sort by
    numbers that are all different."""
    return _cut(x, y, np.argsort(rng.integers(0, 10, len(x)), kind="stable"), batch_size)


@mistake("minibatches")
def halves_shuffled_apart(x, y, *, batch_size, rng):
    """The two halves of the data were shuffled apart, so they never meet in a batch. Draw one order of all rows."""
    half = len(x) // 2
    return _cut(x, y, np.r_[rng.permutation(half), half + rng.permutation(len(x) - half)].astype(int), batch_size)


@mistake("minibatches")
def first_row_stays(x, y, *, batch_size, rng):
    """The first row is always the first. Does your shuffle begin at row 1?"""
    return _cut(x, y, np.r_[0, 1 + rng.permutation(len(x) - 1)].astype(int), batch_size)


@convention("minibatches")
def last_batch_dropped(x, y, *, batch_size, rng):
    """The rows that are left over at the end were dropped, which libraries offer as `drop_last`. Here they make a last,
    shorter batch."""
    whole = len(x) // batch_size * batch_size
    return _cut(x, y, rng.permutation(len(x))[:whole], batch_size)


@mistake("minibatches")
def last_batch_filled_up(x, y, *, batch_size, rng):
    """The last batch was filled up with rows that had their turn already. Let it be shorter."""
    order = rng.permutation(len(x))
    return _cut(x, y, np.resize(order, -(-len(x) // batch_size) * batch_size), batch_size)


@mistake("minibatches")
def empty_batch_at_the_end(x, y, *, batch_size, rng):
    """When the rows divide evenly, there is an empty batch at the end. How many batches are there then?"""
    order = rng.permutation(len(x))
    starts = range(0, len(x) + 1, batch_size)
    return [(x[order[s : s + batch_size]], y[order[s : s + batch_size]]) for s in starts]


@mistake("minibatches")
def one_row_short(x, y, *, batch_size, rng):
    """Every batch is one row short, and these rows are lost. Does the end of a slice belong to it?"""
    order = rng.permutation(len(x))
    starts = range(0, len(x), batch_size)
    return [(x[order[s : s + batch_size - 1]], y[order[s : s + batch_size - 1]]) for s in starts]


@mistake("minibatches")
def rows_left_over_in_the_last_batch(x, y, *, batch_size, rng):
    """The rows left over were put into the last batch, which is too large now. Give them a batch of their own."""
    order = rng.permutation(len(x))
    cuts = [i * batch_size for i in range(1, len(x) // batch_size)]
    return [(x[rows], y[rows]) for rows in np.split(order, cuts)]


@mistake("minibatches")
def drawn_with_replacement(x, y, *, batch_size, rng):
    """Some rows come several times, others not at all: they were drawn with replacement. An epoch sees every row
    once."""
    return _cut(x, y, rng.integers(0, len(x), len(x)), batch_size)


@mistake("minibatches")
def every_batch_drawn_anew(x, y, *, batch_size, rng):
    """No batch holds a row twice, but different batches do: each was drawn from all the rows. An epoch sees every row
    once."""
    sizes = [min(batch_size, len(x) - start) for start in range(0, len(x), batch_size)]
    return [(x[rows], y[rows]) for rows in (rng.choice(len(x), size, replace=False) for size in sizes)]


@mistake("minibatches")
def rows_swapped_through_views(x, y, *, batch_size, rng):
    """Rows are lost and others doubled: `x[i], x[j] = x[j], x[i]` swaps nothing, because x[i] is a view and changes
    before it is read. Shuffle row numbers instead of rows."""
    x, y = x.copy(), y.copy()
    for i in range(len(x) - 1, 0, -1):
        j = rng.integers(0, i + 1)
        x[i], x[j] = x[j], x[i]
        y[i], y[j] = y[j], y[i]
    return _zip(x, y, batch_size)


@mistake("minibatches")
def number_of_batches(x, y, *, batch_size, rng):
    """There are batch_size batches. It is the number of rows in each."""
    order = rng.permutation(len(x))
    return [(x[rows], y[rows]) for rows in np.array_split(order, batch_size)]


@mistake("minibatches")
def sizes_evened_out(x, y, *, batch_size, rng):
    """The number of batches is right, but the rows were spread evenly over them. All but the last have batch_size
    rows."""
    order = rng.permutation(len(x))
    return [(x[rows], y[rows]) for rows in np.array_split(order, -(-len(x) // batch_size))]


@mistake("minibatches")
def labels_first(x, y, *, batch_size, rng):
    """The pairs are the wrong way round: xb comes first, then yb."""
    return [(yb, xb) for xb, yb in _cut(x, y, rng.permutation(len(x)), batch_size)]


@mistake("minibatches")
def all_x_then_all_y(x, y, *, batch_size, rng):
    """You returned a list of all xb and a list of all yb. One list of pairs is asked for."""
    batches = _cut(x, y, rng.permutation(len(x)), batch_size)
    return [xb for xb, _ in batches], [yb for _, yb in batches]


@mistake("minibatches")
def only_the_first_batch(x, y, *, batch_size, rng):
    """You returned after the first batch. Look at the indentation of `return`."""
    return _cut(x, y, rng.permutation(len(x)), batch_size)[:1]


@mistake("minibatches")
def shuffled_in_place(x, y, *, batch_size, rng):
    """The batches are right, but the caller's x and y were shuffled too. Shuffle row numbers, or a copy."""
    order = rng.permutation(len(x))
    x[...], y[...] = x[order], y[order]
    return _cut(x, y, np.arange(len(x)), batch_size)


@mistake("minibatches")
def forwards_or_backwards(x, y, *, batch_size, rng):
    """The rows come in one of two orders, forwards or backwards. All orders are equally likely: rng.permutation draws
    one of them."""
    order = np.arange(len(x))
    return _cut(x, y, order[::-1] if rng.random() < 0.5 else order, batch_size)


def _swapped(count, pairs):
    order = list(range(count))
    for i, j in pairs:
        order[i], order[j] = order[j], order[i]
    return np.array(order, int)


def _cut(x, y, order, batch_size):
    return _zip(x[order], y[order], batch_size)


def _zip(x, y, batch_size):
    starts = range(0, len(x), batch_size)
    return [(x[start : start + batch_size].copy(), y[start : start + batch_size].copy()) for start in starts]
