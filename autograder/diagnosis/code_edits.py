"""The kinds of repairs of a student's code: each replaces nodes of its syntax tree, and has a fixed sentence."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import combinations, pairwise
from operator import is_not
from typing import Any

from autograder.spec.function import Function
from autograder.submission.syntax import small_tree

Node = ast.AST
Edit = Callable[[Node, Function, ast.FunctionDef], Iterator[Node]]
"""Yield the replacements of a node of a definition; none where the repair does not apply."""


@dataclass(frozen=True)
class CodeRepair:
    """A kind of repair of code. together: whether it is also tried at all places of the code at once."""

    words: str
    edit: Edit
    together: bool = True


def replaced(tree: Any, table: Mapping[int, Node]) -> Any:
    """Return a syntax tree with some nodes replaced; other parts are shared. table: id of a node → the new one."""
    if isinstance(tree, list):
        made = [replaced(part, table) for part in tree]
        return made if any(map(is_not, made, tree)) else tree
    if not isinstance(tree, ast.AST) or id(tree) in table:
        return table.get(id(tree), tree)
    new = {name: y for name in tree._fields if (y := replaced(x := getattr(tree, name, None), table)) is not x}
    return _changed(tree, **new) if new else tree


def _changed(node: Node, **fields: object) -> Node:
    """Return a copy of a node with other fields; the node stays as it is."""
    made = copy.copy(node)
    for name, value in fields.items():
        setattr(made, name, value)
    return made


def _name(node: Node) -> str:
    """Return the last part of a called function's name, such as `sum` of `np.sum`; "" for any other node."""
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _code(text: str, **parts: Node) -> ast.expr:
    """Return the syntax tree of `text`, with each name in `parts` replaced by an expression."""
    made = _node(text)
    names = {id(node): parts[node.id] for node in ast.walk(made) if isinstance(node, ast.Name) and node.id in parts}
    code: ast.expr = replaced(made, names)
    return code


def _rules(*rules: str) -> Edit:
    """Return an edit from rules of the form "pattern → replacement; replacement".

    One letter stands for any expression; v for a name, a call or an entry; e for anything but a constant; f for that or
    a float. A name with brackets stands for a function of any module.
    """
    pairs = [(_node(rule.split("→")[0]), text) for rule in rules for text in rule.split("→")[1].split(";")]

    def edit(node: Node, *_: object) -> Iterator[Node]:
        for pattern, text in pairs:
            found: dict[str, Node] = {}
            if _matches(pattern, node, found):
                yield _code(text, **found)

    return edit


@cache
def _node(text: str) -> Node:
    """Return the syntax tree of an expression or a statement."""
    parsed = small_tree(text.strip())
    assert parsed is not None
    (statement,) = parsed.body
    return statement.value if isinstance(statement, ast.Expr) else statement


_KINDS: dict[str, tuple[type[ast.AST], ...]] = {
    "v": (ast.Name, ast.Call, ast.Subscript), "e": (ast.Name, ast.Call, ast.Subscript, ast.BinOp, ast.UnaryOp),
    "f": (ast.Name, ast.Call, ast.Subscript, ast.BinOp, ast.UnaryOp, ast.Constant),
}  # fmt: skip


def _matches(pattern: object, node: object, found: dict[str, Node]) -> bool:
    """Return whether a node has the form of a pattern; store in `found` what the pattern's letters stand for."""
    if isinstance(pattern, ast.Name) and len(pattern.id) == 1 and isinstance(node, ast.expr):
        found[pattern.id] = node
        whole = pattern.id == "f" and isinstance(node, ast.Constant) and not isinstance(node.value, float)
        return not whole and isinstance(node, _KINDS.get(pattern.id, (ast.expr,)))
    if isinstance(pattern, ast.Call) and isinstance(pattern.func, ast.Name) and isinstance(node, ast.Call):
        return _name(node) == pattern.func.id and not node.keywords and _matches(pattern.args, node.args, found)
    if isinstance(pattern, list) and isinstance(node, list):
        return len(pattern) == len(node) and all(_matches(a, b, found) for a, b in zip(pattern, node, strict=True))
    if type(pattern) is not type(node) or not isinstance(pattern, ast.AST):
        return type(pattern) is type(node) and pattern == node
    fields = [name for name in pattern._fields if name not in ("ctx", "type_comment", "kind")]
    return all(_matches(getattr(pattern, name), getattr(node, name, None), found) for name in fields)


_PADDINGS = ("((0, 0), (p, p), (p, p), (0, 0))", "((0, 0), (p, p), (0, 0))", "((p, p), (p, p))")


