"""What grading costs, next to what the same work costs elsewhere: `python -m benchmarks [NAME ...]`."""
