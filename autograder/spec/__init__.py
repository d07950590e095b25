"""The public names for authors: all that `spec.py`, `mistakes.py` and `alternatives.py` of an exercise import.

A spec assigns a `layer(...)`, `loss(...)`, `optimizer(...)`, `plain(...)` or `learner(...)` to EXERCISE.
"""

# isort: off
from autograder.spec.draw import (
    Draw, among, away, derived, fortran, generator, integers, listed, literal, normal, scaled, shares, spaced, uniform,
    whole,
)  # fmt: skip
from autograder.spec.exercise import (
    Alternative, Exercise, Mistake, Rows, Shrink, Training, alternative, convention, layer, learner, loss, mistake,
    optimizer, plain,
)  # fmt: skip
from autograder.spec.function import Accept, Case, Free, Function, Speed, Sums, Terms, Tolerance, case
from autograder.spec.judges import Judge
from autograder.spec.small import Small, small
from autograder.values import Code, Rng

__all__ = [
    "Accept", "Alternative", "Case", "Code", "Draw", "Exercise", "Free", "Function", "Judge", "Mistake", "Rng", "Rows",
    "Shrink", "Small", "Speed", "Sums", "Terms", "Tolerance", "Training", "alternative", "among", "away", "case",
    "convention", "derived", "fortran", "generator", "integers", "layer", "learner", "listed", "literal", "loss",
    "mistake", "normal", "optimizer", "plain", "scaled", "shares", "small", "spaced", "uniform", "whole",
]  # fmt: skip
