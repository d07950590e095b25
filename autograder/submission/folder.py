"""Find the submissions of a class and read them."""

from __future__ import annotations

from pathlib import Path

from autograder.report.escape import show
from autograder.submission.archive import gather
from autograder.submission.choice import Names, choose
from autograder.submission.entry import Entry, entry_of
from autograder.submission.file import Unreadable, explain
from autograder.submission.listing import list_entries
from autograder.submission.source import Refused, Submission
from autograder.submission.times import submission_time


def find_submissions(root: Path, assignment: str = "") -> list[Entry]:
    """Return one entry per student; ValueError or OSError says what is wrong with `root`."""
    return list(list_entries(root, assignment).entries)


def read_submission(where: Entry | Path, names: Names) -> Submission:
    """Read the submission at `where` for the exercises `names`.

    Refuse with a reason each file, or the whole submission, that cannot be read; raise only for faults of this machine.
    """
    where = entry_of(where) if isinstance(where, Path) else where
    try:
        tree = gather(where)
    except FileNotFoundError:
        if where.files:
            return Submission(where.student, notes=(f"{show(where.files[0][0])} was not handed in.",))
        return _refuse_all(where, names, "does not exist. Check the path.")
    except OSError as error:
        return _refuse_all(where, names, explain(error))
    except Unreadable as error:
        return _refuse_all(where, names, str(error))
    time = submission_time(where, tree)
    choice = choose(tree, names, where.numbered)
    notes = (*where.notes, *time.notes, *choice.notes)
    return Submission(
        where.student, choice.sources, choice.refused, choice.module, notes, time.when, time.clock, time.commit
    )


def _refuse_all(where: Entry, names: Names, reason: str) -> Submission:
    origin = show(where.path.name)
    sentence = f"{origin} {reason}"
    return Submission(
        where.student, refused={name: Refused(name, sentence, origin) for name in names}, notes=(sentence,)
    )
