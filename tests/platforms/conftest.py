"""Folders of results, and the export command as a user calls it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder.batch import pool
from autograder.batch.worker import ThisProcess, forget_batch
from autograder.cli.main import main
from autograder.report.json import to_json
from autograder.report.report import Report
from autograder.submission.source import slug

Write = Callable[[Iterable[Report]], Path]


@dataclass(frozen=True)
class Done:
    """What a command ended with and printed."""

    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def results(tmp_path: Path) -> Write:
    """Writes RESULTS/reports/*.json as `handgrad grade` does."""

    def write(reports: Iterable[Report]) -> Path:
        folder = tmp_path / "results" / "reports"
        folder.mkdir(parents=True, exist_ok=True)
        for report in reports:
            (folder / f"{slug(report.submission)}.json").write_text(to_json(report) + "\n", encoding="utf-8")
        return folder.parent

    return write


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Runs `autograder` in this process, which also grades, without a key and far from any build service."""
    monkeypatch.setattr(pool, "WorkerPool", lambda jobs: ThisProcess())
    for name in ("HANDGRAD_KEY", "GITHUB_ACTIONS", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "CLASSROOM"):
        monkeypatch.delenv(name, raising=False)

    def command(*words: str | Path) -> Done:
        try:
            code = main([str(word) for word in words])
        except SystemExit as ended:
            code = int(ended.code or 0)
        out, err = capsys.readouterr()
        return Done(code, out, err)

    yield command
    forget_batch()
