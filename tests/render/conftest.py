"""Reports for renderer tests: typical situations, and text that tries to act on the output."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.report.report import Array, Example, ExerciseReport, Finding, Report, total, worst
from tests.marked import marked

GOLDEN = Path(__file__).parent / "golden"


def exercise(name: str, *findings: Finding, handed_in: bool = True, variant: str = "7e" * 32) -> ExerciseReport:
    """An exercise whose points and status follow from its findings."""
    score, most = sum(f.score for f in findings), sum(f.max_score for f in findings)
    status = worst(f.status for f in findings)
    source = "5e" * 32 if handed_in else None
    return ExerciseReport(name, "02_layers", status, score, most, findings, source, variant if handed_in else None)


def report(student: str, *exercises: ExerciseReport, tier: str = "sealed", notes: tuple[str, ...] = ()) -> Report:
    """A submission whose points are the sum of its exercises'."""
    return Report(student, tier, *total(exercises), exercises, notes, "0.1.0")


def finding(check: str, function: str, status: Any, output: str | None = None, **facts: Any) -> Finding:
    """A finding of two points, all of them when it passed."""
    most = facts.pop("max_score", 2.0)
    return Finding(check, function, status, output, facts.pop("score", most * (status == "passed")), most, **facts)


RELU = exercise(
    "relu",
    finding("contract", "relu", "passed", max_score=0.0),
    finding("values", "relu", "passed", "out"),
    finding("gradient", "relu_backward", "passed", "dx"),
    finding("purity", "relu", "passed", max_score=0.5),
    finding("purity", "relu_backward", "passed", max_score=0.5),
    finding("speed", "relu", "passed", figures={"ratio": 1.84, "fast": 5.0}),
)
CONV2D = exercise(
    "conv2d",
    finding("values", "conv2d", "passed", "out"),
    finding(
        "gradient",
        "conv2d_backward",
        "failed",
        "dx",
        message="dx has shape (2, 5, 7, 3), expected (2, 4, 6, 3): 1 more row and column than x has, in every image of "
        "the batch.\nCase “stride 3, pad 1” (4 of 9 cases fail).",
        hint="Cut the padding off again:\n  dx has the shape of x, not of the padded x.",
        mistake="crop_with_pad_zero",
        case="stride 3, pad 1",
    ),
    finding("gradient", "conv2d_backward", "passed", "dw"),
    finding("gradient", "conv2d_backward", "passed", "db"),
    finding("purity", "conv2d", "passed", max_score=0.5),
    finding("purity", "conv2d_backward", "failed", max_score=0.5, message="dout is changed.", case="batch of one"),
    finding(
        "speed",
        "conv2d",
        "slow",
        score=1.0,
        message="conv2d is right and takes 41 times the reference's time; the bar is 5.",
        figures={"ratio": 41.3, "fast": 5.0},
    ),
    finding("speed", "conv2d_backward", "skipped"),
)
DENSE = exercise(
    "dense",
    finding("values", "dense", "passed", "out"),
    *(
        finding("gradient", "dense_backward", "error", name, message="dense_backward raises IndexError at line 12.")
        for name in ("dx", "dw", "db")
    ),
    finding(
        "contract",
        "dense_backward",
        "failed",
        max_score=0.0,
        message="dense_backward takes (x, w, b), expected (dout, x, w, b).",
        hint="Take dout first.",
    ),
    finding("stability", "dense", "skipped", message="only a right answer is tried with large numbers"),
    finding("speed", "dense", "skipped", message="only a right answer is tried with large numbers"),
)
EMPTY = exercise("dropout", finding("contract", "dropout", "skipped", message="dropout is not written yet."))
ABSENT = [exercise(name, finding("contract", "", "skipped"), handed_in=False) for name in ("batchnorm", "layernorm")]
BROKEN = ExerciseReport(
    "max_pool2d",
    "02_layers",
    "broken",
    0.0,
    6.0,
    (Finding("grader", "", "broken", message="The grader failed, not the answer: OSError: no space left."),),
)


def array(values: Any) -> Array:
    """A record's array of these numbers; nan and infinities as text."""
    numbers = np.asarray(values, dtype=float)
    return Array(numbers.shape, tuple(x if math.isfinite(x) else str(x) for x in numbers.ravel().tolist()))


def example(expected: Any, yours: Any = None, outcome: str = "", output: str = "dx", case: str = "B = 2") -> Example:
    """What was expected beside what came, for two inputs."""
    inputs: dict[str, Array | str] = {"x": array([[1, -2.5]]), "stride": "2"}
    return marked(Example(case, output, inputs, array(expected), None if yours is None else array(yours), outcome))


