"""Formulas as MathML, which needs no script or font, and which screen readers read."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from autograder.spec.formulas import HOLE, NoFormula, read

_GREEK = {"gamma": "γ", "beta": "β", "delta": "δ", "eps": "ε", "mu": "μ", "pi": "π"}
_SIGNS = {"*": "·", "-": "−", "<=": "≤", ">=": "≥", "becomes": "←", "is": "="}
_HOLE, _GAP = '<mi class="hole">?</mi>', '<mspace width="0.3em"></mspace>'


def mathml(text: str) -> str | None:
    """Return a line as a <math> element; None if it is no formula, such as a sentence."""
    try:
        body = read(text, _MathMl())
    except NoFormula:
        return None
    return f'<math displaystyle="true" aria-label="{escape(text)}">{body}</math>'


class _MathMl:
    """Writes the parts of a formula as MathML."""

    def number(self, text: str) -> str:
        return f"<mn>{text}</mn>"

    def name(self, word: str) -> str:
        return f"<mi>{escape(_GREEK.get(word, word.replace(chr(39), '′')))}</mi>"

    def hole(self) -> str:
        return _HOLE

    def called(self, function: str, inside: str) -> str:
        return f"<msqrt>{inside}</msqrt>" if function == "sqrt" else self.applied(self.name(function), inside)

    def applied(self, piece: str, inside: str) -> str:
        return f"{piece}<mrow><mo>(</mo>{inside}<mo>)</mo></mrow>"

    def indexed(self, piece: str, inside: str) -> str:
        return f"<msub>{_row(piece)}{_row(inside)}</msub>"

    def power(self, piece: str, exponent: str) -> str:
        return f"<msup>{_row(piece)}{_row(exponent)}</msup>"

    def transposed(self, piece: str) -> str:
        return f"<msup>{_row(piece)}<mi>T</mi></msup>"

    def bracketed(self, inside: str) -> str:
        return f"<mrow><mo>(</mo>{inside}<mo>)</mo></mrow>"

    def bars(self, inside: str) -> str:
        return f"<mrow><mo>|</mo>{inside}<mo>|</mo></mrow>"

    def log(self, piece: str) -> str:
        return f"<mi>log</mi>{_GAP}{piece}"

    def negative(self, piece: str) -> str:
        return _sign("-") + piece

    def product(self, left: str, sign: str, right: str) -> str:
        if sign == "//":
            return f"<mrow><mo>⌊</mo>{_fraction(left, right)}<mo>⌋</mo></mrow>"
        return _fraction(left, right) if sign == "/" else f"{left}{_sign(sign)}{right}"

    def added(self, left: str, sign: str, right: str) -> str:
        return f"{left}{_sign(sign)}{right}"

    listed = added

    def related(self, left: str, word: str, right: str) -> str:
        sign = _sign(word) if word != "gathers" else f"{_GAP}<mtext>gathers</mtext>{_GAP}"
        return f"{left}{sign}{right}"

    def reduction(self, word: str, over: Sequence[str], body: str, negative: bool) -> str:
        sign = '<mo largeop="true">∑</mo>' if word == "sum" else f"<mo>{word}</mo>"
        limited = f"<munder>{sign}<mrow>{self._limits(over)}</mrow></munder>" if over else sign
        return f"<mrow>{limited}{_sign('-') if negative else ''}{body}</mrow>"

    def _limits(self, over: Sequence[str]) -> str:
        """Return the limits of a sum or product: indices with commas, or words."""
        parts = [part for part in over if part != ","]
        if all(len(part) > 1 and (part[0].isalpha() or part[0] == "_") for part in parts):
            words = " ".join(over).replace(" ,", ",").split()
            return _GAP.join(_HOLE if part == HOLE else _words(part) for part in words)
        return "".join(_sign(part) if part == "," else self.name(part) for part in over)

    def cases(self, value: str, word: str, test: str, other: str) -> str:
        rows = (value, f"{_words(word)}{_GAP}{test}"), (other, _words("otherwise"))
        cells = "".join(f"<mtr><mtd>{left}</mtd><mtd>{right}</mtd></mtr>" for left, right in rows)
        return f"<mrow><mo>{{</mo><mtable>{cells}</mtable></mrow>"

    def labelled(self, word: str, body: str) -> str:
        return _words(f"{word}:") + _GAP + body


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
