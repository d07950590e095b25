"""Rendering a report for build services: JUnit XML with points in properties, and a summary in Markdown.

In the summary untrusted text is escaped inside HTML blocks without empty lines, in which Markdown is not interpreted;
only headings and numbers are Markdown.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from autograder.render.html.feedback import template
from autograder.render.page import Page, guard, plain, points
from autograder.render.terminal import example_lines
from autograder.render.view import NEEDS_WORK, Problem, ranked, text, tier_words, view
from autograder.report.report import ExerciseReport, Finding, Report, counted

_PROBLEM = {"failed": "failure", "slow": "failure", "error": "error", "broken": "error"}


def to_junit(report: Report) -> str:
    """Return XML with a suite for each exercise and a case for each finding. Equal reports give equal bytes.

    A wrong or slow result is a failure; an exception or a fault of the grader is an error; an unchecked part is
    skipped. The properties `points` and `max_points` are left out if the grader failed.
    """
    root = Element("testsuites", {"name": "handgrad", **_counts([f for e in report.exercises for f in e.findings])})
    for exercise in counted(report).exercises:
        suite = SubElement(root, "testsuite", {"name": text(exercise.name), **_counts(exercise.findings)})
        _properties(suite, exercise.score, exercise.max_score, exercise.status, exercise.why)
        for finding in exercise.findings:
            _add_case(suite, exercise, finding)
    indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _add_case(suite: Element, exercise: ExerciseReport, finding: Finding) -> None:
    words = (finding.function or exercise.name, finding.check, finding.output or "")
    about = {"classname": text(f"{exercise.unit}.{exercise.name}"), "name": text(" ".join(words)).rstrip(), "time": "0"}
    if exercise.path:
        about |= {"file": text(exercise.path), **({"line": str(finding.line)} if finding.line else {})}
    case = SubElement(suite, "testcase", about)
    if finding.max_score:
        _properties(case, finding.score, finding.max_score, finding.status)
    if finding.status in NEEDS_WORK:
        advice = Problem(exercise, (finding,)).advice
        about = {"message": next(iter(advice), ""), "type": text(finding.mistake or finding.status)}
        SubElement(case, _PROBLEM[finding.status], about).text = "\n".join(advice)
    elif finding.status == "skipped":
        SubElement(case, "skipped", message=text(finding.message))


def _properties(parent: Element, score: float, most: float, status: str, why: str = "") -> None:
    values = {"status": status}
    if status != "broken":
        values |= {"points": points(score), "max_points": points(most), **({"why": text(why)} if why else {})}
    properties = SubElement(parent, "properties")
    for name, value in values.items():
        SubElement(properties, "property", name=name, value=value)


def _counts(findings: list[Finding] | tuple[Finding, ...]) -> dict[str, str]:
    kinds = [_PROBLEM.get(finding.status, finding.status) for finding in findings]
    wrong = {"failures": str(kinds.count("failure")), "errors": str(kinds.count("error"))}
    return {"tests": str(len(kinds)), **wrong, "skipped": str(kinds.count("skipped")), "time": "0"}


LIMIT = 1_000_000
"""Most bytes of a summary. GitHub refuses a step's whole summary if it is larger than 1 MiB."""

_PAGE = Page()


def to_markdown(report: Report, limit: int = LIMIT) -> str:
    """Return the summary, in UTF-8 of at most `limit` bytes; a sentence says if something is left out."""
    shown = view(report)
    whole = template("summary.md.j2").render(
        view=shown, report=shown.report, tier=tier_words(shown.report.tier), bar=_PAGE.bar, picture=_picture,
        problems=ranked(shown.report.exercises),
    )  # fmt: skip
    last = "<p>The rest is left out, because a summary may not be longer. The report has it all.</p>"
    room, fitting = limit - len(last) - 2, list[str]()
    for block in whole.strip("\n").split("\n\n"):
        room -= len(block.encode()) + 2
        if room < 0:
            fitting.append(last)
            break
        fitting.append(block)
    return "\n\n".join(fitting) + "\n"


def _picture(finding: Finding) -> str:
    """Return the smallest failing example, without empty lines, which end HTML."""
    drawn = [plain(line) for line in guard(example_lines(finding, _PAGE, ""))]
    return "\n".join(line for line in drawn if line.strip())
