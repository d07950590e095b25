"""The commit of a clone and its time are read without running anything from the clone."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from datetime import UTC
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.submission.folder import head, is_clone, read_submission
from autograder.submission.listing import list_entries

WHEN = "2026-11-20T10:00:00+01:00"
READ = "2026-11-20 09:00:00+00:00"


@pytest.fixture(autouse=True)
def git_is_there() -> None:
    if not shutil.which("git"):
        assert not os.environ.get("CI"), "git is not installed"
        pytest.skip("git is not installed")


def git(folder: Path, *words: str) -> str:
    """Run one git command as the student."""
    own = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "HOME": str(folder)}
    dates = {"GIT_AUTHOR_DATE": "2001-01-01T00:00:00Z", "GIT_COMMITTER_DATE": WHEN}
    who = ["-c", "user.name=Alice > 0 +0000", "-c", "user.email=a@b.c", "-c", "init.defaultBranch=main"]
    done = subprocess.run(
        ["git", *who, *words], cwd=folder, env=os.environ | own | dates, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def repository(folder: Path, *options: str) -> str:
    """Make a repository with one commit and return its hash."""
    folder.mkdir(parents=True)
    git(folder, "init", "-q", *options)
    (folder / "dense.py").write_text("x = 1")
    git(folder, "add", "dense.py")
    git(folder, "commit", "-q", "-m", "committer nobody <x> 0 +0000\n\nDone")
    return git(folder, "rev-parse", "HEAD")


def found(folder: Path) -> tuple[str, str]:
    """Return the commit's hash and time."""
    commit = head(folder)
    assert commit
    return commit[0], str(commit[1])


def test_the_commit_and_its_time_are_told(tmp_path: Path) -> None:
    """The commit's time in UTC is in the record and in a note for the student."""
    sha = repository(tmp_path / "hw1-alice")
    (tmp_path / "hw1-alice" / ".git" / "relu.py").write_text("no")

    submission = read_submission(tmp_path / "hw1-alice", {"dense": (), "relu": ()})

    assert (str(submission.submitted_at), submission.clock) == (READ, "git")
    assert submission.notes == (f"Commit {sha[:12]} of 2026-11-20 09:00:00 UTC.",)
    assert list(submission.sources) == ["dense"]


def test_a_clone_s_packed_objects_are_read(tmp_path: Path) -> None:
    """The commit is found in a pack, in packed refs, and at a detached HEAD."""
    sha = repository(tmp_path / "origin")
    git(tmp_path, "clone", "-q", "--no-local", "origin", "clone")
    git(tmp_path / "clone", "gc", "-q")
    git(tmp_path / "clone", "pack-refs", "--all")
    assert not (tmp_path / "clone" / ".git" / "refs" / "heads" / "main").exists()

    assert (sha, READ) == found(tmp_path / "clone")
    git(tmp_path / "clone", "checkout", "-q", "--detach")
    assert (sha, READ) == found(tmp_path / "clone")


def test_a_repository_of_long_hashes_is_read(tmp_path: Path) -> None:
    """The commit of a SHA-256 repository is found."""
    sha = repository(tmp_path / "alice", "--object-format=sha256")

    assert len(sha) == 64
    assert (sha, READ) == found(tmp_path / "alice")


def test_nothing_that_a_clone_brings_along_is_run(tmp_path: Path) -> None:
    """Hooks, monitors, pagers, filters, signatures and transports of a clone's configuration are not run or
    believed."""
    folder, proof = tmp_path / "alice", tmp_path / "proof"
    sha = repository(folder)
    attack = f"touch {proof} #"
    for key in (
        "core.fsmonitor", "core.sshCommand", "core.pager", "core.editor", "core.hooksPath", "core.alternateRefsCommand",
        "gpg.program", "diff.external", "filter.x.smudge", "credential.helper", "remote.origin.uploadpack",
    ):  # fmt: skip
        git(folder, "config", key, attack)
    git(folder, "config", "extensions.partialClone", "origin")
    git(folder, "config", "remote.origin.url", f"ext::sh -c touch% {proof}")
    git(folder, "config", "remote.origin.promisor", "true")
    git(folder, "config", "protocol.ext.allow", "always")
    git(folder, "config", "log.showSignature", "true")
    git(folder, "config", "include.path", "/dev/zero")
    for hook in ("post-checkout", "pre-commit", "reference-transaction"):
        (folder / ".git" / "hooks" / hook).write_text(f"#!/bin/sh\n{attack}")
        (folder / ".git" / "hooks" / hook).chmod(0o755)

    assert (sha, READ) == found(folder)
    (folder / ".git" / "refs" / "heads" / "main").write_text("1" * 40)
    assert head(folder) is None
    assert not proof.exists()


