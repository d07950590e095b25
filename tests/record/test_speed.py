"""Timing by a record: the reference's recorded time, this machine's pace, and skipped if the result is doubtful."""

from __future__ import annotations

import time

import numpy as np
import pytest

from autograder.checks.speed import timed_share
from autograder.checks.variant import Variant, timed_stream
from autograder.errors import Unrecorded
from autograder.numeric import kernels
from autograder.numeric.compare import compare
from autograder.numeric.sample import MOST, sample
from autograder.spec.draw import among, derived, fortran, integers, listed, normal, shares, spaced, uniform
from autograder.spec.exercise import layer, loss, plain
from autograder.spec.function import Function, Speed, case
from tests.record.conftest import verdict


def burn(x: np.ndarray) -> np.ndarray:
    """Return 2x after 0.01 seconds of CPU time."""
    start = time.thread_time()
    while time.thread_time() - start < 0.01:
        pass
    return 2 * x


def timed(draw, **words):
    """Return an exercise with one function that is timed on this draw."""
    function = Function(burn, {"out": 2}, speed=1)
    speed = Speed((case("full", x=draw),), **words)
    return plain(function, cases=[case("small", x=normal(2))], speed=speed)


def speed_of(exercise, answer):
    """Return the finding of the speed check."""
    return next(f for f in verdict(Variant(exercise, 0), {"burn": answer}, frozenset()) if f.check == "speed")


def test_a_fast_answer_passes(recorded):
    """An answer with a small part of the reference's time passes at any pace of this machine."""
    assert speed_of(recorded(timed(normal(400))), lambda x: 2 * x).status == "passed"


def test_a_slow_answer_is_slow(recorded):
    """An answer with thirty times the reference's time is slow, with bars of 0.5 and 1."""

    def slow(x):
        for _ in range(30):
            burn(x)
        return 2 * x

    finding = speed_of(recorded(timed(normal(400), bars=(0.5, 1.0))), slow)
    assert (finding.status, finding.score) == ("slow", 0)


def test_an_answer_that_is_wrong_at_full_size_fails(recorded):
    """An answer that is wrong at full size fails by the few entries that are recorded."""
    finding = speed_of(recorded(timed(normal(400))), lambda x: 2 * x if len(x) == 2 else np.zeros(len(x)))
    assert (finding.status, finding.message) == (
        "failed", "out of burn is wrong at the size that is timed: is there a fixed size in it?"
    )  # fmt: skip


def test_what_the_course_draws_itself_is_timed_when_graded(recorded):
    """Inputs that the course's own code draws and that are too large are skipped, to be timed when graded."""
    finding = speed_of(recorded(timed(derived(lambda rng: rng.random(4000)))), lambda x: 2 * x)
    assert (finding.status, finding.message) == ("skipped", "burn is timed when it is graded.")


DRAWS = {
    "uniform": uniform(30, 40, low=2, high=3), "integers": integers(900, below=7), "spaced": spaced(30, 30),
    "fortran": fortran(normal(40, 30, scale=2.0, shift=1.0)), "listed": listed(normal(4), uniform(30, 40)),
    "among": among(50, 60, values=(0.0, 2.5)), "shares": shares(40, 50), "small": derived(lambda rng: rng.random(9)),
    "number": 3.5,
}  # fmt: skip


@pytest.mark.parametrize("draw", DRAWS.values(), ids=DRAWS)
def test_the_engine_s_own_draws_are_drawn_again(recorded, draw):
    """The engine's draws give equal numbers from equal seeds, so their values are not recorded."""
    exercise = recorded(timed(draw))
    function = exercise.functions[0]
    call = Variant(exercise, 0).oracle.timed(function, function.timing.ladder[0], 0)
    if not isinstance(draw, float) and draw.recipe:
        again = draw(timed_stream(Variant(exercise, 0).seed, function, function.timing.ladder[0]))
        assert compare("x", call.inputs["x"], again, 0, 0) is None
    assert call.seconds > 0


def test_a_numpy_that_draws_other_numbers_is_noticed(recorded):
    """If NumPy draws other numbers than recorded, the digest differs and no answer is called wrong."""
    exercise = recorded(timed(normal(400)))
    function = exercise.functions[0]
    exercise.oracle.facts["timed"]["burn"]["full"]["digest"] = "another"
    with pytest.raises(Unrecorded, match=r"NumPy .+ draws other numbers than "):
        Variant(exercise, 0).oracle.timed(function, function.timing.ladder[0], 0)


