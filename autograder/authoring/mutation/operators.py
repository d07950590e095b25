"""Mutation operators: functions that map a node of an answer to the nodes that replace it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any

Kinds = Mapping[str, str]
"""Parameter → its kind; parameters of one kind can be confused."""


@dataclass(frozen=True)
class Edit:
    """Node that replaces another, None for a deletion; `words` describe the change in the mutant's name."""

    node: ast.AST | None
    words: str


GUARDS = frozenset({"strict"})
"""Keyword arguments that only validate arguments, which no case tests."""

Operator = Callable[[Any, Kinds], Iterator[Edit]]

_ARITHMETIC: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub,), ast.Sub: (ast.Add,), ast.Mult: (ast.Div,), ast.Div: (ast.Mult, ast.FloorDiv),
    ast.FloorDiv: (ast.Div, ast.Mult), ast.Mod: (ast.FloorDiv,), ast.Pow: (ast.Mult,), ast.MatMult: (ast.Mult,),
}  # fmt: skip
_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt), ast.LtE: (ast.Lt, ast.GtE), ast.Gt: (ast.GtE, ast.Lt), ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,), ast.NotIn: (ast.In,),
}  # fmt: skip
_SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Pow: "**", ast.MatMult: "@"}


def arithmetic(node: ast.AST, kinds: Kinds) -> Iterator[Edit]:
    """a + b → a - b, a += b → a -= b, and so on for the other operators."""
    if isinstance(node, ast.BinOp | ast.AugAssign):
        yield from (_instead(node, op=op()) for op in _ARITHMETIC.get(type(node.op), ()))


def comparison(node: ast.AST, kinds: Kinds) -> Iterator[Edit]:
    """a > b → a >= b and a < b."""
    if isinstance(node, ast.Compare):
        for i, old in enumerate(node.ops):
            yield from (_instead(node, ops=_with(node.ops, i, op())) for op in _COMPARISONS.get(type(old), ()))


def minus(node: ast.AST, kinds: Kinds) -> Iterator[Edit]:
    """-a → a, a = b → a = -b, return a, b → return -a, b and return a, -b."""
    if isinstance(node, ast.UnaryOp) and _is_negative(node):
        yield _swap(node, node.operand)
    if isinstance(node, ast.Assign | ast.AugAssign | ast.Return) and node.value:
        values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
        for i, value in enumerate(values):
            if _is_zero(value) or _is_negative(value):
                continue
            several = ast.Tuple(_with(values, i, _negative(value)), ast.Load())
            new = _instead(node, value=several if isinstance(node.value, ast.Tuple) else _negative(value))
            yield Edit(new.node, f"`{ast.unparse(value)}` negated")


