"""A formula as docstrings write it, typeset: `s[i] = b + sum over d of x[i, d] * w[d]` becomes LaTeX.

Python's operators, `^` for powers, `|x|`, `sum over i of`, `mean of`, `max of`, and `1 if x > 0 else 0`. A text that is
more prose than formula is not typeset at all.
"""

from __future__ import annotations

import re
from typing import NoReturn

from autograder.build.symbols import applied, bare, bracketed, is_gradient, name, words

_TOKEN = re.compile(r"\s*(\d+\.?\d*(?:e-?\d+)?|[A-Za-z_][A-Za-z_0-9]*'?|//|>=|<=|\.T\b|[-+*/@^²=<>()\[\]|,:])\s*")
_RELATIONS = {"=": "=", "is": "=", ">=": r"\ge", "<=": r"\le", ">": ">", "<": "<"}
_REDUCTIONS = {"sum": r"\sum", "mean": r"\operatorname*{mean}", "max": r"\max"}
_WORDS = frozenset("of over if where else otherwise is not and or the every all for with as times".split())


class NotTypeset(ValueError):
    """The text is no formula."""


def typeset(text: str) -> str:
    """LaTeX of a formula such as `dx = dout * s * (1 - s)`; NotTypeset where it is none."""
    return _Reader(text).all()


def condition(text: str) -> str:
    """LaTeX of what stands behind a formula, such as `if |d| < delta`; words that are no formula stay words."""
    word, _, rest = text.partition(" ")
    if word in ("if", "where"):
        try:
            return rf"\text{{{word} }} {typeset(rest)}"
        except NotTypeset:
            pass
    return words(text)


def _tokens(text: str) -> list[str]:
    found, place = [], 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if not match:
            raise NotTypeset(f"{text[place:]!r} is no part of a formula")
        found.append(match[1])
        place = match.end()
    return found


class _Reader:
    """Recursive descent: each method reads what its name says and returns its LaTeX."""

    def __init__(self, text: str) -> None:
        self._tokens = [*_tokens(text), "", ""]
        self._place = 0

    @property
    def _next(self) -> str:
        return self._tokens[self._place]

    def _take(self, *expected: str) -> str:
        token = self._next
        if not token or (expected and token not in expected):
            self._fail()
        self._place += 1
        return token

    def _took(self, token: str) -> bool:
        found = self._next == token
        self._place += found
        return found

    def _fail(self) -> NoReturn:
        raise NotTypeset(f"{self._next or 'the end'} was not expected")

    def all(self) -> str:
        found = self._relation()
        if self._next in ("if", "where", ","):
            found = self._choice(found)
        if self._next:
            self._fail()
        return found

    def _choice(self, value: str) -> str:
        """`1 if x > 0 else 0`, where only the right side of an equation is chosen."""
        left, equal, right = value.rpartition(" = ")
        when, test = self._take("if", "where"), self._relation()
        self._took(",")
        self._take("else")
        cases = rf"{right} & \text{{{when} }} {test} \\ {self._sum()} & \text{{otherwise}}"
        return rf"{left}{equal}\begin{{cases}} {cases} \end{{cases}}"

    def _relation(self) -> str:
        found = self._sum()
        while self._next in _RELATIONS:
            found = f"{found} {_RELATIONS[self._take()]} {self._sum()}"
        return found

    def _sum(self) -> str:
        found = f"-{self._product()}" if self._took("-") else self._product()
        while self._next in ("+", "-"):
            found = f"{found} {self._take()} {self._product()}"
        return found

    def _product(self) -> str:
        found = self._factor()
        while self._next in ("*", "/", "//", "@"):
            sign, right = self._take(), self._factor()
            fraction = rf"\frac{{{bare(found)}}}{{{bare(right)}}}"
            match sign:
                case "*":
                    found = rf"{found} \cdot {right}"
                case "@":
                    found = rf"{found}\, {right}"
                case "/":
                    found = fraction
                case _:
                    found = rf"\left\lfloor {fraction} \right\rfloor"
        return found

    def _factor(self) -> str:
        following = self._tokens[self._place + 1]
        if self._took("-"):
            return f"-{self._factor()}"
        if self._next in _REDUCTIONS and following in ("over", "of"):
            return self._reduction()
        if self._next == "log" and following != "(":
            self._take()
            return rf"\log {self._power()}"
        return self._power()

    def _reduction(self) -> str:
        """`sum over p, q of …`, which reaches over the whole product behind it."""
        sign = _REDUCTIONS[self._take()]
        if self._take("over", "of") == "over":
            over = []
            while self._next != "of":
                over.append(self._take())
            self._take()
            sign += f"_{{{''.join(over) if all(len(word) == 1 for word in over) else words(' '.join(over))}}}"
        found = f"-{self._product()}" if self._took("-") else self._product()
        return f"{sign} {bracketed(found) if found.startswith('-') else found}"

    def _power(self) -> str:
        found = self._atom()
        while self._next in ("^", "²", ".T"):
            sign = self._take()
            power = r"\top" if sign == ".T" else "2" if sign == "²" else bare(self._atom())
            found = f"{bracketed(found) if is_gradient(found) else found}^{{{power}}}"
        return found

    def _atom(self) -> str:
        token = self._next
        if token in _WORDS or not re.match(r"[\w(|]", token):
            self._fail()
        self._take()
        if token == "(":
            return bracketed(self._until(")"))
        if token == "|":
            return rf"\left|{self._until('|')}\right|"
        return token if token[0].isdigit() else self._named(token)

    def _named(self, word: str) -> str:
        """A variable or a function's value, with its indices."""
        if self._next == "(":
            self._take()
            found = applied(word, self._until(")"))
        else:
            found = name(word)
        if self._next == "[":
            self._take()
            found = f"{found}_{{{self._until(']')}}}"
        return found

    def _until(self, end: str) -> str:
        """What stands between brackets: one thing, or several with commas or colons between them."""
        found = ""
        while self._next != end:
            found += {",": r",\, ", ":": " : "}[self._take()] if self._next in (",", ":") else self._relation()
        self._take(end)
        return found
