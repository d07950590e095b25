"""The kinds of repairs of a student's code: each replaces nodes of its syntax tree, and has a fixed sentence."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from autograder.spec.function import Function
from autograder.submission.syntax import small_tree

Node = ast.AST
Edit = Callable[[Node], Iterator[Node]]
"""Yield the replacements of a node; none where the repair does not apply."""


@dataclass(frozen=True)
class CodeRepair:
    """A kind of repair. together: whether it is also tried at all of its places at once."""

    words: str
    edit: Callable[[Function, ast.FunctionDef], Edit]
    together: bool = True


class Replacement(ast.NodeTransformer):
    """Replace nodes by others. table: id of a node → its replacement."""

    def __init__(self, table: dict[int, Node]) -> None:
        self._table = table

    def visit(self, node: Node) -> Node:
        """Return the replacement of a node, and visit the parts of all others."""
        found = self._table.get(id(node))
        return self.generic_visit(node) if found is None else found


def _everywhere(edit: Edit) -> Callable[[Function, ast.FunctionDef], Edit]:
    return lambda function, found: edit


def _name(node: Node) -> str:
    """Return the last part of the name of a called function; "" for any other node."""
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _code(text: str, **parts: Node) -> ast.expr:
    """Return an expression in which the names that are given stand for other expressions."""
    parsed = small_tree(text)
    assert parsed is not None
    (statement,) = parsed.body
    assert isinstance(statement, ast.Expr)
    names = {
        id(node): parts[node.id] for node in ast.walk(statement) if isinstance(node, ast.Name) and node.id in parts
    }
    made = Replacement(names).visit(statement.value)
    assert isinstance(made, ast.expr)
    return made


def _divided(node: Node) -> Iterator[Node]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        yield ast.BinOp(node.left, ast.FloorDiv(), node.right)


def _indexed(node: Node) -> Iterator[Node]:
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.List) and len(node.slice.elts) > 1:
        yield ast.Subscript(node.value, ast.Tuple(node.slice.elts, ast.Load()), node.ctx)


def _renamed(node: Node) -> Iterator[Node]:
    if isinstance(node, ast.Call) and any(word.arg == "newshape" for word in node.keywords):
        words = [ast.keyword("shape" if word.arg == "newshape" else word.arg, word.value) for word in node.keywords]
        yield ast.Call(node.func, node.args, words)


def _number_made(node: Node) -> Iterator[Node]:
    if isinstance(node, ast.Call) and _name(node) in ("float", "int") and len(node.args) == 1:
        yield ast.Call(node.func, [_code("np.asarray(value).item()", value=node.args[0])], [])


_PADDINGS = ("((0, 0), (p, p), (p, p), (0, 0))", "((0, 0), (p, p), (0, 0))", "((p, p), (p, p))")


def _padded(node: Node) -> Iterator[Node]:
    """Yield np.pad with a pair for each axis, zeros for the first and the last."""
    if not isinstance(node, ast.Call) or _name(node) != "pad" or len(node.args) < 2:
        return
    width = node.args[1]
    if isinstance(width, ast.Tuple | ast.List) and len(width.elts) > 2:
        pairs = width.elts
        yield from (_with_width(node, [*pairs[place:], *pairs[:place]]) for place in range(1, len(pairs)))
        return
    first = width.elts[0] if isinstance(width, ast.Tuple | ast.List) and width.elts else width
    while isinstance(first, ast.Tuple | ast.List) and first.elts:
        first = first.elts[0]
    for text in _PADDINGS:
        yield ast.Call(node.func, [node.args[0], _code(text, p=first), *node.args[2:]], node.keywords)


def _with_width(node: ast.Call, pairs: list[ast.expr]) -> ast.Call:
    return ast.Call(node.func, [node.args[0], ast.Tuple(pairs, ast.Load()), *node.args[2:]], node.keywords)


_REDUCTIONS = ("sum", "mean", "max", "min", "var", "std", "prod", "amax", "amin")


def _kept(node: Node) -> Iterator[Node]:
    """Yield a reduction along an axis that keeps it."""
    if isinstance(node, ast.Call) and _name(node) in _REDUCTIONS:
        given = {word.arg for word in node.keywords}
        on_array = isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") not in ("np", "numpy")
        if "keepdims" not in given and ("axis" in given or len(node.args) > (0 if on_array else 1)):
            yield ast.Call(node.func, node.args, [*node.keywords, ast.keyword("keepdims", ast.Constant(True))])


def _dropped(node: Node) -> Iterator[Node]:
    """Yield a reduction that does not keep its axis."""
    if isinstance(node, ast.Call) and any(word.arg == "keepdims" for word in node.keywords):
        yield ast.Call(node.func, node.args, [word for word in node.keywords if word.arg != "keepdims"])


def _lined_up(node: Node) -> Iterator[Node]:
    """Yield an operation with a second axis for one of its operands."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub | ast.Mult | ast.Div):
        if isinstance(node.left, ast.Name | ast.Call | ast.Subscript):
            yield ast.BinOp(_code("v[:, None]", v=node.left), node.op, node.right)
        if isinstance(node.right, ast.Name | ast.Call | ast.Subscript):
            yield ast.BinOp(node.left, node.op, _code("v[:, None]", v=node.right))


