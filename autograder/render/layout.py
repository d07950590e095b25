"""Layout of one submission's feedback as lines: problems first and in full, passed checks in one line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from autograder.render.grid import example_lines
from autograder.render.grouping import by_function, grouped, numerical, remarks
from autograder.render.page import STYLES, Line, Page, Segment, Style, columns, fill, guard, points
from autograder.report.report import ExerciseReport, Finding, Report, counted

_NEEDS_WORK = ("failed", "error", "slow", "broken")
_NAME = 28
_MESSAGE_LINES = 12

TIERS = {
    "local": "local: feedback, not a grade",
    "guarded": "graded in the guarded sandbox",
    "sealed": "graded in the sealed sandbox",
}


def feedback(report: Report, page: Page, *, verbose: bool = False) -> list[Line]:
    """Return the lines of a report. verbose: with all passed and skipped findings, cases, figures and hashes."""
    report = counted(report)
    started = [exercise for exercise in report.exercises if verbose or exercise.begun]
    widths = _widths(started, page)
    blocks = [_exercise(exercise, page, widths, verbose, report.tier == "local") for exercise in started]
    waiting = [] if verbose else _waiting(report.exercises, page)
    return guard([*_title(report, page), *_stacked([*blocks, waiting]), (), *_total(report, page)])


def explained(finding: Finding, page: Page) -> list[Line]:
    """Return the lines of one finding: message, hint, known mistake and example."""
    return guard(_finding([replace(finding, function="")], page, False))


def tier_words(tier: str) -> str:
    """Return the meaning of a tier in words; an unknown tier is only named."""
    return TIERS.get(tier, f"tier: {tier}")


def _title(report: Report, page: Page) -> list[Line]:
    lines = page.paragraph((), f"Feedback for {page.ink(report.submission)}", "strong")
    for note in report.notes:
        lines += page.paragraph((Segment("note: ", "dim"),), page.ink(note))
    return lines


def _stacked(blocks: Sequence[list[Line]]) -> list[Line]:
    """Join blocks, with an empty line between two of which one has more than two lines."""
    lines: list[Line] = []
    before = 3
    for block in filter(None, blocks):
        lines += [(), *block] if max(before, len(block)) > 2 else block
        before = len(block)
    return lines


def _widths(exercises: Sequence[ExerciseReport], page: Page) -> tuple[int, int, int]:
    """Return the widths of names, states and scores, so that the headlines align."""
    state = max([7, *(len(exercise.state) for exercise in exercises)])
    score = max([5, *(len(_score(exercise)) for exercise in exercises)])
    name = max([5, *(columns(page.ink(exercise.name)) for exercise in exercises)])
    return max(min(name, _NAME, page.columns - score - state - 18), 4), state, score


def _exercise(
    exercise: ExerciseReport, page: Page, widths: tuple[int, int, int], verbose: bool, local: bool
) -> list[Line]:
    lines = [_headline(exercise, page, *widths), *_why(exercise, page)]
    if verbose:
        lines += _replay(exercise, page)
    wrong = [finding for finding in exercise.findings if finding.status in _NEEDS_WORK]
    shown: set[str] = set()
    for group in grouped(sorted(wrong, key=lambda finding: finding.check != "contract")):
        lines += _finding(group, page, verbose, example=verbose or group[0].function not in shown)
        shown |= {item.function for item in group if item.example}
    if local and any(len(item.ladder) > 1 + bool(item.hint) for item in wrong):
        lead = Segment(page.encode("    → "), "hint")
        lines += page.paragraph((lead,), page.ink(f"handgrad hint {exercise.name}   for the next step"), "hint")
    if verbose:
        right = [finding for finding in exercise.findings if finding.status not in _NEEDS_WORK]
        return lines + [line for finding in right for line in _finding([finding], page, verbose)]
    return lines + _passed(exercise, page) + _skipped(exercise, page)


def _why(item: Report | ExerciseReport, page: Page) -> list[Line]:
    """Return the points earned and the course's rules that changed them."""
    return page.paragraph((Segment("    "),), page.ink(f"({item.why})"), "warn") if item.why else []


def _headline(exercise: ExerciseReport, page: Page, name: int, state: int, score: int) -> Line:
    style = STYLES[exercise.status]
    head = (
        Segment(f"{page.symbol(exercise.state)} ", style),
        Segment(page.encode(fill(page.ink(exercise.name), name)), "strong"),
        Segment(f"  {exercise.state:<{state}}", style),
    )
    if exercise.status == "broken":
        return (*head, Segment("  not graded", "dim"))
    bar = page.bar(exercise.score, exercise.max_score)
    return (*head, Segment(f"  {_score(exercise):>{score}}  "), Segment(bar, style))


def _score(exercise: ExerciseReport) -> str:
    return f"{points(exercise.score)}/{points(exercise.max_score)}"


def _replay(exercise: ExerciseReport, page: Page) -> list[Line]:
    facts = [f"unit {exercise.unit}"] if exercise.unit else []
    facts += [f"source {exercise.source[:12]}"] if exercise.source else []
    facts += [f"paper {exercise.variant[:12]}"] if exercise.variant else []
    return page.paragraph((Segment("    "),), page.ink(", ".join(facts)), "dim") if facts else []


