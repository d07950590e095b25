"""What is wrong with an exercise, in a few plain lines: the same words for every place that shows text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from autograder.render.page import points
from autograder.report.escape import show
from autograder.report.report import ExerciseReport, Finding

NEEDS_WORK = ("failed", "error", "slow", "broken")
_LINES = 12
_LONGEST = 2_000


@dataclass(frozen=True)
class Problem:
    """Findings of one exercise that say the same, such as of three gradients that one exception took away."""

    exercise: ExerciseReport
    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        """The one that speaks for all."""
        return self.findings[0]

    @property
    def lost(self) -> float:
        """Points that it costs; nothing where the grader is at fault."""
        return sum(found.max_score - found.score for found in self.findings if found.status != "broken")

    @property
    def title(self) -> str:
        """Such as `conv2d_backward dx, dw: gradient failed`."""
        outputs = ", ".join(found.output for found in self.findings if found.output)
        subject = f"{self.first.function} {outputs}".strip() or self.exercise.name
        return text(f"{subject}: {self.first.check} {self.first.status}")

    @property
    def advice(self) -> list[str]:
        """The message, the hint and the known mistake's name, a line each; escaped, and never endless."""
        message = [text(line) for line in self.first.message.split("\n", _LINES)[:_LINES] if line.strip()]
        hint = [text(f"→ {' '.join(self.first.hint.split())}")] if self.first.hint else []
        mistake = [text(f"known mistake: {self.first.mistake.replace('_', ' ')}")] if self.first.mistake else []
        return [*message, *hint, *mistake]


def problems(exercise: ExerciseReport) -> list[Problem]:
    """What needs work, in the order in which it was found."""
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for found in exercise.findings:
        if found.status in NEEDS_WORK:
            key = found.check, found.function, found.status, found.message, found.hint, found.mistake
            groups.setdefault(key, []).append(found)
    return [Problem(exercise, tuple(group)) for group in groups.values()]


def ranked(exercises: Iterable[ExerciseReport]) -> list[Problem]:
    """All problems, the costliest first; those that cost the same in teaching order."""
    return sorted((problem for exercise in exercises for problem in problems(exercise)), key=lambda p: -p.lost)


def brief(exercise: ExerciseReport) -> list[str]:
    """An exercise in lines: its problems with their advice, or else the one sentence that says where it stands."""
    why = [text(f"{score(exercise)} ({exercise.why})")] if exercise.why else []
    lines = [line for problem in problems(exercise) for line in (problem.title, *indented(problem.advice))]
    if lines or exercise.status == "passed":
        return why + (lines or ["All right."])
    said = [text(found.message) for found in exercise.findings if found.message]
    state = [f"{exercise.state}: {score(exercise)} points"] * exercise.begun
    return why + state + (said[:1] or ["Nothing to say yet."])


def indented(lines: Sequence[str]) -> list[str]:
    """Two blanks before each line."""
    return [f"  {line}" for line in lines]


def score(exercise: ExerciseReport) -> str:
    """Such as 5.5/10; what the grader could not grade has none."""
    if exercise.status == "broken":
        return "not graded"
    return f"{points(exercise.score)}/{points(exercise.max_score)}"


def text(words: str, most: int = _LONGEST) -> str:
    """On one line, every character visible, of at most `most` characters of the words."""
    return show(words if len(words) <= most else words[: most - 1] + "…")
