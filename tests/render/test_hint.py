"""Hints as lines: earlier steps dimmed, the new step highlighted, then the next command."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from autograder.frontends.watch.screen import hint_lines
from autograder.render.page import Page, columns, plain
from autograder.report.report import Finding

LADDER = (
    "What differs\ndx is empty: shape (2, 0), expected (2, 3).\nCase “one”.",
    "Which term\nWith pad = 0 your dx is empty: the slice `pad:-pad` then reads `0:0`. Say where the image ends some "
    "other way.",
    "The formula, with a hole\ndpadded[b, i*stride + p, c] gathers sum over ____ of dout[b, i, n] * w[p, c, n]   from "
    "every window i",
    "A case for paper\nx = np.array([[1.0, 2.0]])\n\ndense gives\n  out =\n    1  2\n    3  4",
)
DX = Finding("gradient", "conv1d_backward", "failed", "dx", ladder=LADDER, mistake="crop_with_pad_zero")


@dataclass
class Hint:
    """As teaching.hint makes it."""

    finding: Finding | None
    steps: tuple[str, ...] = LADDER
    shown: int = 3
    shown_before: int = 2


def text(hint: Hint, width: int = 80, name: str = "conv1d") -> str:
    """The lines without colours."""
    return "".join(f"{plain(line)}\n" for line in hint_lines(hint, name, Page(width)))


def test_the_hints_read_well(golden):
    """Three of four steps, then all of them, on a page of eighty columns."""
    golden("hint.txt", text(Hint(DX)) + "=" * 79 + "\n" + text(Hint(DX, shown=4, shown_before=3)))


def test_the_new_step_stands_out():
    """Steps shown earlier are dim; if no step is new, all are plain."""
    lines = hint_lines(Hint(DX), "conv1d", Page(100))
    looks = {plain(line).strip()[:14]: line[-1].style for line in lines if line}
    assert looks["dx is empty: s"] == "dim" and looks["dpadded[b, i*s"] == "plain"
    again = hint_lines(Hint(DX, shown=4, shown_before=4), "conv1d", Page(100))
    assert {line[-1].style for line in again if line and "dx is empty" in plain(line)} == {"plain"}


@pytest.mark.parametrize(
    ("hint", "words"),
    [
        (Hint(None, ()), "conv1d passes: there is nothing to hint at.\n"),
        (Hint(DX, shown=1), "→ handgrad hint conv1d   3 more steps\n"),
        (Hint(DX, shown=3), "→ handgrad hint conv1d   1 more step\n"),
        (Hint(DX, shown=4), "That was the last step. The statement stands in your file; handgrad check conv1d to"),
        (
            Hint(Finding("speed", "f", "slow", message="f is right and slow."), (), 0, 0),
            "f  slow\nf is right and slow.\n\nThe statement stands in your file; handgrad check conv1d to check again.",
        ),
        (
            Hint(Finding("contract", "f", "skipped", message="f is not written yet."), LADDER[2:], 1, 0),
            "f is not written yet.\n\n1  The formula, with a hole\n",
        ),
    ],
)  # fmt: skip
def test_every_situation_has_its_words(hint, words):
    """Right, half done, at the last step, slow, and not begun."""
    assert words in text(hint, 120)


@pytest.mark.parametrize("width", [40, 60, 79, 120])
def test_no_line_is_wider_than_the_page(width):
    """Formulas and cases too."""
    assert all(columns(line) < width for line in text(Hint(DX, shown=4), width).split("\n"))


def test_hostile_hints_are_inert(situations):
    """What a student wrote may stand in a message, and so in a ladder."""
    finding = situations["hostile"].exercises[0].findings[1]
    lines = text(Hint(finding, finding.ladder, 2, 0), name="\x1b[31mred").split("\n")
    assert not any(ord(char) < 32 for line in lines for char in line)
    assert not [line for line in lines if line.lstrip().startswith("::")]
