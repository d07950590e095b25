"""Reports for the tests of all platforms: extreme situations, and any reports by Hypothesis."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from autograder.report.report import Array, Example, ExerciseReport, Finding, Report, total, worst
from tests.marked import marked

HOSTILE = (
    "::set-output name=x::y \x1b[31mred\x07 \u202eexe.yp ##[error]no \ud800 \0 ]]> </details><script>alert(1)</script> "
    "`code` *bold* [link](javascript:alert(1)) ![i](x) <img src=x onerror=y> | a | @everyone #1 \n\n# head\n::error::z"
)


OF_FINDINGS = ("message", "hint", "mistake", "line", "example", "figures")


def exercise(name: str, status: Any, score: float, most: float, **facts: Any) -> ExerciseReport:
    """An exercise with one finding that says why."""
    words = {key: facts.pop(key) for key in OF_FINDINGS if key in facts}
    finding = Finding("values", f"{name}_forward", status, "out", score, most, **words)
    return ExerciseReport(name, "02_layers", status, score, most, (finding,), "5e" * 32, 7, f"{name}.py", **facts)


def report(name: str, *exercises: ExerciseReport, tier: str = "sealed", **facts: Any) -> Report:
    """A submission whose points are the sums of its exercises'."""
    return Report(name, tier, *total(exercises), exercises, **facts)


def example() -> Example:
    """Four of twelve values differ."""
    right = Array((3, 4), tuple(float(i) for i in range(12)))
    yours = Array((3, 4), (*(float(i) if i < 8 else 2.0 * i for i in range(11)), "nan"))
    return marked(Example("ones", "out", {"x": right, "pad": "1"}, right, yours))


ODD = Example(HOSTILE, HOSTILE, {HOSTILE: HOSTILE}, Array((1,), (1.0,)), Array((1,), ("nan",)), HOSTILE)
WRONG: dict[str, Any] = {"message": "dx is empty.\nCase “b”.", "hint": "Say it.", "mistake": "crop_with_pad_zero"}
CASES: dict[str, Report] = {
    "all right": report("alice", exercise("relu", "passed", 7.0, 7.0), exercise("dense", "passed", 10.0, 10.0)),
    "partly right": report(
        "bob", exercise("relu", "passed", 7.0, 7.0), exercise("conv2d", "failed", 5.5, 10.0, **WRONG)),
    "thirds": report("carla", *(exercise(f"e{i}", "failed", 10 / 3, 10.0) for i in range(7))),
    "tenths": report("dora", *(exercise(f"e{i}", "failed", 0.1, 0.3) for i in range(10))),
    "almost all": report("eve", exercise("relu", "slow", 6.999, 7.0), exercise("dense", "passed", 10.0, 10.0)),
    "zero points": report("gina", exercise("warm_up", "passed", 0.0, 0.0), exercise("relu", "failed", 0.0, 5.0)),
    "nothing to earn": report("hans", exercise("warm_up", "passed", 0.0, 0.0)),
    "skipped": report("ida", exercise("relu", "skipped", 0.0, 7.0), exercise("dense", "skipped", 0.0, 10.0)),
    "empty": report("jan"),
    "broken": report("kim", exercise("relu", "passed", 7.0, 7.0), exercise("conv2d", "broken", 0.0, 10.0)),
    "error": report("lea", exercise("relu", "error", 0.0, 7.0, message="raises IndexError", line=3)),
    "300 exercises": report("max", *(exercise(f"exercise_{i:03}", "failed", i % 11 * 0.5, 10.0) for i in range(300))),
    "odd maxima": report("nia", *(exercise(f"e{i}", "failed", 0.37 * i, 0.37 * i + 1.01) for i in range(40))),
    "unicode": report("Ödön 张伟 🙂", exercise("фильтр", "failed", 1.0, 2.0, message="größer → 是")),
    "hostile": report(
        HOSTILE,
        exercise(HOSTILE, "failed", 1.0, 2.0, message=HOSTILE, hint=HOSTILE, mistake=HOSTILE, example=ODD),
        notes=(HOSTILE,)),
    "drawn": report("paul", exercise("relu", "failed", 0.0, 7.0, message="differs", example=example())),
    "feedback": report("quinn", exercise("relu", "passed", 7.0, 7.0), tier="local"),
}  # fmt: skip
"""Situation → report."""

TEXTS = st.one_of(st.text(max_size=30), st.sampled_from([HOSTILE, "relu", "``` ", "\n\n<b>", "]]>", "a|b", "&lt;"]))
QUARTERS = st.integers(0, 80).map(lambda n: n / 4)
SCORES = st.one_of(QUARTERS, st.floats(0, 20).map(lambda x: round(x, 6)))
STATUS = st.sampled_from(["passed", "failed", "error", "slow", "skipped"])


@st.composite
def reports(draw: st.DrawFn, texts: st.SearchStrategy[str] = TEXTS) -> Report:
    """Any report that the engine could write, but for broken ones."""
    exercises = []
    for number in range(draw(st.integers(0, 6))):
        most = draw(SCORES)
        score, status = draw(st.one_of(st.just(most), st.just(0.0), SCORES)), draw(STATUS)
        words = {"message": draw(texts), "hint": draw(texts), "mistake": draw(st.none() | texts)}
        exercises.append(exercise(f"{draw(texts)}{number}", status, min(score, most), most, **words))
    assert worst(e.status for e in exercises) != "broken"
    return report(draw(texts), *exercises)
