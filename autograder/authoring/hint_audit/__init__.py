"""Audit of the hints: diagnose known mistakes, pairs of them and mutants, and test each sentence on other inputs."""
