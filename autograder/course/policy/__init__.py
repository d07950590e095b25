"""A course's rules in course.toml: weights, due dates, penalties, dropped exercises; and the marks they give."""

from autograder.course.policy.course import assignment, assignments, course_rules, hints_open, rules
from autograder.course.policy.policy import Assignment, Late, Policy, Student, mark
from autograder.course.policy.read import read_policy

__all__ = [
    "Assignment", "Late", "Policy", "Student", "assignment", "assignments", "course_rules", "hints_open", "mark",
    "read_policy", "rules",
]  # fmt: skip
