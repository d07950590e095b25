"""The feedback page: complete, inert, and equal for equal reports."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.render.html import report_html
from autograder.render.html.feedback import curve, meter, speed
from autograder.report.report import ExerciseReport, Finding, Report

CSS = files("autograder.render.html").joinpath("sheet.css").read_text(encoding="utf-8")
LADDER = (
    "What differs\ndx is wrong.",
    "Which term\nLook at `stride`.",
    "The formula, with a hole\ndw[p] = sum over i of dout[i] * ____   i: every window\ndx = dpadded without ____",
    "A case for paper\nx = np.array([1.0])\n\nconv gives\n  dw = 3",
)
FINDING = Finding(
    "gradient", "conv_backward", "failed", "dx", 0.0, 2.0, "dx is wrong.", "Look at `stride`.", "crop_with_pad_zero",
    "one", line=12, ladder=LADDER,
)  # fmt: skip


class Page(HTMLParser):
    """Every element with its attributes and text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)

    @property
    def text(self) -> str:
        """All text, style apart, with single blanks."""
        return " ".join(" ".join(self.words).split())


def one(*findings: Finding, **facts) -> Report:
    """A report of one exercise."""
    hashes = "ab" * 32, "7e" * 32, "hw/conv.py", "cd" * 32
    exercise = ExerciseReport("conv", "02_layers", "failed", 0.0, 2.0, findings, *hashes)
    return Report("ann", "local", 0.0, 2.0, (exercise,), **facts)


def test_a_page_lets_nothing_in_and_runs_nothing(situation, situations):
    """A strict policy whose one hash is that of the style; no script, no style attribute, no handler, no address."""
    html = report_html(situations[situation])
    page = Page(html)
    policy = next(attrs["content"] for tag, attrs in page.elements if attrs.get("http-equiv"))
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert not {"script", "link", "img", "iframe", "object", "form", "input"} & {tag for tag, _ in page.elements}
    for tag, attrs in page.elements:
        assert not [name for name in attrs if name.startswith("on") or name in ("style", "src")], tag
        assert (attrs.get("href") or "#").startswith("#")
    assert "url(" not in style[1] and "@import" not in style[1]


def test_a_hostile_report_is_text(situations):
    """No control, no bidi sign, no markup of a student's."""
    html = report_html(situations["hostile"], "title")
    assert not [char for char in html if ord(char) < 32 and char != "\n"]
    assert not {"\u202e", "\u2066", "\x9b"} & set(html)
    evil = "<script>alert(1)</script><b onclick=x>`<i>`"
    page = Page(
        report_html(
            one(Finding("values", evil, "failed", evil, 0, 1, evil, evil, evil, evil, ladder=(evil, evil, evil)))
        )
    )
    assert not {"script", "i"} & {tag for tag, _ in page.elements}
    assert "<script>alert(1)</script>" in page.text


def test_everything_is_told(situations):
    """Every message, hint, name and score of a report, and what passed, waits and was noted."""
    text = Page(report_html(situations["partly_right"])).text
    for words in (
        "Feedback bob 16.5 of 38 points", "1 passed", "1 failed", "1 error", "1 not started", "2 not handed in",
        "Not read, because no exercise has this name: helper.py.", "relu 7/7", "conv2d 7.5/13", "dropout –",
        "conv2d_backward dx ✘ gradient failed · 0 of 2", "1 more row and column than x has",
        "Cut the padding off again: dx has the shape of x, not of the padded x.", "known mistake: crop with pad zero",
        "conv2d ~ speed slow · 1 of 2", "dense_backward dx, dw, db ✘ gradient error · 0 of 6",
        "✔ relu out, purity, speed 1.8×", "… only a right answer is tried with large numbers", "feedback,",
        "source " + "5e" * 32, "variant " + "7e" * 32, "engine 0.1.0",
    ):  # fmt: skip
        assert words in text, words


def test_a_fault_of_the_grader_is_no_zero(situations):
    """No score beside it, and the total says that it is not the last word."""
    text = Page(report_html(situations["broken"])).text
    assert "7 of 13 points so far" in text and "max_pool2d ! broken not graded" in text
    assert "One exercise could not be graded. That is the grader's fault" in text
    assert "max_pool2d broken" in text


def test_the_ladder_unfolds_what_was_not_told(situations):
    """The ladder has two steps to open: the formula with its note, and the case to work by hand."""
    html = report_html(one(FINDING))
    page = Page(html)
    titles = re.findall(r"<summary>(.*?)</summary>", html)
    assert titles == ["The formula, with a hole", "A case for paper", "How this was graded"]
    assert html.count("<math ") == 1 and "i: every window" in page.text
    assert 'dx = dpadded without <span class="hole">?</span>' in html
    assert '<pre tabindex="0">x = np.array([1.0])\n\nconv gives\n  dw = 3</pre>' in html
    assert "· line 12" in page.text


