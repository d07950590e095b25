"""Explanation of failing findings: the known mistake or the proven hypothesis that becomes the hint.

The package is imported only when something fails, so that a right submission does not wait for it.
"""
