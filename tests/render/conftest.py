"""Reports by situation: what a renderer has to show at its best, and what tries to act through it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.report import ExerciseReport, Finding, Report, total, worst

GOLDEN = Path(__file__).parent / "golden"


def exercise(name: str, *findings: Finding, handed_in: bool = True, seed: int = 7) -> ExerciseReport:
    """An exercise whose points and status follow from its findings."""
    score, most = sum(f.score for f in findings), sum(f.max_score for f in findings)
    status = worst(f.status for f in findings)
    source = "5e" * 32 if handed_in else None
    return ExerciseReport(name, "02_layers", status, score, most, findings, source, seed if handed_in else None)


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
    finding(
        "purity", "conv2d_backward", "failed", max_score=0.5, message="dout is changed.", case="batch of one"
    ),
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
                ),
                finding("values", "f", "skipped", message=HOSTILE),
            ),
        ),
        (HOSTILE, "=HYPERLINK(1)"),
    ),
}
CLASS = [
    *SITUATIONS.values(),
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