def _floored(*names: str) -> Edit:
    def edit(node: Node) -> Iterator[Node]:
        if isinstance(node, ast.Call) and _name(node) in names and node.args:
            yield _code("int(value // 1)", value=node.args[0])

    return edit


def _one_more(node: Node) -> Iterator[Node]:
    """Yield a size with one more place, or without one."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        if isinstance(node.right, ast.Constant) and node.right.value == 1:
            yield node.left
        if isinstance(node.op, ast.Add) and isinstance(node.left, ast.Constant) and node.left.value == 1:
            yield node.right
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.FloorDiv):
        yield _code("value + 1", value=node)


def _other_side(function: Function, found: ast.FunctionDef) -> Edit:
    """Return the edit that exchanges one of two names that are set together, or one axis of a shape for the next."""
    pairs = [
        [target.id for target in node.elts if isinstance(target, ast.Name)]
        for node in ast.walk(found) if isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Store)
    ]  # fmt: skip
    partners: dict[str, list[str]] = {}
    for names in pairs:
        for a, b in pairwise(names):
            partners.setdefault(a, []).append(b)
            partners.setdefault(b, []).append(a)

    def edit(node: Node) -> Iterator[Node]:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield from (ast.Name(other, ast.Load()) for other in dict.fromkeys(partners.get(node.id, ())))
        if isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Store) and len(node.elts) > 1:
            for place in range(len(node.elts) - 1):
                parts = [*node.elts]
                parts[place : place + 2] = parts[place : place + 2][::-1]
                yield ast.Tuple(parts, ast.Store())
        if (axis := _side(node)) is not None and isinstance(node, ast.Subscript):
            others = [other for other in (axis + 1, axis - 1) if other >= 0]
            yield from (ast.Subscript(node.value, ast.Constant(other), node.ctx) for other in others)

    return edit


def _side(node: Node) -> int | None:
    """Return the axis of a shape that the node reads, as `x.shape[1]` does; None for any other node."""
    if not isinstance(node, ast.Subscript) or not isinstance(node.slice, ast.Constant):
        return None
    is_shape = isinstance(node.value, ast.Attribute) and node.value.attr == "shape"
    return node.slice.value if is_shape and type(node.slice.value) is int else None


def _argument(function: Function, found: ast.FunctionDef) -> Edit:
    """Return the edit that puts a hyperparameter in the place of a float, in the function itself."""
    names = [name for name in function.keywords if found.name == function.name]

    def edit(node: Node) -> Iterator[Node]:
        if isinstance(node, ast.Constant) and type(node.value) is float:
            yield from (ast.Name(name, ast.Load()) for name in names)

    return edit


def _fewer(node: Node) -> Iterator[Node]:
    """Yield a return of fewer values."""
    if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple) and len(node.value.elts) > 1:
        yield ast.Return(node.value.elts[0])
        yield ast.Return(ast.Tuple(node.value.elts[:-1], ast.Load()))


def _called(node: Node) -> Iterator[Node]:
    if isinstance(node, ast.Call) and _name(node) in ("shape", "T", "size", "ndim") and not node.args:
        yield node.func


def _copied(node: Node) -> Iterator[Node]:
    """Yield an exchange of two parts of an array that copies them before it writes."""
    pair = node.value if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple) else None
    if isinstance(pair, ast.Tuple) and all(isinstance(part, ast.Subscript) for part in pair.elts):
        yield _changed(node, value=ast.Tuple([_code("v.copy()", v=part) for part in pair.elts], ast.Load()))


def _changed(node: Node, **fields: object) -> Node:
    """Return a copy of a node with other fields; the node stays as it is."""
    made = copy.copy(node)
    for name, value in fields.items():
        setattr(made, name, value)
    return made


def _returned_late(node: Node) -> Iterator[Node]:
    """Yield a function that returns behind a loop what it returns at the end of the loop's body."""
    made = copy.deepcopy(node)
    for loop in ast.walk(made) if isinstance(made, ast.FunctionDef) else ():
        if isinstance(loop, ast.For) and isinstance(loop.body[-1], ast.Return) and len(loop.body) > 1:
            made.body.append(loop.body.pop())
            yield made
            return


