"""Grading of a class: many submissions in parallel, with all results in one journal."""
