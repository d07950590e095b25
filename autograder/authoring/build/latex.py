"""LaTeX of the names in formulas: letters, Greek letters, upright words, and gradients such as dx."""

from __future__ import annotations

import re
from collections.abc import Sequence

from autograder.spec.formulas import NoFormula, read

_GREEK = {
    "alpha": r"\alpha", "beta": r"\beta", "gamma": r"\gamma", "delta": r"\delta", "eps": r"\epsilon", "mu": r"\mu",
    "pi": r"\pi",
}  # fmt: skip
_GRADIENT = re.compile(r"d([a-z]|out|scores|gamma|beta|xhat|var|mean|prediction|weights|biases)")
_FUNCTIONS = frozenset("log tanh arctan max min".split())
_LEFT, _RIGHT = r"\left(", r"\right)"


def name(word: str) -> str:
    """Return the LaTeX of a variable."""
    if word in _GREEK or len(word.rstrip("'")) == 1:
        return _GREEK.get(word, word)
    if word == "xhat":
        return r"\hat{x}"
    gradient = _GRADIENT.fullmatch(word)
    return f"d{name(gradient[1])}" if gradient else words(word)


def is_gradient(latex: str) -> bool:
    """Return whether a variable's LaTeX begins with the d of a gradient; a power then needs brackets."""
    return bool(re.match(r"d[a-z\\]", latex))


def words(text: str) -> str:
    """Return the LaTeX of words inside a formula."""
    escaped = re.sub(r"([_%#&$])", r"\\\1", text.replace("^", r" to the "))
    return rf"\text{{{escaped}}}"


def applied(function: str, inside: str) -> str:
    """Return the LaTeX of a function call."""
    if function == "exp":
        return f"e^{{{inside}}}"
    if function == "sqrt":
        return rf"\sqrt{{{inside}}}"
    return (f"\\{function}" if function in _FUNCTIONS else name(function)) + bracketed(inside)


def bracketed(inside: str) -> str:
    """Enclose in parentheses of matching height."""
    return f"{_LEFT}{inside}{_RIGHT}"


def bare(text: str) -> str:
    """Remove the parentheses around the whole text, which a fraction or a power does not need."""
    if not (text.startswith(_LEFT) and text.endswith(_RIGHT)):
        return text
    depth = 0
    for found in re.finditer(r"\\(left|right)\b", text):
        depth += 1 if found[1] == "left" else -1
        if depth == 0 and found.start() < len(text) - len(_RIGHT):
            return text
    return text[len(_LEFT) : -len(_RIGHT)]


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
    """Notation of notebooks, for `autograder.spec.formulas.read`. Fractions and powers need no brackets."""

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
