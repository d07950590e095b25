"""Formulas as MathML, which needs no script or font, and which screen readers read."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from autograder.spec.formulas import HOLE, Ink, NoFormula, read

_GREEK = {"gamma": "γ", "beta": "β", "delta": "δ", "eps": "ε", "mu": "μ", "pi": "π"}
_SIGNS = {"*": "·", "-": "−", "<=": "≤", ">=": "≥", "becomes": "←", "is": "="}
_HOLE, _GAP = '<mi class="hole">?</mi>', '<mspace width="0.3em"></mspace>'


def mathml(text: str) -> str | None:
    """Return a line as a <math> element; None if it is no formula, such as a sentence or a line with control codes."""
    if not text.isprintable():
        return None
    try:
        body = read(text, _MATHML)
    except NoFormula:
        return None
    return f'<math displaystyle="true" aria-label="{escape(text)}">{body}</math>'


def _name(word: str) -> str:
    return f"<mi>{escape(_GREEK.get(word, word.replace(chr(39), '′')))}</mi>"


def _called(function: str, inside: str) -> str:
    return f"<msqrt>{inside}</msqrt>" if function == "sqrt" else _applied(_name(function), inside)


_applied = "{}<mrow><mo>(</mo>{}<mo>)</mo></mrow>".format


def _product(left: str, sign: str, right: str) -> str:
    if sign == "//":
        return f"<mrow><mo>⌊</mo>{_fraction(left, right)}<mo>⌋</mo></mrow>"
    return _fraction(left, right) if sign == "/" else _added(left, sign, right)


def _added(left: str, sign: str, right: str) -> str:
    return f"{left}{_sign(sign)}{right}"


def _related(left: str, word: str, right: str) -> str:
    sign = _sign(word) if word != "gathers" else f"{_GAP}<mtext>gathers</mtext>{_GAP}"
    return f"{left}{sign}{right}"


def _reduction(word: str, over: Sequence[str], body: str, negative: bool) -> str:
    sign = '<mo largeop="true">∑</mo>' if word == "sum" else f"<mo>{word}</mo>"
    limited = f"<munder>{sign}<mrow>{_limits(over)}</mrow></munder>" if over else sign
    return f"<mrow>{limited}{_sign('-') if negative else ''}{body}</mrow>"


def _limits(over: Sequence[str]) -> str:
    """Return the limits of a sum or product: indices with commas, or words."""
    parts = [part for part in over if part != ","]
    if all(len(part) > 1 and (part[0].isalpha() or part[0] == "_") for part in parts):
        words = " ".join(over).replace(" ,", ",").split()
        return _GAP.join(_HOLE if part == HOLE else _words(part) for part in words)
    return "".join(_sign(part) if part == "," else _name(part) for part in over)


def _cases(value: str, word: str, test: str, other: str) -> str:
    rows = (value, f"{_words(word)}{_GAP}{test}"), (other, _words("otherwise"))
    cells = "".join(f"<mtr><mtd>{left}</mtd><mtd>{right}</mtd></mtr>" for left, right in rows)
    return f"<mrow><mo>{{</mo><mtable>{cells}</mtable></mrow>"


def _words(text: str) -> str:
    return f"<mtext>{escape(text)}</mtext>"


def _sign(sign: str) -> str:
    return f"<mo>{escape(_SIGNS.get(sign, sign))}</mo>"


def _row(body: str) -> str:
    return f"<mrow>{body}</mrow>"


def _fraction(above: str, below: str) -> str:
    """Return a fraction, without brackets around a whole numerator or denominator."""
    return f"<mfrac>{_row(_bare(above))}{_row(_bare(below))}</mfrac>"


def _bare(body: str) -> str:
    start, end = "<mrow><mo>(</mo>", "<mo>)</mo></mrow>"
    inner = body.removeprefix(start).removesuffix(end)
    return inner if f"{start}{inner}{end}" == body and start not in inner else body


_MATHML: Ink = {
    "number": "<mn>{}</mn>".format, "name": _name, "hole": _HOLE.format, "called": _called, "applied": _applied,
    "indexed": "<msub><mrow>{}</mrow><mrow>{}</mrow></msub>".format,
    "power": "<msup><mrow>{}</mrow><mrow>{}</mrow></msup>".format,
    "transposed": "<msup><mrow>{}</mrow><mi>T</mi></msup>".format,
    "bracketed": "<mrow><mo>(</mo>{}<mo>)</mo></mrow>".format, "bars": "<mrow><mo>|</mo>{}<mo>|</mo></mrow>".format,
    "log": f"<mi>log</mi>{_GAP}{{}}".format, "negative": f"{_sign('-')}{{}}".format, "product": _product,
    "added": _added, "listed": _added, "related": _related, "reduction": _reduction, "cases": _cases,
    "labelled": lambda word, body: _words(f"{word}:") + _GAP + body,
}  # fmt: skip
"""Notation of pages."""
