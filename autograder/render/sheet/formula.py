"""Formulas as they are written in statements and hints, set as MathML: sums with their limits, fractions, indices.

    out[i, m] = b[m] + sum over d of x[i, d] * ____        the hole stays a hole

What is no formula, such as a sentence, is None, and the page shows it as it is written. MathML needs no script and no
font of its own, and a screen reader reads it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

_TOKEN = re.compile(r"\s*(?:(____)|(\d+(?:\.\d+)?)|([^\W\d]\w*'?)|(//|<=|>=|[-+*/^@()\[\]|,:=<>.]))")
_GREEK = {"gamma": "γ", "beta": "β", "delta": "δ", "eps": "ε", "mu": "μ", "pi": "π"}
_SIGNS = {"*": "·", "-": "−", "<=": "≤", ">=": "≥", "becomes": "←", "@": "@"}
_BIG = {"sum": "∑", "mean": "mean", "max": "max", "min": "min"}
_HOLE, _GAP = '<mi class="hole">?</mi>', '<mspace width="0.3em"></mspace>'
_RELATIONS = ("=", "becomes", "gathers", "<", ">", "<=", ">=")


def mathml(text: str) -> str | None:
    """A line as a <math> element; None where it is no formula."""
    try:
        parser = _Parser(_tokens(text))
        body = parser.line()
    except (_NoFormula, RecursionError):
        return None
    return f'<math displaystyle="true" aria-label="{escape(text)}">{body}</math>' if parser.done else None


class _NoFormula(Exception):
    """It is written in another way."""


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str


def _tokens(text: str) -> list[_Token]:
    found, place, text = [], 0, text.rstrip()
    while place < len(text):
        match = _TOKEN.match(text, place)
        if not match:
            raise _NoFormula
        kind = ("hole", "number", "name", "sign")[(match.lastindex or 1) - 1]
        found.append(_Token(kind, match[match.lastindex or 1]))
        place = match.end()
    return found


class _Parser:
    """By descent: a line of expressions and relations; sums of products; products of factors; what stands in them."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens, self._at = tokens, 0

    @property
    def done(self) -> bool:
        """Whether everything was read."""
        return self._at == len(self._tokens)

    def line(self) -> str:
        """Perhaps a name and a colon; expressions with commas between them; any number of relations to others."""
        parts = [*self._label(), self._several()]
        while not self.done and self._peek().text in _RELATIONS:
            word = self._next().text
            parts += [_sign(word) if word != "gathers" else f"{_GAP}<mtext>gathers</mtext>{_GAP}", self._several()]
        return "".join(parts)

    def _label(self) -> list[str]:
        if [token.text for token in self._tokens[1:2]] != [":"] or self._tokens[0].kind != "name":
            return []
        self._at = 2
        return [_words(f"{self._tokens[0].text}:") + _GAP]

    def _several(self) -> str:
        parts = [self._expression()]
        while self._is(","):
            parts += [_sign(self._next().text), self._expression()]
        return "".join(parts)

    def _expression(self) -> str:
        parts = [_sign(self._next().text)] if self._is("-") else []
        parts.append(self._product())
        while self._is("+", "-"):
            parts += [_sign(self._next().text), self._product()]
        return "".join(parts)

    def _product(self) -> str:
        left = self._factor()
        while self._is("*", "/", "@", "//"):
            sign, right = self._next().text, self._factor()
            left = _fraction(left, right) if sign == "/" else f"{left}{_sign(sign)}{right}"
        return left

    def _factor(self) -> str:
        base = self._base()
        if self._is("^"):
            self._next()
            base = f"<msup>{_row(base)}{_row(self._base())}</msup>"
        return base

    def _base(self) -> str:
        token = self._next()
        if token.text in _BIG and not self.done and self._peek().text in ("over", "of"):
            return self._big(token.text)
        if token.kind == "number":
            return f"<mn>{token.text}</mn>"
        if token.kind == "hole":
            return self._behind(_HOLE)
        if token.kind == "name":
            return self._call(token.text)
        if token.text == "(":
            return self._behind(f"<mrow><mo>(</mo>{self._until(')')}<mo>)</mo></mrow>")
        if token.text == "|":
            return f"<mrow><mo>|</mo>{self._until('|')}<mo>|</mo></mrow>"
        raise _NoFormula

    def _call(self, name: str) -> str:
        if name == "sqrt" and self._is("("):
            self._next()
            return f"<msqrt>{self._until(')')}</msqrt>"
        if name in ("if", "where", "otherwise", "elsewhere", "of", "over"):
            raise _NoFormula
        return self._behind(_name(name))

    def _behind(self, base: str) -> str:
        """Indices, arguments and the transpose that stand behind a name."""
        while True:
            if self._is("["):
                self._next()
                base = f"<msub>{_row(base)}<mrow>{self._list(']')}</mrow></msub>"
            elif self._is("("):
                self._next()
                base = f"{base}<mrow><mo>(</mo>{self._list(')')}<mo>)</mo></mrow>"
            elif self._is(".") and self._tokens[self._at + 1 : self._at + 2] == [_Token("name", "T")]:
                self._at += 2
                base = f"<msup>{_row(base)}<mi>T</mi></msup>"
            else:
                return base

    def _big(self, word: str) -> str:
        """`sum over i, j of` a product, or `sum of` one."""
        sign = f'<mo largeop="true">{_BIG[word]}</mo>' if word == "sum" else f"<mo>{_BIG[word]}</mo>"
        if self._next().text == "over":
            sign = f"<munder>{sign}<mrow>{self._limits()}</mrow></munder>"
        minus = _sign(self._next().text) if self._is("-") else ""
        return f"<mrow>{sign}{minus}{self._product()}</mrow>"

    def _limits(self) -> str:
        """Everything up to `of`: indices set off by commas, or words."""
        words = []
        while self._peek().text != "of":
            words.append(self._next())
        self._next()
        if all(token.kind in ("name", "hole") and len(token.text) > 1 for token in words if token.text != ","):
            return _GAP.join(_HOLE if token.kind == "hole" else _words(token.text) for token in words)
        return "".join(_sign(",") if token.text == "," else _name(token.text) for token in words)

    def _list(self, end: str) -> str:
        parts: list[str] = []
        while not self._is(end):
            parts.append(_sign(self._next().text) if self._is(",", ":") else self._expression())
        self._next()
        return "".join(parts)

    def _until(self, end: str) -> str:
        body = self._expression()
        if self._next().text != end:
            raise _NoFormula
        return body

    def _is(self, *signs: str) -> bool:
        return not self.done and self._peek().text in signs

    def _peek(self) -> _Token:
        if self.done:
            raise _NoFormula
        return self._tokens[self._at]

    def _next(self) -> _Token:
        token = self._peek()
        self._at += 1
        return token


def _words(text: str) -> str:
    return f"<mtext>{escape(text)}</mtext>"


def _name(name: str) -> str:
    return f"<mi>{escape(_GREEK.get(name, name.replace(chr(39), '′')))}</mi>"


def _sign(sign: str) -> str:
    return f"<mo>{escape(_SIGNS.get(sign, sign))}</mo>"


def _row(body: str) -> str:
    return f"<mrow>{body}</mrow>"


def _fraction(above: str, below: str) -> str:
    """Brackets around the whole of a side are not needed any more."""
    return f"<mfrac>{_row(_bare(above))}{_row(_bare(below))}</mfrac>"


def _bare(body: str) -> str:
    start, end = "<mrow><mo>(</mo>", "<mo>)</mo></mrow>"
    inner = body.removeprefix(start).removesuffix(end)
    return inner if f"{start}{inner}{end}" == body and start not in inner else body
