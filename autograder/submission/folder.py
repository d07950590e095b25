"""Find the submissions of a class, read them, and determine when they were handed in."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from autograder.report.escape import show
from autograder.submission.archive import gather
from autograder.submission.choice import Names, choose
from autograder.submission.file import MIB, Limit, Tree, Unreadable, explain, read_bytes
from autograder.submission.source import Entry, Refused, Submission, entry_of

_SMALL, _PACKED = Limit(4096, ""), Limit(4 * MIB, "")
_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_REF = re.compile(r"ref: (refs(?:/[\w+@-][\w.+@-]*)+)")
_SECONDS = 10


def is_clone(folder: Path) -> bool:
    """Return whether the folder is a repository's working tree."""
    return (folder / ".git" / "HEAD").is_file() and not (folder / ".git").is_symlink()


def head(folder: Path) -> tuple[str, datetime] | None:
    """Return the commit of the clone's HEAD in hex and its time by the committer's clock, in UTC.

    None if it is unknown or git is not installed.
    """
    with suppress(Unreadable, ValueError, OverflowError, OSError, subprocess.SubprocessError):
        sha, git = _resolve(folder), shutil.which("git")
        if git and _SHA.fullmatch(sha):
            return sha, datetime.fromtimestamp(_seconds(git, folder, sha), UTC)
    return None


def _resolve(folder: Path) -> str:
    """Return the hash of HEAD, directly or through the branch that it names."""
    text = _text(folder, "HEAD")
    if not (ref := _REF.fullmatch(text)):
        return text
    with suppress(Unreadable):
        return _text(folder, *ref[1].split("/"))
    packed = read_bytes(folder, (".git", "packed-refs"), _PACKED).decode("ascii", "replace")
    return next((line.split(" ")[0] for line in packed.split("\n") if line.endswith(f" {ref[1]}")), "")


def _text(folder: Path, *parts: str) -> str:
    return read_bytes(folder, (".git", *parts), _SMALL).decode("ascii", "replace").strip()


def _seconds(git: str, folder: Path, sha: str) -> int:
    """Return the committer's time, in seconds since 1970. git sees the clone's objects, and none of its settings."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="handgrad-") as own:
        environment = {
            "PATH": os.environ.get("PATH", ""), "HOME": own, "LC_ALL": "C", "GIT_DIR": own,
            "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_ALLOW_PROTOCOL": "none",
            "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0",
        }  # fmt: skip
        objects = {"GIT_OBJECT_DIRECTORY": str((folder / ".git" / "objects").absolute())}
        run = partial(subprocess.run, cwd=own, stdin=subprocess.DEVNULL, capture_output=True, timeout=_SECONDS,
                      check=True)  # fmt: skip
        kind = ["--object-format=sha256"] if len(sha) == 64 else []
        run([git, "init", "--quiet", "--bare", "--template=", *kind], env=environment)
        command = [git, "--no-replace-objects", "-c", "core.commitGraph=false", "rev-list", "--no-walk", "--format=%ct"]
        return int(run([*command, sha], env=environment | objects).stdout.split()[-1])


STAMP = "timestamp.txt"
_LINE = Limit(1024, "")


def submission_time(where: Entry, tree: Tree) -> tuple[datetime | None, str, str]:
    """Return the time of a submission with the files in `tree`, the clock it is from, and a note for the student.

    The time is in UTC and whole seconds, None if unknown. The clock is "lms" for a time that the platform states, "git"
    for the commit of a clone, "timestamp.txt" as nbgrader writes it, "archive" or "file" for the latest change of a
    file, "" if unknown. Students can set "git", "archive" and "file" themselves.
    """
    if where.when:
        return where.when, "lms", ""
    if not where.files and is_clone(where.path):
        if (commit := head(where.path)) is None:
            return None, "", "The time of its last commit could not be read."
        sha, when = commit
        return when, "git", f"Commit {sha[:12]} of {when:%Y-%m-%d %H:%M:%S} UTC."
    stamps = [file for parts, file in tree.files.items() if parts[-1] == STAMP and len(parts) <= 2]
    if not stamps:
        return (*tree.changed, "") if where.dated else (None, "", "")
    from autograder.submission.listing import instant  # `check` reads no time

    times = []
    for file in stamps:
        with suppress(Unreadable, UnicodeDecodeError):
            times.append(instant(file.read(_LINE).decode("ascii").strip(), UTC))
    latest = max(filter(None, times), default=None)
    return (latest, STAMP, "") if latest else (None, "", f"{STAMP} was not understood.")


def read_submission(where: Entry | Path, names: Names) -> Submission:
    """Read the submission at `where` for the exercises `names`.

    Refuse with a reason each file, or the whole submission, that cannot be read; raise only for faults of this machine.
    """
    where = entry_of(where) if isinstance(where, Path) else where
    try:
        tree = gather(where)
    except (OSError, Unreadable) as error:
        missing = isinstance(error, FileNotFoundError)
        if missing and where.files:
            return Submission(where.student, notes=(f"{show(where.files[0][0])} was not handed in.",))
        reason = explain(error) if isinstance(error, OSError) and not missing else str(error)
        origin = show(where.path.name)
        sentence = f"{origin} {'does not exist. Check the path.' if missing else reason}"
        return Submission(where.student, refused=dict.fromkeys(names, Refused(sentence, origin)), notes=(sentence,))
    when, clock, note = submission_time(where, tree)
    choice = choose(tree, names, where.numbered)
    notes = (*where.notes, *filter(None, [note]), *choice.notes)
    return Submission(where.student, choice.sources, choice.refused, choice.module, notes, when, clock)
