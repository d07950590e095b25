"""Check what the kernel reports of a confined worker, without asking the worker."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from autograder.sandbox.limits import Limits

# Name → what student code is or has if the fact does not hold.
FACTS = {
    "user": "runs as a user with rights",
    "capabilities": "holds capabilities",
    "privileges": "may gain privileges",
    "filter": "may make any system call",
    "namespaces": "shares a namespace",
    "limits": "has no limit",
    "one thread": "runs more threads than one",
}
NOBODY = 65534
_OWN = ("user", "net", "uts", "cgroup")
_PER_WORKER = ("mnt", "pid", "ipc")
_CAPABILITIES = ("CapInh", "CapPrm", "CapEff", "CapAmb")
_LIMIT = re.compile(r"^Max (.+?)  +(\S+) +(\S+)", re.MULTILINE)


def facts(pid: int, tier: str, limits: Limits) -> dict[str, str]:
    """Return what is wrong with each fact, "" if nothing is. pid: a worker that waits for its next request."""
    try:
        status = _status(pid)
        found = {
            "user": _user(status),
            "capabilities": _listed(f"{name} {status[name]}" for name in _CAPABILITIES if int(status[name], 16)),
            "privileges": "" if status["NoNewPrivs"] == "1" else "no_new_privs is not set",
            "filter": "" if status["Seccomp"] == "2" else f"seccomp mode {status['Seccomp']}",
            "namespaces": _listed(_shared(pid, status)) if tier == "sealed" else "",
            "limits": _listed(_unlimited(pid, tier, limits)),
            "one thread": "" if status["Threads"] == "1" else f"{status['Threads']} threads",
        }
    except (OSError, KeyError, ValueError) as error:
        return dict.fromkeys(FACTS, f"the kernel does not tell: {error!r}")
    return found


def _status(pid: int) -> Mapping[str, str]:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8", errors="replace").splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def _user(status: Mapping[str, str]) -> str:
    """Check the user: root's workers are nobody without groups; another user's workers run as that user."""
    wanted = NOBODY if os.geteuid() == 0 else os.geteuid()
    ids = {int(word) for word in status["Uid"].split()}
    groups = status["Groups"] if os.geteuid() == 0 else ""
    return "" if ids == {wanted} and not groups else f"uid {status['Uid'].split()[0]}, groups {groups or 'none'}"


def _shared(pid: int, status: Mapping[str, str]) -> Iterator[str]:
    """Yield the namespaces that the worker shares with the grader or its zygote, and so with later workers."""
    for name in _OWN:
        if _namespace(pid, name) == _namespace(os.getpid(), name):
            yield name
    for name in _PER_WORKER:
        if _namespace(pid, name) in (_namespace(os.getpid(), name), _namespace(int(status["PPid"]), name)):
            yield name
    if status["NSpid"].split()[-1] != "1":
        yield "not the first process of its own"


def _namespace(pid: int, name: str) -> str:
    return os.readlink(f"/proc/{pid}/ns/{name}")


def _unlimited(pid: int, tier: str, limits: Limits) -> Iterator[str]:
    allowed = {
        "cpu time": limits.kernel_cpu,
        "file size": limits.file_size,
        "core file size": 0,
        "open files": limits.open_files,
        "address space": limits.address_space,
    }
    if tier == "sealed" or os.geteuid() == 0:
        allowed["processes"] = limits.threads
    text = Path(f"/proc/{pid}/limits").read_text(encoding="ascii")
    found = {name: (soft, hard) for name, soft, hard in _LIMIT.findall(text)}
    for name, most in allowed.items():
        if any(word == "unlimited" or int(word) > most for word in found[name]):
            yield f"{name} {found[name][1]}"


def _listed(words: Iterator[str]) -> str:
    return ", ".join(words)
