"""Tests of the variant cache: variants are made once, and their number is limited."""

from __future__ import annotations

from autograder.grading.grader import VariantCache


def test_a_variant_is_reused(tiny) -> None:
    """An exercise and a seed give the cached variant."""
    variants, scale = VariantCache(), tiny.exercise("scale")
    assert variants.get(scale, 1) is variants.get(scale, 1)
    assert variants.get(scale, 1) is not variants.get(scale, 2)
    assert variants.get(scale, 1) is not variants.get(tiny.exercise("ramp"), 1)


def test_the_oldest_variant_is_removed(tiny) -> None:
    """The least recently used variant is removed when the cache is full."""
    variants, scale = VariantCache(most=2), tiny.exercise("scale")
    first, second = variants.get(scale, 1), variants.get(scale, 2)
    variants.get(scale, 1)
    variants.get(scale, 3)
    assert variants.get(scale, 1) is first
    assert variants.get(scale, 2) is not second
