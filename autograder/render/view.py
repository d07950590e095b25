"""The view of a report: its content, words and order, as all renderers show them.

Terminal, page, notebook panel, Markdown and JUnit take their content from here and add a form of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from autograder import values
from autograder.render.page import SYMBOLS, points
from autograder.report.escape import show
from autograder.report.report import Array, ExerciseReport, Finding, Report, Status, counted

NEEDS_WORK: tuple[Status, ...] = ("failed", "error", "slow", "broken")
"""The statuses of findings that are shown as problems."""
ERROR = "relative_error"
"""The figure of a gradient: its relative error against the numerical derivative, rounded up to a power of ten."""
TIERS = {
    "local": "feedback, not a grade",
    "guarded": "graded in the guarded sandbox",
    "sealed": "graded in the sealed sandbox",
}
IDLE = ("not started", "not handed in")
"""The states of an exercise that is not begun."""
_MESSAGE_LINES = 12
_LONGEST = 2_000


def tier_words(tier: str) -> str:
    """Return the meaning of a tier in words; for an unknown tier its name."""
    return TIERS.get(tier, f"tier: {tier}")


def text(words: str, most: int = _LONGEST) -> str:
    """Return a text, cut to `most` characters, escaped to one line."""
    return show(words if len(words) <= most else words[: most - 1] + "…")


@dataclass(frozen=True)
class Problem:
    """Findings of one exercise that differ in output and points only, such as gradients that fail by one exception."""

    exercise: ExerciseReport
    """The exercise."""
    findings: tuple[Finding, ...]
    """The findings, in the order of the report."""

    @property
    def first(self) -> Finding:
        """Return the first finding, which represents all."""
        return self.findings[0]

    @property
    def outputs(self) -> str:
        """Return the outputs, such as `dx, dw`."""
        return ", ".join(finding.output for finding in self.findings if finding.output)

    @property
    def lost(self) -> float:
        """Return the points lost; 0 if the grader failed."""
        return sum(found.max_score - found.score for found in self.findings if found.status != "broken")

    @property
    def earned(self) -> str:
        """Return the points, such as 0/3.5; "" without any."""
        score, most = (sum(getattr(each, part) for each in self.findings) for part in ("score", "max_score"))
        return f"{points(score)}/{points(most)}" if most else ""

    @property
    def title(self) -> str:
        """Return a title such as `conv2d_backward dx, dw: gradient failed`."""
        subject = f"{self.first.function} {self.outputs}".strip() or self.exercise.name
        return text(f"{subject}: {self.first.check} {self.first.status}")

    @property
    def message(self) -> list[str]:
        """Return the lines of the message that are not empty; of a long one the first twelve."""
        lines = [line.rstrip() for line in self.first.message.split("\n")]
        more = len(lines) - _MESSAGE_LINES
        shown = [line for line in lines[:_MESSAGE_LINES] if line]
        return [*shown, f"({more} more lines)"] if more > 0 else shown

    @property
    def numerical(self) -> str:
        """Return a sentence on the errors against the numerical derivative; "" without any."""
        errors = {f.output: power(f.figures[ERROR]) for f in self.findings if ERROR in f.figures}
        parts = [f"{output} {error}" if len(errors) > 1 else error for output, error in errors.items()]
        return f"relative error against the numerical derivative: {', '.join(parts)}" if parts else ""

    @property
    def hint(self) -> str:
        """Return the hint on one line."""
        return " ".join(self.first.hint.split())

    @property
    def known(self) -> str:
        """Return the known mistake or convention in words; "" without one."""
        kind = "convention" if self.first.diagnosis == "convention" else "mistake"
        return f"known {kind}: {self.first.mistake.replace('_', ' ')}" if self.first.mistake else ""

    @property
    def steps(self) -> tuple[str, ...]:
        """Return the steps of the hints below the message, the least specific first."""
        return self.first.ladder[1:] or tuple(filter(None, [self.first.hint]))

    @property
    def place(self) -> str:
        """Return the line in the student's file in words; "" if unknown."""
        line, cell = self.first.line, self.first.cell
        return (f"line {line}" + (f" of cell {cell}" if cell else "")) if line else ""

    @property
    def advice(self) -> list[str]:
        """Return message, numerical derivative, hint and known mistake as escaped lines."""
        said = (*self.message, self.numerical, f"→ {self.hint}" if self.hint else "", self.known)
        return [text(line) for line in said if line.strip()]


@dataclass(frozen=True)
class ExerciseView:
    """The view of one exercise: its problems, what is right, and what is not checked yet."""

    exercise: ExerciseReport
    """The exercise, with the points that count."""

    @property
    def mark(self) -> str:
        """Return the character that stands for the exercise's state."""
        return SYMBOLS[self.exercise.state]

    @property
    def score(self) -> str:
        """Return the score, such as 5.5/10, or "not graded" if the grader failed."""
        if self.exercise.status == "broken":
            return "not graded"
        return f"{points(self.exercise.score)}/{points(self.exercise.max_score)}"

    @cached_property
    def problems(self) -> list[Problem]:
        """Return the problems, those of the contract first."""
        groups: dict[tuple[object, ...], list[Finding]] = {}
        wrong = (finding for finding in self.exercise.findings if finding.status in NEEDS_WORK)
        for item in sorted(wrong, key=lambda finding: finding.check != "contract"):
            key = item.check, item.function, item.status, item.message, item.hint, item.mistake, item.case
            groups.setdefault(key, []).append(item)
        return [Problem(self.exercise, tuple(group)) for group in groups.values()]

    @cached_property
    def right(self) -> list[Finding]:
        """Return the findings that passed."""
        return [finding for finding in self.exercise.findings if finding.status == "passed"]

    @property
    def passed(self) -> list[tuple[str, str]]:
        """Return (function, what passed in a few words) for each function."""
        return by_function(self.right)

    @property
    def remarks(self) -> list[str]:
        """Return the messages on outputs that passed."""
        said = (each.message for each in self.right if each.message and each.output and each.max_score)
        return list(dict.fromkeys(said))

    @property
    def waiting(self) -> list[str]:
        """Return a sentence for each function with skipped checks."""
        skipped = [finding for finding in self.exercise.findings if finding.status == "skipped"]
        why = {finding.function: finding.message for finding in reversed(skipped) if finding.message}
        rows = by_function(skipped)
        return [why.get(name) or f"{name}: {said} skipped until the above is right" for name, said in rows]