def _finding(group: list[Finding], page: Page, verbose: bool, example: bool = True) -> list[Line]:
    first, style = group[0], STYLES[group[0].status]
    lines: list[Line] = []
    if first.function:
        lead = Segment(f"    {page.symbol(first.status)} ", style)
        lines += page.paragraph((lead,), page.ink(_subject(group)), style)
    inset = Segment("      ")
    for line in _message(first.message):
        lines += page.paragraph((inset,), page.ink(line))
    for look, lead_text, text in _advice(group, verbose):
        lines += page.paragraph((inset, Segment(page.encode(lead_text), look)), page.ink(text), look)
    if first.example and example:
        lines += example_lines(first.example, page, inset.text, first.case)
    return lines + _curves(group, page)


def _curves(findings: Iterable[Finding], page: Page) -> list[Line]:
    """Return a line for each series: its name, its curve, its first and last number."""
    series = [(name, values) for finding in findings for name, values in finding.series.items() if values]
    return [
        line
        for name, values in series
        for line in page.paragraph(
            (Segment("      "),), page.ink(f"{name} {page.curve(values)} {values[0]:.3g} → {values[-1]:.3g}"), "dim"
        )
    ]


def _subject(group: list[Finding]) -> str:
    first = group[0]
    outputs = ", ".join(finding.output for finding in group if finding.output)
    most = sum(finding.max_score for finding in group)
    earned = f"  {points(sum(finding.score for finding in group))}/{points(most)}" if most else ""
    return f"{first.function} {outputs}".rstrip() + f"  {first.check} {first.status}{earned}"


def _message(message: str) -> list[str]:
    lines = [line.rstrip() for line in message.split("\n")]
    more = len(lines) - _MESSAGE_LINES
    shown = [line for line in lines[:_MESSAGE_LINES] if line]
    return [*shown, f"({more} more lines)"] if more > 0 else shown


def _advice(group: list[Finding], verbose: bool) -> list[tuple[Style, str, str]]:
    """Return the lines below the message: numerical derivative, hint, known mistake, case, and figures if verbose."""
    finding, error = group[0], numerical(group)
    wrong = error and finding.status != "passed"
    advice: list[tuple[Style, str, str]] = [("dim", "", error)] if wrong else []
    if finding.hint:
        advice.append(("hint", "→ ", " ".join(finding.hint.split())))
    if finding.mistake:
        kind = "convention" if finding.diagnosis == "convention" else "mistake"
        advice.append(("dim", f"known {kind}: ", finding.mistake.replace("_", " ")))
    if finding.case and (verbose or finding.case not in finding.message):
        advice.append(("dim", "case: ", finding.case))
    if finding.figures and verbose:
        advice.append(("dim", "", ", ".join(f"{name} {value:.6g}" for name, value in finding.figures.items())))
    return advice


def _passed(exercise: ExerciseReport, page: Page) -> list[Line]:
    lead = Segment(f"    {page.symbol('passed')} ", "good")
    rows = by_function(item for item in exercise.findings if item.status == "passed")
    lines = [line for name, said in rows for line in page.paragraph((lead,), page.ink(f"{name}: {said}"), "good")]
    inset = (Segment("      "),)
    lines += [line for said in remarks(exercise.findings) for line in page.paragraph(inset, page.ink(said))]
    return lines + _curves((item for item in exercise.findings if item.status == "passed"), page)


def _skipped(exercise: ExerciseReport, page: Page) -> list[Line]:
    lead = Segment(f"    {page.symbol('skipped')} ", "dim")
    lines: list[Line] = []
    for function, said in by_function(item for item in exercise.findings if item.status == "skipped"):
        why = next((f.message for f in exercise.findings if (f.function, f.status) == (function, "skipped")), "")
        text = why or f"{function}: {said} skipped until the above is right"
        lines += page.paragraph((lead,), page.ink(text), "dim")
    return lines


def _waiting(exercises: Sequence[ExerciseReport], page: Page) -> list[Line]:
    """Return a line with the exercises without code, and one with those without a file."""
    lines: list[Line] = []
    for words in ("not started", "not handed in"):
        if names := [exercise.name for exercise in exercises if not exercise.begun and exercise.state == words]:
            lead = Segment(f"{page.symbol('skipped')} {words}: ", "dim")
            lines += page.paragraph((lead,), page.ink(", ".join(names)), "dim")
    return lines


def _total(report: Report, page: Page) -> list[Line]:
    faults = sum(exercise.state == "broken" for exercise in report.exercises)
    so_far = " so far" if report.status == "broken" else ""
    score = f"{points(report.score)}/{points(report.max_score)} points{so_far}  "
    bar = page.bar(report.score, report.max_score)
    lines: list[Line] = [(Segment("Total  ", "strong"), Segment(score, "strong"), Segment(bar)), *_why(report, page)]
    if faults:
        which = "1 exercise" if faults == 1 else f"{faults} exercises"
        words = f"{which} could not be graded. That is the grader's fault: it costs no points and is graded again."
        lines += page.paragraph((Segment(f"{page.symbol('broken')} ", "warn"),), words, "warn")
    return lines + page.paragraph((), page.ink(tier_words(report.tier)), "dim")
