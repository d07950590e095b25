"""Judges for outputs where the truth is a set. The rules are the engine's; what they must know of the inputs is data,
so that a judge made of them works in a student's release too, where the course's own code is not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.spec.chance import epoch, epochs, mask, masks
from autograder.spec.ranges import between, shares

Facts = Mapping[str, Any]
Rule = Callable[[Facts, Any], str | None]

RULES: dict[str, Rule] = {rule.__name__: rule for rule in (between, shares, mask, epoch)}
SEVERAL: dict[str, Callable[[Facts, Sequence[Any]], str | None]] = {"mask": masks, "epoch": epochs}
"""Rules for what is drawn with several seeds, each draw being right by the rule of this name."""


@dataclass(frozen=True)
class Judge:
    """rule: the name of one of RULES. facts: from a case's inputs, what the rule wants to know, as plain data.

    Put it into a case's `accept`. It is asked of outputs that have the right shape and dtype, and other values.
    """

    rule: str
    facts: Callable[[Mapping[str, Any]], Facts]

    def __call__(self, inputs: Mapping[str, Any], got: Any) -> str | None:
        """The problem of the output in one sentence without its full stop; None when it is right."""
        return RULES[self.rule](self.facts(inputs), got)

    def call_many(self, inputs: Mapping[str, Any], draws: Sequence[Any]) -> str | None:
        """The problem of the outputs of several seeds taken together, in that form."""
        return SEVERAL[self.rule](self.facts(inputs), draws) if self.rule in SEVERAL else None
