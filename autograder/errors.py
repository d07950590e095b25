"""Exceptions of the engine. A UsageError names the repair and ends a command with exit code 2."""


class UsageError(Exception):
    """The command, a path or a name does not fit; the message says what to do instead."""


class CourseError(UsageError):
    """The course folder is not as it should be; the message says where and how to repair it."""


class GraderFault(Exception):
    """The grader's own machinery failed. Never the student's fault: it is retried once, then reported as broken."""


class Unrecorded(Exception):
    """A record does not hold the answer to a call; only the course, which has the reference, can give it."""
