"""Output size: what is checked, on which inputs, for how many points."""

from __future__ import annotations

from autograder.spec import Draw, Function, case, derived, plain, small
from reference.convolution import output_size


def between(low: int, high: int) -> Draw:
    """An int in [low, high]."""
    return derived(lambda rng: int(rng.integers(low, high + 1)), f"between({low}, {high})")


ANY = {"size": between(20, 60), "window": between(2, 9), "stride": between(2, 7), "pad": between(1, 4)}

EXERCISE = plain(
    Function(output_size, {"out": 10}),
    cases=[
        case("lecture 1.3.2, pooling 3 pixels with size 2 and stride 1", public=True, size=3, window=2, stride=1),
        case("lecture 1.3.2, pooling 4 pixels with size 2 and stride 2", public=True, size=4, window=2, stride=2),
        case("lecture 1.3.2, convolving 4 pixels with padding 1", public=True, size=4, window=3, stride=1, pad=1),
        case("lecture 1.3.2, F=3 and S=2 with a pixel left over", public=True, size=14, window=3, stride=2),
        case("defaults", public=True, size=9, window=4),
        case("half a step left over", size=13, window=3, stride=4),
        case("most of a step left over", size=12, window=5, stride=4),
        case("little of a step left over", size=10, window=3, stride=6),
        case("a window as large as the image", size=5, window=5, stride=3),
        case("padding and a long step", size=21, window=4, stride=3, pad=2),
        case("a small image in much padding", size=2, window=6, stride=2, pad=3),
        *(case(f"any numbers {n}", **ANY) for n in (1, 2, 3, 4)),
    ],
)  # fmt: skip

SMALL = small(
    size=(2, 3, 4, 5), window=(1, 2, 3), stride=(1, 2, 3), pad=(0, 1), worked={"size": 4, "window": 2, "stride": 2},
    where=lambda size, window, pad: window <= size + 2 * pad,
)
