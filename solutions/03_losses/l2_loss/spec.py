"""L2 loss: what is checked, on which inputs, for how many points."""

from __future__ import annotations

from autograder.spec import Function, Speed, case, literal, loss, normal, small
from reference.regression import l2_loss, l2_loss_backward

EXERCISE = loss(
    Function(l2_loss, {"loss": 4}, purity=0.5, speed=0.5),
    Function(l2_loss_backward, {"dprediction": 4}, purity=0.5, speed=0.5),
    cases=[
        case(
            "two examples by hand",
            public=True, prediction=literal([[1, 2, -1], [0.5, 4, 3]]), target=literal([[2, -1, 0], [0, 4, -3]]),
        ),
        case("a small batch", public=True, prediction=normal(3, 4), target=normal(3, 4)),
        case("one number per example", public=True, prediction=normal(7, scale=3.0), target=normal(7)),
        case("images", prediction=normal(2, 4, 3, 5), target=normal(2, 4, 3, 5)),
        case("batch of one, very near", prediction=normal(1, 6, scale=3e-5), target=normal(1, 6, scale=3e-5)),
        case("as many features as examples", prediction=normal(5, 5), target=normal(5, 5)),
        case("large numbers", prediction=normal(8, 3, scale=1e7), target=normal(8, 3, scale=1e7)),
    ],
    speed=Speed(
        (
            case("128x128", prediction=normal(128, 128), target=normal(128, 128)),
            case("768x768", prediction=normal(768, 768), target=normal(768, 768)),
        ),
        bars=(20.0, 60.0),
    ),
    axes={"prediction": "B D...", "target": "B D..."},
)  # fmt: skip

SMALL = [small(prediction="B D", target="B D"), small(prediction="B", target="B")]
