"""Benchmarks of grading next to other tools that do equal work: `python -m benchmarks [NAME ...]`."""
