"""A workflow runner in miniature, for rehearsals: scripts run for real, GitHub's actions do what theirs do.

`python -m tests.platforms.runner MACHINE.json REPOSITORY COMMIT [INPUT=VALUE ...]` runs the workflow of a pushed
commit; a bare repository's hook calls it.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import yaml

Values = dict[str, str]


@dataclass
class Machine:
    """server: where the bare repositories are; work: where jobs run; path: of its programs; skipped: steps by name that
    this machine does not need; environment: of all scripts; secrets: of a repository; github: what is
    known of a run that is no push to main."""

    server: str
    work: str
    path: str
    skipped: list[str] = field(default_factory=list)
    environment: Values = field(default_factory=dict)
    secrets: dict[str, Values] = field(default_factory=dict)
    github: Values = field(default_factory=dict)

    def run(self, repository: str, commit: str, inputs: Mapping[str, str]) -> int:
        """Run the workflows of that commit; the exit code of the first job that fails."""
        command = ["git", "-C", f"{self.server}/{repository}", "ls-tree", "--name-only", commit, ".github/workflows/"]
        names = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        workflows = [yaml.safe_load(self.show(repository, commit, name)) for name in names]
        codes = [self.jobs(workflow, repository, commit, inputs) for workflow in workflows]
        return next((code for code in codes if code), 0)

    def jobs(self, document: dict[Any, Any], repository: str, commit: str, inputs: Mapping[str, str]) -> int:
        """Each job in a folder of its own, in order, until one fails."""
        for name, job in document["jobs"].items():
            if "uses" in job:
                owner, _, rest = job["uses"].partition("/.github/")
                path, _, revision = rest.partition("@")
                called = yaml.safe_load(self.show(owner, revision, f".github/{path}"))
                defaults = called[True]["workflow_call"]["inputs"]
                given = {key: str(value.get("default", "")) for key, value in defaults.items()} | job.get("with", {})
                code = self.jobs(called, repository, commit, given)
            else:
                print(f"── job {name}", flush=True)
                run = Job(self, repository, commit, dict(inputs), name)
                code = run.steps(job["steps"], inputs)
                for key, folder in run.caches.items() if not code else ():
                    run.keep(key, folder)
            if code:
                return code
        return 0

    @property
    def url(self) -> str:
        """What scripts clone from."""
        return f"file://{self.server}"

    def show(self, repository: str, commit: str, path: str) -> str:
        """A file of a commit."""
        command = ["git", "-C", f"{self.server}/{repository}", "show", f"{commit}:{path}"]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout


class Job:
    """One job: its folder, its environment, what its steps put out."""

    def __init__(self, machine: Machine, repository: str, commit: str, inputs: Mapping[str, str], name: str) -> None:
        self.machine, self.repository, self.commit, self.inputs = machine, repository, commit, inputs
        self.folder = Path(machine.work) / repository / commit[:8] / name
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder / "workspace").mkdir(parents=True)
        self.outputs: dict[str, Values] = {}
        self.caches: dict[str, Path] = {}
        self.failed = 0

    @property
    def workspace(self) -> Path:
        """Where its scripts run."""
        return self.folder / "workspace"

    def steps(self, steps: list[dict[str, Any]], inputs: Mapping[str, str], action: Path | None = None) -> int:
        """Run them; after a failure only those that are to run always. The exit code of the first that failed."""
        for step in steps:
            if self.failed and "always()" not in step.get("if", ""):
                continue
            title = step.get("name") or step.get("uses", "").partition("@")[0] or "run"
            if title in self.machine.skipped:
                print(f"▷ {title}: not needed on this machine", flush=True)
            elif "uses" in step:
                self._use(step, inputs)
            else:
                print(f"▶ {title}", flush=True)
                self._script(step, inputs, action)
        return self.failed

    def _use(self, step: dict[str, Any], inputs: Mapping[str, str]) -> None:
        name, given = step["uses"].partition("@")[0], self._filled(step.get("with", {}), inputs)
        if name.startswith("./"):
            action = self.workspace / name
            document = yaml.safe_load((action / "action.yml").read_text(encoding="utf-8"))
            defaults = {key: str(value.get("default", "")) for key, value in document["inputs"].items()}
            self.steps(document["runs"]["steps"], {**defaults, **given}, action)
            return
        server, artifacts = self.machine.url, self.folder.parent / "artifacts"
        if name == "actions/checkout":
            source, target = given.get("repository", self.repository), self.workspace / given.get("path", "")
            commit = given.get("ref", self.commit)
            subprocess.run(["git", "clone", "--quiet", f"{server}/{source}", target], check=True)
            subprocess.run(["git", "-C", target, "checkout", "--quiet", commit], check=True)
        elif name == "actions/upload-artifact" and (self.workspace / given["path"]).exists():
            shutil.copytree(self.workspace / given["path"], artifacts / given["name"], dirs_exist_ok=True)
        elif name == "actions/download-artifact":
            shutil.copytree(artifacts / given["name"], self.workspace / given["path"], dirs_exist_ok=True)
        elif name == "actions/cache/restore":
            self._restore(given)
        elif name == "actions/cache":
            self._restore(given)
            self.caches[given["key"]] = self.workspace / given["path"]
        elif name == "actions/cache/save" and (self.workspace / given["path"]).exists():
            self.keep(given["key"], self.workspace / given["path"])
        elif name == "actions/setup-python":
            self.outputs[step.get("id", "")] = {"python-version": given["python-version"]}
        elif name not in ("actions/cache/save", "actions/upload-artifact"):
            raise ValueError(f"this runner does not know {name}")

    @property
    def _cache(self) -> Path:
        """Where what is kept from run to run lies, a folder for each key."""
        return Path(self.machine.work) / "cache" / self.repository

    def keep(self, key: str, folder: Path) -> None:
        """Keep a folder under a key."""
        shutil.copytree(folder, self._cache / f"{len(list(self._cache.glob('*'))):06d} {_plain(key)}", symlinks=True)

    def _restore(self, given: Mapping[str, str]) -> None:
        """The folder of the key itself, else the newest of the first prefix that has one."""
        kept = sorted(self._cache.glob("*"), reverse=True)
        keys = map(_plain, (given["key"], *given.get("restore-keys", "").split()))
        if fits := [path for key in keys for path in kept if path.name.partition(" ")[2].startswith(key)]:
            shutil.copytree(fits[0], self.workspace / given["path"], symlinks=True, dirs_exist_ok=True)

    def _script(self, step: dict[str, Any], inputs: Mapping[str, str], action: Path | None) -> None:
        files = {name: self.folder / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        files["GITHUB_OUTPUT"].write_text("", encoding="utf-8")
        environment = {
            **self.machine.environment, **self._filled(step.get("env", {}), inputs), "PATH": self.machine.path,
            "HOME": str(self.folder), "GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(self.workspace),
            "GITHUB_REPOSITORY": self.repository, **{name: str(path) for name, path in files.items()},
        }  # fmt: skip
        if action:
            environment["GITHUB_ACTION_PATH"] = str(action)
        done = subprocess.run(["bash", "-eo", "pipefail", "-c", step["run"]], cwd=self.workspace, env=environment)
        lines = files["GITHUB_OUTPUT"].read_text(encoding="utf-8").splitlines()
        self.outputs[step.get("id", "")] = dict(line.split("=", 1) for line in lines)
        self.failed = self.failed or done.returncode

    def _filled(self, values: Mapping[str, Any], inputs: Mapping[str, str]) -> Values:
        return {key: re.sub(r"\$\{\{ *(\S+?) *\}\}", lambda m: self._value(m[1], inputs), str(value))
                for key, value in values.items()}  # fmt: skip

    def _value(self, expression: str, inputs: Mapping[str, str]) -> str:
        if patterns := re.findall(r"'([^']+)'", expression.removeprefix("hashFiles")):
            files = sorted(path for pattern in patterns for path in self.workspace.glob(pattern))
            return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
        scope, _, name = expression.partition(".")
        steps = {f"{step}.outputs.{key}": value for step, found in self.outputs.items() for key, value in found.items()}
        known = {"github": {**self._github, **self.machine.github}, "inputs": dict(inputs), "steps": steps}
        return {**known, "secrets": self.machine.secrets.get(self.repository, {})}[scope].get(name, "")

    @property
    def _github(self) -> Values:
        """What is known of the run."""
        return {
            "server_url": self.machine.url, "token": "token", "ref": "refs/heads/main", "run_id": self.commit,
            "run_attempt": "1", "event_name": "push", "event.repository.default_branch": "main",
        }  # fmt: skip


def _plain(key: str) -> str:
    """A key as the name of a folder."""
    return key.replace("/", "_")


def save(machine: Machine, path: Path) -> None:
    """For the hooks."""
    path.write_text(json.dumps(asdict(machine)), encoding="utf-8")


def main() -> int:
    """The exit code of the workflow."""
    file, repository, commit, *inputs = sys.argv[1:]
    machine = Machine(**json.loads(Path(file).read_text(encoding="utf-8")))
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        del os.environ[name]  # a hook's own, which would lead git into the wrong repository
    code = machine.run(repository, commit, inputs=dict(pair.split("=", 1) for pair in inputs))
    print(f"── the workflow {'succeeded' if code == 0 else 'failed'}", flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
