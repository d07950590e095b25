"""Tests of repeat runs: they read and write only what has changed, and miss no change."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from autograder.batch import plan, results
from autograder.batch.worker import read
from autograder.cli.main import main
from autograder.report.json import read_intact
from autograder.submission.file import signature
from tests.batch.conftest import RIGHT, TINY, UNTIMED, WRONG, TinyClass
from tests.batch.test_run import marks

SECOND = 1_000_000_000
OTHER = WRONG.replace("return x + w", "return x - w")


class Readers(ThreadPoolExecutor):
    """Executor that remembers whose submissions it read."""

    def __init__(self) -> None:
        super().__init__(1)
        self.read: list[str] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        if fn is read:
            self.read.append(args[0].student)
        return super().submit(fn, *args, **kwargs)


def who_is_read(tiny_class: TinyClass) -> list[str]:
    """Grade the class, and return the students whose files were opened."""
    readers = Readers()
    tiny_class.grade(executor=readers)
    return sorted(readers.read)


@pytest.fixture
def old(full: TinyClass, monkeypatch: pytest.MonkeyPatch) -> TinyClass:
    """The graded class, all of whose files count as older than the clock's granularity."""
    for module in (plan, results):
        monkeypatch.setattr(module, "SLACK", -SECOND)
    full.grade()
    return full


def test_nothing_is_read_that_has_not_changed(old: TinyClass) -> None:
    """A second run opens no file and gives the same grades; a new file is read, and so is a new student's."""
    before = old.standing()
    assert who_is_read(old) == [] and old.standing() == before
    old.hand_in("cy", mean_square=old.course.solution("mean_square"))
    old.hand_in("eve", scale=RIGHT)
    assert who_is_read(old) == ["cy", "eve"]
    assert marks(old.standing()["cy"])["mean_square"] == ("passed", 5.5)


def same_times(path: Path, text: str) -> None:
    """Write another text of the same length in place, and set the time of writing back to what it was."""
    before = path.stat()
    assert len(text.encode()) == before.st_size
    with path.open("r+", encoding="utf-8") as file:
        file.write(text)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def restored(path: Path, text: str) -> None:
    """Put a file in its place as a backup does, with a time of writing of years ago."""
    (path.parent / "new").write_text(text, encoding="utf-8")
    os.utime(path.parent / "new", (1e9, 1e9))
    os.replace(path.parent / "new", path)


def link_instead(path: Path, text: str) -> None:
    """Replace the file by a link to one that is right."""
    (path.parents[1] / ".hidden").write_text(text, encoding="utf-8")
    path.unlink()
    path.symlink_to(path.parents[1] / ".hidden")


@pytest.mark.parametrize("change", [same_times, restored, link_instead])
def test_no_change_of_a_file_is_missed(old: TinyClass, change: Callable[[Path, str], None]) -> None:
    """Neither size nor the time of writing has to differ."""
    old.hand_in("cy", scale=WRONG)
    old.grade()
    change(old.folder / "class" / "cy" / "scale.py", OTHER)
    assert who_is_read(old) == ["cy"]
    status = "error" if change is link_instead else "failed"
    assert marks(old.standing()["cy"])["scale"][0] == status


def test_a_file_as_young_as_the_run_is_read_again(full: TinyClass) -> None:
    """It could change once more without another time; an older one could not."""
    everybody = ["ada", "bob", "cy", "dee"]
    assert who_is_read(full) == everybody and who_is_read(full) == everybody


