"""The formulas of an exercise, each with a hole: hints.toml in its folder, by function and then by output.

The file is read when the first hint needs it. `read` parses a formula; an Ink says how each piece of it is set.
"""

from __future__ import annotations

import re
from collections import UserDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NoReturn

from autograder.errors import CourseError
from autograder.spec.exercise import Exercise
from autograder.spec.function import Function


class Formulas(UserDict[str, Mapping[str, str]]):
    """Function → output → formula. CourseError, at the first look, where the file is no TOML or does not fit."""

    def __init__(self, path: Path, functions: Sequence[Function]) -> None:
        self._path, self._outputs = path, {function.name: tuple(function.outputs) for function in functions}

    @cached_property
    def data(self) -> dict[str, Mapping[str, str]]:  # type: ignore[override]
        """Return the content of the file."""
        import tomllib

        try:
            told = tomllib.loads(self._path.read_text(encoding="utf-8")) if self._path.exists() else {}
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise CourseError(f"{self._path} cannot be read: {error}") from error
        for fault in _faults(told, self._outputs):
            raise CourseError(f"{self._path}: {fault}")
        return {name: {output: text.strip() for output, text in lines.items()} for name, lines in told.items()}


def formula(exercise: Exercise, function: str, output: str | None) -> str:
    """Return the formula of an output, or that of all outputs together for None; "" where there is none."""
    told = exercise.formulas.get(function, {})
    return told.get(output, "") if output else "\n".join(told.values())


