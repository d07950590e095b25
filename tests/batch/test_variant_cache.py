"""Papers are made once, and only so many are kept."""

from __future__ import annotations

from autograder.grading.variant_cache import VariantCache


def test_the_same_paper_is_given_again(tiny) -> None:
    """By exercise and seed."""
    variants, scale = VariantCache(), tiny.exercise("scale")
    assert variants.get(scale, 1) is variants.get(scale, 1)
    assert variants.get(scale, 1) is not variants.get(scale, 2)
    assert variants.get(scale, 1) is not variants.get(tiny.exercise("ramp"), 1)


def test_the_oldest_makes_room(tiny) -> None:
    """Used papers stay, and memory is bounded."""
    variants, scale = VariantCache(most=2), tiny.exercise("scale")
    first, second = variants.get(scale, 1), variants.get(scale, 2)
    variants.get(scale, 1)
    variants.get(scale, 3)
    assert variants.get(scale, 1) is first
    assert variants.get(scale, 2) is not second