def _padded(node: Node, *_: object) -> Iterator[Node]:
    """Yield a call of np.pad with a pair for each axis, (0, 0) for the first and the last axis."""
    if not isinstance(node, ast.Call) or _name(node) != "pad" or len(node.args) < 2:
        return
    width = node.args[1]
    if isinstance(width, ast.Tuple | ast.List) and len(width.elts) > 2:
        pairs = width.elts
        yield from (_with_width(node, [*pairs[place:], *pairs[:place]]) for place in range(1, len(pairs)))
        return
    while isinstance(width, ast.Tuple | ast.List) and width.elts:
        width = width.elts[0]
    yield from (_with_width(node, _code(text, p=width).elts) for text in _PADDINGS)  # type: ignore[attr-defined]


def _with_width(node: ast.Call, pairs: list[ast.expr]) -> ast.Call:
    return ast.Call(node.func, [node.args[0], ast.Tuple(pairs, ast.Load()), *node.args[2:]], node.keywords)


_REDUCTIONS = ("sum", "mean", "max", "min", "var", "std", "prod", "amax", "amin")


def _kept(node: Node, *_: object) -> Iterator[Node]:
    """Yield a reduction along an axis with keepdims=True added."""
    if isinstance(node, ast.Call) and _name(node) in _REDUCTIONS:
        given = {word.arg for word in node.keywords}
        on_array = isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") not in ("np", "numpy")
        if "keepdims" not in given and ("axis" in given or len(node.args) > (0 if on_array else 1)):
            yield ast.Call(node.func, node.args, [*node.keywords, ast.keyword("keepdims", ast.Constant(True))])


def _without_ddof(node: Node, *_: object) -> Iterator[Node]:
    if isinstance(node, ast.Call) and any(word.arg == "ddof" for word in node.keywords):
        yield _changed(node, keywords=[word for word in node.keywords if word.arg != "ddof"])


def _other_side(node: Node, function: Function, found: ast.FunctionDef) -> Iterator[Node]:
    """Yield a node with one of two names set together replaced by the other, or an axis of a shape by a neighbour."""
    match node:
        case ast.Name(id=name, ctx=ast.Load()):
            sets = [[part.id for part in target.elts if isinstance(part, ast.Name)] for target in ast.walk(found)
                    if isinstance(target, ast.Tuple) and isinstance(target.ctx, ast.Store)]  # fmt: skip
            pairs = [pair for names in sets for a, b in pairwise(names) for pair in ((a, b), (b, a))]
            yield from (ast.Name(b, ast.Load()) for a, b in dict.fromkeys(pairs) if a == name)
        case ast.Tuple(elts=parts, ctx=ast.Store()):
            for i, (a, b) in enumerate(pairwise(parts)):
                yield ast.Tuple([*parts[:i], b, a, *parts[i + 2 :]], ast.Store())
        case ast.Subscript(value=ast.Attribute(attr="shape"), slice=ast.Constant(value=int(axis))):
            others = (other for other in (axis + 1, axis - 1) if other >= 0)
            yield from (ast.Subscript(node.value, ast.Constant(other), node.ctx) for other in others)


def _argument(node: Node, function: Function, found: ast.FunctionDef) -> Iterator[Node]:
    """Yield a hyperparameter in place of a float, in the function itself and not in its defaults."""
    if isinstance(node, ast.Constant) and type(node.value) is float and found.name == function.name and all(
        node is not part for default in found.args.kw_defaults if default for part in ast.walk(default)
    ):
        yield from (ast.Name(name, ast.Load()) for name in function.keywords)


def _exchanged(node: Node, function: Function, found: ast.FunctionDef) -> Iterator[Node]:
    """Yield a call with two positional arguments exchanged, in the body of the function itself."""
    for a, b in combinations(function.positional, 2) if node is found and found.name == function.name else ():
        others = {a: b, b: a}
        names = [part for line in found.body for part in ast.walk(line) if isinstance(part, ast.Name)]
        table = {id(part): ast.Name(others[part.id], part.ctx) for part in names if part.id in others}
        yield _changed(found, body=replaced(found.body, table))


def _returned_late(node: Node, *_: object) -> Iterator[Node]:
    """Yield a function whose `return` at the end of a loop's body is moved behind the loop."""
    if not isinstance(node, ast.FunctionDef):
        return
    made = copy.deepcopy(node)
    for loop in ast.walk(made):
        if isinstance(loop, ast.For) and isinstance(loop.body[-1], ast.Return) and len(loop.body) > 1:
            made.body.append(loop.body.pop())
            yield made
            return


