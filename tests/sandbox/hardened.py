"""`python -m tests.sandbox.hardened [--refuse CALL] MODULE [ARGS]`: run a module without new namespaces, mounts or that
call.

Docker's default profile, and Ubuntu's ban of user namespaces, do this to a process and all its children.
"""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

from autograder.sandbox.inside import kernel

ROOT = Path(__file__).parents[2]
NAMESPACES = 0x7E020080
_FORBIDDEN = "unshare setns mount umount2 pivot_root open_tree move_mount mount_setattr fsopen fsmount".split()


def harden(*more: str) -> None:
    """Forbid new namespaces and mounts, and `more` system calls, to this process."""
    refuse = kernel.ERRNO | errno.EPERM
    clones = [1 << bit for bit in range(32) if NAMESPACES & 1 << bit]
    code = kernel.filter_program("", kernel.ALLOW, (
        *((refuse, name) for name in (*_FORBIDDEN, *more)),
        (kernel.ERRNO | errno.ENOSYS, "clone3"),
        *((refuse, "clone", (0, kernel.MASKED_EQ, flag, flag)) for flag in clones),
    ))  # fmt: skip
    kernel.no_new_privileges()
    kernel.install_filter(code)


if __name__ == "__main__":
    refused = sys.argv[2:3] if sys.argv[1] == "--refuse" else []
    harden(*refused)
    os.execv(sys.executable, [sys.executable, "-m", *sys.argv[1 + 2 * len(refused) :]])
