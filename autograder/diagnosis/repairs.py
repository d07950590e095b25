"""Repairs of the student's own code: each changes one thing, and its sentence is told only if the code is right then.
And what can be read off that code: which lines write into an argument.

The repaired text runs where the student's text runs, on the same cases. No repair knows the solution, and each has
fixed words, so that a hidden case tells no more than which of them fits.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from autograder.checks.judge import examine
from autograder.checks.trial import CaseResult, Trial
from autograder.diagnosis.code_edits import CERTAIN, POSSIBLE, CodeRepair, replaced
from autograder.implementation import Editable, Raised, Stopped
from autograder.spec.function import Function
from autograder.submission.syntax import small_tree

_MOST, _SITES = 60, 12
"""Most repaired texts that are tried for a function (three times as many of POSSIBLE ones), and places for one kind."""


@dataclass(frozen=True)
class Repaired:
    """A repaired text, with the cases that are still wrong."""

    words: str
    """The sentence of the repair; "" for the student's own text."""
    text: str
    failing: dict[str, int]
    """Output → number of cases in which it is wrong."""
    raising: int
    """Number of cases in which the function raises."""

    @property
    def distance(self) -> int:
        """Return the number of wrong outputs over all cases; an exception counts once more."""
        return sum(self.failing.values()) + self.raising


def repairs_of(trial: Trial, function: Function) -> dict[str, str]:
    """Return output → words of a repair that makes the output right in every case.

    Where one repair does not do, two are tried together.
    """
    return trial.once(f"repairs {function.name}", lambda: _search(trial, function))


def possible_repairs(trial: Trial, function: Function) -> dict[str, str]:
    """Return output → words of the only kind of POSSIBLE repairs that makes the output right in every case."""
    return trial.once(f"possible repairs {function.name}", lambda: _search_possible(trial, function))


def called_names(tree: ast.Module, name: str) -> list[ast.FunctionDef]:
    """Return the definition of a function, and those of all functions of the text that it uses, directly or not."""
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
    return None if source is None else small_tree(source)


def _search(trial: Trial, function: Function) -> dict[str, str]:
    tree, before = _before(trial, function)
    if tree is None:
        return {}
    tried = list(_tried(trial, function, tree, before, CERTAIN))
    found = {name: words for name, words in _made_right(tried, before).items() if words}
    better = [repaired for repaired in tried if repaired.distance < before.distance]
    if better and any(count and name not in found for name, count in before.failing.items()):
        first = min(better, key=lambda repaired: repaired.distance)
        changed = small_tree(first.text)
        pairs = {} if changed is None else _made_right(_tried(trial, function, changed, before, CERTAIN), before)
        found = {name: f"There are two mistakes. {first.words} {words}" for name, words in pairs.items()
                 if words and first.failing.get(name)} | found  # fmt: skip
    return found


def _search_possible(trial: Trial, function: Function) -> dict[str, str]:
    tree, before = _before(trial, function)
    if tree is None:
        return {}
    budget = iter(range(3 * _MOST))
    kinds = [_made_right(_tried(trial, function, tree, before, (repair,), budget), before) for repair in POSSIBLE]
    found = {name: [kind[name] for kind in kinds if name in kind] for name in before.failing}
    return {name: words[0] for name, words in found.items() if len(words) == 1}


def _before(trial: Trial, function: Function) -> tuple[ast.Module | None, Repaired]:
    """Return the syntax tree of the text and its failures; None as tree where there is nothing to repair."""
    tree = None if function.kind == "training" else parsed(trial)
    before = Repaired("", "", {}, 0) if tree is None else _count_failures(trial, function, "", "")
    return (tree if any(before.failing.values()) else None), before


def _count_failures(trial: Trial, function: Function, words: str, text: str) -> Repaired:
    seen = [trial.call_case(function, case) for case in function.cases]
    failing = {name: sum(examine(trial, item, name) is not None for item in seen) for name in function.outputs}
    return Repaired(words, text, failing, sum(isinstance(item.outcome, Raised) for item in seen))


def _made_right(tried: Iterable[Repaired], before: Repaired) -> dict[str, str]:
    """Return failing output → words of the first repair that makes it right in every case; "" where what that repair
    changes cannot be the cause.

    An exception makes all outputs fail. Leaving out the expression that raises makes the outputs right that do not need
    it; such a repair shows the cause only if all outputs are right that failed by the exception alone.
    """
    found: dict[str, str] = {}
    by_exception = {name for name, count in before.failing.items() if before.raising and count == before.raising}
    for repaired in tried:
        words = "" if any(repaired.failing[name] for name in by_exception) else repaired.words
        right = [name for name, count in before.failing.items() if count and not repaired.failing[name]]
        found |= {name: found.get(name) or words for name in right}
    return found


