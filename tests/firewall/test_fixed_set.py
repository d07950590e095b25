"""What a process that has met hidden inputs can tell its student: one of a fixed number of findings for each check.

The numbers stand in docs/security.md. The student's view is a pure function of the report, so reports are counted.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log2
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.checks.variant import Variant
from autograder.course.catalog import Course
from autograder.grading.feedback import SEEDS, Shown
from autograder.grading.pipeline import Options, grade_to_teach, report, sum_up
from autograder.implementation import Absent, Outcome, Raised, RequestBatch, Returned, Signature, Stopped
from autograder.report.json import to_json
from autograder.report.report import Finding
from autograder.sandbox.answers import exception_kinds
from autograder.sandbox.inprocess import InProcess, signature
from autograder.spec.exercise import Exercise
from autograder.values import Unsupported
from tests.engine_training.lessons import GAP, LESSON
from tests.firewall.test_renderers import RENDERERS

PAGE = (Path(__file__).parents[2] / "docs" / "security.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(\w+)` \| (\d+) \| .* \|$", PAGE.partition("findings that can be told apart")[2], re.MULTILINE)
MOST = {check: int(number) for check, number in ROWS}

CODES = range(12)
"""Hidden bits that a channel tries to carry out."""


def spoilt(value: Any, code: int) -> Any:
    """The value, with a code in its first number."""
    if isinstance(value, dict):
        return {key: spoilt(item, code) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(spoilt(item, code) for item in value)
    return value + 0.25 + code if isinstance(value, float | np.ndarray) else code


def in_one(value: Any, code: int) -> Any:
    """A tuple of which one part alone is spoilt."""
    if not isinstance(value, tuple):
        return spoilt(value, code)
    return tuple(spoilt(item, code) if i == code % len(value) else item for i, item in enumerate(value))


DTYPES = (np.float32, np.float16, np.int8, np.int64, np.uint16, np.complex128, np.bool_, object, "U3", "S2", "M8[s]")
KINDS = sorted(exception_kinds())
REMOVED = ("float", "product")
REASONS = ("time", "memory", "crash", "output", "protocol")


def cast(value: Any, code: int) -> Any:
    """Every array in another precision."""
    dtype = DTYPES[code % len(DTYPES)]
    if isinstance(value, list | tuple):
        return type(value)(cast(item, code) for item in value)
    return np.zeros(np.shape(value), dtype) if dtype is not object else Unsupported("array of object")


CHANNELS: Mapping[str, Any] = {
    "value": lambda right, code: replace(right, value=spoilt(right.value, code)),
    "which output": lambda right, code: replace(right, value=in_one(right.value, code)),
    "shape": lambda right, code: Returned(np.zeros((code, 0, code + 1))),
    "dtype": lambda right, code: Returned(cast(right.value, code)),
    "not finite": lambda right, code: Returned((np.nan, np.inf, -np.inf, -0.0)[code % 4]),
    "number": lambda right, code: Returned(float(code)),
    "text": lambda right, code: Returned(f"bits {code}"),
    "nothing": lambda right, code: Returned((None, ...)[0] if code % 2 else Unsupported("ellipsis")),
    "keys": lambda right, code: Returned({f"k{code}": 1.0}),
    "object": lambda right, code: Returned(Unsupported(f"kind{code}")),
    "how many": lambda right, code: Returned((1.0,) * code),
    "exception": lambda right, code: Raised(KINDS[code % len(KINDS)], "no", 3),
    "message": lambda right, code: Raised("ValueError", f"bits {code}", 3),
    "stub": lambda right, code: Raised("NotImplementedError" if code % 2 else "Exception", "todo" if code % 3 else ""),
    "line": lambda right, code: Raised("ValueError", "no", code + 1, cell=code + 1),
    "module": lambda right, code: Raised("ModuleNotFoundError", "no", 3, f"m{code}"),
    "renamed": lambda right, code: Raised("AttributeError", f"module 'numpy' has no attribute '{REMOVED[code % 2]}'"),
    "stop": lambda right, code: Stopped(REASONS[code % len(REASONS)], f"bits {code}"),
    "gone": lambda right, code: Absent(("missing", "syntax", "not callable")[code % 3], f"bits {code}", code + 1),
    "changed": lambda right, code: replace(right, changed=(f"a{code}", "x")),
    "seconds": lambda right, code: replace(right, cpu=right.cpu * 1.5**code + 0.001 * code),
}  # fmt: skip
SIGNATURES: Mapping[str, Any] = {
    "names": lambda right, code: replace(right, required=(*right.required, f"n{code}")),
    "no function": lambda right, code: Absent(("missing", "syntax", "not callable")[code % 3], f"b{code}", code + 1),
    "load": lambda right, code: Raised(KINDS[code % len(KINDS)], f"bits {code}", code + 1),
    "empty": lambda right, code: replace(right, empty=bool(code % 2)),
}
TIMED, BY_CALL = ("seconds", "which output", "gone"), ("value", "which output", "exception", "stop", "changed")


@dataclass
class Teller:
    """The Candidate protocol: right where the inputs are shown, and elsewhere a code in one channel.

    when: the code's bits choose the calls that carry it, or with -1 every call does.
    """

    exercise: Exercise
    shown: frozenset[bytes]
    channel: str
    code: int
    when: int = -1
    calls: int = 0

    def __post_init__(self) -> None:
        functions = {function.name: function.oracle for function in self.exercise.functions}
        helpers = {f.steps.__name__: f.steps for f in self.exercise.functions if f.steps}
        self._right = InProcess(functions | helpers)
        self._signatures = {name: signature(code) for name, code in (functions | helpers).items()}

    def describe(self, function: str) -> Signature | Raised | Stopped | Absent:
        right = self._signatures.get(function)
        if right is None:
            return Absent("missing")
        return SIGNATURES[self.channel](right, self.code) if self.channel in SIGNATURES and not self.shown else right

    def call(self, function: str, args: tuple[Any, ...], kwargs: dict[str, Any], **rest: Any) -> Outcome:
        right = self._right.call(function, args, kwargs, **rest)
        self.calls += 1
        if self.shown or self.channel not in CHANNELS or not isinstance(right, Returned):
            return right
        carries = self.when < 0 or self.code >> (self.calls % 5) & 1
        return CHANNELS[self.channel](right, self.code) if carries else right

    def call_many(self, request_batch: RequestBatch, seconds: float) -> list[Any] | None:
        return None

    def renew(self) -> None:
        return

    def timing_fault(self) -> str:
        return ""


def views(exercise: Exercise, channel: str, variants: Sequence[Variant]) -> Iterator[tuple[Finding, ...]]:
    """What the record says for each code in the channel, in all calls and in those that its bits choose."""
    shown = Shown(Teller(exercise, frozenset((b"all",)), channel, 0), variants.__getitem__)
    options = Options(skip=frozenset({"speed"} if channel not in TIMED else ()))
    for code in CODES:
        for when in (-1, 0) if channel in BY_CALL else (-1,):
            variant = variants[len(SEEDS) + code % 2]
            yield grade_to_teach(variant, Teller(exercise, frozenset(), channel, code, when), options, shown)


def walk(exercise: Exercise) -> Mapping[tuple[str, str, str | None], set[str]]:
    """Check, function and output → the different findings over all channels and codes."""
    found: dict[tuple[str, str, str | None], set[str]] = defaultdict(set)
    variants = [Variant(exercise, seed) for seed in (*SEEDS, 7, 8)]
    for channel in (*CHANNELS, *SIGNATURES):
        for findings in views(exercise, channel, variants):
            for finding in findings:
                found[finding.check, finding.function, finding.output].add(repr(finding))
    return found


@pytest.mark.parametrize("name", ["scale", "spread", "lesson", "gap"])
def test_no_more_findings_can_be_told_apart_than_the_page_says(name: str, tiny: Course) -> None:
    """Over every channel and every code, each check has at most so many different findings of an output."""
    exercise = {"lesson": LESSON, "gap": GAP}.get(name) or tiny.exercise(name)
    for (check, function, output), different in walk(exercise).items():
        assert 1 <= len(different) <= MOST[check], (check, function, output, sorted(different))


def test_the_walk_does_tell(tiny: Course) -> None:
    """The tester's tester: where the words come from the graded process, a line alone tells more than all channels."""
    exercise = tiny.exercise("scale")
    told = {
        repr(grade_to_teach(Variant(exercise, 7), Teller(exercise, frozenset(), "line", code), Options(reveal=True)))
        for code in CODES
    }
    assert len(told) == len(CODES)


