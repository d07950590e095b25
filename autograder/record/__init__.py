"""Recorded exercises: the calls, expected results and known mistakes of an exercise, as data without code."""
