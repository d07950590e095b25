"""Speed: a ratio to the reference's CPU time, with half points between two bars."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest

from autograder.checks import CHECKS, variant
from autograder.checks.trial import Trial
from autograder.checks.variant import Variant
from autograder.implementation import Outcome, Raised, Returned, Stopped
from autograder.numeric.stopwatch import MANY
from autograder.report.report import Finding
from autograder.spec.draw import normal
from autograder.spec.exercise import Exercise, plain
from autograder.spec.function import Function, Speed, case
from tests.engine.scripted import Scripted, scripted

SECONDS = {1: 0.0001, 2: 0.001, 3: 0.002}  # by the length of x


def double(x: np.ndarray) -> np.ndarray:
    """Return 2x. `timing` replaces the clock of the reference, so that ratios are exact on a busy machine too."""
    return 2 * x


@dataclass
class Timed(Scripted):
    """A candidate whose calls cost `factors` times the reference, one after the other; the last one stays."""

    factors: tuple[float, ...] = (1.0,)
    allowed: list[float] = field(default_factory=list)

    def call(self, function: str, args: tuple[Any, ...], kwargs: dict[str, Any], **rest: Any) -> Outcome:
        self.allowed.append(rest["seconds"])
        outcome = super().call(function, args, kwargs, **rest)
        if not isinstance(outcome, Returned):
            return outcome
        factor = self.factors[min(len(self.calls), len(self.factors)) - 1]
        return Returned(outcome.value, factor * SECONDS[len(args[0])])

    @property
    def sizes(self) -> list[int]:
        """The length of x in every call."""
        return [len(args[0]) for _, args in self.calls]


def exercise(*sizes: int) -> Exercise:
    """2x, timed at these sizes, with the bars 5 and 60."""
    ladder = tuple(case(f"size {size}", x=normal(size)) for size in sizes)
    return plain(Function(double, {"out": 2}, speed=1), cases=[case("small", x=normal(1))], speed=Speed(ladder))


def timing(
    answer: Any = lambda x: 2 * x,
    sizes: tuple[int, ...] = (2, 3),
    factors: tuple[float, ...] = (1.0,),
    reveal: bool = True,
) -> tuple[Finding, Timed]:
    """The finding on an answer that was right on its cases, and the candidate with the timed calls alone."""
    tested = exercise(*sizes)
    right = scripted(tested, {"double": answer})
    implementation = Timed(right.answers, right.described, factors=factors)
    passed = (Finding("values", "double", "passed", "out", 2, 2),)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(variant, "timed", lambda run: (value := run(), SECONDS[len(value)]))
        (finding,) = CHECKS["speed"](Trial(Variant(tested, 7), implementation, reveal), passed)
    return finding, implementation


def test_as_fast_as_the_reference_earns_everything():
    """Within the first bar: passed, with the measured figures."""
    finding, implementation = timing()
    assert (finding.status, finding.score, finding.max_score, finding.message) == ("passed", 1, 1, "")
    assert finding.figures["ratio"] == pytest.approx(1, rel=0.2)
    assert (finding.figures["fast"], finding.figures["fair"]) == (5, 60)
    assert implementation.sizes == [2, 3]


def test_between_the_bars_earns_half():
    """Slow is its own verdict: half the points, and which loop to look for."""
    finding, _ = timing(factors=(20,))
    assert (finding.status, finding.score, finding.max_score) == ("slow", 0.5, 1)
    pattern = (
        r"double is right and takes some (\S+) times the reference's time; the bar is 5\. "
        r"Some loop over pixels, rows or entries is left: let NumPy do it in one expression\."
    )
    match = re.fullmatch(pattern, finding.message)
    assert match and float(match[1]) == pytest.approx(20, rel=0.2)


def test_beyond_the_last_bar_earns_nothing():
    """Slow with no points is still right, and told what to replace first."""
    finding, _ = timing(factors=(300,))
    assert (finding.status, finding.score, finding.max_score) == ("slow", 0, 1)
    pattern = (
        r"double is right but takes some (\S+) times the reference's time; half the points need 60\. "
        r"Replace the innermost Python loops by array expressions first\."
    )
    match = re.fullmatch(pattern, finding.message)
    assert match and float(match[1]) == pytest.approx(300, rel=0.2)


def test_a_clearly_slow_answer_is_never_run_at_full_size():
    """Two calls on the small rung settle it."""
    _, implementation = timing(factors=(300,))
    assert implementation.sizes == [2, 2]


@pytest.mark.parametrize("factors", [(1000, 1), (1, 1000, 1)])
def test_one_call_that_the_machine_disturbs_makes_nobody_slow(factors):
    """A pause of the machine during one call, at the first size or at the full one, costs a fast answer nothing."""
    finding, _ = timing(factors=factors)
    assert (finding.status, finding.score) == ("passed", 1)


def test_half_the_points_are_settled_on_a_small_rung_too():
    """Where the reference's own time is long enough to trust, the full size is never called."""
    _, implementation = timing(factors=(20,))
    assert set(implementation.sizes) == {2}