def _moved(node: Node) -> Iterator[Node]:
    """Yield a block in which a line at one end of a loop is moved out of it, or the line behind the loop into it."""
    body = getattr(node, "body", None)
    for place, loop in enumerate(body) if isinstance(body, list) else ():
        if not isinstance(loop, ast.For):
            continue
        before, behind = body[:place], body[place + 1 :]
        if len(loop.body) > 1:
            yield _changed(node, body=[*before, _changed(loop, body=loop.body[:-1]), loop.body[-1], *behind])
            yield _changed(node, body=[*before, loop.body[0], _changed(loop, body=loop.body[1:]), *behind])
        if behind and isinstance(behind[0], ast.Assign | ast.AugAssign):
            yield _changed(node, body=[*before, _changed(loop, body=[*loop.body, behind[0]]), *behind[1:]])


def _turned(node: Node) -> Iterator[Node]:
    """Yield a matrix product with the transpose of one of its factors."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        yield from (_changed(node, left=left) for left in _transpose(node.left))
        yield from (_changed(node, right=right) for right in _transpose(node.right))
    if isinstance(node, ast.Call) and _name(node) in ("dot", "matmul"):
        for place, factor in enumerate(node.args):
            yield from (_changed(node, args=[*node.args[:place], turned, *node.args[place + 1 :]])
                        for turned in _transpose(factor))  # fmt: skip


def _transpose(node: ast.expr) -> Iterator[ast.expr]:
    yield node.value if isinstance(node, ast.Attribute) and node.attr == "T" else _code("v.T", v=node)


def _signed(node: Node) -> Iterator[Node]:
    """Yield a sum with another sign, or a difference the other way round."""
    signs = {ast.Add: ast.Sub(), ast.Sub: ast.Add()}
    if isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in signs:
        yield _changed(node, op=signs[type(node.op)])
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
            yield _changed(node, left=node.right, right=node.left)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield node.operand


def _less(*operators: type[ast.operator]) -> Edit:
    """Return the edit that leaves one side of an operation out."""

    def edit(node: Node) -> Iterator[Node]:
        if isinstance(node, ast.BinOp) and isinstance(node.op, operators):
            yield node.left
            if isinstance(node.op, ast.Add | ast.Mult):
                yield node.right

    return edit


_FUNCTIONS = ("log", "exp", "sqrt", "abs", "square")


def _around(name: str) -> Edit:
    """Return the edit that puts a function of NumPy around a name or a call in an operation."""

    def edit(node: Node) -> Iterator[Node]:
        if isinstance(node, ast.BinOp):
            yield from (_changed(node, **{side: _code(f"np.{name}(v)", v=part)})
                        for side, part in (("left", node.left), ("right", node.right))
                        if isinstance(part, ast.Name | ast.Call | ast.Subscript))  # fmt: skip

    return edit


def _inside(node: Node) -> Iterator[Node]:
    if isinstance(node, ast.Call) and _name(node) in _FUNCTIONS and len(node.args) == 1:
        yield node.args[0]


def _with_eps(function: Function, found: ast.FunctionDef) -> Edit:
    """Return the edit that adds eps to a base, a root's argument or a divisor, where the function knows eps."""
    known = any(argument.arg == "eps" for argument in (*found.args.args, *found.args.kwonlyargs))

    def edit(node: Node) -> Iterator[Node]:
        if not known:
            return
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
            yield _changed(node, left=_code("v + eps", v=node.left))
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            yield _changed(node, right=_code("v + eps", v=node.right))
        if isinstance(node, ast.Call) and _name(node) == "sqrt" and len(node.args) == 1:
            yield _changed(node, args=[_code("v + eps", v=node.args[0])])

    return edit


