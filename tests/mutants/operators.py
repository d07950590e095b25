"""Mutation operators: functions that map a node of an answer to the nodes that replace it.

The later ones make what people write: values clipped, rounded or cast, masks by np.isclose, other places of an epsilon,
constants to start a maximum from, other generators, loops that end early.
"""

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

_TURNS = ("transpose", "swapaxes")

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
    chained = isinstance(node.left, ast.BinOp) and _is_sum(node.left) == _is_sum(node)
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
    text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    if isinstance(node, ast.stmt) and not isinstance(node, kept) and not text:
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


def precision(node: ast.AST, kinds: Kinds) -> Iterator[Edit]:
    """a = b * c → a = np.clip(b * c, -10, 10), rounded, in single precision, and with small numbers set to 0."""
    if isinstance(node, ast.Assign | ast.Return) and node.value:
        several = isinstance(node.value, ast.Tuple)
        values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
        for i, value in enumerate(values):
            for text in _LOSSES if _is_arithmetic(value) else ():
                new = _written(text, v=value)
                whole = ast.Tuple(_with(values, i, new), ast.Load()) if several else new
                yield Edit(_instead(node, value=whole).node, f"`{ast.unparse(value)}` → `{ast.unparse(new)}`")


_LOSSES = ("np.clip(v, -10, 10)", "np.round(v, 4)", "np.float64(np.float32(v))", "v * (np.abs(v) >= 1e-4)")


def nearly(node: ast.AST, kinds: Kinds) -> Iterator[Edit]:
    """a == b → np.isclose(a, b); a > b → a > b + 1e-6 and so on."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        text = {ast.Eq: "np.isclose(a, b)", ast.Gt: "a > b + 1e-6", ast.Lt: "a < b - 1e-6", ast.GtE: "a >= b - 1e-6",
                ast.LtE: "a <= b + 1e-6"}.get(type(node.ops[0]))  # fmt: skip
        if text:
            yield _swap(node, _written(text, a=node.left, b=node.comparators[0]))


def rounding(node: ast.AST, kinds: Kinds) -> Iterator[Edit]:
    """a // b → round(a / b), rounded half up, and rounded up; a // b + c → round(a / b + c) and (a + c) // b."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.FloorDiv):
        for text in ("round(a / b)", "int(a / b + 0.5)", "-(-a // b)"):
            yield _swap(node, _written(text, a=node.left, b=node.right))
    sum_of = node.left if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) else None
    if isinstance(node, ast.BinOp) and isinstance(sum_of, ast.BinOp) and isinstance(sum_of.op, ast.FloorDiv):
        for text in ("round(a / b + c)", "(a + c) // b"):
            yield _swap(node, _written(text, a=sum_of.left, b=sum_of.right, c=node.right))


def sentinel(node: ast.AST, kinds: Kinds) -> Iterator[Edit]:
    """a.max() → a.max(initial=0), other constants to start from, and the maximum of the sizes; np.inf → 1e9."""
    if isinstance(node, ast.Attribute) and ast.unparse(node) == "np.inf":
        yield _swap(node, ast.Constant(1e9))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("max", "amax"):
        for start in (0.0, -100.0, -1e9):
            word = ast.keyword("initial", ast.Constant(start) if start >= 0 else _negative(ast.Constant(-start)))
            yield _instead(node, keywords=[*node.keywords, word])
        if ast.unparse(node.func.value) != "np":
            yield _instead(node, func=ast.Attribute(_written("np.abs(a)", a=node.func.value), "max", ast.Load()))


def epsilon(node: ast.AST, kinds: Kinds) -> Iterator[Edit]:
    """a / b → a / (b + 1e-8); np.sqrt(a) → np.sqrt(a + 1e-8), so log; np.sqrt(a + eps) ↔ np.sqrt(a) + eps."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and not _is_count(node.right, kinds):
        yield _swap(node, _written("a / (b + 1e-8)", a=node.left, b=node.right))
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and isinstance(node.left, ast.Call):
        if not _is_root(node.left):
            return
        yield _swap(node, _written("np.sqrt(a + b)", a=node.left.args[0], b=node.right))
        yield _swap(node, _written("np.maximum(a, b)", a=node.left, b=node.right))
    if isinstance(node, ast.Call) and ast.unparse(node.func) in ("np.sqrt", "np.log", "math.log"):
        value = node.args[0]
        yield _instead(node, args=[_written("a + 1e-8", a=value), *node.args[1:]])
        if _is_root(node) and isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add):
            yield _swap(node, _written("np.sqrt(a) + b", a=value.left, b=value.right))


def generator(node: ast.AST, kinds: Kinds) -> Iterator[Edit]:
    """Replace `rng` by `np.random`, or by a generator with a constant seed."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and "Generator" in kinds.get(node.id, ""):
        yield from (_swap(node, _written(text)) for text in ("np.random", "np.random.default_rng(0)"))


