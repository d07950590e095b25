"""A course's rules in course.toml: weights, due dates, penalties, dropped exercises; and the marks they give."""

from autograder.course.policy.course import course_key, rules
from autograder.course.policy.marks import mark
from autograder.course.policy.policy import Late, Policy
from autograder.course.policy.read import read_policy

__all__ = ["Late", "Policy", "course_key", "mark", "read_policy", "rules"]
