"""What goes wrong by the caller's doing: a message that names the repair, and exit code 2."""


class UsageError(Exception):
    """The command, a path or a name does not fit; the message says what to do instead."""


class CourseError(UsageError):
    """The course folder is not as it should be; the message says where and how to repair it."""


class GraderFault(Exception):
    """The grader's own machinery failed. Never the student's fault: it is retried once, then reported as broken."""


class Unrecorded(Exception):
    """A record was asked what was never recorded: only the course itself, with its reference, could answer."""