def test_a_rung_too_small_to_trust_only_settles_the_worst():
    """20 times almost nothing is the cost of a call: it is measured again at full size."""
    _, implementation = timing(sizes=(1, 3), factors=(20,))
    assert set(implementation.sizes) == {1, 3}
    _, slower = timing(sizes=(1, 3), factors=(300,))
    assert slower.sizes == [1, 1]


def test_the_cost_of_a_call_is_not_held_against_an_answer():
    """A small rung where calling alone costs 20 times the reference does not make a fast answer slow."""
    finding, implementation = timing(sizes=(1, 3), factors=(20, 1))
    assert finding.status == "passed"
    assert implementation.sizes == [1, 3]


def test_sizes_in_between_are_for_answers_that_seem_slow():
    """An answer within the first bar at the first size is timed at the full size next, a slower one at every size."""
    assert timing(sizes=(1, 2, 3))[1].sizes == [1, 3]
    assert timing(sizes=(1, 2, 3), factors=(20, 7, 1))[1].sizes == [1, 2, 3]


def test_a_function_without_sizes_is_refused():
    """A Speed without a size is a fault of the spec, and the error names the function."""
    with pytest.raises(ValueError, match="has no sizes to time"):
        timing(sizes=())


def test_near_a_bar_more_samples_are_taken():
    """A ratio at the bar takes as many samples as we ever take."""
    _, implementation = timing(sizes=(3,), factors=(5,))
    assert implementation.sizes == [3] * MANY


def test_one_slow_call_does_not_decide():
    """The verdict is the median: two slow rounds before many fast ones are forgiven."""
    finding, _ = timing(sizes=(3,), factors=(30, 30, 1))
    assert (finding.status, finding.score) == ("passed", 1)


@pytest.mark.parametrize("cheap", [0, 1, 2, 3, 4])
def test_one_cheap_round_hides_no_expensive_ones(cheap):
    """An answer of 20 times the reference's time is slow, though one round of it costs almost nothing."""
    factors = [20.0] * MANY
    factors[cheap] = 1.5
    finding, _ = timing(lambda x: 2 * x, sizes=(3,), factors=tuple(factors))
    assert (finding.status, finding.score) == ("slow", 0.5)


def test_the_time_allowed_lies_beyond_the_last_bar_and_not_far():
    """Slow answers may finish, endless ones may not: about three times the bar and a fifth of a second."""
    _, implementation = timing(sizes=(3,))
    assert all(60 * 0.002 < seconds < 0.2 + 6 * 60 * 0.002 for seconds in implementation.allowed)


