"""Margins of the bars for speed, measured through the sandbox as answers are graded.

Every right answer must stay well below the first bar, every loop well above it, and the bar must be so long that the
cost of a call is small beside it: then neither the machine nor what else runs on it decides a verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from autograder.checks.speed import measure
from autograder.checks.trial import Trial
from autograder.checks.variant import Variant
from autograder.course.catalog import Course, text_of
from autograder.errors import GraderFault
from autograder.implementation import Returned
from autograder.numeric.stopwatch import median
from autograder.sandbox.sandbox import Sandbox
from autograder.sandbox.tiers import best
from autograder.spec.function import Function, Speed

BELOW = 1.6
"""Least quotient of the first bar and the ratio of the slowest right answer; for loops it is `Speed.above`."""
APART = 1.2
"""No loop that must be slow takes between 1 / APART and APART times the second bar."""
CALLS = 25.0
"""Least quotient of the time at the first bar and the time of a timed call that does nothing, on one machine."""
TRIES = 3
_IMPORT = "from autograder.spec import alternative"
_STAND_IN = "def alternative(function, **options):\n    return lambda code: code"


@dataclass(frozen=True)
class BarMargin:
    """The distances of one function's answers from its bars, as ratios to the reference's CPU time."""

    exercise: str
    function: str
    bar: float
    fair: float
    """The second bar."""
    above: float
    """Least quotient of a loop's ratio and the first bar."""
    seconds: float
    """CPU time of the reference at full size."""
    call: float
    """CPU time of a timed call that does nothing."""
    right: Mapping[str, float]
    """Right answer that must be fast → its ratio."""
    loops: Mapping[str, float]
    """Answer with a loop → its ratio at the size that decides."""

    @property
    def slowest(self) -> str:
        """Return the right answer with the greatest ratio."""
        return max(self.right, key=self.right.__getitem__)

    @property
    def fastest(self) -> str:
        """Return the loop with the smallest ratio, "" if the exercise has none."""
        return min(self.loops, key=self.loops.__getitem__, default="")

    @property
    def faults(self) -> list[str]:
        """Return a sentence, with the repair, for each bar or size that is wrong."""
        found, takes = [], "times the reference's time"
        if (slowest := self.right[self.slowest]) * BELOW > self.bar:
            repair = f"raise the bar of {self.bar:g} to {BELOW * slowest:.2g} or more"
            found.append(f"{self.slowest} takes {slowest:.3g} {takes}: {repair}")
        if self.loops and (fastest := self.loops[self.fastest]) < self.above * self.bar:
            repair = f"lower the bar of {self.bar:g} to {fastest / self.above:.2g} or less"
            found.append(f"{self.fastest} takes only {fastest:.3g} {takes}: {repair}")
        repair = f"move the second bar of {self.fair:g} away from it"
        found += [f"{loop} takes {ratio:.3g} {takes}: {repair}" for loop, ratio in self.loops.items()
                  if _is_near(ratio, self.fair)]  # fmt: skip
        if self.bar * self.seconds < CALLS * self.call:
            repair = f"time a larger one, of {1000 * CALLS * self.call / self.bar:.2g} ms or more"
            found.append(f"the reference takes {1000 * self.seconds:.2g} ms at full size: {repair}")
        return found


def _is_near(ratio: float, bar: float) -> bool:
    return bar / APART < ratio < bar * APART


def measure_margins(course: Course, name: str, seed: int = 0) -> list[BarMargin]:
    """Return the margins of every function of an exercise that is timed."""
    exercise = course.exercise(name)
    if not (timed := [(f, f.timing) for f in exercise.functions if f.timing and "speed" in f.points]):
        return []
    with Sandbox(best()) as sandbox:
        if fault := sandbox.timing_fault():
            raise GraderFault(f"the margins of {name} cannot be measured: {fault}")
        with sandbox.session() as session:
            nothing = session.implementation("nothing", "def nothing():\n    return 0.0\n")
            calls = [nothing.call("nothing", (), {}, names=(), seconds=1.0, timed=True) for _ in range(15)]
        call = min(each.cpu for each in calls if isinstance(each, Returned))
        return [_margin(course, Variant(exercise, seed), sandbox, call, *one) for one in timed]


def _margin(course: Course, variant: Variant, sandbox: Sandbox, call: float, function: Function,
            timing: Speed) -> BarMargin:  # fmt: skip
    """Return the margins of one timed function. call: the CPU time of a timed call that does nothing."""
    exercise, (bar, fair, *_) = variant.exercise, timing.bars
    text = text_of(course.folders[exercise.name] / "alternatives.py")
    solution, code = course.solution(exercise.name), text.replace("from __future__ import annotations", "")
    whole = f"{solution}\n{code.replace(_IMPORT, _STAND_IN)}\n{function.name} = "
    chosen = [item for item in exercise.alternatives if item.function == function.name]
    answers, loops = ({item.name: f"{whole}{item.name}\n" for item in chosen if item.fast is fast}
                      for fast in (True, False))  # fmt: skip

    def ratios(texts: Mapping[str, str], is_right: Callable[[float], bool]) -> dict[str, float]:
        """Return answer → ratio to the reference's time, measured up to TRIES times until `is_right` accepts it."""
        found = {}
        for name, text in texts.items():
            for _ in range(TRIES):
                with sandbox.session() as session:
                    found[name] = measure(Trial(variant, session.implementation(exercise.name, text)), function, timing)
                if is_right(found[name]):
                    break
        return found

    right = ratios({"the solution": solution, **answers}, lambda ratio: ratio * BELOW <= bar)
    slow = ratios(loops, lambda ratio: ratio >= bar * timing.above and not _is_near(ratio, fair))
    seconds = median([variant.oracle.timed(function, timing.ladder[-1], 0).seconds for _ in range(5)])
    return BarMargin(exercise.name, function.name, bar, fair, timing.above, seconds, call, right, slow)
