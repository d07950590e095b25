"""The history of overfit_check: its first and its last loss are computed again, so neither can be made up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.checks.variant import Variant
from autograder.course.catalog import Course

EXERCISE = Course(Path(__file__).parents[2]).exercise("overfit_check")
(FUNCTION,) = EXERCISE.functions
CASE = FUNCTION.cases[-1]
CALL, CONTENT = Variant(EXERCISE, 7).calls(FUNCTION, CASE)
"""The call, and the second one with a tolerance that every start meets, which returns the params to start from."""
PARAMS, HISTORY = CALL.expected["params"], list(CALL.expected["history"])

FORGED: dict[str, Any] = {
    "a large loss and the last": [9.0, HISTORY[-1]],
    "infinity and the last": [np.inf, HISTORY[-1]],
    "nan and the last": [np.nan, HISTORY[-1]],
    "a line from high to low": [*np.linspace(3.0, 0.31, 50), HISTORY[-1]],
    "the tolerance and the last": [0.3, HISTORY[-1]],
    "the first step left out": HISTORY[1:],
    "a number before the first": [HISTORY[0] * 1.01, *HISTORY],
    "the right way and a smaller end": [*HISTORY[:-1], HISTORY[-1] / 2],
    "the first alone": HISTORY[:1],
    "the last alone": HISTORY[-1:],
    "the way backwards": HISTORY[::-1],
    "text": [f"{loss}" for loss in HISTORY],
    "a table": np.tile(HISTORY, (2, 1)),
    "complex": np.array(HISTORY) + 1j,
}


def judged(history: Any, params: Any = PARAMS) -> str | None:
    return CASE.accept["history"].judge(CALL.inputs | {"params": params, "again": CONTENT.expected}, history)


@pytest.mark.parametrize("history", FORGED.values(), ids=FORGED)
def test_a_history_that_was_made_up_is_refused(history: Any) -> None:
    """Whatever stands in it, the first loss is that of the start and the last that of the params."""
    assert judged(history)


def test_the_way_is_accepted() -> None:
    """As a list, a tuple and an array."""
    assert [judged(form(HISTORY)) for form in (list, tuple, np.array)] == [None] * 3


def test_a_history_of_other_params_is_refused() -> None:
    """The way to params that are not returned is no history of those that are."""
    words = judged(HISTORY, CONTENT.expected["params"])
    assert words and words.startswith("history ends with")
