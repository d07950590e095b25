"""Entries that are free within bounds: what a rule accepts, and the sentence for what it does not."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.spec.judges import RULES, Judge

BETWEEN = {
    "low": np.array([-1.0, 0.0, 2.0]), "high": np.array([1.0, 0.0, 2.0]), "elsewhere": "wrong off the kink",
    "free": "no subgradient",
}  # fmt: skip
SHARES = {
    "owner": np.array([0, 0, -1, 1]), "totals": np.array([3.0, -2.0]), "outside": "beside", "sum": "sum",
    "against": "against",
}  # fmt: skip


@pytest.mark.parametrize(("got", "words"), [
    ([0.5, 0, 2], None), ([-1, 0, 2], None), ([1, 0, 2], None), ([1 + 1e-9, 1e-12, 2 + 1e-9], None),
    ([1.001, 0, 2], "no subgradient"), ([-1.001, 0, 2], "no subgradient"), ([np.nan, 0, 2], "no subgradient"),
    ([0, 1e-6, 2], "wrong off the kink"), ([9, 0, 3], "wrong off the kink"), ([0, 0, np.nan], "wrong off the kink"),
])  # fmt: skip
def test_between_its_bounds(got, words):
    """Ends included and rounding forgiven; where both bounds are one number, that number."""
    assert RULES["between"](BETWEEN, np.array(got, float)) == words


@pytest.mark.parametrize(("got", "words"), [
    ([3, 0, 0, -2], None), ([1, 2, 0, -2], None), ([1.5, 1.5, 0, -2], None), ([3, 0, 1e-9, -2], "beside"),
    ([3, 3, 0, -2], "sum"), ([3, 0, 0, 0], "sum"), ([4, -1, 0, -2], "against"), ([np.nan, 3, 0, -2], "sum"),
])  # fmt: skip
def test_shares_of_totals(got, words):
    """Any division among the owners, none elsewhere, the whole total, and no share against its sign."""
    assert RULES["shares"](SHARES, np.array(got, float)) == words


def test_a_judge_asks_its_rule_with_the_inputs_facts():
    """The facts come from the inputs by code of the course's; the verdict is the rule's."""
    judge = Judge("between", lambda inputs: BETWEEN | {"low": inputs["x"], "high": inputs["x"]})
    assert judge({"x": np.ones(3)}, np.ones(3)) is None
    assert judge({"x": np.ones(3)}, np.zeros(3)) == "wrong off the kink"


def test_a_rule_s_name_is_its_function_s():
    """By it a record finds the rule again."""
    assert {name: rule.__name__ for name, rule in RULES.items()} == {name: name for name in RULES}
    assert set(RULES) == {"between", "shares", "mask", "epoch"}
