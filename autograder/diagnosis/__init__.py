"""Explanation of failing findings by a known mistake or a proven hypothesis, which becomes the hint.

The package is imported only when something fails, so that a right submission does not wait for it.
"""