TALL = np.arange(48.0).reshape(2, 4, 3, 2)
EXAMPLES = {
    "a table": example([[1, 2], [3, 4.25]], [[1, -2], [3, 100]]),
    "a number": example(0.5, 0.25, output="loss"),
    "images, three slices of four": example(TALL, TALL + (TALL > 5) * np.where(TALL % 2, 1, -0.5)),
    "a kernel": example(TALL[:1, :2], TALL[:1, :2] * 2, output="dw"),
    "a long row": example(np.arange(60.0), np.arange(60.0) + (np.arange(60) == 41)),
    "nan and infinity": example([[1, np.inf], [2, 3]], [[np.nan, np.inf], [-np.inf, 3]]),
    "digits as many as it takes": example([1.0, 2.0], [1.0, 2.0000003]),
    "another shape": example([[1, 2]], [1, 2], "dx has shape (2,), expected (1, 2)."),
    "empty": example([[1, 2]], np.zeros((0, 2)), "dx is empty: shape (0, 2), expected (1, 2)."),
    "nothing came": example([[1, 2]], None, "conv2d_backward raises IndexError at line 3."),
    "a check's own case": example([1], [2], case="stride 3, pad 1, after 2 calls in a row"),
    "a function goes in": marked(
        Example("w = 1", "path", {"gradient": "def gradient(w):\n    return 2 * w"}, array([1, 2]), array([1, 3]))
    ),
}
HOSTILE = (
    "::set-output name=x::y \x1b[31mred\x1b]8;;http://evil\x07link\x1b]8;;\x07 \x9b2J \u202eexe.yp\u2066 "
    "[red]bold[/red] :smile: ##[error]no \ud800 \0"
)
SITUATIONS = {
    "all_right": report("alice", RELU),
    "partly_right": report(
        "bob",
        RELU,
        CONV2D,
        DENSE,
        EMPTY,
        *ABSENT,
        tier="local",
        notes=("Not read, because no exercise has this name: helper.py.",),
    ),
    "examples": report(
        "fay",
        *(
            exercise(
                name.replace(" ", "_"),
                finding("gradient", "f", "failed", "dx", message=name, example=shown, case="stride 3, pad 1"),
            )
            for name, shown in EXAMPLES.items()
        ),
    ),
    "broken": report("carol", RELU, BROKEN),
    "nothing": report("dan", *ABSENT, notes=("The folder is empty.",)),
    "no_exercises": report("eve"),
    "hostile": Report(
        HOSTILE,
        HOSTILE,
        1.0,
        2.0,
        (
            exercise(
                HOSTILE,
                finding("values", HOSTILE, "passed", HOSTILE),
                finding(
                    HOSTILE,
                    HOSTILE,
                    "failed",
                    HOSTILE,
                    message=f"::error::one\n{HOSTILE}\n::warning::two " + "::stop::" * 40,
                    hint=HOSTILE,
                    mistake=HOSTILE,
                    case=HOSTILE,
                    figures={HOSTILE: 1.5},
                    ladder=(f"{HOSTILE}\n{HOSTILE}", HOSTILE),
                    example=Example(
                        HOSTILE, HOSTILE, {HOSTILE: f"{HOSTILE}\n{HOSTILE}"}, array([[1]]), array([[2]]), HOSTILE
                    ),
                ),
                finding("values", "f", "skipped", message=HOSTILE),
            ),
        ),
        (HOSTILE, "=HYPERLINK(1)"),
    ),
}
CLASS = [
    *(found for name, found in SITUATIONS.items() if name != "examples"),
    report("Ödön Ungewöhnlich-Langername von und zu Beispielstadt", RELU),
    report("张伟", CONV2D),
]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for `situation` runs once for each."""
    if "situation" in metafunc.fixturenames:
        metafunc.parametrize("situation", SITUATIONS)


@pytest.fixture
def situations() -> dict[str, Report]:
    """Every report by the name of its situation."""
    return SITUATIONS


@pytest.fixture
def examples() -> dict[str, Example]:
    """Every kind of example by its name."""
    return EXAMPLES


@pytest.fixture
def class_reports() -> list[Report]:
    """A class: every situation, a long name, a name in wide letters."""
    return CLASS


@pytest.fixture
def golden() -> Iterator[Any]:
    """Compare with golden/<name>; delete a golden file to have it written anew, and read it before it is kept."""
    written: list[str] = []

    def matches(name: str, text: str) -> None:
        path = GOLDEN / name
        if not path.exists():
            path.write_text(text, encoding="utf-8", newline="")
            written.append(name)
        assert text == path.read_bytes().decode("utf-8")

    yield matches
    assert not written, f"written anew: {written}. Read them, then run again."
