"""Conversion of formulas in docstrings to LaTeX, such as `s[i] = b + sum over d of x[i, d] * w[d]`."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.authoring.build.symbols import applied, bare, bracketed, is_gradient, name, words
from autograder.spec.notation import NoFormula, read

_RELATIONS = {"=": "=", "is": "=", ">=": r"\ge", "<=": r"\le", ">": ">", "<": "<", "becomes": r"\leftarrow",
              "gathers": r"\;\text{gathers}\;"}  # fmt: skip
_REDUCTIONS = {"sum": r"\sum", "mean": r"\operatorname*{mean}", "max": r"\max", "min": r"\min"}
_SEPARATORS = {",": r",\, ", ":": " : "}


def typeset(text: str) -> str:
    """Return the LaTeX of a formula such as `dx = dout * s * (1 - s)`; NoFormula where it is none."""
    return read(text, _Latex())


def condition(text: str) -> str:
    """Return the LaTeX of a remark such as `if |d| < delta`; words that are no formula stay words."""
    word, _, rest = text.partition(" ")
    if word in ("if", "where"):
        try:
            return rf"\text{{{word} }} {typeset(rest)}"
        except NoFormula:
            pass
    return words(text)


class _Latex:
    """Notation of notebooks, for `autograder.spec.notation.read`. Fractions and powers need no brackets."""

    def number(self, text: str) -> str:
        return text

    def name(self, word: str) -> str:
        return name(word)

    def hole(self) -> str:
        return r"\boxed{?}"

    def called(self, function: str, inside: str) -> str:
        return applied(function, inside)

    def applied(self, piece: str, inside: str) -> str:
        return piece + bracketed(inside)

    def indexed(self, piece: str, inside: str) -> str:
        return f"{piece}_{{{inside}}}"

    def power(self, piece: str, exponent: str) -> str:
        return f"{bracketed(piece) if is_gradient(piece) else piece}^{{{bare(exponent)}}}"

    def transposed(self, piece: str) -> str:
        return self.power(piece, r"\top")

    def bracketed(self, inside: str) -> str:
        return bracketed(inside)

    def bars(self, inside: str) -> str:
        return rf"\left|{inside}\right|"

    def log(self, piece: str) -> str:
        return rf"\log {piece}"

    def negative(self, piece: str) -> str:
        return f"-{piece}"

    def product(self, left: str, sign: str, right: str) -> str:
        fraction = rf"\frac{{{bare(left)}}}{{{bare(right)}}}"
        match sign:
            case "*":
                return rf"{left} \cdot {right}"
            case "@":
                return rf"{left}\, {right}"
            case "/":
                return fraction
        return rf"\left\lfloor {fraction} \right\rfloor"

    def added(self, left: str, sign: str, right: str) -> str:
        return f"{left} {sign} {right}"

    def listed(self, left: str, sign: str, right: str) -> str:
        return f"{left}{_SEPARATORS[sign]}{right}"

    def related(self, left: str, word: str, right: str) -> str:
        return f"{left} {_RELATIONS[word]} {right}"

    def reduction(self, word: str, over: Sequence[str], body: str, negative: bool) -> str:
        limits = "".join(over) if all(len(part) == 1 for part in over) else words(" ".join(over))
        sign = _REDUCTIONS[word] + (f"_{{{limits}}}" if over else "")
        return f"{sign} {bracketed(f'-{body}') if negative else body}"

    def cases(self, value: str, word: str, test: str, other: str) -> str:
        return rf"\begin{{cases}} {value} & \text{{{word} }} {test} \\ {other} & \text{{otherwise}} \end{{cases}}"

    def labelled(self, word: str, body: str) -> str:
        return rf"{words(f'{word}:')}\; {body}"