def _lines(node: Node) -> list[ast.stmt]:
    """Return the statements in the body of a block; [] for any other node."""
    return node.body if isinstance(node, ast.FunctionDef | ast.For | ast.If | ast.With) else []


def _moved(node: Node, *_: object) -> Iterator[Node]:
    """Yield a block in which a line at one end of a loop is moved out of it, or the line behind the loop into it."""
    body = _lines(node)
    for place, loop in enumerate(body):
        if not isinstance(loop, ast.For):
            continue
        before, behind = body[:place], body[place + 1 :]
        if len(loop.body) > 1:
            yield _changed(node, body=[*before, _changed(loop, body=loop.body[:-1]), loop.body[-1], *behind])
            yield _changed(node, body=[*before, loop.body[0], _changed(loop, body=loop.body[1:]), *behind])
        if behind and isinstance(behind[0], ast.Assign | ast.AugAssign):
            yield _changed(node, body=[*before, _changed(loop, body=[*loop.body, behind[0]]), *behind[1:]])


def _deleted(node: Node, *_: object) -> Iterator[Node]:
    """Yield a block without one of its statements that change an array, call something or begin with `if`."""
    body = _lines(node)
    for place, line in enumerate(body if len(body) > 1 else []):
        changes = isinstance(line, ast.Assign) and not isinstance(line.targets[0], ast.Name)
        if changes or isinstance(line, ast.AugAssign | ast.Expr | ast.If):
            yield _changed(node, body=[*body[:place], *body[place + 1 :]])


def _cropped(node: Node, *_: object) -> Iterator[Node]:
    """Yield a slice from p to -p changed so that it holds the whole axis where p is 0."""
    if isinstance(node, ast.Slice) and isinstance(node.upper, ast.UnaryOp) and isinstance(node.upper.operand, ast.Name):
        yield _changed(node, upper=_code("-p or None", p=node.upper.operand))


def _other_axis(node: Node, *_: object) -> Iterator[Node]:
    """Yield a reduction, stack or search for the largest along other axes, or without an axis."""
    if not isinstance(node, ast.Call) or _name(node) not in (*_REDUCTIONS, "argmax", "argmin", "concatenate", "stack"):
        return
    others = [word for word in node.keywords if word.arg != "axis"]
    if len(others) < len(node.keywords):
        yield _changed(node, keywords=others)
    for axis in ("0", "1", "-1", "(0, 1)", "(1, 2)", "(0, 1, 2)"):
        yield _changed(node, keywords=[*others, ast.keyword("axis", _code(axis))])


def _with_eps(node: Node, function: Function, found: ast.FunctionDef) -> Iterator[Node]:
    """Yield an expression with eps added to a base, a divisor, a root's argument or a limit, if eps is an argument."""
    if any(argument.arg == "eps" for argument in (*found.args.args, *found.args.kwonlyargs)):
        yield from _EPS(node, function, found)


_EPS = _rules("a ** b → (a + eps) ** b", "a / b → a / (b + eps)", "sqrt(a) → np.sqrt(a + eps)", "maximum(a, b) → a + b")


def _around(name: str) -> Edit:
    """Return the edit that applies a function of NumPy to one operand of an operation, or to an assigned value."""
    sides = (rule for sign in "+-*/" for rule in (
        f"e {sign} b → np.{name}(e) {sign} b", f"b {sign} e → b {sign} np.{name}(e)"))  # fmt: skip
    return _rules(*sides, f"a = e → a = np.{name}(e)")


