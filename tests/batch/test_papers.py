"""Papers are made once, and only so many are kept."""

from __future__ import annotations

from autograder.grading.variant_cache import VariantCache


def test_the_same_paper_is_given_again(tiny) -> None:
    """By exercise and seed."""
    papers, scale = VariantCache(), tiny.exercise("scale")
    assert papers.get(scale, 1) is papers.get(scale, 1)
    assert papers.get(scale, 1) is not papers.get(scale, 2)
    assert papers.get(scale, 1) is not papers.get(tiny.exercise("ramp"), 1)


def test_the_oldest_makes_room(tiny) -> None:
    """Used papers stay, and memory is bounded."""
    papers, scale = VariantCache(most=2), tiny.exercise("scale")
    first, second = papers.get(scale, 1), papers.get(scale, 2)
    papers.get(scale, 1)
    papers.get(scale, 3)
    assert papers.get(scale, 1) is first
    assert papers.get(scale, 2) is not second
