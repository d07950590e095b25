"""Conversion of a docstring to Markdown: escaped prose, variables and examples as code, formulas as LaTeX."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from textwrap import dedent

from autograder.spec.formulas import Ink, NoFormula, read

_GAP = re.compile(r" {3,}")
_REMARK = re.compile(r"(?:if|where|for|otherwise|elsewhere|with|row by row|entry by entry|through|the|arctan)\b")
_PROSE = re.compile(r"[A-Za-z][\w' ,.-]* [\w' ,.-]+")


@dataclass
class _Line:
    """One line of a docstring's block, as its formulas and the remark after them."""

    formulas: list[str]
    remark: str = ""

    @property
    def left(self) -> str:
        """Return the left side of the first formula; "" where it is no equation."""
        left, equal, _ = self.formulas[0].partition(" = ")
        return left if equal else ""


def equations(block: str) -> tuple[str, str]:
    """Return the leading lines that are formulas as displayed equations, and the remaining lines."""
    lines = dedent(block).rstrip().split("\n")
    read = _read_all(lines)
    groups: list[list[_Line]] = []  # the cases of one definition: lines with a remark and the same left side, or none
    for line in read:
        if groups and line.remark and groups[-1][-1].remark and line.left in ("", groups[-1][0].left):
            groups[-1].append(line)
        else:
            groups.append([line])
    rows = " \\\\\n".join(map(_row, groups))
    return f"$$\\begin{{aligned}}\n{rows}\n\\end{{aligned}}$$" if read else "", "\n".join(lines[len(read) :])


def _read_all(lines: list[str]) -> list[_Line]:
    """Return the leading lines that are formulas; none if a line that is no formula continues or explains them."""
    read: list[_Line] = []
    try:
        for line in lines:
            fields = _GAP.split(re.sub(r"\s+(>=|<=|=)\s+", r" \1 ", line.strip()))
            remark = fields.pop() if len(fields) > 1 and _REMARK.match(fields[-1]) else ""
            read.append(_Line([_field(field) for field in fields], condition(remark) if remark else ""))
    except NoFormula:
        return read if all(line.left for line in read) and not lines[len(read)].startswith(" ") else []
    return read


def _field(text: str) -> str:
    """Return the LaTeX of a formula, of words between two formulas, or of an equation whose right side is prose."""
    if text == "and" or re.fullmatch(r'"\w+"', text):
        return words(text)
    try:
        return typeset(text)
    except NoFormula:
        left, equal, right = text.partition(" = ")
        if not (equal and _PROSE.fullmatch(right)):
            raise
        return f"{typeset(left)} = {words(right)}"


def _row(lines: list[_Line]) -> str:
    """Return one row of a displayed equation in LaTeX: a line, or the cases of one definition."""
    left = lines[0].left
    if len(lines) == 1:
        first, *others = lines[0].formulas
        row = first.replace(" = ", " &= ", 1) if left else f"& {first}"
        return r" \qquad ".join(filter(None, [row, *others, lines[0].remark]))
    cases = r" \\ ".join(f"{line.formulas[0].rpartition(' = ')[2]} & {line.remark}" for line in lines)
    return (f"{left} &= " if left else "& ") + rf"\begin{{cases}} {cases} \end{{cases}}"


_SPAN = re.compile(r"(`[^`]+`)")
_SPECIAL = re.compile(r"([\\*_<>$|#])")
_SHAPE = r"\s\((?:[A-Z0-9][\w' +*-]*)?,[^)]*\)"
_ITEM = re.compile(r"(?:- |([\w-]+) *: +)(.*)", re.DOTALL)
_LEAD = re.compile(r"^(Returns|By hand)\b")
_TIMES = re.compile(r"\b([A-Z]+|\d+) x (?=(?:[A-Z]+|\d+)\b)")
_GROUP = r"[(\[][^()\[\]]*(?:[(\[][^()\[\]]*[)\]][^()\[\]]*)*[)\]]"
_OPERAND = rf"-?(?:\d[\d.]*(?:e-?\d+)?\b|\b[A-Za-z]\w*'?(?:\.T\b)?(?:{_GROUP})*|{_GROUP})"
_EXPRESSION = (
    rf"(?<![\w.]){_OPERAND}(?:(?: (?:[=*@+/<>-]|//|[<>]=) |(?<=[\d)\]])[*/^]|(?<=\b\w)[*/^]|[*/^](?=\d)){_OPERAND})+"
    r"(?:, -?\d[\d.]*\b(?! *[=*/^]))*"
)
_CODE = rf"(?<![\w.])[A-Za-z]\w*(?:{_GROUP})*\[[^\[\]]*\](?:\.T\b)?|(?<![\w.])[A-Za-z]\w*_\w+"
_SYMBOLS = frozenset("dout eps gamma beta xhat".split())


