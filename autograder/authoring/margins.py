"""Margins of the bars for speed, measured through the sandbox as answers are graded.

Every right answer must stay well below the first bar, every loop well above it, and the bar must be so long that the
cost of a call is small beside it: then neither the machine nor what else runs on it decides a verdict.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from statistics import median

from autograder.checks.speed import measure
from autograder.checks.trial import Trial
from autograder.checks.variant import Variant
from autograder.course.catalog import Course
from autograder.errors import GraderFault
from autograder.implementation import Returned
from autograder.sandbox import Sandbox, best
from autograder.spec.exercise import Exercise
from autograder.spec.function import Function, Speed

BELOW = 1.6
"""A bar is at least so many times the ratio of the slowest right answer; a loop's distance is `Speed.above`."""
APART = 1.2
"""No loop that must be slow takes between 1 / APART and APART times the second bar."""
CALLS = 25.0
"""The time at the first bar is at least so many times that of a timed call that does nothing, on the same machine."""
TRIES = 3
_IMPORT = "from autograder.spec import alternative"
_STAND_IN = "def alternative(function, **options):\n    return lambda code: code"


@dataclass(frozen=True)
class BarMargin:
    """The distances of one function's answers from its first bar, as ratios to the reference's CPU time."""

    exercise: str
    function: str
    bar: float
    seconds: float
    """CPU time of the reference at full size."""
    call: float
    """CPU time of a timed call that does nothing."""
    right: str
    """The slowest right answer."""
    slowest: float
    """Its ratio."""
    loop: str = ""
    """The fastest answer with a loop, "" if the exercise has none."""
    fastest: float = 0.0
    """Its ratio at the size that decides, 0 if there is none."""

    above: float = 2.0
    """How far above the bar the loop must be."""
    fair: float = 60.0
    """The second bar."""
    near: str = ""
    """The answer with a loop that is nearest to the second bar, "" if the exercise has none."""
    near_ratio: float = 0.0
    """Its ratio."""

    @property
    def faults(self) -> list[str]:
        """Return what is wrong with the bars or the size, each with the repair."""
        found, takes = [], "times the reference's time"
        if self.slowest * BELOW > self.bar:
            repair = f"raise the bar of {self.bar:g} to {BELOW * self.slowest:.2g} or more"
            found.append(f"{self.right} takes {self.slowest:.3g} {takes}: {repair}")
        if self.loop and self.fastest < self.above * self.bar:
            repair = f"lower the bar of {self.bar:g} to {self.fastest / self.above:.2g} or less"
            found.append(f"{self.loop} takes only {self.fastest:.3g} {takes}: {repair}")
        if self.near and _distance(self.near_ratio, self.fair) < APART:
            repair = f"move the second bar of {self.fair:g} away from it"
            found.append(f"{self.near} takes {self.near_ratio:.3g} {takes}: {repair}")
        if self.bar * self.seconds < CALLS * self.call:
            repair = f"time a larger one, of {1000 * CALLS * self.call / self.bar:.2g} ms or more"
            found.append(f"the reference takes {1000 * self.seconds:.2g} ms at full size: {repair}")
        return found


def _distance(ratio: float, bar: float) -> float:
    """Return how many times one is the other."""
    return max(ratio, bar) / min(ratio, bar) if ratio else inf


def measure_margins(course: Course, name: str, seed: int = 0) -> list[BarMargin]:
    """Return the margins of every function of an exercise that is timed."""
    exercise = course.exercise(name)
    timed = [(f, f.timing) for f in exercise.functions if f.timing and "speed" in f.points]
    if not timed:
        return []
    with Sandbox(best()) as sandbox:
        if fault := sandbox.timing_fault():
            raise GraderFault(f"the margins of {name} cannot be measured: {fault}")
        with sandbox.session() as session:
            nothing = session.implementation("nothing", "def nothing():\n    return 0.0\n")
            calls = [nothing.call("nothing", (), {}, names=(), seconds=1.0, timed=True) for _ in range(15)]
        call = min(each.cpu for each in calls if isinstance(each, Returned))
        return [_margin(course, Variant(exercise, seed), sandbox, call, *one) for one in timed]


def _margin(
    course: Course, variant: Variant, sandbox: Sandbox, call: float, function: Function, timing: Speed
) -> BarMargin:
    """Return the margins of one function. call: the CPU time of a timed call that does nothing."""
    exercise, bar, fair = variant.exercise, timing.bars[0], timing.bars[1]

    def ratio(text: str, wrong: Callable[[float], bool], better: Callable[[list[float]], float]) -> float:
        """Measure, again where it is on the wrong side of a limit: a busy machine is no fault of a bar."""
        tries: list[float] = []
        while not tries or (len(tries) < TRIES and wrong(better(tries))):
            with sandbox.session() as session:
                implementation = session.implementation(exercise.name, text)
                tries.append(measure(Trial(variant, implementation), function, timing))
        return better(tries)

    answers = {"the solution": course.solution(exercise.name), **_alternatives(course, exercise, function, fast=True)}
    loops = _alternatives(course, exercise, function, fast=False)
    right = {title: ratio(text, lambda found: found > bar / BELOW, min) for title, text in answers.items()}
    slow = {title: ratio(text, lambda found: found < bar * timing.above, max) for title, text in loops.items()}
    seconds = median(variant.oracle.timed(function, timing.ladder[-1], 0).seconds for _ in range(5))
    slowest, fastest = max(right, key=right.__getitem__), min(slow, key=slow.__getitem__, default="")
    near = min(slow, key=lambda title: _distance(slow[title], fair), default="")
    far = slow.get(near, 0.0)
    if near and _distance(far, fair) < APART:
        far = ratio(loops[near], lambda found: _distance(found, fair) < APART,
                    lambda tries: max(tries, key=lambda found: _distance(found, fair)))  # fmt: skip
    ratios = right[slowest], fastest, slow.get(fastest, 0.0)
    return BarMargin(exercise.name, function.name, bar, seconds, call, slowest, *ratios, timing.above, fair, near, far)


def _alternatives(course: Course, exercise: Exercise, function: Function, fast: bool) -> dict[str, str]:
    """Return the name of each alternative that must be fast, or must not, and a submission with it as the function."""
    file = course.folders[exercise.name] / "alternatives.py"
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    code = text.replace(_IMPORT, _STAND_IN).replace("from __future__ import annotations", "")
    whole = f"{course.solution(exercise.name)}\n{code}\n{function.name} = "
    chosen = [item.name for item in exercise.alternatives if item.function == function.name and item.fast is fast]
    return {name: f"{whole}{name}\n" for name in chosen}
