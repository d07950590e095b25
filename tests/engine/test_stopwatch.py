"""The stopwatch: how many samples are enough, and what they say."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.numeric.stopwatch import FEW, GUARD, MANY, settled, timed, verdict

BARS = (5.0, 60.0)


@pytest.mark.parametrize(
    ("ratios", "enough"),
    [
        ([], False),
        ([1.0] * (FEW - 1), False),
        ([1.0, 1.1, 1.2], True),
        ([20.0, 21.0, 19.0], True),
        ([200.0, 190.0, 210.0], True),
        ([4.5, 4.5, 4.5], False),
        ([1.0, 1.0, 6.0], False),
        ([50.0, 50.0, 50.0], False),
        ([1.0] * 7 + [70.0], False),
        ([4.9] * MANY, True),
    ],
)
def test_samples_are_enough_when_no_bar_lies_between_or_near_them(ratios, enough):
    """Fewer than three never are, nine always."""
    assert settled(ratios, BARS) is enough


@given(st.lists(st.floats(0.01, 1000), min_size=FEW, max_size=MANY - 1))
def test_settled_samples_lie_in_one_tier(ratios):
    """Where it says enough, no further sample of the same kind could change the tier."""
    if settled(ratios, BARS):
        tiers = {sum(ratio * factor > bar for bar in BARS) for ratio in ratios for factor in (1 / 1.29, 1, 1.29)}
        assert len(tiers) == 1
    assert GUARD == 1.3


@given(st.lists(st.floats(0.01, 1000), min_size=1, max_size=MANY))
def test_the_verdict_is_the_median(ratios):
    """At least half of the samples lie on either side."""
    middle = verdict(ratios)
    assert 2 * sum(ratio <= middle for ratio in ratios) >= len(ratios)
    assert 2 * sum(ratio >= middle for ratio in ratios) >= len(ratios)


def test_timed_counts_cpu_and_not_waiting():
    """The result comes through; a thread that only waits costs nothing."""

    def burn() -> str:
        start = time.thread_time()
        while time.thread_time() - start < 0.005:
            pass
        return "done"

    result, seconds = timed(burn)
    assert result == "done"
    assert 0.005 <= seconds < 0.02
