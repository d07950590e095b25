"""Trial: which calls are made, and which are made again."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.implementation import Outcome, Stopped
from tests.engine.desks import SQUARE, square_backward
from tests.engine.scripted import Verdict, sit

STOPS = [Stopped("time"), Stopped("crash"), Stopped("memory")]


def calls(verdict: Verdict, function: str) -> int:
    """How often a function was called."""
    return [name for name, _ in verdict.implementation.calls].count(function)


@pytest.mark.parametrize("stopped", STOPS, ids=lambda stopped: stopped.reason)
def test_a_function_stopped_in_a_process_that_ran_another_is_called_again(stopped):
    """The other may have spoilt the process. In the new one the answer is right and earns all its points."""
    left: list[Outcome] = [stopped]

    def backward(dout: np.ndarray, x: np.ndarray) -> object:
        return left.pop() if left else square_backward(dout, x)

    verdict = sit(SQUARE, {"square_backward": backward})
    assert verdict.of("gradient").status == "passed"
    assert verdict.score == SQUARE.max_score
    assert calls(verdict, "square_backward") == 1 + len(SQUARE.functions[1].cases)


def test_a_function_that_is_stopped_twice_is_not_called_a_third_time():
    """The second stop is its own doing; its other cases have the same outcome without a call."""
    verdict = sit(SQUARE, {"square_backward": Stopped("time")})
    assert verdict.of("gradient").status == "error"
    assert calls(verdict, "square_backward") == 2


def test_the_first_function_of_a_process_is_not_called_again():
    """Nobody else can have spoilt the process in which it was stopped, and the function after it finds a new one."""
    verdict = sit(SQUARE, {"square_forward": Stopped("time"), "square_backward": Stopped("time")})
    assert calls(verdict, "square_forward") == calls(verdict, "square_backward") == 1
