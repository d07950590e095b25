"""Repairs of the student's own code: each changes one thing, and its sentence is told only if the code is right then.

The repaired text runs where the student's text runs, on the same cases. No repair knows the solution, and each has
fixed words, so that a hidden case tells no more than which of them fits.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from autograder.checks.judge import examine
from autograder.checks.trial import CaseResult, Trial
from autograder.checks.variant import name_outputs
from autograder.implementation import Editable, Raised, Stopped
from autograder.spec.function import Function

LONGEST = 16_000
"""Characters of the longest text that is repaired."""

_MOST, _SITES = 60, 12
"""Most repaired texts that are tried for a function, and most places for one kind of repair."""

Node = ast.AST
Edit = Callable[[Node], Iterator[Node]]
"""Yield the replacements of a node; none where the repair does not apply."""


@dataclass(frozen=True)
class Repair:
    """A kind of repair. together: whether it is also tried at all of its places at once."""

    words: str
    edit: Callable[[Function, ast.FunctionDef], Edit]
    together: bool = True


@dataclass(frozen=True)
class Repaired:
    """A repaired text, and in how many cases each output is still wrong."""

    words: str
    text: str
    failing: dict[str, int]
    raising: int
    """In how many cases it raises."""

    @property
    def distance(self) -> int:
        """How far it is from being right; an exception is farther than a wrong result."""
        return sum(self.failing.values()) + self.raising


def repairs_of(trial: Trial, function: Function) -> dict[str, str]:
    """Return the words of a repair for each output of the function that it makes right in every case.

    Where one repair does not do, two are tried together.
    """
    return trial.once(f"repairs {function.name}", lambda: _search(trial, function))


def possible_repairs(trial: Trial, function: Function) -> dict[str, str]:
    """Return the words of the only kind of POSSIBLE repairs that makes each output right in every case."""
    return trial.once(f"possible repairs {function.name}", lambda: _search_possible(trial, function))


def called_names(tree: ast.Module, name: str) -> list[ast.FunctionDef]:
    """Return the definition of a function, and those of the text's functions that it reaches by their names."""
    defined = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    found: dict[str, ast.FunctionDef] = {}
    waiting = [name]
    while waiting:
        node = defined.get(waiting.pop())
        if node is not None and node.name not in found:
            found[node.name] = node
            waiting += [part.id for part in ast.walk(node) if isinstance(part, ast.Name)]
    return list(found.values())


def parsed(trial: Trial) -> ast.Module | None:
    """Return the syntax tree of the answer; None where its text is not at hand, too long, or no Python."""
    source = trial.implementation.source if isinstance(trial.implementation, Editable) else None
    if source is None or len(source) > LONGEST:
        return None
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _search(trial: Trial, function: Function) -> dict[str, str]:
    tree, failing = _wrong(trial, function)
    if tree is None:
        return {}
    tried = list(_tried(trial, function, tree, failing, CERTAIN))
    found = _made_right(tried, failing)
    before = sum(failing.values()) + _raising(trial, function)
    better = [repaired for repaired in tried if repaired.distance < before]
    if len(found) < len(failing) and better:
        first = min(better, key=lambda repaired: repaired.distance)
        second = _tried(trial, function, ast.parse(first.text), failing, CERTAIN)
        pairs = _made_right(second, failing)
        found = {name: f"There are two mistakes. {first.words} {words}" for name, words in pairs.items()
                 if first.failing.get(name)} | found  # fmt: skip
    return found


def _search_possible(trial: Trial, function: Function) -> dict[str, str]:
    tree, failing = _wrong(trial, function)
    if tree is None:
        return {}
    kinds = [_made_right(_tried(trial, function, tree, failing, (repair,)), failing) for repair in POSSIBLE]
    found = {name: [kind[name] for kind in kinds if name in kind] for name in failing}
    return {name: words[0] for name, words in found.items() if len(words) == 1}