def test_an_example_is_a_table_with_heads(situations):
    """Expected, yours and the difference, each with its indices; the wrong ones bold and coloured."""
    html = report_html(situations["examples"])
    assert html.count("<table ") >= 3 * 6 and 'scope="col"' in html and 'scope="row"' in html
    assert '<td class="l4"><b>+95.75</b></td>' in html and '<td class="l-1"><b>-4</b></td>' in html
    assert "“stride 3, pad 1, after 2 calls in a row”" in html
    assert "def gradient(w):\n    return 2 * w" in html
    assert "and 1 more slice differs" in html and "and 3 more slices differ" in html


def test_the_same_report_makes_the_same_page(situation, situations):
    """Nothing of the day or of chance is in it."""
    assert report_html(situations[situation]) == report_html(situations[situation])


@given(st.text(max_size=200))
def test_any_words_make_a_page(words):
    """Whatever a student's code says of itself."""
    finding = Finding("values", words, "failed", words, 0, 1, words, words, words, words, ladder=(words, words, words))
    page = Page(report_html(one(finding, notes=(words,))))
    assert {tag for tag, _ in page.elements} >= {"html", "main", "footer"}


def test_a_speed_stands_on_its_scale():
    """Equal factors are equal steps; the zones say what it earns; without bars there is no scale."""
    scale = speed({"ratio": 41.3, "fast": 5.0, "fair": 60.0})
    assert scale is not None
    assert (scale["ratio"], scale["zone"], scale["bars"]) == ("41.3×", "half", ["5×", "60×"])
    assert 0 < scale["fast"] < scale["at"] < scale["fair"] < 100
    assert speed({"ratio": 0.4, "fast": 5.0, "fair": 60.0}) == {**scale, "at": 0.0, "ratio": "<1×", "zone": "all"}
    far = speed({"ratio": 1e6, "fast": 5.0, "fair": 60.0})
    assert far is not None and far["at"] < 100 and far["zone"] == "none"
    assert speed({"accuracy": 0.9}) is None is speed({"ratio": float("nan"), "fast": 5.0, "fair": 60.0})


def test_a_curve_goes_from_its_first_to_its_last():
    """The largest at the top; what is no number is left out; two numbers at least."""
    drawn = curve("loss", (2.0, float("nan"), 1.0, 0.0))
    assert drawn is not None
    assert (drawn["points"], drawn["first"], drawn["last"], drawn["count"]) == ("0,0 160,36 320,72", "2", "0", 3)
    assert curve("loss", (1.0,)) is None
    flat = curve("loss", (1.0, 1.0))
    assert flat is not None and flat["points"] == "0,72 320,72"
    html = report_html(one(Finding("training", "train", "passed", "accuracy", 1, 1, series={"loss": (2.0, 1.0)})))
    assert 'aria-label="loss, 2 values: from 2 to 1, between 1 and 2"' in html


@pytest.mark.parametrize(
    ("score", "most", "width"), [(0, 5, 0), (5, 5, 100), (4.999, 5, 99), (1, 4, 25), (3, 0, 0), (7, 5, 100)]
)
def test_a_bar_is_full_only_when_nothing_is_missing(score, most, width):
    """And empty only when nothing was earned."""
    assert meter(score, most) == width


def palette(dark: bool) -> dict[str, str]:
    """The colours of a theme by name."""
    found = re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", CSS.split("@media screen and (prefers-color-scheme: dark)")[0])
    other = re.findall(
        r"--([\w-]+): (#[0-9a-f]{3,6});", CSS.split("@media screen and (prefers-color-scheme: dark)")[1].split("* {")[0]
    )
    return dict(found) | (dict(other) if dark else {})


def light(colour: str) -> float:
    """Relative luminance, as WCAG has it."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * c for c in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


GROUNDS = ("paper", "panel", *(f"{side}{n}" for side in ("over", "under") for n in range(1, 5)))


@pytest.mark.parametrize("dark", [False, True])
def test_every_text_can_be_read_on_its_ground(dark):
    """Contrast of 4.5 or more, in both themes; what is drawn stands out by 3."""
    colours = palette(dark)
    pairs = [("ink", ground) for ground in GROUNDS]
    pairs += [(name, "paper") for name in ("soft", "good", "bad", "warn", "accent")] + [
        ("accent", "panel"),
        ("soft", "panel"),
    ]
    for ink, ground in pairs:
        low, high = sorted((light(colours[ink]), light(colours[ground])))
        assert (high + 0.05) / (low + 0.05) >= 4.5, (ink, ground)
    for zone in ("zone-all", "zone-half", "zone-none"):
        low, high = sorted((light(colours["needle"]), light(colours[zone])))
        assert (high + 0.05) / (low + 0.05) >= 3, zone
