"""Smooth L1 loss: what is checked, on which inputs, for how many points."""

from __future__ import annotations

from autograder.spec import Case, Function, Speed, case, literal, loss, normal, small, whole
from reference.regression import smooth_l1_loss, smooth_l1_loss_backward


def timed(*sizes: int) -> tuple[Case, ...]:
    """Return one case for each number of rows."""
    return tuple(case(f"{n}x512", prediction=normal(n, 512), target=normal(n, 512)) for n in sizes)


EXERCISE = loss(
    Function(smooth_l1_loss, {"loss": 4}, purity=0.5, speed=0.5, timing=Speed(timed(32, 320), bars=(20.0, 45.0))),
    Function(smooth_l1_loss_backward, {"dprediction": 4}, purity=0.5, speed=0.5),
    cases=[
        case(
            "two examples by hand, both branches on both sides",
            public=True, prediction=literal([[1, 2.5, 0], [3, 4, 0]]), target=literal([[3, 2, 0.75], [3, 0, -0.5]]),
        ),
        case("a small batch", public=True, prediction=normal(3, 4, scale=1.5), target=normal(3, 4)),
        case("one number per example", public=True, prediction=normal(7, scale=1.5), target=normal(7)),
        case("all very near", prediction=normal(4, 3, scale=3e-5), target=normal(4, 3, scale=3e-5)),
        case("all far above", prediction=normal(4, 6, shift=20.0), target=normal(4, 6)),
        case("all far below", prediction=normal(3, 5, shift=-20.0), target=normal(3, 5)),
        case("images", prediction=normal(2, 4, 3, 5), target=normal(2, 4, 3, 5)),
        case("batch of one", prediction=normal(1, 6), target=normal(1, 6)),
        case("as many features as examples", prediction=normal(5, 5), target=normal(5, 5)),
        case("large numbers", prediction=normal(8, 3, scale=1e7), target=normal(8, 3, scale=1e7)),
    ],
    requires=("l1_loss", "l2_loss"),
    speed=Speed(timed(32, 640), bars=(20.0, 45.0)),
    axes={"prediction": "B D...", "target": "B D..."},
)  # fmt: skip

SMALL = [
    small(prediction=lambda B, D: whole(B, D, by=4), target=lambda B, D: whole(B, D, by=2)),
    small(prediction=lambda B: whole(B, by=4), target=lambda B: whole(B, by=2)),
]
