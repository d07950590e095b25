"""Describe this machine, as far as the sandbox and the measured times depend on it."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass, field
from pathlib import Path

from autograder.sandbox.affinity import cores

# Kernel settings that forbid user namespaces, and the value that forbids them.
FORBIDDING = {
    "kernel.apparmor_restrict_unprivileged_userns": "1",
    "kernel.unprivileged_userns_clone": "0",
    "user.max_user_namespaces": "0",
}
_MARKS = ("/.dockerenv", "/run/.containerenv")


@dataclass(frozen=True)
class Machine:
    """Properties of a machine."""

    system: str = "Linux"
    kernel: str = ""
    architecture: str = "x86_64"
    cores: int = 1
    memory: int = 0
    """Available bytes, 0 if unknown."""
    python: str = ""
    numpy: str = ""
    blas: str = ""
    root: bool = False
    container: bool = False
    """The machine looks like a container."""
    filtered: bool = False
    """This process obeys a system call filter."""
    landlock: int = 0
    """Landlock version of the kernel, 0 for none."""
    libseccomp: str = ""
    """Version of libseccomp, "" for none."""
    settings: dict[str, str] = field(default_factory=dict)
    """Settings of FORBIDDING that this kernel has."""


def inspect_machine() -> Machine:
    """Return the properties of this machine."""
    import numpy as np

    from autograder.sandbox.tiers import probe_results

    found = probe_results()
    return Machine(
        platform.system(), platform.release(), platform.machine(), cores(), _memory(), platform.python_version(),
        np.__version__, _blas(), _is_root(), any(map(os.path.exists, _MARKS)), _filtered(),
        found["landlock"], found["libseccomp"], _settings(),
    )  # fmt: skip


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _memory() -> int:
    """Return the available memory, or the container's limit if that is lower."""
    lines = _read("/proc/meminfo").splitlines()
    free = next((1024 * int(line.split()[1]) for line in lines if line.startswith("MemAvailable:")), 0)
    bound = _read("/sys/fs/cgroup/memory.max")
    return min(free, int(bound)) if bound.isdigit() and free else free


def _blas() -> str:
    """Return the library that NumPy uses, such as `scipy-openblas 0.3.31`."""
    import numpy as np

    try:
        found = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
        return f"{found['name']} {found['version']}"
    except (KeyError, TypeError):
        return "unknown"


def _filtered() -> bool:
    return any(line.split() == ["Seccomp:", "2"] for line in _read("/proc/self/status").splitlines())


def _settings() -> dict[str, str]:
    found = {name: _read(f"/proc/sys/{name.replace('.', '/')}") for name in FORBIDDING}
    return {name: value for name, value in found.items() if value}


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
