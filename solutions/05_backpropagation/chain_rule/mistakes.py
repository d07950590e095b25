"""Chain rule: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

from autograder.spec import mistake


@mistake("graph_forward")
def smaller_number_taken(x, y, z):
    """The smaller one of z and x was taken. Which one does max keep?"""
    return (x + y) * min(z, x)


@mistake("graph_forward")
def max_forgotten(x, y, z):
    """Right where z is larger than x: the max is missing."""
    return (x + y) * z


@mistake("graph_forward")
def max_with_y(x, y, z):
    """The max compares z with y. Read the formula again: which two numbers does it compare?"""
    return (x + y) * max(z, y)


@mistake("graph_forward")
def max_by_size(x, y, z):
    """Wrong where z and x have different signs or are negative: their sizes were compared. -1 is larger than -4."""
    return (x + y) * max(z, x, key=abs)


@mistake("graph_forward")
def max_with_zero(x, y, z):
    """Where z and x are both negative you get 0: that is the ReLU's max. Here 0 does not take part."""
    return (x + y) * max(z, x, 0.0)


@mistake("graph_forward")
def brackets_forgotten(x, y, z):
    """Only y was multiplied: a product binds stronger than a sum. Put the sum in brackets, or compute q first."""
    return x + y * max(z, x)


@mistake("graph_forward")
def added_at_the_end(x, y, z):
    """q and m were added. The last node is a product."""
    return (x + y) + max(z, x)


@mistake("graph_forward")
def multiplied_at_the_start(x, y, z):
    """x and y were multiplied. The first node is a sum."""
    return (x * y) * max(z, x)


@mistake("graph_forward")
def subtracted(x, y, z):
    """y was subtracted from x. The first node is a sum."""
    return (x - y) * max(z, x)


@mistake("graph_backward")
def fan_out_forgotten(x, y, z):
    """dx is wrong where x is larger than z: it holds the share from the sum only. Which other way does x take to f?"""
    q, m = x + y, max(z, x)
    return m, m, q * (z > x)


@mistake("graph_backward")
def second_way_overwrites_first(x, y, z):
    """dx holds the share that comes through the max only; the one from the sum was overwritten. A number used twice
    receives the sum: `+=`."""
    q, m = x + y, max(z, x)
    return q * (x > z), m, q * (z > x)


@mistake("graph_backward")
def ways_multiplied(x, y, z):
    """Where x goes two ways, the shares were multiplied. Along one way derivatives multiply; different ways add up."""
    q, m = x + y, max(z, x)
    return m * q if x > z else m, m, q * (z > x)


@mistake("graph_backward")
def max_lets_both_pass(x, y, z):
    """The max handed its gradient to both numbers. Only the larger one made it to the output."""
    q, m = x + y, max(z, x)
    return m + q, m, q


@mistake("graph_backward")
def max_shares_equally(x, y, z):
    """The max gave half of its gradient to each number. Only the larger one made it to the output, and it gets all."""
    q, m = x + y, max(z, x)
    return m + q / 2, m, q / 2


@mistake("graph_backward")
def max_lets_smaller_pass(x, y, z):
    """The max handed its gradient to the smaller number: the comparison points the wrong way."""
    q, m = x + y, max(z, x)
    return m + q * (x < z), m, q * (z < x)


@mistake("graph_backward")
def max_taken_for_z(x, y, z):
    """Right where z is larger than x: the max was treated as if it were always z. What if x wins?"""
    return z, z, x + y


@mistake("graph_backward")
def max_passes_its_value(x, y, z):
    """The max multiplied the gradient by its value. The local derivative is a slope: how much does the max change when
    the larger number changes a little?"""
    q, m = x + y, max(z, x)
    return m + q * m * (x > z), m, q * m * (z > x)


@mistake("graph_backward")
def factor_receives_itself(x, y, z):
    """Each factor of the product received itself. How much does q * m change when q changes a little?"""
    q, m = x + y, max(z, x)
    return q + m * (x > z), q, m * (z > x)


@mistake("graph_backward")
def sum_taken_for_product(x, y, z):
    """In the sum each term received the other one, which is the rule of a product. How much does x + y change when x
    changes a little?"""
    q, m = x + y, max(z, x)
    return y * m + q * (x > z), x * m, q * (z > x)


@mistake("graph_backward")
def local_derivatives_only(x, y, z):
    """These are the derivatives of the sum and of the max alone. The chain rule multiplies them by what comes from the
    product behind them."""
    return 1.0 + (x > z), 1.0, 1.0 * (z > x)


@mistake("graph_backward")
def whole_f_passed_on(x, y, z):
    """The walk back started with f itself. It starts with the gradient of f with respect to f, which is 1."""
    q, m = x + y, max(z, x)
    return q * m * (m + q * (x > z)), q * m * m, q * m * q * (z > x)


@mistake("graph_backward")
def x_and_z_swapped(x, y, z):
    """dx and dz came back in each other's place. The order is that of the arguments."""
    q, m = x + y, max(z, x)
    return q * (z > x), m, m + q * (x > z)