@dataclass(frozen=True)
class ReportView:
    """The view of one report: the exercises that are begun, in teaching order, and sentences on the others."""

    report: Report
    """The report, with the points that count."""

    @cached_property
    def begun(self) -> list[ExerciseView]:
        """Return the exercises of which something was checked."""
        return [ExerciseView(exercise) for exercise in self.report.exercises if exercise.begun]

    @property
    def idle(self) -> dict[str, list[str]]:
        """Return state → names of the exercises that are not begun; only states that occur."""
        rest = [exercise for exercise in self.report.exercises if not exercise.begun]
        groups = {state: [exercise.name for exercise in rest if exercise.state == state] for state in IDLE}
        return {state: names for state, names in groups.items() if names}

    @property
    def total(self) -> str:
        """Return the points, such as 12/40 points, "so far" if the grader failed in an exercise."""
        so_far = " so far" if self.report.status == "broken" else ""
        return f"{points(self.report.score)}/{points(self.report.max_score)} points{so_far}"

    @property
    def fault(self) -> str:
        """Return a sentence on the exercises in which the grader failed; "" without any."""
        faults = sum(exercise.state == "broken" for exercise in self.report.exercises)
        which = "One exercise" if faults == 1 else f"{faults} exercises"
        words = f"{which} could not be graded. That is the grader's fault: it costs no points and is graded again."
        return words if faults else ""

    @property
    def done(self) -> str:
        """Return how many exercises passed, such as `10 of 56 done`."""
        passed = sum(exercise.status == "passed" for exercise in self.report.exercises)
        return f"{passed} of {len(self.report.exercises)} done"

    @property
    def next(self) -> ExerciseReport | None:
        """Return the exercise to go on with: the first that is wrong, else half done, slow or not begun."""
        order = ("error", "failed", "half done", "partly checked", "slow", *IDLE)
        left = [exercise for exercise in self.report.exercises if exercise.state in order]
        return min(left, key=lambda exercise: max(order.index(exercise.state), 1), default=None)


def view(report: Report) -> ReportView:
    """Return the view of a report, with the points that count under the course's rules."""
    return ReportView(counted(report))


def ranked(exercises: Iterable[ExerciseReport]) -> list[Problem]:
    """Return all problems, those that cost most points first, ties in teaching order."""
    found = (problem for exercise in exercises for problem in ExerciseView(exercise).problems)
    return sorted(found, key=lambda problem: -problem.lost)


def brief(exercise: ExerciseReport) -> list[str]:
    """Return an exercise's problems with advice as escaped lines; without problems a sentence about its state."""
    shown = ExerciseView(exercise)
    why = [text(f"{shown.score} ({exercise.why})")] if exercise.why else []
    lines = [line for problem in shown.problems for line in (problem.title, *(f"  {s}" for s in problem.advice))]
    lines += map(text, shown.remarks)
    if lines or exercise.status == "passed":
        return why + (lines or ["All right."])
    said = [text(found.message) for found in exercise.findings if found.message]
    state = [f"{exercise.state}: {shown.score} points"] * exercise.begun
    return why + state + (said[:1] or ["Nothing to say yet."])


def power(error: float) -> str:
    """Return a relative error as a text such as ≤1e-8, ≤0.01 or, for the largest, >0.1."""
    return f"≤{error:g}".replace("e-0", "e-") if error < 1 else ">0.1"


def by_function(findings: Sequence[Finding]) -> list[tuple[str, str]]:
    """Return (function, its findings in a few words) for each function; contracts only if it has no other finding."""
    rows: dict[str, list[str]] = {}
    for finding in findings:
        words, figures = rows.setdefault(finding.function, []), finding.figures
        said = f"{finding.check} {finding.output or ''}".rstrip()
        if finding.output and finding.check in ("values", "gradient", "training", "steps"):
            said = finding.output
        if "accuracy" in figures:
            said += f" {figures['accuracy']:.3f}"
        elif "ratio" in figures:
            said += f" {figures['ratio']:.2g}×" if figures["ratio"] >= 1 else " <1×"  # a ratio below 1 is mostly noise
        if finding.check != "contract":
            words.append(said)
    for name, words in rows.items():
        if errors := [f.figures[ERROR] for f in findings if f.function == name and ERROR in f.figures]:
            words.append(f"numerical derivative {power(max(errors))}")
    return [(function, ", ".join(words) or "contract") for function, words in rows.items()]


def example_title(finding: Finding) -> str:
    """Return the title of a finding's example; its case is named if the example belongs to it."""
    example, case = finding.example, finding.case
    own = example and case and example.case.startswith(case)
    return f"smallest input that fails{f': “{example.case}”' if example and own else ''}"


def python(inputs: Iterable[tuple[str, Array | str]]) -> str:
    """Return the inputs of an example as Python to paste: assignments, and definitions of function arguments."""
    return "\n".join(
        (value if value.startswith("def ") else f"{name} = {value}") if isinstance(value, str)
        else f"{name} = {values.array(value.shape, value.values)}"
        for name, value in inputs
    )  # fmt: skip