def test_forward_and_backward_are_timed_on_other_inputs(tiny):
    """What forward has seen in any round, backward never gets: it cannot look up what was computed meanwhile."""
    scale = tiny.exercise("scale")
    paper, forward = Variant(scale, 7), scale.function("scale_forward")
    backward = replace(scale.function("scale_backward"), timing=forward.timing)
    rounds = [(f, case, number) for f in (forward, backward) for case in forward.timing.ladder for number in range(3)]
    seen = [paper.oracle.timed(*one).inputs["x"].tobytes() for one in rounds]
    assert len(seen) == len(set(seen))


def test_timed_inputs_are_made_once_and_the_reference_is_timed_each_time(monkeypatch):
    """The inputs and what is expected belong to the variant; a second answer gets the arrays that the first one got."""
    tested, asked = exercise(3), []
    paper, function = Variant(tested, 7), tested.functions[0]
    monkeypatch.setattr(variant, "timed", lambda run: (asked.append(1) or run(), 0.002))
    first, again = (paper.oracle.timed(function, function.timing.ladder[0], 0) for _ in range(2))
    assert first.inputs is again.inputs and first.expected is again.expected
    assert len(asked) == 3  # once to have the memory, and once a call


def test_kept_timed_inputs_are_bounded(monkeypatch):
    """Timed calls are kept as long as there is room; then they are made anew."""
    monkeypatch.setattr(variant, "_TIMED", {})
    monkeypatch.setattr(variant, "MOST_KEPT", 2_000)
    tested = exercise(3)
    paper, function = Variant(tested, 7), tested.functions[0]
    rounds = (0, 0, 1, 0, 2, 0)  # two calls have room
    seen = [paper.oracle.timed(function, function.timing.ladder[0], number).inputs for number in rounds]
    assert seen[0] is seen[1] is seen[3] and seen[5] is not seen[0]


def test_every_timed_call_gets_fresh_inputs():
    """Nobody can remember an answer between two timed calls."""
    _, implementation = timing(sizes=(3,), factors=(5,))
    assert len({args[0].tobytes() for _, args in implementation.calls}) == MANY


UNFIT = [
    (lambda x: 2 * x if len(x) < 3 else 2 * x + 1e-6,
     "out of double is wrong at the size that is timed: is there a fixed size in it?"),
    (lambda x: 2 * x[:2], "out of double is wrong at the size that is timed: is there a fixed size in it?"),
    (lambda x: Raised("MemoryError"), "double does not return at the size that is timed."),
    (lambda x: Stopped("memory"), "double does not return at the size that is timed."),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "message"), UNFIT)
def test_an_answer_that_is_not_right_at_the_timed_size_earns_nothing(answer, message):
    """Every timed reply is compared: a half-computed one is failed, not fast."""
    finding, _ = timing(answer, sizes=(3,))
    assert (finding.status, finding.score, finding.max_score, finding.message) == ("failed", 0, 1, message)


def test_an_answer_that_runs_out_of_time_is_slow():
    """The limit lies beyond the last bar, so to be stopped there is to be slow without points."""
    finding, implementation = timing(lambda x: Stopped("time"))
    assert (finding.status, finding.score) == ("slow", 0)
    assert finding.figures["ratio"] > 60
    assert implementation.sizes == [2]  # what was stopped is not called again


def test_a_wrong_answer_is_not_timed():
    """How fast a wrong answer is has no worth: it is not even called."""
    tested = exercise(2, 3)
    implementation = scripted(tested, {})
    failed = (Finding("values", "double", "failed", "out", 0, 2),)
    (finding,) = CHECKS["speed"](Trial(Variant(tested, 7), implementation), failed)
    assert (finding.status, finding.score, finding.max_score) == ("skipped", 0, 1)
    assert implementation.calls == []


def test_real_loops_are_slow_and_real_expressions_are_not(tiny):
    """In this process, with the real clock: the tiny course's alternatives on both sides."""
    scale = tiny.exercise("scale")
    passed = (Finding("values", "scale_forward", "passed", "out", 2, 2),)

    def status(name: str) -> str:
        code = {item.name: item.code for item in scale.alternatives}[name]
        implementation = scripted(scale, {"scale_forward": code})
        return CHECKS["speed"](Trial(Variant(scale, 7), implementation), passed)[0].status

    assert status("by_diagonal_in_fortran_order") == "passed"
    assert status("entry_by_entry") == "slow"