def test_no_renderer_adds_anything(tiny: Course) -> None:
    """Two gradings with other hidden inputs and other lies, and with equal findings, are the same text everywhere."""
    exercise, options = tiny.exercise("scale"), Options(skip=frozenset({"speed"}))
    shown = Shown(Teller(exercise, frozenset((b"all",)), "line", 0), lambda seed: Variant(exercise, seed))
    reports = []
    for seed, code in ((7, 1), (8, 9)):
        found = grade_to_teach(Variant(exercise, seed), Teller(exercise, frozenset(), "message", code), options, shown)
        reports.append(report("ann", "sealed", (sum_up(exercise, found),)))
    assert to_json(reports[0]) == to_json(reports[1])
    for render, _ in RENDERERS.values():
        assert render(reports[0]) == render(reports[1])


def test_the_shown_variants_are_no_secret() -> None:
    """Their seeds are few and small: no key draws them."""
    assert SEEDS == (0, 1, 2)


@pytest.mark.slow
def test_the_page_says_how_many_bits_an_exercise_can_tell() -> None:
    """The sum over all findings of the exercise that has the most."""
    most = max((bits(exercise), exercise.name) for exercise in Course(Path(__file__).parents[2]).exercises())
    said = re.search(r"at most (\d+) bits a\s+grading \(`(\w+)`\)", PAGE)
    assert said and (int(said[1]), said[2]) == most


def bits(exercise: Exercise) -> int:
    """The logarithm of the number of different reports."""
    return round(sum(
        log2(MOST["contract"]) + log2(MOST[function.kind]) * len(function.outputs)
        + sum(log2(MOST[check]) for check in function.points)
        for function in exercise.functions
    ))  # fmt: skip
