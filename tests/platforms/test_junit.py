"""JUnit XML against the shape that build services read, for any text."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given

from autograder.render.services import to_junit
from autograder.report.report import Report
from tests.platforms.cases import CASES, reports

CHILDREN = {
    "testsuites": {"testsuite"},
    "testsuite": {"properties", "testcase"},
    "testcase": {"properties", "failure", "error", "skipped"},
    "properties": {"property"},
    "property": set(), "failure": set(), "error": set(), "skipped": set(),
}  # fmt: skip
COUNTS = {"tests", "failures", "errors", "skipped", "time"}
REQUIRED = {
    "testsuites": COUNTS | {"name"}, "testsuite": COUNTS | {"name"}, "testcase": {"classname", "name", "time"},
    "property": {"name", "value"}, "failure": {"message", "type"}, "error": {"message", "type"},
    "skipped": {"message"}, "properties": set(),
}  # fmt: skip


def check(node: Element) -> None:
    """The documented tree: which element holds which, with which attributes; counts are those of the cases."""
    extra = {"file", "line"} if node.tag == "testcase" else set()
    assert REQUIRED[node.tag] <= set(node.attrib) <= REQUIRED[node.tag] | extra
    assert {child.tag for child in node} <= CHILDREN[node.tag]
    if node.tag in ("testsuites", "testsuite"):
        cases = list(node.iter("testcase"))
        found = {"tests": len(cases)} | {
            name: sum(case.find(tag) is not None for case in cases)
            for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped"))
        }
        assert {name: str(count) for name, count in found.items()} == {name: node.get(name) for name in found}
    for child in node:
        check(child)


def read(report: Report) -> Element:
    """The parsed document, after a look at its shape; only characters that XML allows."""
    text = to_junit(report)
    assert not re.search("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", text)
    root = fromstring(text.encode("utf-8"))
    check(root)
    return root


@pytest.mark.parametrize("case", CASES)
def test_every_case_is_well_formed(case: str) -> None:
    """A suite an exercise, a case a finding, and the same bytes again."""
    root = read(CASES[case])
    assert len(CASES[case].exercises) == len(root)
    assert to_junit(CASES[case]) == to_junit(CASES[case])


@given(reports())
def test_any_text_is_well_formed(report: Report) -> None:
    """Control characters, lone surrogates, ends of CDATA, tags."""
    read(report)


def properties(node: Element) -> dict[str | None, str | None]:
    """The properties of a suite or a case itself."""
    return {found.get("name"): found.get("value") for found in node.findall("properties/property")}


def test_points_stand_in_properties() -> None:
    """Of the suite and of the case; a mistake is the failure's type, the advice its text."""
    suite = read(CASES["partly right"])[1]
    assert {"status": "failed", "points": "5.5", "max_points": "10"} == properties(suite)
    (case,) = suite.findall("testcase")
    failure = case.find("failure")
    assert properties(case) == properties(suite) and failure is not None
    assert ("02_layers.conv2d", "conv2d_forward values out", "conv2d.py") == (
        case.get("classname"), case.get("name"), case.get("file"),
    )  # fmt: skip
    assert ("crop_with_pad_zero", "dx is empty.") == (failure.get("type"), failure.get("message"))
    assert "→ Say it.\nknown mistake: crop with pad zero" in (failure.text or "")


def test_what_the_grader_broke_has_no_points() -> None:
    """An error without a number."""
    suite = read(CASES["broken"])[1]
    assert {"status": "broken"} == properties(suite)
    assert "1" == suite.get("errors")


def test_a_line_is_given_where_it_is_known() -> None:
    """With the file it stands in."""
    (case,) = read(CASES["error"]).iter("testcase")
    assert ("lea", "relu.py", "3") == (CASES["error"].submission, case.get("file"), case.get("line"))