def test_a_clock_that_was_set_back_makes_files_young(old: TinyClass, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is dated later than now is read."""
    now = plan.time_ns()
    monkeypatch.setattr(plan, "time_ns", lambda: now - 3600 * SECOND)
    assert who_is_read(old) == ["ada", "bob", "cy", "dee"]


def test_another_engine_reads_everything(old: TinyClass, monkeypatch: pytest.MonkeyPatch) -> None:
    """It could choose other files, or say other things of them."""
    monkeypatch.setattr(plan, "source_hash", lambda: "another")
    assert who_is_read(old) == ["ada", "bob", "cy", "dee"]


def test_an_exercise_that_was_not_asked_for_meanwhile_is_read(old: TinyClass) -> None:
    """What is stored of it comes from older files."""
    old.names = ("scale",)
    old.hand_in("ada", mean_square="def mean_square(x):\n    return 0.0\n")
    assert who_is_read(old) == ["ada"] and who_is_read(old) == []
    old.names = ("scale", "mean_square")
    assert who_is_read(old) == ["ada"]
    assert marks(old.standing()["ada"])["mean_square"][0] == "failed"


def test_a_commit_of_a_clone_is_seen(old: TinyClass) -> None:
    """It changes no file of the work tree, but the time of handing in."""
    clone = old.folder / "class" / "ada"
    git = ("git", "-c", "user.name=a", "-c", "user.email=a@b", "-C", str(clone))
    subprocess.run([*git, "init", "-q"], check=True)
    for date in ("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"):
        subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "x"], check=True,
                       env={**os.environ, "GIT_COMMITTER_DATE": date})  # fmt: skip
        assert who_is_read(old) == ["ada"] and who_is_read(old) == []
        assert old.standing()["ada"].submitted_at == date


def test_a_signature_covers_folders_and_git_but_nothing_that_is_not_read(tmp_path: Path) -> None:
    """Whatever is added, removed or renamed; where something cannot be looked at there is none."""
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / ".git" / "objects").mkdir(parents=True)
    seen = {sign(tmp_path)}
    (tmp_path / "deep" / "er" / "a.py").touch()
    seen.add(sign(tmp_path))
    (tmp_path / "deep" / "er" / "a.py").rename(tmp_path / "deep" / "er" / "b.py")
    seen.add(sign(tmp_path))
    (tmp_path / ".git" / "HEAD").touch()
    seen.add(sign(tmp_path))
    assert len(seen) == 4 and "" not in seen
    (tmp_path / ".git" / "objects" / "00").touch()
    assert sign(tmp_path) in seen and sign(tmp_path / "missing") == ""


def sign(path: Path) -> str:
    return signature([str(path)], 1 << 62)


@pytest.fixture
def written(old: TinyClass) -> TinyClass:
    """The class, with all files of results."""
    old.write()
    return old


def files(tiny_class: TinyClass) -> dict[str, tuple[int, int]]:
    """Return path below results → inode and time of the file, which differ once it is written again."""
    found = sorted(path for path in tiny_class.results.rglob("*") if path.is_file() and "journal" not in path.name)
    return {
        path.relative_to(tiny_class.results).as_posix(): (path.stat().st_ino, path.stat().st_mtime_ns) for path in found
    }


def whose_are_written(tiny_class: TinyClass) -> set[str]:
    """Write the results again; return the names of the files that are new."""
    before = files(tiny_class)
    tiny_class.write()
    return {name.rpartition("/")[2].partition(".")[0] for name, facts in files(tiny_class).items()
            if before.get(name) != facts}  # fmt: skip


CLASS = {"grades", "index"}


def test_nothing_is_written_that_has_not_changed(written: TinyClass) -> None:
    """A new grade is written with the files of the class, whose other rows stay as they were."""
    assert whose_are_written(written) == set()
    rows = (written.results / "grades.csv").read_text(encoding="utf-8").splitlines()
    written.hand_in("cy", scale=RIGHT)
    written.grade()
    assert whose_are_written(written) == {"cy", *CLASS}
    new = (written.results / "grades.csv").read_text(encoding="utf-8").splitlines()
    assert [old.split(",")[0] for old, row in zip(rows, new, strict=True) if row != old] == ['"cy"']
    page = (written.results / "index.html").read_text(encoding="utf-8")
    fresh = TinyClass(written.folder, written.course)
    shutil.rmtree(written.results / "reports")
    (written.results / "journal.sqlite").unlink()
    fresh.grade()
    fresh.write()
    clean = (fresh.results / "index.html").read_text(encoding="utf-8")
    assert data(page) == data(clean) and new[1].split(",")[:3] == rows[1].split(",")[:3]


def data(page: str) -> str:
    """Return the script's data of a class page."""
    return page.partition('id="data"')[2].partition("</script>")[0]


def removed(path: Path) -> None:
    path.unlink()


def other_points(path: Path) -> None:
    same_times(path, path.read_text(encoding="utf-8").replace("5.5", "8.0"))


@pytest.mark.parametrize("change", [removed, other_points])
@pytest.mark.parametrize("name", ["reports/cy.json", "feedback/cy.html", "grades.csv", "index.html"])
def test_a_file_that_somebody_changed_is_written_again(
    written: TinyClass, change: Callable[[Path], None], name: str
) -> None:
    """Also where its size and its time of writing are as before."""
    path = written.results / name
    before = path.read_bytes()
    if change is other_points and b"5.5" not in before:
        return
    change(path)
    assert path.name.partition(".")[0] in whose_are_written(written)
    assert path.read_bytes() == before and whose_are_written(written) == set()


def test_a_file_as_young_as_the_run_is_compared_with_what_was_written(full: TinyClass) -> None:
    """It is not written again where its bytes are the same."""
    full.grade()
    full.write()
    assert whose_are_written(full) == set()
    other_points(full.results / "reports" / "cy.json")
    assert whose_are_written(full) == {"cy"}


def test_a_copied_folder_needs_no_writing(written: TinyClass) -> None:
    """Its files have other times, and the same bytes; a byte that was changed on the way is put right."""
    right = (written.results / "reports" / "cy.json").read_bytes()
    moved = shutil.copytree(written.results, written.folder / "elsewhere")
    shutil.rmtree(written.results)
    moved.rename(written.results)
    assert whose_are_written(written) == set()
    other_points(written.results / "reports" / "cy.json")
    assert whose_are_written(written) == {"cy"} and right == (written.results / "reports" / "cy.json").read_bytes()


def test_each_rule_rewrites_those_whom_it_concerns(written: TinyClass) -> None:
    """An adjustment one student, a name the class's files, a weight everybody."""
    root = written.course.root
    (root / "adjustments.csv").write_text("student,exercise,points,reason\ncy,scale,8,agreed\n", encoding="utf-8")
    assert "cy" in whose_are_written(written)
    assert '"agreed"' not in (written.results / "reports" / "ada.json").read_text(encoding="utf-8")
    (root / "adjustments.csv").write_text("student,exercise,points,reason\ncy,scale,7,agreed\n", encoding="utf-8")
    assert whose_are_written(written) == {"cy", *CLASS}
    everybody = {"ada", "bob", "cy", "dee"}
    (root / "students.csv").write_text("id,name\nada,\nbob,\ncy,\ndee,\n", encoding="utf-8")
    whose_are_written(written)
    (root / "students.csv").write_text("id,name\nada,\nbob,Doe\ncy,\ndee,\n", encoding="utf-8")
    assert whose_are_written(written) == {"bob", *CLASS}
    assert '"Doe"' in (written.results / "grades.csv").read_text(encoding="utf-8")
    (root / "course.toml").write_text("[weights]\nscale = 2\n", encoding="utf-8")
    assert whose_are_written(written) == everybody | CLASS


def test_another_engine_or_key_writes_everything(written: TinyClass, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages may look other, and every code is another."""
    monkeypatch.setattr("autograder.batch.standings.source_hash", lambda: "another")
    assert whose_are_written(written) == {"ada", "bob", "cy", "dee", *CLASS}
    written.options = type(UNTIMED)("another", UNTIMED.skip)
    written.grade()
    assert {"ada", "bob", "cy", "dee"} < whose_are_written(written)
    text = (written.results / "reports" / "cy.json").read_text(encoding="utf-8")
    assert read_intact(text, "another").submission == "cy"


def test_who_leaves_and_comes_back_has_files_again(written: TinyClass) -> None:
    """Nothing of the first time is taken for what is there."""
    aside = written.folder / "aside"
    (written.folder / "class" / "cy").rename(aside)
    written.grade()
    assert whose_are_written(written) == CLASS and not (written.results / "reports" / "cy.json").exists()
    aside.rename(written.folder / "class" / "cy")
    written.grade()
    assert whose_are_written(written) == {"cy", *CLASS}


def test_one_submission_needs_no_other_process(
    tiny_class: TinyClass, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is read and graded by the command itself, in its sandbox."""

    def refuse(jobs: int) -> Executor:
        raise AssertionError(jobs)

    monkeypatch.setattr("autograder.batch.pool.WorkerPool", refuse)
    monkeypatch.setenv("HANDGRAD_KEY", "k")
    tiny_class.hand_in("ada", scale=RIGHT)
    words = ["grade", str(tiny_class.folder / "class"), "-o", str(tiny_class.results), "--only", "scale", "--skip",
             "speed", "--course", str(tiny_class.course.root)]  # fmt: skip
    assert main(words) == 0, capsys.readouterr().err
    assert main(["verify", str(tiny_class.results), "--course", str(TINY)]) == 0
