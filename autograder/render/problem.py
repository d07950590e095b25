"""The problems of an exercise as plain text lines, shared by all text outputs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from autograder.render.grouping import numerical, remarks
from autograder.render.page import points
from autograder.report.escape import show
from autograder.report.report import ExerciseReport, Finding

NEEDS_WORK = ("failed", "error", "slow", "broken")
_LINES = 12
_LONGEST = 2_000


@dataclass(frozen=True)
class Problem:
    """Findings of one exercise with equal message, such as three gradients that fail by one exception."""

    exercise: ExerciseReport
    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        """Return the first finding, which represents all."""
        return self.findings[0]

    @property
    def lost(self) -> float:
        """Return the points lost; 0 if the grader failed."""
        return sum(found.max_score - found.score for found in self.findings if found.status != "broken")

    @property
    def title(self) -> str:
        """Return a title such as `conv2d_backward dx, dw: gradient failed`."""
        outputs = ", ".join(found.output for found in self.findings if found.output)
        subject = f"{self.first.function} {outputs}".strip() or self.exercise.name
        return text(f"{subject}: {self.first.check} {self.first.status}")

    @property
    def advice(self) -> list[str]:
        """Return message, numerical derivative, hint and known mistake as escaped lines of limited length."""
        message = [text(line) for line in self.first.message.split("\n", _LINES)[:_LINES] if line.strip()]
        hint = [text(f"→ {' '.join(self.first.hint.split())}")] if self.first.hint else []
        mistake = [text(f"known mistake: {self.first.mistake.replace('_', ' ')}")] if self.first.mistake else []
        error = [text(words)] if (words := numerical(self.findings)) else []
        return [*message, *error, *hint, *mistake]


def problems(exercise: ExerciseReport) -> list[Problem]:
    """Return the problems of an exercise, in the order of the findings."""
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for found in exercise.findings:
        if found.status in NEEDS_WORK:
            key = found.check, found.function, found.status, found.message, found.hint, found.mistake
            groups.setdefault(key, []).append(found)
    return [Problem(exercise, tuple(group)) for group in groups.values()]


def ranked(exercises: Iterable[ExerciseReport]) -> list[Problem]:
    """Return all problems, those that cost most points first, ties in teaching order."""
    return sorted((problem for exercise in exercises for problem in problems(exercise)), key=lambda p: -p.lost)


def brief(exercise: ExerciseReport) -> list[str]:
    """Return an exercise's problems with advice as lines; without problems one sentence about its state."""
    why = [text(f"{score(exercise)} ({exercise.why})")] if exercise.why else []
    lines = [line for problem in problems(exercise) for line in (problem.title, *indented(problem.advice))]
    lines += map(text, remarks(exercise.findings))
    if lines or exercise.status == "passed":
        return why + (lines or ["All right."])
    said = [text(found.message) for found in exercise.findings if found.message]
    state = [f"{exercise.state}: {score(exercise)} points"] * exercise.begun
    return why + state + (said[:1] or ["Nothing to say yet."])


def indented(lines: Sequence[str]) -> list[str]:
    """Indent lines by two blanks."""
    return [f"  {line}" for line in lines]


def score(exercise: ExerciseReport) -> str:
    """Return the score, such as 5.5/10, or "not graded" if the grader failed."""
    if exercise.status == "broken":
        return "not graded"
    return f"{points(exercise.score)}/{points(exercise.max_score)}"


def text(words: str, most: int = _LONGEST) -> str:
    """Escape a text to one line, cut to `most` characters before."""
    return show(words if len(words) <= most else words[: most - 1] + "…")