def _wrong(trial: Trial, function: Function) -> tuple[ast.Module | None, dict[str, int]]:
    """Return the syntax tree and in how many cases each wrong output fails; no tree where nothing can be repaired."""
    tree = None if function.kind == "training" else parsed(trial)
    failing = {} if tree is None else {name: count for name, count in _failing(trial, function).items() if count}
    return (tree if failing else None), failing


def _made_right(tried: Iterable[Repaired], failing: dict[str, int]) -> dict[str, str]:
    """Return the words of the first repair after which each failing output is right in every case."""
    found: dict[str, str] = {}
    for repaired in tried:
        for name in failing.keys() - found.keys():
            if not repaired.failing[name]:
                found[name] = repaired.words
    return found


def _tried(
    trial: Trial, function: Function, tree: ast.Module, failing: dict[str, int], kinds: Iterable[Repair]
) -> Iterator[Repaired]:
    """Yield the repaired texts with what they leave wrong, up to the first that leaves nothing."""
    for words, text in islice(_candidates(function, tree, kinds), _MOST):
        left = _failing_after(trial, function, text)
        if left is not None:
            yield replace(left, words=words)
            if not any(left.failing[name] for name in failing):
                return


def _failing(trial: Trial, function: Function) -> dict[str, int]:
    """Return in how many cases each output is wrong."""
    seen = [trial.call_case(function, case) for case in function.cases]
    return {name: sum(examine(trial, item, name) is not None for item in seen) for name in function.outputs}


def _raising(trial: Trial, function: Function) -> int:
    return sum(isinstance(trial.call_case(function, case).outcome, Raised) for case in function.cases)


def _failing_after(trial: Trial, function: Function, text: str) -> Repaired | None:
    """Return what a repaired text leaves wrong; None where it was stopped, or is no better in the first case."""
    assert isinstance(trial.implementation, Editable)
    repaired = Trial(trial.variant, trial.implementation.with_source(text), trial.reveal, trial.seconds)
    if not _helps(trial, repaired, function):
        return None
    failing = _failing(repaired, function)
    stopped = any(isinstance(repaired.call_case(function, case).outcome, Stopped) for case in function.cases)
    return None if stopped else Repaired("", text, failing, _raising(repaired, function))


def _helps(trial: Trial, repaired: Trial, function: Function) -> bool:
    """Return whether a repaired text makes an output right in the first case in which one fails."""
    for case in trial.ordered(function):
        before = trial.call_case(function, case)
        wrong = [name for name in function.outputs if examine(trial, before, name)]
        if not wrong or case.steps > 1 or len(trial.variant.calls(function, case)) > 1:
            continue
        call = trial.variant.calls(function, case)[0]
        outcome = repaired.call(function, call.inputs)
        named = name_outputs(function, outcome)
        seen = CaseResult(function, case, (call,), outcome, None if named is None else (named,))
        ends = isinstance(before.outcome, Raised) and not isinstance(outcome, Raised)
        return ends or not all(examine(repaired, seen, name) for name in wrong)
    return True


def _candidates(function: Function, tree: ast.Module, kinds: Iterable[Repair]) -> Iterator[tuple[str, str]]:
    """Yield repaired texts with their words: each repair at all of its places together, then at each alone."""
    functions = called_names(tree, function.name)
    if not functions or any(isinstance(node, ast.While) for found in functions for node in ast.walk(found)):
        return  # a repaired loop could run for ever
    nodes = {id(node): place for place, node in enumerate(ast.walk(tree))}
    for repair in kinds:
        sites = [
            (nodes[id(node)], number)
            for found in functions
            for edit in [repair.edit(function, found)]
            for node in ast.walk(found)
            for number, _ in enumerate(edit(node))
        ]
        firsts = [site for site in sites if site[1] == 0]
        groups = [firsts] if repair.together and 1 < len(firsts) <= _SITES else []
        owner = {nodes[id(node)]: found for found in functions for node in ast.walk(found)}
        for group in (*groups, *([site] for site in sites[:_SITES])):
            yield repair.words, _edited(function, tree, repair, group, owner)


