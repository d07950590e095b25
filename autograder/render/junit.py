"""Rendering a report as JUnit XML, with points in properties."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from autograder.render.page import points
from autograder.render.view import NEEDS_WORK, Problem, text
from autograder.report.report import ExerciseReport, Finding, Report, counted

_PROBLEM = {"failed": "failure", "slow": "failure", "error": "error", "broken": "error"}


def to_junit(report: Report) -> str:
    """Return XML with a suite for each exercise and a case for each finding. Equal reports give equal bytes.

    A wrong or slow result is a failure; an exception or a fault of the grader is an error; an unchecked part is
    skipped. The properties `points` and `max_points` are left out if the grader failed.
    """
    root = Element("testsuites", {"name": "handgrad", **_counts([f for e in report.exercises for f in e.findings])})
    for exercise in counted(report).exercises:
        root.append(_suite(exercise))
    indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _suite(exercise: ExerciseReport) -> Element:
    suite = Element("testsuite", {"name": text(exercise.name), **_counts(exercise.findings)})
    _properties(suite, exercise.score, exercise.max_score, exercise.status, exercise.why)
    for finding in exercise.findings:
        suite.append(_case(exercise, finding))
    return suite


def _case(exercise: ExerciseReport, finding: Finding) -> Element:
    words = (finding.function or exercise.name, finding.check, finding.output or "")
    about = {"classname": text(f"{exercise.unit}.{exercise.name}"), "name": text(" ".join(words)).rstrip(), "time": "0"}
    if exercise.path:
        about |= {"file": text(exercise.path), **({"line": str(finding.line)} if finding.line else {})}
    case = Element("testcase", about)
    if finding.max_score:
        _properties(case, finding.score, finding.max_score, finding.status)
    if finding.status in NEEDS_WORK:
        _problem(case, Problem(exercise, (finding,)))
    elif finding.status == "skipped":
        SubElement(case, "skipped", message=text(finding.message))
    return case


def _problem(case: Element, problem: Problem) -> None:
    first = problem.first
    about = {"message": next(iter(problem.advice), ""), "type": text(first.mistake or first.status)}
    SubElement(case, _PROBLEM[first.status], about).text = "\n".join(problem.advice)


def _properties(parent: Element, score: float, most: float, status: str, why: str = "") -> None:
    values = {"status": status}
    if status != "broken":
        values |= {"points": points(score), "max_points": points(most), **({"why": text(why)} if why else {})}
    properties = SubElement(parent, "properties")
    for name, value in values.items():
        SubElement(properties, "property", name=name, value=value)


def _counts(findings: list[Finding] | tuple[Finding, ...]) -> dict[str, str]:
    kinds = [_PROBLEM.get(finding.status, finding.status) for finding in findings]
    counted = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    numbers = {name: str(kinds.count(kind)) for name, kind in counted.items()}
    return {"tests": str(len(kinds)), **numbers, "time": "0"}
