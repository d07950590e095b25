"""Tests of the formulas: docstrings' formulas become equivalent LaTeX, or stay text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.authoring.build.prose import condition, equations, typeset
from autograder.spec.formulas import NoFormula

TYPESET = {
    "w = w - lr * dw": r"w = w - \text{lr} \cdot dw",
    "db[m] = sum over i of dout[i, m]": r"db_{m} = \sum_{i} d\text{out}_{i,\, m}",
    "s = b + sum over p, q of x[p, q] * k[p, q]": r"s = b + \sum_{p,q} x_{p,\, q} \cdot k_{p,\, q}",
    "out = 1 / (1 + exp(-x))": r"\text{out} = \frac{1}{1 + e^{-x}}",
    "H' = (H + 2*pad - KH) // stride + 1":
        r"H' = \left\lfloor \frac{H + 2 \cdot \text{pad} - \text{KH}}{\text{stride}} \right\rfloor + 1",
    "xhat = (x - mean) / sqrt(var + eps)": r"\hat{x} = \frac{x - \text{mean}}{\sqrt{\text{var} + \epsilon}}",
    "(a + b) * (c + d) / (e - f)": r"\frac{\left(a + b\right) \cdot \left(c + d\right)}{e - f}",
    "(var + eps)^(-3/2)": r"\left(\text{var} + \epsilon\right)^{-\frac{3}{2}}",
    "cache + dw^2": r"\text{cache} + \left(dw\right)^{2}",
    "dw = h[l].T @ ds": r"dw = h_{l}^{\top}\, ds",
    "loss = mean over i of -log p[i, labels[i]]":
        r"\text{loss} = \operatorname*{mean}_{i} \left(-\log p_{i,\, \text{labels}_{i}}\right)",
    "penalty = sum over all entries of |w|": r"\text{penalty} = \sum_{\text{all entries}} \left|w\right|",
    "dx = dout where x > 0, else 0":
        r"dx = \begin{cases} d\text{out} & \text{where } x > 0 \\ 0 & \text{otherwise} \end{cases}",
    "x[b, i*stride : i*stride + window]":
        r"x_{b,\, i \cdot \text{stride} : i \cdot \text{stride} + \text{window}}",
    "running_mean": r"\text{running\_mean}",
    "v becomes mu * v": r"v \leftarrow \mu \cdot v",
    "h[i] = ____": r"h_{i} = \boxed{?}",
    "out: a, b": r"\text{out:}\; a,\, b",
}  # fmt: skip


@pytest.mark.parametrize("text", TYPESET)
def test_a_formula_is_typeset(text: str) -> None:
    """Operators, indices, sums, powers, choices and Greek names are typeset, with the order of operations kept."""
    assert TYPESET[text] == typeset(text)


@pytest.mark.parametrize(
    "text",
    ["every dout adds to the window", "two numbers; nothing else", "x = ", "(a + b", "x[i", "", "a b", "0 .. K-1",
     "of x", "1 if x > 0"],
)  # fmt: skip
def test_prose_is_no_formula(text: str) -> None:
    """A text that does not parse completely is refused."""
    with pytest.raises(NoFormula):
        typeset(text)


def test_a_condition_is_typeset_where_it_is_a_formula() -> None:
    """A condition is typeset where it is a formula; otherwise its words stay."""
    assert r"\text{if } \left|d\right| < \delta" == condition("if |d| < delta")
    assert r"\text{if p[i, k] is not 0}" == condition("if p[i, k] is not 0")
    assert r"\text{for 10\% of the rows}" == condition("for 10% of the rows")


@given(st.text("abx01 +-*/^()[]|,:=<>@.'_", max_size=30) | st.lists(st.sampled_from(
    ["sum over i of", "x", "dw", "exp(", ")", "[", "]", "+", "-", "/", "if", "else", "where", "|", "2", "log", "="]
)).map(" ".join))  # fmt: skip
def test_whatever_comes_the_braces_balance(text: str) -> None:
    """Any text is typeset or refused, and typeset text closes every brace that it opens."""
    try:
        latex = typeset(text)
    except NoFormula:
        return
    assert latex.count("{") == latex.count("}")
    assert latex.count(r"\left") == latex.count(r"\right")


def test_cases_of_one_thing_are_put_together() -> None:
    """Lines with conditions and an equal left side, or none, become one case distinction."""
    block = "    dw =  lr     where w > 0\n    dw = -lr     where w < 0\n"
    cases = r"dw &= \begin{cases} \text{lr} & \text{where } w > 0 \\ -\text{lr} & \text{where } w < 0 \end{cases}"
    assert (f"$$\\begin{{aligned}}\n{cases}\n\\end{{aligned}}$$", "") == equations(block)


def test_lines_below_each_other_stay_lines() -> None:
    """Lines are aligned at their first equal sign; formulas of one line stay side by side, followed by the remark."""
    latex, rest = equations("    q = x + y        m = max(z, x)\n    f = q * m        for every entry")
    assert latex == (
        "$$\\begin{aligned}\nq &= x + y \\qquad m = \\max\\left(z,\\, x\\right) \\\\\n"
        "f &= q \\cdot m \\qquad \\text{for every entry}\n\\end{aligned}$$"
    )
    assert rest == ""


def test_what_follows_the_last_formula_stays_text() -> None:
    """Lines after the last formula stay text, and a block that begins with words stays text as a whole."""
    latex, rest = equations("    db[n] = sum over b of dout[b, n]\n    dx    : every dout adds;\n            no more\n")
    assert "db_{n}" in latex
    assert rest == "dx    : every dout adds;\n        no more"
    words = "conv2d   with w, stride 1\nmax_pool2d   window 2; the rest is left out"
    assert ("", words) == equations("\n".join(f"    {line}" for line in words.split("\n")))


def test_every_block_of_the_course_balances(course_statements: dict[str, str]) -> None:
    """The braces of every displayed equation balance, and most indented lines of docstrings are typeset."""
    displays = [found for text in course_statements.values() for found in re.findall(r"\$\$.*?\$\$", text, re.DOTALL)]
    assert len(displays) > 70
    for display in displays:
        assert display.count("{") == display.count("}")
        assert display.count(r"\left") == display.count(r"\right")
        assert display.count(r"\begin") == display.count(r"\end")