@pytest.mark.parametrize(("factor", "sizes"), [(5.1, {2, 3}), (9.9, {2, 3}), (10.1, {2}), (20, {2})])
def test_a_small_size_decides_above_twice_the_first_bar(factor, sizes):
    """At 1 ms the reference's time can be trusted; nearer to the bar of 5 the full size is called."""
    _, implementation = timing(lambda x: 2 * x, factors=(factor,))
    assert set(implementation.sizes) == sizes


@pytest.mark.parametrize(("factor", "sizes"), [(61, {1, 3}), (89, {1, 3}), (91, {1})])
def test_a_size_too_small_to_trust_decides_above_one_and_a_half_times_the_last_bar(factor, sizes):
    """At 0.1 ms of the reference, the bar of 60 is not near enough to decide at 61."""
    _, implementation = timing(lambda x: 2 * x, sizes=(1, 3), factors=(factor,))
    assert set(implementation.sizes) == sizes


def test_a_size_at_which_the_answer_is_too_short_to_time_never_decides(monkeypatch):
    """4.9 ms of an answer's time is a call's cost rather than a measurement, whatever the ratio."""
    for seconds, sizes in ((0.0049, {1, 3}), (0.0051, {1})):
        monkeypatch.setitem(SECONDS, 1, seconds / 100)
        _, implementation = timing(lambda x: 2 * x, sizes=(1, 3), factors=(100,))
        assert set(implementation.sizes) == sizes


def test_a_slow_small_size_and_a_fast_full_one_pass():
    """A ratio of 7 at a small size is not called slow where the full size takes the reference's time."""
    finding, implementation = timing(lambda x: 2 * x, factors=(7, 1))
    assert (finding.status, finding.score) == ("passed", 1)
    assert implementation.sizes == [2, 3]


@pytest.mark.parametrize(
    ("factor", "status", "score"), [(5, "passed", 1), (5.01, "slow", 0.5), (60, "slow", 0.5), (60.1, "slow", 0)]
)
def test_a_ratio_at_a_bar_is_within_it(monkeypatch, factor, status, score):
    """Exactly 5 times the reference's time earns everything, exactly 60 times half of it, and no more."""
    monkeypatch.setitem(SECONDS, 3, 2**-9)  # a power of two, so that the ratio is the factor to the bit
    finding, _ = timing(lambda x: 2 * x, sizes=(3,), factors=(factor,))
    assert (finding.status, finding.score) == (status, score)
    assert finding.figures["ratio"] == round(factor, 2)


@pytest.mark.parametrize(
    ("factor", "told"), [(0.3, 0.5), (0.9, 1), (1.2, 1.5), (4.1, 5), (5.01, 7), (51, 60), (60.1, 70), (150, 200)]
)
def test_a_ratio_on_hidden_inputs_is_one_of_a_few(monkeypatch, factor, told):
    """It is rounded up, and never beyond a bar that it does not pass."""
    monkeypatch.setitem(SECONDS, 3, 2**-9)
    finding, _ = timing(lambda x: 2 * x, sizes=(3,), factors=(factor,), reveal=False)
    assert finding.figures["ratio"] == told
    assert not finding.message or f"takes some {told} times" in finding.message


@pytest.mark.parametrize(("factor", "words"), [(1000, "1000"), (4096, "4096"), (75.5, "75.5")])
def test_a_large_ratio_is_written_in_full(monkeypatch, factor, words):
    """The message gives a ratio of a thousand in full, not as 1e+03."""
    monkeypatch.setitem(SECONDS, 3, 2**-9)
    finding, _ = timing(lambda x: 2 * x, sizes=(3,), factors=(factor,))
    assert f"takes some {words} times the reference's" in finding.message