def _edited(
    function: Function, tree: ast.Module, repair: Repair, sites: Iterable[tuple[int, int]],
    owner: dict[int, ast.FunctionDef],
) -> str:  # fmt: skip
    """Return the text with the repair made at some places."""
    made = copy.deepcopy(tree)
    nodes = list(ast.walk(made))
    table = {}
    for place, number in sites:
        edit = repair.edit(function, owner[place])
        table[id(nodes[place])] = next(islice(edit(copy.deepcopy(nodes[place])), number, None))
    return ast.unparse(ast.fix_missing_locations(_Replacement(table).visit(made)))


class _Replacement(ast.NodeTransformer):
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
    (statement,) = ast.parse(text).body
    assert isinstance(statement, ast.Expr)
    names = {
        id(node): parts[node.id] for node in ast.walk(statement) if isinstance(node, ast.Name) and node.id in parts
    }
    made = _Replacement(names).visit(statement.value)
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
        for side in ("left", "right"):
            operand = getattr(node, side)
            if isinstance(operand, ast.Name | ast.Call | ast.Subscript):
                yield ast.BinOp(**{"left": node.left, "op": node.op, "right": node.right,
                                   side: _code("v[:, None]", v=operand)})  # fmt: skip


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
        if _is_side(node):
            assert isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant)
            axis = node.slice.value
            yield from (ast.Subscript(node.value, ast.Constant(other), node.ctx) for other in (axis + 1, axis - 1)
                        if other >= 0)  # fmt: skip

    return edit


def _is_side(node: Node) -> bool:
    """Return whether the node reads one axis of a shape: `x.shape[1]`."""
    return (
        isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute) and node.value.attr == "shape"
        and isinstance(node.slice, ast.Constant) and type(node.slice.value) is int
    )  # fmt: skip


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


CERTAIN = (
    Repair("A size is rounded down; round() gives the nearest whole number, and of two the even one.",
           _everywhere(_floored("round", "around", "rint"))),
    Repair("A size is rounded down, not up.", _everywhere(_floored("ceil"))),
    Repair("In Python 3 `/` gives a float, also where nothing is left over; a size or an index needs `//`.",
           _everywhere(_divided)),
    Repair("NumPy reads a list between brackets as one index for the first axis. For one index per axis, leave the "
           "inner brackets out: a[i, j].", _everywhere(_indexed)),
    Repair("NumPy 2 calls this argument of np.reshape shape, not newshape.", _everywhere(_renamed)),
    Repair("float() and int() take an array only where it has no axes; a.item() gives the number of an array with one "
           "entry.", _everywhere(_number_made)),
    Repair("An attribute of an array, such as shape, is no function: leave the brackets behind it out.",
           _everywhere(_called)),
    Repair("It returns more than it is asked for: leave the rest out, such as a cache.", _everywhere(_fewer)),
    Repair("The padding of np.pad covers other axes than it should. It takes one pair for each axis: (0, 0) for those "
           "that keep their length.", _everywhere(_padded)),
    Repair("A sum, mean or maximum along an axis loses that axis, and NumPy then lines up other axes: keepdims=True "
           "keeps it.", _everywhere(_kept)),
    Repair("keepdims=True keeps an axis of length 1 that should not be there.", _everywhere(_dropped)),
    Repair("A number is written where an argument belongs.", _argument),
)  # fmt: skip
"""The repairs of one cause each, in the order in which they are tried."""

POSSIBLE = (
    Repair("Two lengths or positions are exchanged, such as those of height and width: which belongs where?",
           _other_side, together=False),
    Repair("NumPy lines up the last axes of two arrays. A vector with one entry for each row needs a second axis: "
           "v[:, None].", _everywhere(_lined_up), together=False),
    Repair("One size, bound or index is off by one.", _everywhere(_one_more)),
)  # fmt: skip
"""Repairs that can make code right whose cause is another; told only where a single kind of them does."""