def _tried(trial: Trial, function: Function, tree: ast.Module, before: Repaired, kinds: Iterable[CodeRepair],
           budget: Iterable[int] = range(_MOST)) -> Iterator[Repaired]:  # fmt: skip
    """Yield the repaired texts that help, up to the first that makes every output right, without those that are
    stopped. budget: has one entry for each text that may be tried."""
    assert isinstance(trial.implementation, Editable)
    for _, (words, text) in zip(budget, _candidates(function, tree, kinds), strict=False):
        implementation = trial.implementation.with_source(text)
        repaired = Trial(trial.variant, implementation, trial.reveal, trial.seconds, work=trial.work)
        if not _helps(trial, repaired, function):
            continue
        left = _count_failures(repaired, function, words, text)
        if any(isinstance(repaired.call_case(function, case).outcome, Stopped) for case in function.cases):
            continue
        yield left
        if not any(left.failing[name] for name, count in before.failing.items() if count):
            return


def _helps(trial: Trial, repaired: Trial, function: Function) -> bool:
    """Return whether a repair makes an output right, or ends an exception, in the first case of any set of failures."""
    tried = []
    for case in trial.ordered(function):
        before = trial.call_case(function, case)
        wrong = [name for name in function.outputs if examine(trial, before, name)]
        if not wrong or wrong in tried or case.steps > 1 or len(trial.variant.calls(function, case)) > 1:
            continue
        tried.append(wrong)
        call = trial.variant.calls(function, case)[0]
        seen = CaseResult.of_call(function, case, call, repaired.call(function, call.inputs))
        ends = isinstance(before.outcome, Raised) and not isinstance(seen.outcome, Raised)
        if ends or not all(examine(repaired, seen, name) for name in wrong):
            return True
    return not tried


def _candidates(function: Function, tree: ast.Module, kinds: Iterable[CodeRepair]) -> Iterator[tuple[str, str]]:
    """Yield the words and the text of each repair: at all of its places together, then at each place alone, first with
    the first replacement at every place, then with the second."""
    nodes = [(node, part) for part in called_names(tree, function.name) for node in ast.walk(part)]
    if any(isinstance(node, ast.While) for node, _ in nodes):
        return  # a repaired loop could run for ever
    for repair in kinds:
        found = sorted(((number, id(node), edited) for node, part in nodes
                        for number, edited in enumerate(repair.edit(node, function, part))), key=lambda entry: entry[0])
        firsts = {node: edited for number, node, edited in found if number == 0}
        groups = [firsts] if repair.together and 1 < len(firsts) <= _SITES else []
        for table in (*groups, *({node: edited} for _, node, edited in found[:_SITES])):
            yield repair.words, ast.unparse(ast.fix_missing_locations(replaced(tree, table)))


_OPERATORS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**",
                                             ast.MatMult: "@"}  # fmt: skip
_WRITERS = frozenset("sort fill put partition resize pop append clear insert remove reverse extend".split())


def explain_writes(trial: Trial, function: Function) -> str:
    """Return a sentence on the lines of the function that write into its arguments; "" where none is found.

    The lines are found in the code. A name that is set to an argument, or loops over a list of arrays, is followed.
    """
    tree = parsed(trial)
    found = next((node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == function.name),
                 None) if tree else None  # fmt: skip
    same_array = {name: name for name in function.positional}
    words: dict[str, None] = {}
    nodes = [node for node in ast.walk(found) if isinstance(node, ast.stmt)] if found else []
    for node in sorted(nodes, key=lambda node: (node.lineno, node.col_offset)):
        for name, line in _written(node):
            if (first := same_array.get(name)) == name:
                words[f"`{line}` writes into the array {name} itself."] = None
            elif first:
                words[f"{name} is another name of the array {first}, for `=` and `for` make no copy, and `{line}` "
                      "writes into it."] = None  # fmt: skip
        for name, value in _set(node):
            if value in same_array:
                same_array[name] = same_array[value]
            else:
                same_array.pop(name, None)
    return " ".join(words)


def _written(node: ast.stmt) -> Iterator[tuple[str, str]]:
    """Yield each name into whose array a statement writes, with the statement in short."""
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        yield node.target.id, f"{node.target.id} {_OPERATORS.get(type(node.op), '')}= …"
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AugAssign) else []
    for target in targets:
        if isinstance(target, ast.Subscript) and (name := _root(target)):
            operator = _OPERATORS.get(type(node.op), "") if isinstance(node, ast.AugAssign) else ""
            yield name, f"{name}[…] {operator}= …"
    call = node.value.func if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) else None
    if isinstance(call, ast.Attribute) and call.attr in _WRITERS and (name := _root(call.value)):
        yield name, f"{name}.{call.attr}(…)"


def _set(node: ast.stmt) -> Iterator[tuple[str, str]]:
    """Yield each name that a statement sets, with the name that it is set to; "" for any other expression."""
    pairs = [(target, node.value) for target in node.targets] if isinstance(node, ast.Assign) else []
    if isinstance(node, ast.For):
        targets, values = [node.target], [node.iter]
        if isinstance(node.target, ast.Tuple) and isinstance(node.iter, ast.Call) and _root(node.iter.func) == "zip":
            targets, values = node.target.elts, node.iter.args
        pairs = list(zip(targets, values, strict=False))
    for target, value in pairs:
        if isinstance(target, ast.Name):
            yield target.id, value.id if isinstance(value, ast.Name) else ""


def _root(node: ast.expr) -> str:
    """Return the name at the beginning of an expression of indices and attributes; "" if it begins otherwise."""
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""
