"""Grading: from a submission to its report."""