_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt), ast.LtE: (ast.Lt, ast.GtE), ast.Gt: (ast.GtE, ast.Lt), ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.LtE, ast.GtE),
}  # fmt: skip


def _comparison(node: Node) -> Iterator[Node]:
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        yield from (_changed(node, ops=[other()]) for other in _COMPARISONS.get(type(node.ops[0]), ()))


def _assignment(node: Node) -> Iterator[Node]:
    """Yield `+=` for `=`, and `=` for `+=`."""
    is_one = isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Subscript)
    if isinstance(node, ast.Assign) and is_one and not isinstance(node.value, ast.Constant):
        yield ast.AugAssign(node.targets[0], ast.Add(), node.value)
    if isinstance(node, ast.AugAssign):
        yield ast.Assign([node.target], node.value)


def _deleted(node: Node) -> Iterator[Node]:
    """Yield a block without one of its lines that change something."""
    body = getattr(node, "body", None)
    for place, line in enumerate(body) if isinstance(body, list) and len(body) > 1 else ():
        changes = isinstance(line, ast.Assign) and not isinstance(line.targets[0], ast.Name)
        if changes or isinstance(line, ast.AugAssign | ast.Expr):
            yield _changed(node, body=[*body[:place], *body[place + 1 :]])


def _cropped(node: Node) -> Iterator[Node]:
    """Yield a slice from p to -p that holds all where p is 0."""
    parts = node.slice.elts if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple) else [
        node.slice] if isinstance(node, ast.Subscript) else []  # fmt: skip
    made = [_open_ended(part) for part in parts]
    if made != parts and isinstance(node, ast.Subscript):
        yield _changed(node, slice=ast.Tuple(made, ast.Load()) if len(made) > 1 else made[0])


def _open_ended(part: ast.expr) -> ast.expr:
    end = part.upper if isinstance(part, ast.Slice) else None
    if isinstance(part, ast.Slice) and isinstance(end, ast.UnaryOp) and isinstance(end.operand, ast.Name):
        return _changed(part, upper=_code("-p or None", p=end.operand))  # type: ignore[return-value]
    return part


def _unasserted(node: Node) -> Iterator[Node]:
    if isinstance(node, ast.Assert):
        yield ast.Pass()


def _other_axis(node: Node) -> Iterator[Node]:
    """Yield a reduction along other axes."""
    if not isinstance(node, ast.Call) or _name(node) not in (*_REDUCTIONS, "argmax", "argmin", "concatenate", "stack"):
        return
    others = [word for word in node.keywords if word.arg != "axis"]
    if len(others) < len(node.keywords):
        yield _changed(node, keywords=others)
    for axis in ("0", "1", "-1", "(0, 1)", "(1, 2)", "(0, 1, 2)"):
        yield _changed(node, keywords=[*others, ast.keyword("axis", _code(axis))])