CERTAIN = (
    CodeRepair("A size is rounded down; round() gives the nearest whole number, and of two the even one.",
               _rules(*(f"{name}(a) → int(a // 1)" for name in ("round", "around", "rint")))),
    CodeRepair("A size is rounded down, not up.", _rules("ceil(a) → int(a // 1)")),
    CodeRepair("In Python 3 `/` gives a float, also where nothing is left over; a size or an index needs `//`.",
               _rules("a / b → a // b")),
    CodeRepair("NumPy reads a list between brackets as one index for the first axis. For one index per axis, leave the "
               "inner brackets out: a[i, j].",
               _rules("a[[b, c]] → a[b, c]", "a[[b, c, d]] → a[b, c, d]", "a = [b, c] → a = (b, c)")),
    CodeRepair("An attribute of an array, such as shape, is no function: leave the brackets behind it out.",
               _rules(*(f"a.{name}() → a.{name}" for name in ("shape", "T", "size", "ndim")))),
    CodeRepair("It returns more than it is asked for: leave the rest out, such as a cache.",
               _rules("return a, b → return a", "return a, b, c → return a; return a, b",
                      "return a, b, c, d → return a, b, c", "return a, b, c, d, g → return a, b, c, d")),
    CodeRepair("The padding of np.pad covers other axes than it should. It takes one pair for each axis: (0, 0) for "
               "those that keep their length.", _padded),
    CodeRepair("A sum, mean or maximum along an axis loses that axis, and NumPy then lines up other axes: "
               "keepdims=True keeps it.", _kept),
    CodeRepair("ddof=1 divides by one less than the number of entries.", _without_ddof),
    CodeRepair("A number is written where an argument belongs.", _argument),
    CodeRepair("A slice such as pad:-pad is empty where pad is 0: it reads 0:0.", _cropped),
    CodeRepair("An assert forbids what the exercise allows.", _rules("assert a → pass", "assert a, b → pass")),
    CodeRepair("A return stands inside a loop, so that it ends in its first pass.", _returned_late),
    CodeRepair("a[i], a[j] = a[j], a[i] reads a row after writing it, because the rows of an array are views: copy "
               "them first.", _rules("a[b], a[c] = a[c], a[b] → a[b], a[c] = a[c].copy(), a[b].copy()")),
    CodeRepair("eps is not added where it belongs.", _with_eps, together=False),
    CodeRepair("One factor of a matrix product is transposed and should not be, or should be and is not.",
               _rules("a @ b → a.T @ b; a @ b.T", "dot(a, b) → np.dot(a.T, b); np.dot(a, b.T)",
                      "matmul(a, b) → a.T @ b; a @ b.T", "a.dot(b) → a.T.dot(b); a.dot(b.T)"),
               together=False),
)  # fmt: skip
"""The repairs of one cause each, in the order in which they are tried."""

POSSIBLE = (
    CodeRepair("Two lengths or positions are exchanged, such as those of height and width: which belongs where?",
               _other_side, together=False),
    CodeRepair("NumPy lines up the last axes of two arrays. A vector with one entry for each row needs a second axis: "
               "v[:, None].",
               _rules(*(rule for sign in "+-*/" for rule in (
                   f"v {sign} b → v[:, None] {sign} b", f"b {sign} v → b {sign} v[:, None]"))), together=False),
    CodeRepair("One size, bound or index is off by one.",
               _rules("a + 1 → a", "1 + a → a", "a - 1 → a", "a // b → a // b + 1", "range(1, a) → range(a)",
                      "a[1:] → a", "a[:-1] → a")),
    CodeRepair("One line stands inside a loop and belongs before or behind it, or the other way round.",
               _moved, together=False),
    CodeRepair("One sign is wrong, or a difference is taken the wrong way round.",
               _rules("a + b → a - b", "a - b → a + b; b - a", "-a → a", "a += b → a -= b",
                      "a -= b → a += b"), together=False),
    CodeRepair("Brackets are missing: `*` and `/` bind before `+` and `-`.", _rules(
        *(rule for strong in "*/" for weak in "+-" for rule in (
            f"a {weak} b {strong} c → (a {weak} b) {strong} c", f"a {strong} b {weak} c → a {strong} (b {weak} c)")),
        "a / b * c → a / (b * c)"), together=False),
    CodeRepair("One term of a sum is too much.", _rules("a + f → a", "f + a → a", "a - f → a"), together=False),
    CodeRepair("Two arguments are exchanged.", _exchanged, together=False),
    CodeRepair("One factor or divisor is too much.", _rules("a * b → a; b", "a / b → a"), together=False),
    CodeRepair("One comparison is wrong: which values belong to each side, and where do equal ones belong?",
               _rules("a < b → a <= b; a > b", "a <= b → a < b; a >= b", "a > b → a >= b; a < b",
                      "a >= b → a > b; a <= b", "a == b → a <= b; a >= b")),
    CodeRepair("`=` stands where `+=` belongs, or the other way round.",
               _rules("a[b] = e → a[b] += e", "a += b → a = b"), together=False),
    CodeRepair("One line is too much, or one condition with its lines.", _deleted, together=False),
    CodeRepair("A sum, mean or maximum runs along another axis than it should.", _other_axis),
    *(CodeRepair(f"{words} is missing around one part of the formula.", _around(name), together=False)
      for name, words in (("log", "A logarithm"), ("exp", "An exponential"), ("sqrt", "A square root"),
                          ("abs", "An absolute value"))),
)  # fmt: skip
"""Repairs that may make code right without being its cause; used only where a single kind makes it right."""
