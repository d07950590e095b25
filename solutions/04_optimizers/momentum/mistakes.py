"""Momentum: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

from autograder.spec import convention, mistake


@mistake("momentum_step")
def velocity_subtracted(w, dw, v, *, lr, mu=0.9):
    """v is right, but w moves uphill: the minus sign is in the velocity already, so what happens to v in w's line?"""
    velocity = mu * v - lr * dw
    return w - velocity, velocity


@mistake("momentum_step")
def gradient_ascent(w, dw, v, *, lr, mu=0.9):
    """The gradient pushes uphill. It points to where the loss grows; the velocity should turn the other way."""
    velocity = mu * v + lr * dw
    return w + velocity, velocity


@mistake("momentum_step")
def velocity_forgotten(w, dw, v, *, lr, mu=0.9):
    """The old velocity has no effect: every step is plain gradient descent, as if v were zero each time."""
    velocity = -lr * dw
    return w + velocity, velocity


@mistake("momentum_step")
def old_velocity_returned(w, dw, v, *, lr, mu=0.9):
    """w is right for one step, but the v you return is the one you were given. The next step needs the new one."""
    return w + mu * v - lr * dw, v


@mistake("momentum_step")
def old_velocity_used(w, dw, v, *, lr, mu=0.9):
    """v is right, but w moved with the velocity from before this gradient. In which order are the two lines?"""
    return w + v, mu * v - lr * dw


@convention("momentum_step")
def lr_outside_velocity(w, dw, v, *, lr, mu=0.9):
    """This is PyTorch's form, with lr outside the velocity and the opposite sign. Here v already contains lr and the
    minus."""
    velocity = mu * v + dw
    return w - lr * velocity, velocity


@mistake("momentum_step")
def lr_missing(w, dw, v, *, lr, mu=0.9):
    """The step does not depend on the learning rate. Which term does lr scale?"""
    velocity = mu * v - dw
    return w + velocity, velocity


@convention("momentum_step")
def weighted_average(w, dw, v, *, lr, mu=0.9):
    """The gradient is scaled by 1 - mu: this velocity is a moving average, as in Adam. Here the gradient counts in
    full."""
    velocity = mu * v - (1 - mu) * lr * dw
    return w + velocity, velocity


@mistake("momentum_step")
def mu_on_the_gradient(w, dw, v, *, lr, mu=0.9):
    """mu scales the gradient and the old velocity is kept whole, so the ball never slows down. Which term is mu's?"""
    velocity = v - mu * lr * dw
    return w + velocity, velocity


@convention("momentum_step")
def nesterov(w, dw, v, *, lr, mu=0.9):
    """v is right, but w looks one step ahead: this is Nesterov's momentum. Here w moves by v alone."""
    velocity = mu * v - lr * dw
    return w + mu * velocity - lr * dw, velocity


@mistake("momentum_step")
def mu_fixed(w, dw, v, *, lr, mu=0.9):
    """Right with mu = 0.9 only: the number is written into the formula. Use the argument."""
    velocity = 0.9 * v - lr * dw
    return w + velocity, velocity


@mistake("momentum_step")
def results_swapped(w, dw, v, *, lr, mu=0.9):
    """w and v came back in the wrong order."""
    velocity = mu * v - lr * dw
    return velocity, w + velocity


@mistake("momentum_step")
def updated_in_place(w, dw, v, *, lr, mu=0.9):
    """The numbers are right, but the caller's w and v were changed: `v *= mu` and `w += v` write into the arrays you
    were given. Make new arrays."""
    v *= mu
    v -= lr * dw
    w += v
    return w, v


@mistake("momentum_step")
def mu_on_both(w, dw, v, *, lr, mu=0.9):
    """The new gradient was multiplied by mu too. Only the old velocity fades."""
    velocity = mu * (v - lr * dw)
    return w + velocity, velocity


@mistake("momentum_step")
def mean_of_two_velocities(w, dw, v, *, lr, mu=0.9):
    """w moves by the mean of the old velocity and the new one. The new one alone moves it."""
    velocity = mu * v - lr * dw
    return w + (v + velocity) / 2, velocity