CERTAIN = (
    CodeRepair("A size is rounded down; round() gives the nearest whole number, and of two the even one.",
           _everywhere(_floored("round", "around", "rint"))),
    CodeRepair("A size is rounded down, not up.", _everywhere(_floored("ceil"))),
    CodeRepair("In Python 3 `/` gives a float, also where nothing is left over; a size or an index needs `//`.",
           _everywhere(_divided)),
    CodeRepair("NumPy reads a list between brackets as one index for the first axis. For one index per axis, leave the "
           "inner brackets out: a[i, j].", _everywhere(_indexed)),
    CodeRepair("NumPy 2 calls this argument of np.reshape shape, not newshape.", _everywhere(_renamed)),
    CodeRepair("float() and int() take an array only where it has no axes; a.item() gives the number of an array with "
           "one entry.", _everywhere(_number_made)),
    CodeRepair("An attribute of an array, such as shape, is no function: leave the brackets behind it out.",
           _everywhere(_called)),
    CodeRepair("It returns more than it is asked for: leave the rest out, such as a cache.", _everywhere(_fewer)),
    CodeRepair("The padding of np.pad covers other axes than it should. It takes one pair for each axis: (0, 0) for "
           "those that keep their length.", _everywhere(_padded)),
    CodeRepair("A sum, mean or maximum along an axis loses that axis, and NumPy then lines up other axes: "
           "keepdims=True keeps it.", _everywhere(_kept)),
    CodeRepair("keepdims=True keeps an axis of length 1 that should not be there.", _everywhere(_dropped)),
    CodeRepair("A number is written where an argument belongs.", _argument),
    CodeRepair("A slice such as pad:-pad is empty where pad is 0: it reads 0:0.", _everywhere(_cropped)),
    CodeRepair("An assert forbids what the exercise allows.", _everywhere(_unasserted)),
    CodeRepair("A return stands inside a loop, so that it ends in its first pass.", _everywhere(_returned_late)),
    CodeRepair("a[i], a[j] = a[j], a[i] reads a row after writing it, because the rows of an array are views: copy them "
               "first.", _everywhere(_copied)),
    CodeRepair("eps is missing at one place.", _with_eps, together=False),
    CodeRepair("One factor of a matrix product is transposed and should not be, or should be and is not.",
               _everywhere(_turned), together=False),
)  # fmt: skip
"""The repairs of one cause each, in the order in which they are tried."""

POSSIBLE = (
    CodeRepair("Two lengths or positions are exchanged, such as those of height and width: which belongs where?",
           _other_side, together=False),
    CodeRepair("NumPy lines up the last axes of two arrays. A vector with one entry for each row needs a second axis: "
           "v[:, None].", _everywhere(_lined_up), together=False),
    CodeRepair("One size, bound or index is off by one.", _everywhere(_one_more)),
    CodeRepair("One line stands inside a loop and belongs before or behind it, or the other way round.",
               _everywhere(_moved), together=False),
    CodeRepair("One sign is wrong, or a difference is taken the wrong way round.", _everywhere(_signed),
               together=False),
    CodeRepair("One term of a sum is too much.", _everywhere(_less(ast.Add, ast.Sub)), together=False),
    CodeRepair("One factor or divisor is too much.", _everywhere(_less(ast.Mult, ast.Div)), together=False),
    CodeRepair("One comparison is wrong: which values belong to each side, and where do equal ones belong?",
               _everywhere(_comparison)),
    CodeRepair("`=` stands where `+=` belongs, or the other way round.", _everywhere(_assignment), together=False),
    CodeRepair("One line is too much.", _everywhere(_deleted), together=False),
    CodeRepair("A sum, mean or maximum runs along another axis than it should.", _everywhere(_other_axis)),
    CodeRepair("A function such as log, exp or sqrt is applied where it should not be.", _everywhere(_inside),
               together=False),
    *(CodeRepair(f"{words} is missing around one part of the formula.", _everywhere(_around(name)), together=False)
      for name, words in (("log", "A logarithm"), ("exp", "An exponential"), ("sqrt", "A square root"),
                          ("abs", "An absolute value"))),
)  # fmt: skip
"""Repairs that can make code right whose cause is another; told only where a single kind of them does."""