def markdown(text: str, names: Collection[str] = ()) -> str:
    """Convert a docstring, without its indentation, to Markdown. names: parameters and results, which become code."""
    blocks = [block for block in re.split(r"\n(?:[ \t]*\n)+", text.strip("\n")) if block.strip()]
    return "\n\n".join(_block(block, names) for block in blocks)


def _block(block: str, names: Collection[str]) -> str:
    if block.startswith(">>>"):  # a doctest becomes code, with its results as comments
        lines = [line[4:] if line[:4] in (">>> ", "... ") else f"# {line}" for line in block.split("\n")]
        return "\n".join(["```python", *lines, "```"])
    if not block.startswith("    "):
        return paragraph(block, names)
    formulas, rest = equations(block)
    return "\n\n".join(filter(None, [formulas, _listed(rest, names)]))


def _listed(text: str, names: Collection[str]) -> str:
    """Convert lines such as `dx : every …` to a list, with continuation lines; keep any other text as it is."""
    items = [_ITEM.match(item) for item in re.split(r"\n(?! )", text)]
    if not all(items):
        return f"```text\n{text}\n```" if text else ""
    terms = [(item[1], paragraph(" ".join(item[2].split()), names)) for item in items if item]
    return "\n".join(f"- {words}" if term is None else f"- `{term}`: {words}" for term, words in terms)


def paragraph(text: str, names: Collection[str] = ()) -> str:
    """Convert plain text to Markdown: escape markup outside of backticks, and set the names as code."""
    made = "".join(span if place % 2 else _words(span, names) for place, span in enumerate(_SPAN.split(text)))
    return _LEAD.sub(r"**\1**", made)


def _words(text: str, names: Collection[str]) -> str:
    """Return a text with expressions and names as code; names that are English words match only before a shape."""
    plain = {name for name in names if len(name) > 2 and name.isalpha() and name not in _SYMBOLS
             and not (name[0] == "d" and name[1:] in names)}  # fmt: skip
    always, shaped = ("|".join(sorted(some, key=len, reverse=True)) or "(?!)" for some in ({*names} - plain, plain))
    named = rf"(?<![\w'.])(?:(?:{always})(?![\w'])|(?:{shaped})(?={_SHAPE}))"
    spans = re.split(f"({_EXPRESSION}|{_CODE}|{named})", _TIMES.sub(r"\1 × ", text))
    return "".join(f"`{' '.join(span.split())}`" if place % 2 else _SPECIAL.sub(r"\\\1", span)
                   for place, span in enumerate(spans))  # fmt: skip


_GREEK = {"alpha": r"\alpha", "beta": r"\beta", "gamma": r"\gamma", "delta": r"\delta", "eps": r"\epsilon",
          "mu": r"\mu", "pi": r"\pi", "xhat": r"\hat{x}"}  # fmt: skip
_GRADIENT = re.compile(r"d([a-z]|out|scores|gamma|beta|xhat|var|mean|prediction|weights|biases)")
_FUNCTIONS = frozenset("log tanh arctan max min".split())


def words(text: str) -> str:
    """Return the LaTeX of words inside a formula."""
    escaped = re.sub(r"([_%#&$])", r"\\\1", text.replace("^", r" to the "))
    return rf"\text{{{escaped}}}"


