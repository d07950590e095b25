"""The stopwatch: how many samples are enough, and what they say."""

from __future__ import annotations

import os
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.numeric.stopwatch import FEW, MANY, SURE, Samples, one_core, timed

BARS = (5.0, 60.0)


def rounds(*ratios: float) -> Samples:
    """Rounds in which the answer takes so many times the reference's second, and the journey a tenth of a second."""
    samples = Samples()
    for ratio in ratios:
        samples.add(ratio + 0.1, 0.1, 1.0)
    return samples


@pytest.mark.parametrize(
    ("ratios", "enough"),
    [
        ([], False),
        ([1.0] * (FEW - 1), False),
        ([1.0, 1.1, 1.2], True),
        ([9.0, 1.1, 8.0], True),
        ([20.0] * (SURE - 1), False),
        ([20.0] * SURE, True),
        ([200.0], True),
        ([100.0] * (SURE - 1), False),
        ([100.0] * SURE, True),
        ([4.5] * (MANY - 1), False),
        ([50.0] * (MANY - 1), False),
        ([4.9] * MANY, True),
    ],
)
def test_enough_is_few_for_fast_more_for_slow_and_most_near_a_bar(ratios, enough):
    """A fast answer takes three rounds, a slow one five, a doubtful one nine; far beyond the last bar one is enough."""
    assert rounds(*ratios).settled(BARS) is enough


@given(st.lists(st.floats(0.01, 1000), min_size=1, max_size=MANY))
def test_the_ratio_is_made_of_the_least_of_each(ratios):
    """Noise only adds: one undisturbed round is enough, whatever the others say."""
    assert rounds(*ratios).ratio == pytest.approx(min(ratios))


@given(st.lists(st.floats(0, 1), min_size=3, max_size=MANY), st.floats(0.1, 100))
def test_noise_in_the_other_rounds_changes_nothing(noise, ratio):
    """Added to answer, journey and reference alike, in all rounds but one."""
    samples = rounds(ratio)
    for extra in noise:
        samples.add(ratio + 0.1 + extra, 0.1 + extra, 1.0 + extra)
    assert samples.ratio == pytest.approx(ratio)


def test_an_answer_cheaper_than_its_journey_took_no_time():
    """The ratio is never negative."""
    samples = Samples()
    samples.add(0.05, 0.1, 1.0)
    assert samples.ratio == 0


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


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="cores cannot be chosen here")
def test_a_measurement_stays_on_one_core():
    """On one of those that are allowed, and afterwards, also after an error, on all of them again."""
    before = os.sched_getaffinity(0)
    with one_core():
        meanwhile = os.sched_getaffinity(0)
    assert len(meanwhile) == 1 and meanwhile <= before == os.sched_getaffinity(0)
    with pytest.raises(KeyError), one_core():
        raise KeyError
    assert before == os.sched_getaffinity(0)


def test_where_cores_cannot_be_chosen_time_is_measured_all_the_same(monkeypatch):
    """As on macOS, which has no such call, and where a container forbids it."""

    def forbidden(*_):
        raise PermissionError

    monkeypatch.setattr(os, "sched_setaffinity", forbidden, raising=False)
    with one_core():
        pass
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    with one_core():
        pass
