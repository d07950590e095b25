"""Formulas as MathML: what is set how, what is left as text, and that nothing in them can act."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.course.catalog import Course
from autograder.render.html.mathml import mathml

COURSE = Course(Path(__file__).parents[2])
WORDS = ("sum over", "of", "i, j", "x", "sqrt(", "____", "1.5", "gamma", "where", " ")
PIECES = st.lists(
    st.sampled_from([*"()[]|+-*/^@,:=<>.'&\"", *WORDS]),
    max_size=20,
)  # fmt: skip


def bare(text: str) -> str:
    """The elements without the outer one."""
    made = mathml(text)
    assert made is not None
    return re.sub(r"^<math [^>]*>|</math>$", "", made)


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("a + b", "<mi>a</mi><mo>+</mo><mi>b</mi>"),
        ("-a * 2", "<mo>−</mo><mi>a</mi><mo>·</mo><mn>2</mn>"),
        ("x[i, d]", "<msub><mrow><mi>x</mi></mrow><mrow><mi>i</mi><mo>,</mo><mi>d</mi></mrow></msub>"),
        ("w^2", "<msup><mrow><mi>w</mi></mrow><mrow><mn>2</mn></mrow></msup>"),
        ("(a + b) / c", "<mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mrow><mi>c</mi></mrow></mfrac>"),
        ("sqrt(var + eps)", "<msqrt><mi>var</mi><mo>+</mo><mi>ε</mi></msqrt>"),
        ("h.T @ ds", "<msup><mrow><mi>h</mi></mrow><mi>T</mi></msup><mo>@</mo><mi>ds</mi>"),
        ("|d|", "<mrow><mo>|</mo><mi>d</mi><mo>|</mo></mrow>"),
        ("____ >= 0", '<mi class="hole">?</mi><mo>≥</mo><mn>0</mn>'),
        ("v becomes gamma", "<mi>v</mi><mo>←</mo><mi>γ</mi>"),
        ("H'", "<mi>H′</mi>"),
        ("a // b", "<mrow><mo>⌊</mo><mfrac><mrow><mi>a</mi></mrow><mrow><mi>b</mi></mrow></mfrac><mo>⌋</mo></mrow>"),
        ("log p", '<mi>log</mi><mspace width="0.3em"></mspace><mi>p</mi>'),
        ("1 if x > 0 else 0",
         '<mrow><mo>{</mo><mtable><mtr><mtd><mn>1</mn></mtd><mtd><mtext>if</mtext><mspace width="0.3em"></mspace>'
         "<mi>x</mi><mo>&gt;</mo><mn>0</mn></mtd></mtr><mtr><mtd><mn>0</mn></mtd><mtd><mtext>otherwise</mtext></mtd></mtr>"
         "</mtable></mrow>"),
        (
            "sum over i, j of x[i] * 2",
            '<mrow><munder><mo largeop="true">∑</mo><mrow><mi>i</mi><mo>,</mo><mi>j</mi></mrow></munder>'
            "<msub><mrow><mi>x</mi></mrow><mrow><mi>i</mi></mrow></msub><mo>·</mo><mn>2</mn></mrow>",
        ),
        ("mean of x + b", "<mrow><mo>mean</mo><mi>x</mi></mrow><mo>+</mo><mi>b</mi>"),
        ("sum over the batch of x",
         '<mrow><munder><mo largeop="true">∑</mo><mrow><mtext>the</mtext><mspace width="0.3em"></mspace>'
         "<mtext>batch</mtext></mrow></munder><mi>x</mi></mrow>"),
    ],
)  # fmt: skip
def test_a_formula_is_set_as_it_is_meant(text, made):
    """Sums over their limits, fractions without needless brackets, indices below, holes as holes."""
    assert bare(text) == made


@pytest.mark.parametrize(
    "text",
    ["a random order of rows", "x +", "(a", "a)", "x[1", "1 if x", "“quoted”", "", "sum over i", "a ; b", "(" * 5000],
)  # fmt: skip
def test_what_is_no_formula_is_left_as_text(text):
    """Sentences, halves of formulas, signs that nobody uses, and what is nested without end."""
    assert mathml(text) is None


@given(PIECES.map(" ".join) | st.text(max_size=30))
def test_whatever_comes_out_is_well_formed_and_inert(text):
    """Only elements of MathML, no attribute that acts, and the text itself only as a label."""
    made = mathml(text)
    if made is None:
        return
    tree = ElementTree.fromstring(made)
    allowed = {"math", "mi", "mn", "mo", "mrow", "msub", "msup", "mfrac", "msqrt", "munder", "mtext", "mspace",
               "mtable", "mtr", "mtd"}  # fmt: skip
    assert {node.tag for node in tree.iter()} <= allowed
    assert {key for node in tree.iter() for key in node.attrib} <= {
        "displaystyle",
        "aria-label",
        "class",
        "largeop",
        "width",
    }
    assert tree.attrib["aria-label"] == text


def test_nearly_all_formulas_of_the_course_are_set():
    """The others are sentences, and read well as they are."""
    lines = [
        re.split(r" {3,}", line)[0]
        for name in COURSE.names
        for told in COURSE.exercise(name).formulas.values()
        for text in told.values()
        for line in text.split("\n")
    ]
    plain = [line for line in lines if mathml(line) is None]
    assert len(lines) > 150 and len(plain) <= 13, plain
