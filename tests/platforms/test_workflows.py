"""The workflows and actions in this repository: pinned, with few permissions, and deaf to what a stranger can write."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
FILES = sorted(
    path
    for pattern in ("action.yml", ".github/**/*.yml", "autograder/**/*.yml", "examples/**/*.yml")
    for path in ROOT.glob(pattern)
)
# The revisions that were looked at; another is entered here after a look at it.
KNOWN = {
    "actions/cache": "5a3ec84eff668545956fd18022155c47e93e2684",
    "actions/checkout": "11bd71901bbe5b1630ceea73d27597364c9af683",
    "actions/setup-python": "42375524e23c412d93fb67b49958b491fce71c38",
    "actions/upload-artifact": "ea165f8d65b6e75b540449e92b4886f43607fa02",
    "actions/download-artifact": "d3f86a106a0bac45b974a628896c90dbdf5c8093",
    "actions/cache/restore": "5a3ec84eff668545956fd18022155c47e93e2684",
    "actions/cache/save": "5a3ec84eff668545956fd18022155c47e93e2684",
}
EACH = pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())


def load(path: Path) -> dict[Any, Any]:
    """The file as a runner reads it."""
    document: dict[Any, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return document


def jobs(document: dict[Any, Any]) -> list[dict[str, Any]]:
    """The jobs of a workflow; a composite action is one."""
    return list(document["jobs"].values()) if "jobs" in document else [document["runs"]]


def steps(path: Path) -> Iterator[dict[str, Any]]:
    """Every step of the file."""
    for job in jobs(load(path)):
        yield from job["steps"]


def test_all_are_found() -> None:
    """The action, the workflows of this repository, the student's and the instructor's."""
    names = {path.relative_to(ROOT).as_posix() for path in FILES}
    assert names >= {
        "action.yml", ".github/workflows/test.yml", ".github/workflows/feedback.yml",
        "autograder/platforms/student.yml", "examples/instructor/grade.yml",
    }  # fmt: skip


@EACH
def test_every_action_is_pinned(path: Path) -> None:
    """By the hash of a commit that was looked at, with its version beside it; or it lies in the repository."""
    used = [step["uses"] for step in steps(path) if "uses" in step]
    for use in used:
        name, _, revision = use.partition("@")
        assert use.startswith("./") or KNOWN.get(name) == revision, use
    text = path.read_text(encoding="utf-8")
    versions = re.findall(r"uses: \S+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", text, re.MULTILINE)
    assert len(versions) == sum("@" in use for use in used)


@EACH
def test_no_credentials_stay_in_a_checkout(path: Path) -> None:
    """Where a token lies in .git/config, everything that runs later can read it."""
    found = [step for step in steps(path) if step.get("uses", "").startswith("actions/checkout@")]
    assert all(step["with"]["persist-credentials"] is False for step in found)


@EACH
def test_permissions_are_the_least(path: Path) -> None:
    """Reading the contents, for a job that runs anything of a student's; writing for one alone that runs nothing."""
    document = load(path)
    if "jobs" not in document:
        return
    default = document["permissions"]
    assert default in ({}, {"contents": "read"})
    for name, job in document["jobs"].items():
        granted = job.get("permissions", default)
        if name == "publish":
            assert granted == {"contents": "write"} and "autograder" not in str(job["steps"])
        else:
            assert granted == {"contents": "read"}


@EACH
def test_every_job_ends(path: Path) -> None:
    """A limit in minutes, far below the six hours that are the default."""
    assert all(job["timeout-minutes"] <= 120 for job in jobs(load(path)) if "runs-on" in job)


@EACH
def test_no_script_is_written_by_a_stranger(path: Path) -> None:
    """No expression stands in a script: what it holds would be read as commands. It goes through the environment."""
    assert [step["run"] for step in steps(path) if "${{" in step.get("run", "")] == []


@EACH
def test_no_trigger_hands_secrets_to_strangers(path: Path) -> None:
    """`pull_request_target` and `workflow_run` run with the secrets of the repository on what others wrote."""
    triggers = load(path).get(True, {})  # `on` is a boolean in YAML 1.1
    assert not {"pull_request_target", "workflow_run"} & set(triggers)


@EACH
def test_secrets_reach_single_steps_only(path: Path) -> None:
    """Never the whole workflow or job."""
    document = load(path)
    outer = [document.get("env"), *(job.get("env") for job in jobs(document))]
    assert not any("secrets." in str(env) for env in outer if env)


@EACH
def test_every_script_is_bash(path: Path) -> None:
    """Parsed, not run; with set -e, as runners do it."""
    for step in steps(path):
        if "run" in step:
            subprocess.run(["bash", "-n"], input=step["run"], text=True, check=True)


def test_inputs_of_actions_and_workflows_are_used() -> None:
    """An input that nothing reads would be believed and ignored."""
    for name in ("action.yml", ".github/workflows/feedback.yml"):
        text = (ROOT / name).read_text(encoding="utf-8")
        document = yaml.safe_load(text)
        inputs = document["inputs"] if "inputs" in document else document[True]["workflow_call"]["inputs"]
        assert [key for key in inputs if f"inputs.{key}" not in text] == []
        assert all(value["description"].endswith(".") for value in inputs.values())


def test_the_night_goes_on_with_the_journal_and_publishes_the_page() -> None:
    """The newest results of the same assignment are there before grading; the page goes where its feedback goes."""
    document = load(ROOT / "examples" / "instructor" / "grade.yml")
    steps = document["jobs"]["grade"]["steps"]
    names = [step.get("name", "") for step in steps]
    (cache,) = [step for step in steps if step.get("uses", "").startswith("actions/cache@")]
    assert names.index(cache["name"]) < names.index("Grade")
    given = cache["with"]
    assert given["path"] == "results" and "--output results" in str(document["jobs"]["grade"])
    assert given["key"].startswith(given["restore-keys"]) and "inputs.assignment" in given["restore-keys"]
    assert given["key"].endswith("${{ github.run_id }}")  # no key is written twice: each night saves its own
    (script,) = [step["run"] for step in document["jobs"]["publish"]["steps"] if "run" in step]
    assert "results/index.html" in script and "results/feedback" in script
