"""Fixed sentences about exceptions: what Python 2, an older NumPy or a line of the starter code leads to.

Each is true wherever its exception is raised, so that it needs no further proof.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.checks.trial import Trial
from autograder.diagnosis.repairs import called_names, parsed
from autograder.implementation import Editable, Raised
from autograder.spec.function import Function


@dataclass(frozen=True)
class ExceptionWords:
    """A sentence about the exceptions of a kind whose message has a pattern."""

    kinds: str
    """The names of the exceptions."""
    pattern: str
    """A regular expression that the message contains."""
    words: str


_TABLE = tuple(ExceptionWords(*entry) for entry in (
    ("TypeError", r"'(numpy\.)?float\d*' object cannot be interpreted as an integer",
     "A float stands where Python needs an int, such as in range() or as a size. `/` gives a float also where nothing "
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
    ("UnboundLocalError", r"", "A variable is read in a run in which no line has set it."),
    ("EOFError", r"", "input() finds nobody here who could answer: take all values from the arguments."),
))  # fmt: skip

_STAR = re.compile(r"^\s*from\s+([\w.]+)\s+import\s+\*", re.MULTILINE)

_LAYERS = (
    ("the convolution", r"conv"), ("the pooling", r"pool"), ("the ReLU", r"relu"),
    ("the softmax or the loss", r"softmax|loss"),
    ("the flattening", r"flatten"), ("the dense layer", r"dense|affine|linear|fully|fc"),
)  # fmt: skip


def explain_exception(trial: Trial, function: Function) -> str:
    """Return the sentences about the exceptions of a function; "" where it raises none, or different ones."""
    raised = [seen.outcome for seen in trial.case_results(function) if isinstance(seen.outcome, Raised)]
    words = {_words(trial, outcome) for outcome in raised}
    places = {_layer(trial, function, outcome) for outcome in raised}
    found = [*(words if len(words) == 1 else ()), *(places if len(places) == 1 else ())]
    return " ".join(filter(None, found))


def _words(trial: Trial, outcome: Raised) -> str:
    if outcome.kind == "NameError" and _imports_what_is_missing(trial):
        return (
            "A name is not defined, and `from … import *` asks for a module that is not here, so that it defines "
            "nothing. Define what you need in this file."
        )
    matches = (
        entry.words
        for entry in _TABLE
        if outcome.kind in entry.kinds.split() and re.search(entry.pattern, outcome.message)
    )
    return next(matches, "")


def _imports_what_is_missing(trial: Trial) -> bool:
    text = trial.implementation.source if isinstance(trial.implementation, Editable) else ""
    modules = {module.partition(".")[0] for module in _STAR.findall(text)}
    return bool(modules - {"numpy"} - sys.stdlib_module_names)


def _layer(trial: Trial, function: Function, outcome: Raised) -> str:
    """Return in which layer of a network an exception was raised, by the name of the function that holds its line."""
    names = [name for name in _functions_at(trial, function, outcome) if name != function.name]
    return next(
        (f"It is raised in {layer}." for name in names for layer, pattern in _LAYERS if re.search(pattern, name)), ""
    )


def _functions_at(trial: Trial, function: Function, outcome: Raised) -> Iterator[str]:
    tree = parsed(trial)
    if tree is None or outcome.line is None or outcome.cell is not None:
        return
    for node in called_names(tree, function.name):
        if node.lineno <= outcome.line <= (node.end_lineno or node.lineno):
            yield node.name.lower()