def cube(x: np.ndarray) -> np.ndarray:
    """Return x³."""
    return x**3


def cube_backward(dout: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return 3x² · dout."""
    return 3 * x**2 * dout


def total(x: np.ndarray) -> float:
    """Return the sum."""
    return float(x.sum())


def total_backward(x: np.ndarray) -> np.ndarray:
    """Return ones."""
    return np.ones_like(x)


@pytest.mark.parametrize("kind", [layer, loss])
def test_a_backward_is_timed_with_the_cotangent_of_the_spec(recorded, kind):
    """The cotangent has the recorded shape of forward's output."""
    functions = (cube, cube_backward) if kind is layer else (total, total_backward)
    live = kind(
        *(Function(f, {"out" if i == 0 else "dx": 1}, speed=1) for i, f in enumerate(functions)),
        cases=[case("small", x=normal(2))], speed=Speed((case("full", x=normal(30, 20)),)),
    )  # fmt: skip
    kept = recorded(live)
    call = Variant(kept, 0).oracle.timed(kept.functions[1], kept.functions[1].timing.ladder[0], 0)
    again = Variant(live, Variant(kept, 0).seed).oracle.timed(live.functions[1], live.functions[1].timing.ladder[0], 0)
    assert compare("inputs", call.inputs, again.inputs, 0, 0) is None
    assert compare("dx", call.expected["dx"], sample(again.expected["dx"]), 1e-9, 0) is None


@pytest.mark.parametrize(("ratio", "doubt", "share"), [
    (5, 1, 1), (5.1, 1, 0.5), (60, 1, 0.5), (61, 1, 0),
    (5, 2, 1), (5.1, 2, None), (10, 2, None), (10.1, 2, 0.5), (61, 2, 0),
])  # fmt: skip
def test_an_estimate_is_slow_only_beyond_its_doubt(ratio, doubt, share):
    """A ratio below the bar passes; a ratio above it within the doubt is skipped."""
    assert timed_share(ratio, (5.0, 60.0), doubt) == share


def test_what_is_open_says_so(recorded, monkeypatch):
    """A doubtful time is skipped with the figure, and the message says that it is timed when graded."""
    monkeypatch.setattr(kernels, "MARGIN", 1e9)
    finding = speed_of(recorded(timed(normal(400), bars=(1e-9, 1e-8))), burn)
    assert finding.status == "skipped" and finding.max_score == 1
    assert "only estimated for this machine; the bar of 1e-09 is too near to call. It is timed when it is" in (
        finding.message
    )


def test_a_sample_keeps_the_form():
    """A sample of an array keeps shape, dtype and some entries; other values are unchanged."""
    big = np.arange(1000.0).reshape(10, 100)
    got = sample({"a": [big, 3], "b": (np.arange(MOST),)})
    assert got["a"][1] == 3 and got["b"][0].size == MOST
    assert got["a"][0]["shape"] == [10, 100] and got["a"][0]["dtype"] == "float64"
    assert len(set(got["a"][0]["entries"].tolist())) > MOST * 0.9
    assert set(got["a"][0]["entries"].tolist()) <= set(range(1000))


def test_a_sample_is_the_same_in_either_memory_order():
    """An array in Fortran order has the sample of the same array in C order."""
    big = np.arange(1000.0).reshape(10, 100)
    assert sample(np.asfortranarray(big))["entries"].tolist() == sample(big)["entries"].tolist()


def test_a_machine_s_pace_is_the_kernels_median_and_its_doubt_the_farthest():
    """The pace is the median of the kernels' ratios, and the doubt is the largest distance from it."""
    there = {"a": 1.0, "b": 1.0, "c": 1.0}
    here = {"a": 3.0, "b": 3.0, "c": 12.0}
    assert kernels.pace(here, there) == 3
    assert kernels.doubt(here, there) == kernels.MARGIN * 4
    assert kernels.doubt(there, here) == kernels.MARGIN * 4
    assert kernels.pace(here, {}) == 1  # a record of an engine with other kernels


def test_the_kernels_are_timed():
    """Each kernel takes time, and the least time is at most the present one."""
    now, least = kernels.once(), kernels.least()
    assert now.keys() == least.keys() == kernels.KERNELS.keys()
    assert all(0 < least[name] <= now[name] for name in now)
