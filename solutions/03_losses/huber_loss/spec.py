"""Huber loss: what is checked, on which inputs, for how many points."""

from __future__ import annotations

from autograder.spec import Case, Function, Speed, case, literal, loss, normal, small, whole
from reference.regression import huber_loss, huber_loss_backward


def timed(*sizes: int) -> tuple[Case, ...]:
    """Return one case for each number of rows."""
    return tuple(case(f"{n}x512", prediction=normal(n, 512), target=normal(n, 512), delta=0.5) for n in sizes)


EXERCISE = loss(
    Function(huber_loss, {"loss": 4}, purity=0.5, speed=0.5, timing=Speed(timed(32, 320), bars=(20.0, 60.0))),
    Function(huber_loss_backward, {"dprediction": 4}, purity=0.5, speed=0.5),
    cases=[
        case(
            "two examples by hand, delta 2",
            public=True, prediction=literal([[1, 2, 0], [3, 6, 0]]), target=literal([[4, 1, 1.5], [3, 0, -5]]),
            delta=2.0,
        ),
        case("a small batch, default delta", public=True, prediction=normal(3, 4, scale=1.5), target=normal(3, 4)),
        case("one number per example", public=True, prediction=normal(7, scale=1.5), target=normal(7), delta=0.5),
        case("a small delta", prediction=normal(4, 6), target=normal(4, 6), delta=0.3),
        case("a large delta", prediction=normal(6, 5, scale=400.0), target=normal(6, 5, scale=200.0), delta=300.0),
        case("all very near", prediction=normal(4, 3, scale=3e-5), target=normal(4, 3, scale=3e-5), delta=2.5),
        case("all far above", prediction=normal(4, 6, shift=20.0), target=normal(4, 6), delta=1.5),
        case("all far below", prediction=normal(3, 5, shift=-20.0), target=normal(3, 5), delta=0.7),
        case("images", prediction=normal(2, 4, 3, 5), target=normal(2, 4, 3, 5), delta=0.8),
        case("batch of one", prediction=normal(1, 6), target=normal(1, 6), delta=1.2),
        case("as many features as examples", prediction=normal(5, 5), target=normal(5, 5), delta=0.9),
        case("large numbers", prediction=normal(8, 3, scale=1e7), target=normal(8, 3, scale=1e7), delta=1.1),
    ],
    requires=("smooth_l1_loss",),
    speed=Speed(timed(32, 640), bars=(20.0, 60.0)),
    axes={"prediction": "B D...", "target": "B D..."},
)  # fmt: skip

SMALL = [
    small(prediction=lambda B, D: whole(B, D, by=2), target="B D", delta=(2.0, 0.7)),
    small(prediction=lambda B: whole(B, by=2), target="B", delta=(2.0, 0.7)),
]