def boolean(node: ast.AST, kinds: Kinds) -> Iterator[Edit]:
    """a and b → a or b; not a → a."""
    if isinstance(node, ast.BoolOp):
        yield _instead(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield _swap(node, node.operand)


def constant(node: ast.AST, kinds: Kinds) -> Iterator[Edit]:
    """0 ↔ 1, n ± 1, half of a float, True ↔ False."""
    if isinstance(node, ast.Constant):
        yield from (_swap(node, ast.Constant(value)) for value in _neighbours(node.value))


def axis(node: ast.AST, kinds: Kinds) -> Iterator[Edit]:
    """axis=0 → axis=1 and axis=-1; axis=(0, 1) → axis=(1,) and axis=(0,)."""
    if not isinstance(node, ast.keyword) or node.arg != "axis":
        return
    if isinstance(node.value, ast.Tuple):
        rests = [node.value.elts[:i] + node.value.elts[i + 1 :] for i in range(len(node.value.elts))]
        yield from (_instead(node, value=ast.Tuple(rest, ast.Load())) for rest in rests)
    elif isinstance(node.value, ast.Constant | ast.UnaryOp):
        yield from (_instead(node, value=ast.Constant(value)) for value in (0, 1, -1))


def keyword(node: ast.AST, kinds: Kinds) -> Iterator[Edit]:
    """f(a, keepdims=True) → f(a)."""
    if isinstance(node, ast.Call):
        for word in [word for word in node.keywords if word.arg not in GUARDS]:
            rest = [other for other in node.keywords if other is not word]
            yield Edit(_instead(node, keywords=rest).node, f"`{ast.unparse(word)}` dropped")


def term(node: ast.AST, kinds: Kinds) -> Iterator[Edit]:
    """a + b → a and b; a * b → a and b; a / b → a; a - b → a and -b."""
    if not isinstance(node, ast.BinOp) or type(node.op) not in _SIGNS:
        return
    yield Edit(node.left, f"`{_SIGNS[type(node.op)]} {ast.unparse(node.right)}` dropped")
    chained = isinstance(node.left, ast.BinOp) and _level(node.left) == _level(node)
    if not chained and isinstance(node.op, ast.Add | ast.Sub | ast.Mult | ast.MatMult):
        kept = _negative(node.right) if isinstance(node.op, ast.Sub) else node.right
        yield Edit(kept, f"`{ast.unparse(node.left)} {_SIGNS[type(node.op)]}` dropped")


def accumulation(node: ast.AST, kinds: Kinds) -> Iterator[Edit]:
    """a += b → a = b."""
    if isinstance(node, ast.AugAssign):
        yield _swap(node, ast.Assign([node.target], node.value, lineno=0))


def bounds(node: ast.AST, kinds: Kinds) -> Iterator[Edit]:
    """a[i:j:k] → a[:j:k], a[i::k] and a[i:j]."""
    if isinstance(node, ast.Slice):
        for name in ("lower", "upper", "step"):
            if getattr(node, name) is not None:
                yield _instead(node, **{name: None})


def deletion(node: ast.AST, kinds: Kinds) -> Iterator[Edit]:
    """Delete a statement, except returns, definitions and docstrings."""
    kept = (ast.Return, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Pass)
    if isinstance(node, ast.stmt) and not isinstance(node, kept) and not _is_text(node):
        yield Edit(None, "deleted")


def order(node: ast.AST, kinds: Kinds) -> Iterator[Edit]:
    """a @ b → b @ a; a - b → b - a; a / b → b / a."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult | ast.Sub | ast.Div):
        yield _instead(node, left=node.right, right=node.left)


def transpose(node: ast.AST, kinds: Kinds) -> Iterator[Edit]:
    """a.T → a; a.transpose(...) → a; a.swapaxes(...) → a."""
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield _swap(node, node.value)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _TURNS:
        yield _swap(node, node.func.value)


_TURNS = ("transpose", "swapaxes")


def parameter(node: ast.AST, kinds: Kinds) -> Iterator[Edit]:
    """x → dout and every other parameter of its kind, one occurrence at a time."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in kinds:
        others = (name for name, kind in kinds.items() if kind == kinds[node.id] and name != node.id)
        yield from (_swap(node, ast.Name(name, ast.Load())) for name in others)


def branch(node: ast.AST, kinds: Kinds) -> Iterator[Edit]:
    """if a → if True and if False, as a statement and inside an expression."""
    if isinstance(node, ast.If | ast.IfExp):
        for value in (True, False):
            new = _instead(node, test=ast.Constant(value))
            yield Edit(new.node, f"`{ast.unparse(node.test)}` taken for {value}")


OPERATORS: dict[str, Operator] = {
    operator.__name__: operator
    for operator in (
        arithmetic, comparison, minus, boolean, constant, axis, keyword, term, accumulation, bounds, deletion, order,
        transpose, parameter, branch,
    )
}  # fmt: skip


def _swap(old: ast.AST, new: ast.AST) -> Edit:
    return Edit(new, f"`{ast.unparse(old)}` → `{ast.unparse(new)}`")


def _instead(node: ast.AST, **fields: Any) -> Edit:
    """Return an edit with these fields replaced in a copy of the node."""
    new = copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return _swap(node, new)


def _with(items: list[Any], place: int, item: Any) -> list[Any]:
    return [*items[:place], item, *items[place + 1 :]]


def _negative(value: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.USub(), value)


def _is_negative(value: ast.expr) -> bool:
    return isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub)


def _is_zero(value: ast.expr) -> bool:
    """Return whether the value is 0 or np.zeros(...): -0.0 equals 0.0 in every comparison."""
    if isinstance(value, ast.Constant):
        return value.value == 0
    return isinstance(value, ast.Call) and ast.unparse(value.func).rpartition(".")[2] in ("zeros", "zeros_like")


def _neighbours(value: object) -> tuple[bool | int | float, ...]:
    if isinstance(value, bool):
        return (not value,)
    if isinstance(value, int):
        return (value + 1, value - 1)
    if isinstance(value, float):
        return tuple(dict.fromkeys((value + 1, value - 1, value / 2, 1.0 if value == 0 else 0.0)))
    return ()


def _level(node: ast.BinOp) -> bool:
    """Return whether the node is a sum; else it is a product."""
    return isinstance(node.op, ast.Add | ast.Sub)


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
