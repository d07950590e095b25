"""Records in which every text is hostile: all that this table knows, and what hypothesis makes of it."""

from __future__ import annotations

from hypothesis import strategies as st

from autograder.report.report import STATUSES, Array, Example, ExerciseReport, Finding, Report

HOSTILE = (
    "::set-output name=a::b", "\n::error::x", "::notice::",
    "##[error]x", "##vso[task.complete result=Succeeded]", "::stop-commands::x",
    "##teamcity[x]", "██[error]x", "\x1b[31mred", "\x1b]8;;http://evil\x07x", "\x1b]52;c;eA==\x07", "\x9b2J",
    "\x85", "\x00", "\x08\x08", "\x7f", "\r\r\n",
    "\u202eexe.yp", "\u2066x\u2069", "\u200b", "\u2028", "\ufeff", "\u3164", "\u00ad", "\ufe0f",
    "step: formula\n\u3164 = x\u3164[i]", "\ud800", "\U000e0041", "\ufdd0", "\uffff",
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", "＋1", "－1", "＠x", "﹢1",
    "\u00a0=1", ' "=1', "'=1", ",=1,", '"\n=1',
    "<script>alert(1)</script>", "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<!--", "]]>",
    "&lt;b&gt;", "\" onload=\"alert(1)", "' x='", "{{7*7}}", "{% raw %}", "javascript:alert(1)", "[a](javascript:x)",
    "![a](http://evil/x.png)", "`</code><b>`", "</style><b>", "<base href=x>", "<meta http-equiv=refresh content=x>",
    "[red]x[/red]", ":smile:", "http://evil", "%0A::error::x", "\\", "$(x)",
)  # fmt: skip
TEXT = st.sampled_from(HOSTILE) | st.tuples(*[st.sampled_from(HOSTILE) | st.characters()] * 3).map("".join)
NUMBER = st.floats(-1e6, 1e6, allow_subnormal=False)
POINTS = st.integers(0, 400).map(lambda quarters: quarters / 4)
STATUS = st.sampled_from(STATUSES)
CHECK = st.sampled_from(("contract", "values", "gradient", "training", "speed")) | TEXT
ARRAY = st.builds(Array, st.just((2,)), st.tuples(NUMBER, st.sampled_from(("nan", "inf", 1.0))))
EXAMPLE = st.builds(
    Example, case=TEXT, output=TEXT, inputs=st.dictionaries(TEXT, ARRAY | TEXT, max_size=2), expected=ARRAY,
    yours=st.none() | ARRAY, outcome=TEXT,
)  # fmt: skip
FINDING = st.builds(
    Finding, check=CHECK, function=TEXT, status=STATUS, output=st.none() | TEXT, score=POINTS, max_score=POINTS,
    message=TEXT, hint=TEXT, mistake=st.none() | TEXT, case=st.none() | TEXT,
    figures=st.dictionaries(st.sampled_from(("ratio", "accuracy", "fast", "fair")) | TEXT, POINTS, max_size=2),
    series=st.dictionaries(TEXT, st.tuples(NUMBER, NUMBER), max_size=1), diagnosis=TEXT,
    ladder=st.lists(TEXT, max_size=2).map(tuple), line=st.none() | st.integers(1, 99),
    cell=st.none() | st.integers(1, 9),
    example=st.none() | EXAMPLE, answer=st.none() | TEXT,
)  # fmt: skip
EXERCISE = st.builds(
    ExerciseReport, name=TEXT, unit=TEXT, status=STATUS, score=POINTS, max_score=POINTS,
    findings=st.lists(FINDING, max_size=2).map(tuple), source=st.none() | TEXT, variant=st.none() | TEXT,
    path=st.none() | TEXT, suite=TEXT,
)  # fmt: skip
REPORT = st.builds(
    Report, submission=TEXT, tier=st.sampled_from(("sealed", "local")) | TEXT, score=POINTS, max_score=POINTS,
    exercises=st.lists(EXERCISE, max_size=2).map(tuple), notes=st.lists(TEXT, max_size=2).map(tuple), engine=TEXT,
    environment=st.dictionaries(TEXT, TEXT, max_size=1),
)  # fmt: skip


def everywhere(text: str) -> Report:
    """A record that says one thing only, as long as a hidden step of the ladder is called a formula."""
    example = Example(text, text, {text: text}, Array((1,), (1.0,)), None, text)
    ladder = ("a", text, f"formula\n{text}", f"{text}\n{text}\n{text}.")
    finding = Finding(text, text, "failed", text, 0.0, 1.0, text, text, text, text, {text: 1.0}, {text: (1.0, 2.0)},
                      text, ladder, 1, None, example, text)  # fmt: skip
    waiting = Finding(text, text, "skipped", message=text)
    right = Finding("values", text, "passed", text, 1.0, 1.0, series={text: (1.0, 2.0)}, figures={"ratio": 2.0})
    exercise = ExerciseReport(text, text, "failed", 0.0, 1.0, (finding, waiting, right), text, text, text, text)
    idle = ExerciseReport(text + "2", text, "skipped", 0.0, 1.0, (waiting,))
    return Report(text, text, 0.0, 1.0, (exercise, idle), (text,), text, {text: text}, text, text, text)
