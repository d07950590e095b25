"""The stopwatch: how many samples are enough, and what they say."""

from __future__ import annotations

import os
import statistics
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.numeric.stopwatch import FEW, MANY, SURE, Samples, median, one_core, timed

BARS = (5.0, 60.0)


@given(st.lists(st.floats(0, 1e3), min_size=1, max_size=12))
def test_the_median_is_the_standard_library_s(values: list[float]) -> None:
    """Odd and even numbers of values, in any order, with ties."""
    assert median(values) == statistics.median(values)


def rounds(*ratios: float) -> Samples:
    """Rounds in which the answer takes so many times the reference's second."""
    samples = Samples()
    for ratio in ratios:
        samples.add(ratio, 1.0)
    return samples


@pytest.mark.parametrize(
    ("ratios", "enough"),
    [
        ([], False),
        ([1.2], True),
        ([2.0] * (FEW - 1), False),
        ([2.0, 2.1, 2.2], True),
        ([9.0, 2.1, 8.0], False),
        ([20.0, 2.1, 2.2], False),
        ([20.0, 2.1, 2.2, 2.3, 2.1], True),
        ([20.0, 2.1] * (SURE - 1), False),
        ([20.0] * (SURE - 1), False),
        ([20.0] * SURE, True),
        ([200.0], False),
        ([200.0, 190.0], True),
        ([200.0, 1.2], False),
        ([1.2, 200.0], False),
        ([100.0] * (SURE - 1), False),
        ([100.0] * SURE, True),
        ([4.5] * (MANY - 1), False),
        ([50.0] * (MANY - 1), False),
        ([4.9] * MANY, True),
    ],
)
def test_enough_is_few_for_fast_more_for_slow_and_most_near_a_bar(ratios, enough):
    """Far below the bars one round is enough and far above them two; else a fast answer takes three, a slow one five, a
    doubtful one eleven."""
    assert rounds(*ratios).settled(BARS) is enough


@given(st.lists(st.floats(0.01, 1000), min_size=1, max_size=MANY), st.floats(0.01, 1000))
def test_less_than_half_of_the_rounds_decide_nothing(ratios, other):
    """However cheap or disturbed some rounds are: the others, which are more, say what the ratio is."""
    samples = rounds(*ratios, *[other] * (len(ratios) + 1))
    assert samples.ratio == other


def test_noise_in_the_reference_is_not_the_answer_s_gain():
    """The reference's median counts as the answer's does."""
    samples = rounds(7.0, 7.0, 7.0)
    samples.base[1] = 100.0
    assert samples.ratio == 7.0


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
