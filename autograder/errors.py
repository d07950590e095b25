"""Exceptions of the engine. A UsageError names the repair and ends a command with exit code 2."""


class UsageError(Exception):
    """Raised for a wrong command, path or name; the message says what to do instead."""


class CourseError(UsageError):
    """Raised for an error in the files of a course; the message says where it is and how to repair it."""


class GraderFault(Exception):
    """Raised where the grader itself fails, not student code: the run is retried once, then reported as broken."""


class Unrecorded(Exception):
    """Raised for a call whose result is not in a record; only the course, which has the reference, can compute it."""
