"""LaTeX of the names in formulas: letters, Greek letters, upright words, and gradients such as dx."""

from __future__ import annotations

import re

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