def memory(node: ast.AST, kinds: Kinds) -> Iterator[Edit]:
    """np.zeros(n) → np.zeros(n, dtype=int), and so for the other functions that make arrays."""
    if isinstance(node, ast.Call) and ast.unparse(node.func) in _MAKERS:
        others = [word for word in node.keywords if word.arg != "dtype"]
        yield _instead(node, keywords=[*others, ast.keyword("dtype", ast.Name("int", ast.Load()))])


_MAKERS = ("np.zeros", "np.zeros_like", "np.empty", "np.empty_like", "np.full", "np.full_like", "np.ones")


def mean(node: ast.AST, kinds: Kinds) -> Iterator[Edit]:
    """Replace a mean by the mean of the entries that are not zero, or by the median."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "mean":
        method = ast.unparse(node.func.value) != "np"
        value = node.func.value if method else node.args[0]
        yield _instead(node, keywords=[*node.keywords, ast.keyword("where", _written("a != 0", a=value))])
        median = _written("np.median(a)", a=value)
        assert isinstance(median, ast.Call)
        median.keywords = node.keywords
        median.args += node.args[0 if method else 1 :]
        yield _swap(node, median)


def early(node: ast.AST, kinds: Kinds) -> Iterator[Edit]:
    """Loops that end one step early, after the first step, and where a value that they update is nearly 0."""
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "range":
        end = min(len(node.args) - 1, 1)
        yield _instead(node, args=_with(node.args, end, _written("a - 1", a=node.args[end])))
    if isinstance(node, ast.For) and not any(isinstance(inner, ast.Continue) for inner in ast.walk(node)):
        yield Edit(_instead(node, body=[*node.body, ast.Break()]).node, "ended after the first step")
        lines = [line for line in node.body if isinstance(line, ast.Assign)]
        made = {name.id: None for line in lines for name in line.targets
                if isinstance(name, ast.Name) and name.id in _names(line.value)}  # fmt: skip
        for name in made:
            stop = ast.parse(f"if np.max(np.abs({name})) < 1e-6:\n    break").body
            yield Edit(_instead(node, body=[*node.body, *stop]).node, f"ended where `{name}` is nearly 0")


OPERATORS: dict[str, Operator] = {
    operator.__name__: operator
    for operator in (
        arithmetic, comparison, minus, boolean, constant, axis, keyword, term, accumulation, bounds, deletion, order,
        transpose, parameter, branch, precision, nearly, rounding, sentinel, epsilon, generator, memory, mean, early,
    )
}  # fmt: skip

_NUMERIC = frozenset({
    "abs", "dot", "einsum", "exp", "log", "matmul", "max", "maximum", "mean", "min", "minimum", "sign", "sqrt", "sum",
    "tanh", "tensordot", "var", "where",
})  # fmt: skip


def _is_arithmetic(value: ast.expr) -> bool:
    """Return whether the value looks like the result of a calculation with arrays, rather than a size or a view."""
    if isinstance(value, ast.Call):
        return isinstance(value.func, ast.Attribute) and value.func.attr in _NUMERIC
    if isinstance(value, ast.UnaryOp):
        return _is_negative(value) and _is_arithmetic(value.operand)
    whole = (ast.FloorDiv, ast.Mod)
    return isinstance(value, ast.BinOp) and not any(isinstance(getattr(n, "op", None), whole) for n in ast.walk(value))


def _is_count(value: ast.expr, kinds: Kinds) -> bool:
    """Return whether the value is a number of entries or a hyperparameter, to which nobody adds an epsilon."""
    names = _names(value)
    counts = {"len", "batch", "B", "rows", "examples", "count"}
    sized = isinstance(value, ast.Constant | ast.Attribute) or bool(names & counts)
    return sized or all("hyper" in kinds.get(n, "") for n in names)


def _names(value: ast.expr) -> frozenset[str]:
    return frozenset(node.id for node in ast.walk(value) if isinstance(node, ast.Name))


def _is_root(value: ast.AST) -> bool:
    return isinstance(value, ast.Call) and ast.unparse(value.func) == "np.sqrt"


def _written(text: str, **parts: ast.expr) -> ast.expr:
    """Return the expression of this text, with the parts in place of the names."""

    class Fill(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            return parts.get(node.id, node)

    filled: ast.expr = Fill().visit(ast.parse(text, mode="eval").body)
    return filled


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


def _is_sum(node: ast.BinOp) -> bool:
    return isinstance(node.op, ast.Add | ast.Sub)


