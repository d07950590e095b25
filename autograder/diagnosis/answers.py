"""Statements about a whole answer: its exceptions, random masks, unread arguments, another order of axes.

Sentences about exceptions are fixed, and each is true wherever its exception is raised: what Python 2, an older NumPy
or a line of the starter code leads to.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from math import erf, isclose, isfinite, log, sqrt

import numpy as np

from autograder.checks.judge import examine
from autograder.checks.trial import CaseResult, Trial
from autograder.checks.variant import name_outputs
from autograder.diagnosis.evidence import axis_names, defaults
from autograder.diagnosis.forms import join
from autograder.diagnosis.repairs import called_names, parsed
from autograder.implementation import Editable, Raised, Returned, Stopped
from autograder.numeric.compare import same
from autograder.report.report import Finding
from autograder.spec.function import Case, Function
from autograder.spec.judges import Judge
from autograder.submission.definitions import read
from autograder.values import Rng


@dataclass(frozen=True)
class ExceptionWords:
    """A fixed sentence about exceptions of some types whose message has a pattern."""

    kinds: str
    """The names of the exceptions."""
    pattern: str
    """A regular expression that the message contains."""
    words: str


EXCEPTIONS = tuple(ExceptionWords(*entry) for entry in (
    ("TypeError", r"'(numpy\.)?float\d*' object cannot be interpreted as an integer|must be of integral type",
     "A float stands where an int is needed, such as in range() or as a size. `/` gives a float also where nothing "
     "is left over; `//` gives an int."),
    ("TypeError IndexError", r"slice indices must be integers|only integers, slices",
     "A float, or something else that is no int, stands in an index. `/` gives a float also where nothing is left "
     "over; `//` gives an int."),
    ("NameError", r"'xrange'", "Python 3 has no xrange: its name is range."),
    ("NameError", r"'(raw_input|unicode|long|reduce|basestring)'",
     "This name belongs to Python 2; Python 3 does not have it."),
    ("AttributeError", r"'dict' object has no attribute '(has_key|iteritems|itervalues|iterkeys)'",
     "This method belongs to Python 2; in Python 3 a dict has items(), values(), keys() and `in`."),
    ("NameError", r"'np'|'numpy'", "NumPy is not imported under this name: import numpy as np."),
    ("TypeError", r"only (0-dimensional|length-1|size-1) arrays can be converted",
     "float() and int() take an array only where it has no axes; a.item() gives the number of an array with one "
     "entry."),
    ("TypeError", r"unexpected keyword argument 'newshape'",
     "NumPy 2 calls this argument of np.reshape shape, not newshape."),
    ("TypeError", r"'tuple' object is not callable",
     "A tuple is called like a function: x.shape has no brackets behind it."),
    ("AttributeError TypeError", r"'NoneType'",
     "A value is None where an array or a number is needed: is a starter line such as `out = None` not written yet?"),
    ("ValueError", r"Incompatible shape for in-place modification|incompatible shape for a non-contiguous array",
     "Setting x.shape works only where no copy is needed; x.reshape(...) makes one where it must."),
    ("ValueError", r"operands could not be broadcast together",
     "NumPy lines up the axes of two arrays from the last one on, and two lengths differ there without one of them "
     "being 1."),
    ("ValueError", r"matmul: |shapes .* not aligned",
     "In a matrix product the last length of the left array must be the first of the right one, and here it is not."),
    ("ValueError", r"shape-mismatch for sum",
     "np.tensordot adds up along axes of equal lengths, and two lengths differ here."),
    ("ValueError", r"could not broadcast input array from shape",
     "An array is written into a place of another shape: a slice, or an entry of np.array, which cannot hold arrays of "
     "different shapes. A list can."),
    ("ValueError", r"inhomogeneous shape|setting an array element with a sequence",
     "np.array takes only arrays of one shape. Keep arrays of different shapes in a list."),
    ("ValueError", r"cannot reshape array of size",
     "reshape keeps the number of entries: the lengths of the new shape multiplied must give it."),
    ("IndexError", r"index -?\d+ is out of bounds for axis|list (assignment )?index out of range",
     "An index points behind the end of its axis or list."),
    ("IndexError", r"tuple index out of range",
     "An index points behind the end of a tuple, such as the shape of an array with fewer axes."),
    ("ValueError", r"zero-size array to reduction operation",
     "A slice is empty where a maximum or minimum is taken: it begins behind the end, or ends where it begins."),
    ("AssertionError", r"", "An assert fails on an input that the exercise allows."),
    ("UnboundLocalError", r"", "A variable is read in a run in which no line has set it."),
    ("EOFError", r"", "input() finds nobody here who could answer: take all values from the arguments."),
))  # fmt: skip
"""The sentences about exceptions; of several that fit, the first is used."""

_STAR = re.compile(r"^\s*from\s+(\w+)[\w.]*\s+import\s+\*", re.MULTILINE)
_LAYERS = {
    "conv": "the convolution", "pool": "the pooling", "relu": "the ReLU", "softmax|loss": "the softmax or the loss",
    "flatten": "the flattening", "dense|affine|linear|fully|fc": "the dense layer",
}  # fmt: skip
"""Pattern of the name of a function that a network calls → its layer."""


def explain_exception(trial: Trial, function: Function, case: str | None) -> str:
    """Return sentences on why a function raises in `case`, or in every case, and on the layer in which all its
    exceptions are raised; "" where neither is known."""
    raised = {seen.case.name: seen.outcome for seen in trial.case_results(function) if isinstance(seen.outcome, Raised)}
    told = [raised[case]] if case in raised else raised.values()
    facts = [{_meaning(trial, outcome) for outcome in told},
             {_layer(trial, function, outcome) for outcome in raised.values()}]  # fmt: skip
    return " ".join(words for found in facts if len(found) == 1 for words in found if words)


def explain_bound(trial: Trial, function: Function, output: str) -> str:
    """Return a sentence if a loss has the upper limit -log(1e-k) for one k, where it should be larger; else ""."""
    seen = [trial.call_case(function, case) for case in function.stable_cases]
    values = [(item.outputs[0][output], item.calls[0].expected[output]) for item in seen if item.outputs]
    bounded = [got for got, right in values if isinstance(got, float) and isinstance(right, float) and got < right - 1]
    powers = {round(-got / log(10)) for got in bounded if isfinite(got)}
    if len(powers) != 1 or not all(isclose(got, -log(10) * power, rel_tol=1e-9) for got in bounded for power in powers):
        return ""
    return (f"{output} ends at -log(1e{min(powers)}), and the right one is larger: a probability is cut off there, or "
            "a small number is added to it. Take the logarithm on paper first: log and exp cancel.")  # fmt: skip


def explain_left_out(trial: Trial, finding: Finding) -> str:
    """Return a sentence if the missing name of a NameError has a definition that does not parse; else ""."""
    missing = re.search(r"raises NameError.*name '(\w+)' is not defined", finding.message)
    source = trial.implementation.source if isinstance(trial.implementation, Editable) else ""
    found = read(source).last(missing[1]) if missing else None
    if found is None or found.kind != "broken":
        return ""
    place = "" if finding.cell is not None else f" in line {found.line}"
    return f"The definition of {found.name} is no Python and was left out: {found.detail}{place}."


def _meaning(trial: Trial, outcome: Raised) -> str:
    text = trial.implementation.source if isinstance(trial.implementation, Editable) else ""
    if outcome.kind == "NameError" and {*_STAR.findall(text)} - {"numpy"} - sys.stdlib_module_names:
        return ("A name is not defined, and `from … import *` asks for a module that is not here, so that it defines "
                "nothing. Define what you need in this file.")  # fmt: skip
    return next((entry.words for entry in EXCEPTIONS
                 if outcome.kind in entry.kinds.split() and re.search(entry.pattern, outcome.message)), "")  # fmt: skip


def _layer(trial: Trial, function: Function, outcome: Raised) -> str:
    """Return the layer, in words, in whose function an exception was raised; "" for `function` itself and others."""
    tree, line = parsed(trial), outcome.line
    if tree is None or line is None or outcome.cell is not None:
        return ""
    names = [node.name.lower() for node in called_names(tree, function.name)
             if node.name != function.name and node.lineno <= line <= (node.end_lineno or node.lineno)]  # fmt: skip
    found = (layer for name in names for pattern, layer in _LAYERS.items() if re.search(pattern, name))
    return next((f"It is raised in {layer}." for layer in found), "")


_LEAST = 1000
"""Least size of a random mask whose share of zeros is compared."""

_SHARES: tuple[tuple[str, Callable[[float], float]], ...] = (
    ("an entry is kept with probability p, and p is the probability to drop it", lambda p: p),
    ("the share of the entries that are kept is not 1 - p: a normal draw is compared with a probability, which takes a "
     "uniform one", lambda p: (1 + erf((1 - p) / sqrt(2))) / 2),
    ("the right share is dropped", lambda p: 1 - p),
)  # fmt: skip
_SCALES: tuple[tuple[str, Callable[[float], float]], ...] = (
    ("those that are kept are divided by 1 - p, as they should", lambda p: 1 / (1 - p)),
    ("those that are kept are 1: nothing makes up for those that are dropped", lambda p: 1.0),
    ("those that are kept are divided by p", lambda p: 1 / p),
    ("those that are kept are multiplied by 1 - p", lambda p: 1 - p),
)  # fmt: skip


def _explain_mask(trial: Trial, function: Function, output: str) -> str:
    """Return a sentence on the share of a random mask that is kept and its scale, where both are one function of p in
    all cases and not both are right; else ""."""
    judges = ((case, case.accept.get(output)) for case in function.cases)
    seen = [trial.call_case(function, case) for case, judge in judges
            if isinstance(judge, Judge) and judge.rule == "mask"]  # fmt: skip
    masks = [(float(item.inputs["p"]), item.outputs[0][output]) for item in seen if item.outputs]
    masks = [(p, mask) for p, mask in masks if isinstance(mask, np.ndarray) and mask.size >= _LEAST]
    if len({p for p, _ in masks}) < 2:
        return ""
    kept = [(p, float(np.count_nonzero(mask)) / mask.size, mask.size) for p, mask in masks]
    # A share further off than 5 deviations has a chance of less than one in a million.
    shares = [words for words, share in _SHARES if all(
        abs(found - share(p)) <= 5 * sqrt(share(p) * (1 - share(p)) / size) + 1e-12
        for p, found, size in kept)]  # fmt: skip
    scales = [words for words, scale in _SCALES if all(
        mask.any() and np.allclose(mask[mask != 0], scale(p), rtol=1e-9, atol=0) for p, mask in masks)]  # fmt: skip
    if len(shares) != 1 or len(scales) != 1 or (shares[0], scales[0]) == (_SHARES[-1][0], _SCALES[0][0]):
        return ""
    return f"{shares[0][0].upper()}{shares[0][1:]}; {scales[0]}."


def draws(trial: Trial, function: Function, case: Case, output: str) -> bool:
    """Return whether the output of a case is drawn at random and judged by its statistics."""
    inputs = trial.variant.calls(function, case)[0].inputs.values() if output in case.accept else ()
    return any(isinstance(value, Rng) for value in inputs)


def _explain_differing_calls(trial: Trial, function: Function) -> str:
    """Return a sentence if two calls with equal arguments give different results; else "".

    The arguments are those of a failing case; one that has a random generator gets it in the same state again.
    """
    failing = [case for case in function.cases if _is_failing(trial, function, case) and case.steps == 1]
    for inputs in (trial.call_case(function, case).inputs for case in failing[:2]):
        again = [trial.call(function, inputs) for _ in range(2)]
        values = [outcome.value for outcome in again if isinstance(outcome, Returned)]
        if len(values) == 2 and not same(values[0], values[1], 0.0):
            drawn = any(isinstance(value, Rng) for value in inputs.values())
            more = "take all random numbers from rng." if drawn else (
                "what does it keep from one call to the next, or draw?")  # fmt: skip
            return f"Two calls with equal arguments give different results: {more}"
    return ""


def _explain_kept(trial: Trial, function: Function) -> str:
    """Return a sentence if a backward is right only directly after its forward with the same arguments; else ""."""
    forward = function.forward
    failing = [case for case in function.cases if _is_failing(trial, function, case) and case.steps == 1]
    if forward is None or not failing:
        return ""
    for case in failing[:2]:
        call = trial.variant.calls(function, case)[0]
        own = {name: call.inputs[name] for name in (*forward.positional, *forward.keywords) if name in call.inputs}
        trial.call(forward, own)
        seen = CaseResult.of_call(function, case, call, trial.call(function, call.inputs))
        if any(examine(trial, seen, name) for name in function.outputs):
            return ""
    return (f"It is right only straight after {forward.name} was called with the same arguments: it uses what that "
            "call left behind. Every call stands alone: take all from the arguments.")  # fmt: skip


def _is_failing(trial: Trial, function: Function, case: Case) -> bool:
    seen = trial.call_case(function, case)
    return not isinstance(seen.outcome, Stopped) and any(examine(trial, seen, name) for name in function.outputs)


_IMAGES, _KERNELS = (0, 3, 1, 2), (3, 2, 0, 1)
_OTHER_ORDERS: dict[tuple[str, ...], tuple[int, ...]] = {
    ("B", "H", "W", "C"): _IMAGES, ("B", "H'", "W'", "N"): _IMAGES, ("B", "H'", "W'", "C"): _IMAGES,
    ("KH", "KW", "C", "N"): _KERNELS,
}  # fmt: skip
"""The axes of images and kernels → the order of their axes with the channels before height and width."""


def _explain_channels_first(trial: Trial, function: Function) -> str:
    """Return a sentence if the answer is right for arrays with the channels before height and width; else "".

    The function is called with the axes of all arrays in that order, and the axes of its outputs are moved back.
    """
    cases = [case for case in function.cases if case.steps == 1 and not case.accept]
    for case in cases:
        call = trial.variant.calls(function, case)[0]
        turned = {name: _turned(trial, name, value) for name, value in call.inputs.items()}
        if all(turned[name] is value for name, value in call.inputs.items()):
            return ""
        outcome = trial.call(function, turned)
        named = name_outputs(function, outcome) or {}
        outputs = {name: _turned(trial, name, value, back=True) for name, value in named.items()}
        seen = CaseResult(function, case, (call,), outcome, (outputs,))
        if not outputs or any(examine(trial, seen, name) for name in function.outputs):
            return ""
    if len(cases) < 2:
        return ""
    return "It is right for images in the order (B, C, H, W); here the channels are the last axis: (B, H, W, C)."


def _turned(trial: Trial, name: str, value: object, back: bool = False) -> object:
    if not isinstance(value, np.ndarray):
        return value
    order = _OTHER_ORDERS.get(axis_names(trial.exercise.axes, name, value.ndim))
    if order is None:
        return value
    return np.ascontiguousarray(value.transpose(np.argsort(order) if back else order))


def explain_unread(trial: Trial, function: Function) -> str:
    """Return a sentence on the hyperparameters set in a failing case that the function never reads; "" if it reads them
    all, or returns nothing in any case."""
    tree = parsed(trial) if any(seen.outputs for seen in trial.case_results(function)) else None
    found = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)} if tree else {}
    if function.name not in found or found[function.name].args.kwarg:
        return ""
    names = [node for node in ast.walk(found[function.name]) if isinstance(node, ast.Name)]
    first: dict[str, int] = {}  # the line in which a name is set first
    for node in names:
        if isinstance(node.ctx, ast.Store):
            first[node.id] = min(node.lineno, first.get(node.id, node.lineno))
    read = {node.id for node in names
            if isinstance(node.ctx, ast.Load) and node.lineno <= first.get(node.id, node.lineno)}  # fmt: skip
    failing = [case for case in function.cases if _is_failing(trial, function, case)]
    given = [trial.variant.calls(function, case)[0].inputs for case in failing]
    default = defaults(function.oracle)
    unread = [name for name in function.keywords if name not in read
              and any(name in inputs and inputs[name] != default.get(name, []) for inputs in given)]  # fmt: skip
    return f"It never reads {join(tuple(unread), tuple(range(len(unread))))}." if unread else ""


def explain_own_forward(trial: Trial, function: Function, findings: tuple[Finding, ...], raises: bool = False) -> str:
    """Return a sentence if a backward calls the answer's own forward and that is wrong; else "".

    raises: the exception of the backward has an explanation, so that only a forward that raises can be its cause.
    """
    tree, forward = parsed(trial), function.forward
    if tree is None or forward is None:
        return ""
    blamed = ("error",) if raises else ("failed", "error")
    checked = (f for f in findings if f.function == forward.name and f.check == "values")
    if all(f.status not in blamed for f in checked) or all(node.name != forward.name
                                                           for node in called_names(tree, function.name)):  # fmt: skip
        return ""
    return f"It calls your own {forward.name}, which is wrong: repair that first, then see what changes here."


def explain_whole(trial: Trial, function: Function, output: str) -> str:
    """Return a sentence on the whole answer: state kept between calls, randomness, order of axes; "" if none fits."""
    calls = trial.once(f"calls of {function.name}", lambda: (
        _explain_kept(trial, function) or _explain_differing_calls(trial, function)))  # fmt: skip
    return (calls or _explain_mask(trial, function, output)
            or trial.once(f"order of {function.name}", lambda: _explain_channels_first(trial, function)))  # fmt: skip