def _faults(told: Mapping[str, Any], outputs: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    if not all(isinstance(lines, dict) and all(isinstance(t, str) for t in lines.values()) for lines in told.values()):
        yield "expected a table for each function, and in it a text for each output"
        return
    for name, lines in told.items():
        if name not in outputs:
            yield f"it has formulas of {name}, which is no function of the exercise. Functions: {', '.join(outputs)}."
        for output, text in lines.items():
            if output not in outputs.get(name, (output,)):
                yield f"it has a formula of {name} {output}, which {name} does not return."
            if HOLE not in text:
                yield f"the formula of {name} {output} has no hole. Write {HOLE} where the thinking is."


HOLE = "____"
_TOKEN = re.compile(r"\s*(____|\d+(?:\.\d+)?(?:e-?\d+)?|[^\W\d²][^\W²]*'?|//|>=|<=|\.T\b|[-+*/@^²=<>()\[\]|,:])\s*")
_RELATIONS = ("=", "is", "becomes", "gathers", ">=", "<=", ">", "<")
_REDUCTIONS = ("sum", "mean", "max", "min")
_WORDS = frozenset(
    "of over if where else otherwise elsewhere is becomes gathers not and or the every all for with as times".split()
)


class NoFormula(ValueError):
    """Raised for a text that is no formula."""


Ink = Mapping[str, Callable[..., str]]
"""How a notation sets what was read. Every piece is text, and so is what is made of pieces: number, name, hole,
called(function, inside), applied(piece, inside), indexed(piece, inside), power(piece, exponent), transposed, bracketed,
bars, log, negative, product(left, sign, right), added(left, sign, right), listed(left, sign, right), related(left,
word, right), reduction(word, over, body, negative), cases(value, word, test, other), labelled(word, body)."""


def read(text: str, ink: Ink) -> str:
    """Return a formula converted to the notation of `ink`; NoFormula for a text that is no formula."""
    try:
        return _Reader(_tokens(text), ink).line()
    except RecursionError:
        raise NoFormula("it is nested too deeply") from None


def _tokens(text: str) -> Iterator[str]:
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if not match:
            raise NoFormula(f"{text[place:]!r} is no part of a formula")
        yield match[1]
        place = match.end()


class _Reader:
    """Recursive descent parser of formulas: each method reads the part that it is named after and returns it set."""

    def __init__(self, tokens: Iterator[str], ink: Ink) -> None:
        self._tokens = [*tokens, "", ""]
        self._place = 0
        self._ink = ink

    @property
    def _next(self) -> str:
        return self._tokens[self._place]

    @property
    def _second(self) -> str:
        return self._tokens[self._place + 1]

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
        raise NoFormula(f"{self._next or 'the end'} was not expected")

    def line(self) -> str:
        """Read the whole line: an optional label, and expressions with relations between them; return it set."""
        label = self._take() if self._second == ":" and self._next.isidentifier() else ""
        self._place += bool(label)
        found = self._equation()
        if self._next:
            self._fail()
        return self._ink["labelled"](label, found) if label else found

    def _equation(self) -> str:
        terms, words = [self._several()], []
        while self._next in _RELATIONS:
            words.append(self._take())
            terms.append(self._several())
        if self._next in ("if", "where"):  # such as `1 if x > 0 else 0`
            word, test = self._take(), self._relation()
            self._took(",")
            self._take("else")
            terms[-1] = self._ink["cases"](terms[-1], word, test, self._sum())
        found = terms[0]
        for word, term in zip(words, terms[1:], strict=True):
            found = self._ink["related"](found, word, term)
        return found

    def _chain(self, part: Callable[[], str], signs: Sequence[str], join: Callable[[str, str, str], str]) -> str:
        """Read parts with signs between them and return them joined. part: reads one; join: sets two with a sign."""
        found = part()
        while self._next in signs:
            found = join(found, self._take(), part())
        return found

    def _several(self) -> str:
        return self._chain(self._sum, (",",), self._ink["listed"])

    def _relation(self) -> str:
        return self._chain(self._sum, _RELATIONS, self._ink["related"])

    def _sum(self) -> str:
        found = self._ink["negative"](self._product()) if self._took("-") else self._product()
        while self._next in ("+", "-"):
            found = self._ink["added"](found, self._take(), self._product())
        return found

    def _product(self) -> str:
        return self._chain(self._factor, ("*", "/", "//", "@"), self._ink["product"])

    def _factor(self) -> str:
        if self._took("-"):
            return self._ink["negative"](self._factor())
        if self._next in _REDUCTIONS and self._second in ("over", "of"):
            return self._reduction()
        if self._next == "log" and self._second not in ("(", ""):
            self._take()
            return self._ink["log"](self._power())
        return self._power()

    def _reduction(self) -> str:
        """Read `sum over p, q of …`, which extends over the whole product after it, and return it set."""
        word, over = self._take(), []
        if self._take("over", "of") == "over":
            while self._next != "of":
                over.append(self._take())
            self._take()
        negative = self._took("-")
        return self._ink["reduction"](word, over, self._product(), negative)

    def _power(self) -> str:
        found = self._piece()
        while self._next in ("^", "²"):
            found = self._ink["power"](found, self._piece() if self._take() == "^" else self._ink["number"]("2"))
        return found

    def _piece(self) -> str:
        """Read an atom with the indices, arguments and transposes after it, and return it set."""
        found = self._atom()
        while self._next in ("[", "(", ".T"):
            sign = self._take()
            found = (self._ink["transposed"](found) if sign == ".T" else
                     self._ink["indexed"](found, self._until("]")) if sign == "[" else
                     self._ink["applied"](found, self._until(")")))  # fmt: skip
        return found

    def _atom(self) -> str:
        token = self._take()
        if token == HOLE:
            return self._ink["hole"]()
        if token == "(":
            return self._ink["bracketed"](self._until(")"))
        if token == "|":
            return self._ink["bars"](self._until("|"))
        if token[0].isdigit():
            return self._ink["number"](token)
        if token in _WORDS or (not token[0].isalpha() and token[0] != "_"):
            raise NoFormula(f"{token} was not expected")
        return self._ink["called"](token, self._until(")")) if self._took("(") else self._ink["name"](token)

    def _until(self, end: str) -> str:
        """Read up to the bracket `end` one item, or several with commas or colons between them, and return them set."""
        found = "" if self._next in (end, ":", ",") else self._relation()
        while self._next in (",", ":"):
            sign = self._take()
            found = self._ink["listed"](found, sign, "" if self._next in (end, ",", ":") else self._relation())
        self._take(end)
        return found
