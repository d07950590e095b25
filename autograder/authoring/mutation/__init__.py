"""Mutation testing of the cases of an exercise."""