def test_a_replaced_commit_does_not_lie(tmp_path: Path) -> None:
    """`git replace` does not change the commit that is read."""
    sha = repository(tmp_path / "alice")
    git(tmp_path / "alice", "commit", "-q", "--allow-empty", "-m", "later")
    later = git(tmp_path / "alice", "rev-parse", "HEAD")
    git(tmp_path / "alice", "replace", later, sha)

    assert found(tmp_path / "alice")[0] == later


@pytest.mark.parametrize(
    "text",
    ["", "ref: refs/heads/none", "ref: refs/../../secret", "ref: /etc/passwd", "ref: refs/heads/..", "0" * 40, "-p"],
)
def test_a_head_that_leads_nowhere_has_no_commit(tmp_path: Path, text: str) -> None:
    """An empty, damaged or redirected repository has no commit, with a note."""
    repository(tmp_path / "alice")
    (tmp_path / "secret").write_text("1" * 40)
    (tmp_path / "alice" / ".git" / "HEAD").write_text(text)

    submission = read_submission(tmp_path / "alice", {"dense": ()})

    assert (submission.submitted_at, submission.clock) == (None, "")
    assert submission.notes == ("The time of its last commit could not be read.",)
    assert list(submission.sources) == ["dense"]


def test_links_in_a_clone_are_not_followed(tmp_path: Path) -> None:
    """A HEAD or .git that is a link is not followed."""
    repository(tmp_path / "origin")
    shutil.copytree(tmp_path / "origin", tmp_path / "alice")
    (tmp_path / "alice" / ".git" / "HEAD").unlink()
    (tmp_path / "alice" / ".git" / "HEAD").symlink_to(tmp_path / "origin" / ".git" / "HEAD")
    (tmp_path / "bob").mkdir()
    (tmp_path / "bob" / ".git").symlink_to(tmp_path / "origin" / ".git")

    assert head(tmp_path / "alice") is None
    assert not is_clone(tmp_path / "bob")


def test_a_commit_of_any_size_is_read_no_further_than_its_header(tmp_path: Path) -> None:
    """A commit is read no further than its header."""
    repository(tmp_path / "alice")
    (tmp_path / "message").write_text("long\n" * 1_000_000)
    git(tmp_path / "alice", "commit", "-q", "--allow-empty", "-F", str(tmp_path / "message"))

    assert found(tmp_path / "alice")[1] == READ


def test_without_git_the_time_is_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without git the time is unknown: the files' times are those of the clone."""
    repository(tmp_path / "alice")
    monkeypatch.setenv("PATH", "")

    assert read_submission(tmp_path / "alice", {"dense": ()}).submitted_at is None


def test_a_time_that_no_calendar_has_is_unknown(tmp_path: Path) -> None:
    """A commit time outside the calendar is unknown."""
    sha = repository(tmp_path / "alice")
    text = re.sub(r"(committer .*> )\d+", r"\g<1>999999999999", git(tmp_path / "alice", "cat-file", "commit", sha))
    (tmp_path / "commit").write_text(text)
    forged = git(tmp_path / "alice", "hash-object", "-t", "commit", "-w", "--literally", str(tmp_path / "commit"))
    (tmp_path / "alice" / ".git" / "HEAD").write_text(forged)

    assert head(tmp_path / "alice") is None


def students(root: Path, assignment: str = "") -> list[str]:
    """Return the students that are found."""
    return [handed.student for handed in list_entries(root, assignment).entries]


def test_the_assignment_goes_before_the_student(tmp_path: Path) -> None:
    """The assignment is removed from clones' names by the folder's name or the argument; other hyphens stay."""
    root = tmp_path / "hw1-submissions"
    for name in ("hw1-ann-lee", "hw1-ann-kim"):
        repository(root / name)

    assert students(root) == ["ann-kim", "ann-lee"]
    assert students(root, "hw1") == ["ann-kim", "ann-lee"]
    (root / "hw1-submissions").mkdir()
    shutil.move(root, tmp_path / "class")
    assert students(tmp_path / "class") == ["hw1-ann-kim", "hw1-ann-lee", "hw1-submissions"]
    assert students(tmp_path / "class", "hw1") == ["ann-kim", "ann-lee", "hw1-submissions"]


def test_a_name_without_the_assignment_keeps_all_names(tmp_path: Path) -> None:
    """If one clone lacks the prefix, no name is cut."""
    repository(tmp_path / "hw1" / "hw1-alice")
    repository(tmp_path / "hw1" / "bob")

    assert students(tmp_path / "hw1") == ["bob", "hw1-alice"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
@given(head_text=st.binary(max_size=60), packed=st.binary(max_size=80) | st.just(b"ref: x refs/heads/main\n"))
def test_any_bytes_in_a_clone_are_read_or_passed_over(tmp_path: Path, head_text: bytes, packed: bytes) -> None:
    """Any bytes in a clone's files give a commit or none."""
    folder = tmp_path / "alice" / ".git"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "HEAD").write_bytes(head_text)
    (folder / "packed-refs").write_bytes(packed)

    commit = head(tmp_path / "alice")
    assert commit is None or commit[1].tzinfo is UTC
