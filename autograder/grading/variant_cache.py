"""Papers that many submissions sit: made once, kept while there is room."""

from __future__ import annotations

from collections import OrderedDict

from autograder.checks.variant import Variant
from autograder.spec.exercise import Exercise


class VariantCache:
    """Keeps the variants of one grader process, for one set of options. most: how many; the least used goes."""

    def __init__(self, most: int = 512) -> None:
        self._most = most
        self._kept: OrderedDict[tuple[str, int], Variant] = OrderedDict()

    def get(self, exercise: Exercise, seed: int) -> Variant:
        """Return the variant of an exercise with a seed."""
        key = exercise.name, seed
        variant = self._kept.pop(key, None) or Variant(exercise, seed)
        self._kept[key] = variant
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return variant
