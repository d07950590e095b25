"""The folder of a class, and what one of its students handed in, as a Submission."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

from autograder.escape import show
from autograder.intake.choice import Names, choose
from autograder.intake.file import Unreadable, why
from autograder.intake.gather import gather
from autograder.intake.handed import Handed, handed, is_submission
from autograder.intake.source import Refused, Submission
from autograder.intake.walk import skipped


def find_submissions(root: Path) -> list[Handed]:
    """One submission per student in `root`, sorted: folders, `.py` files, and links, which are refused when read.

    Raises ValueError where a student has two, such as `alice/` and `alice.py`; OSError where `root` cannot be listed.
    """
    with os.scandir(root) as entries:
        found = [handed(root / entry.name) for entry in sorted(entries, key=_name) if _is_submission(entry)]
    counts = Counter(item.student for item in found)
    twice = [show(item.path.name) for item in found if counts[item.student] > 1]
    if twice:
        raise ValueError(f"one student has more than one submission: {', '.join(twice)}. Keep one for each student.")
    return found


def read_submission(where: Handed | Path, names: Names) -> Submission:
    """What is handed in there for the exercises `names`; autograder/intake/choice.py says which file counts for which.

    Never raises for what it finds: a file, or a whole submission, that cannot be taken is refused with the reason.
    """
    where = handed(where) if isinstance(where, Path) else where
    try:
        tree = gather(where)
    except FileNotFoundError:
        return _refuse_all(where, names, "does not exist. Check the path.")
    except OSError as error:
        return _refuse_all(where, names, why(error))
    except Unreadable as error:
        return _refuse_all(where, names, str(error))
    choice = choose(tree, names)
    return Submission(
        where.student, choice.sources, choice.refused, choice.module, tuple(choice.notes), *tree.changed
    )


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name


def _is_submission(entry: os.DirEntry[str]) -> bool:
    if skipped(entry.name):
        return False
    return entry.is_symlink() or entry.is_dir(follow_symlinks=False) or is_submission(entry.name)


def _refuse_all(where: Handed, names: Names, reason: str) -> Submission:
    origin = show(where.path.name)
    sentence = f"{origin} {reason}"
    return Submission(
        where.student, refused={name: Refused(name, sentence, origin) for name in names}, notes=(sentence,)
    )
