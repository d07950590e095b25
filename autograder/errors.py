"""Define exceptions, and find names to suggest in errors. A UsageError names the repair; its command exits with 2."""

from collections.abc import Iterable


class UsageError(Exception):
    """Raised for a wrong command, path or name; the message says what to do instead."""


class CourseError(UsageError):
    """Raised for an error in the files of a course; the message says where it is and how to repair it."""


class GraderFault(Exception):
    """Raised where the grader itself fails, not student code: the run is retried once, then reported as broken."""


class Unrecorded(Exception):
    """Raised for a call whose result is not in a record; only the course, which has the reference, can compute it."""


def nearest(name: str, known: Iterable[str], most: int = 3, cutoff: float = 0.5) -> list[str]:
    """Return the known names that are most similar to `name`, whatever their case. cutoff: least similarity, 0 to 1."""
    from difflib import get_close_matches  # most commands need no name that was meant

    folded = {each.casefold(): each for each in known}
    return [folded[each] for each in get_close_matches(name.casefold(), folded, most, cutoff)]
