"""Connections and parameters: what is checked, on which inputs, for how many points."""

from __future__ import annotations

from autograder.spec import Function, case, plain, small
from reference.sparsity import conv_connections, conv_parameters, dense_connections, dense_parameters

EXERCISE = plain(
    Function(
        dense_parameters,
        {"parameters": 1.5},
        cases=(
            case("4 neurons to 3", public=True, n=4, m=3),
            case("an image of 32x32x3 to 10 classes", public=True, n=3072, m=10),
            case("one neuron to many", n=1, m=17),
            case("many neurons to one", n=23, m=1),
            case("as many as before", n=11, m=11),
        ),
    ),
    Function(
        conv_parameters,
        {"parameters": 2.5},
        cases=(
            case("lecture 1.3.2, parameter sharing, 3 in 1D", public=True, kh=1, kw=3, c=1, n=1),
            case("lecture 1.3.2, parameter sharing, k x k in 2D", public=True, kh=3, kw=3, c=1, n=1),
            case("16 filters over 3 channels", public=True, kh=3, kw=3, c=3, n=16),
            case("every number different", kh=2, kw=5, c=7, n=11),
            case("tall kernels, one channel", kh=5, kw=2, c=1, n=4),
            case("one filter of one pixel", kh=1, kw=1, c=9, n=1),
        ),
    ),
    Function(
        dense_connections,
        {"connections": 1.5},
        cases=(
            case("5 neurons to 5", public=True, n=5, m=5),
            case("the lecture's 4x4 image to 4x4 outputs", public=True, n=16, m=16),
            case("one neuron to many", n=1, m=13),
            case("many neurons to one", n=19, m=1),
            case("7 neurons to 12", n=7, m=12),
        ),
    ),
    Function(
        conv_connections,
        {"connections": 4.5},
        cases=(
            case("5 neurons in a row, kernel 3, pad 1", public=True, height=1, width=5, kh=1, kw=3, c=1, n=1, pad=1),
            case(
                "lecture 1.3.2, parameter sharing, 4x4 image with pad 1",
                public=True, height=4, width=4, kh=3, kw=3, c=1, n=1, pad=1,
            ),
            case("no padding", public=True, height=5, width=6, kh=2, kw=3, c=1, n=1),
            case("every number different", height=9, width=13, kh=2, kw=4, c=5, n=7, stride=3, pad=1),
            case("tall image, a column left over", height=11, width=8, kh=5, kw=3, c=2, n=3, stride=2),
            case("wide image, a row left over", height=6, width=15, kh=3, kw=2, c=4, n=1, stride=2, pad=2),
            case("gaps between windows", height=10, width=7, kh=2, kw=1, c=1, n=5, stride=4),
            case("almost one more window each way", height=9, width=12, kh=4, kw=4, c=1, n=2, stride=3),
            case("gaps of three, a little left over each way", height=8, width=13, kh=2, kw=2, c=3, n=1, stride=5),
            case("windows that see only padding", height=3, width=4, kh=2, kw=3, c=2, n=2, stride=1, pad=4),
            case("one window over all", height=4, width=7, kh=4, kw=7, c=3, n=2),
        ),
    ),
    requires=("conv2d", "dense", "output_size"),
)  # fmt: skip

SMALL = {
    "dense_parameters": small(n=(1, 2, 3), m=(1, 2, 3), worked={"n": 3, "m": 2}),
    "conv_parameters": small(kh=(1, 2, 3), kw=(1, 2, 3), c=(1, 2), n=(1, 2), worked={"kh": 2, "kw": 3, "n": 2}),
    "dense_connections": small(n=(1, 2, 3), m=(1, 2, 3), worked={"n": 3, "m": 2}),
    "conv_connections": [
        small(
            height=(1, 2, 3), width=(1, 2, 3), kh=(1, 2, 3), kw=(1, 2, 3), c=(1, 2), n=(1, 2), stride=(1, 2),
            pad=(0, 1), worked={"height": 2, "width": 3, "kh": 2, "kw": 2},
            where=lambda height, width, kh, kw, c, n, pad: (
                kh <= height + 2 * pad and kw <= width + 2 * pad and height + width + kh + kw + c + n <= 11
            ),
        ),
        small(height=1, width=1, kh=1, kw=1, c=1, n=1, pad=2),  # most windows see only padding
    ],
}