_RELATIONS = {"=": "=", "is": "=", ">=": r"\ge", "<=": r"\le", ">": ">", "<": "<", "becomes": r"\leftarrow",
              "gathers": r"\;\text{gathers}\;"}  # fmt: skip
_REDUCTIONS = {"sum": r"\sum", "mean": r"\operatorname*{mean}", "max": r"\max", "min": r"\min"}
_PRODUCTS = {"*": r" \cdot ", "@": r"\, "}
_SEPARATORS = {",": r",\, ", ":": " : "}


def typeset(text: str) -> str:
    """Return the LaTeX of a formula such as `dx = dout * s * (1 - s)`; NoFormula where it is none."""
    return read(text, _LATEX)


def condition(text: str) -> str:
    """Return the LaTeX of a remark such as `if |d| < delta`; words that are no formula become text."""
    word, _, rest = text.partition(" ")
    if word in ("if", "where"):
        with suppress(NoFormula):
            return rf"\text{{{word} }} {typeset(rest)}"
    return words(text)


_applied = r"{}\left({}\right)".format
_bracketed = r"\left({}\right)".format


def _name(word: str) -> str:
    if word in _GREEK or len(word.rstrip("'")) == 1:
        return _GREEK.get(word, word)
    gradient = _GRADIENT.fullmatch(word)
    return f"d{_name(gradient[1])}" if gradient else words(word)


def _called(function: str, inside: str) -> str:
    if function == "exp":
        return f"e^{{{inside}}}"
    if function == "sqrt":
        return rf"\sqrt{{{inside}}}"
    return _applied(f"\\{function}" if function in _FUNCTIONS else _name(function), inside)


def _power(piece: str, exponent: str) -> str:
    is_gradient = re.match(r"d[a-z\\]", piece)
    return f"{_bracketed(piece) if is_gradient else piece}^{{{_bare(exponent)}}}"


def _product(left: str, sign: str, right: str) -> str:
    if sign in _PRODUCTS:
        return f"{left}{_PRODUCTS[sign]}{right}"
    fraction = rf"\frac{{{_bare(left)}}}{{{_bare(right)}}}"
    return fraction if sign == "/" else rf"\left\lfloor {fraction} \right\rfloor"


def _reduction(word: str, over: Sequence[str], body: str, negative: bool) -> str:
    limits = "".join(over) if all(len(part) == 1 for part in over) else words(" ".join(over))
    sign = _REDUCTIONS[word] + (f"_{{{limits}}}" if over else "")
    return f"{sign} {_bracketed(f'-{body}') if negative else body}"


def _bare(text: str) -> str:
    """Return a text without parentheses around the whole of it, which a fraction or a power does not need."""
    depth = 0
    for found in re.finditer(r"\\(left|right)\b.", text):
        depth += 1 if found[1] == "left" else -1
        if depth == 0:  # the end of the first pair
            whole = text.startswith(r"\left(") and text.endswith(r"\right)") and found.end() == len(text)
            return text[len(r"\left(") : -len(r"\right)")] if whole else text
    return text


_LATEX: Ink = {
    "number": "{}".format, "name": _name, "hole": r"\boxed{{?}}".format, "called": _called, "applied": _applied,
    "indexed": "{}_{{{}}}".format, "power": _power, "transposed": lambda piece: _power(piece, r"\top"),
    "bracketed": _bracketed, "bars": r"\left|{}\right|".format, "log": r"\log {}".format, "negative": "-{}".format,
    "product": _product, "added": "{} {} {}".format,
    "listed": lambda left, sign, right: f"{left}{_SEPARATORS[sign]}{right}",
    "related": lambda left, word, right: f"{left} {_RELATIONS[word]} {right}", "reduction": _reduction,
    "cases": r"\begin{{cases}} {} & \text{{{} }} {} \\ {} & \text{{otherwise}} \end{{cases}}".format,
    "labelled": lambda word, body: rf"{words(f'{word}:')}\; {body}",
}  # fmt: skip
"""Notation of notebooks. Fractions and powers need no brackets."""
