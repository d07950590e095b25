"""Which tiers this machine allows, tried for real: in a process of its own, a worker of each is confined."""

from __future__ import annotations

import ctypes
import json
import os
from typing import Any, NoReturn

from . import kernel, seccomp
from .confine import TIERS

_CONFINED = ("sealed", "guarded")
_HELD = b"held"


def main(config: str) -> None:
    """Print, as JSON, why each confined tier cannot be had, "" when it can, and what it builds on."""
    told = json.loads(config)
    why = {tier: _why(tier, told) for tier in _CONFINED}
    print(json.dumps({"why": why, "landlock": kernel.landlock_version(), "libseccomp": _libseccomp()}), flush=True)


def _why(tier: str, told: dict[str, Any]) -> str:
    """What a child says that becomes a zygote and has a worker confined."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ours)
        _try(tier, told, theirs)
    os.close(theirs)
    with open(ours, "rb") as pipe:
        words = pipe.read()
    os.waitpid(child, 0)
    return "" if words == _HELD else words.decode("utf-8", "replace") or "the process ended without a word"


def _try(tier: str, told: dict[str, Any], say: int) -> NoReturn:
    try:
        confinement = TIERS[tier](told["limits"], told["packages"])
        confinement.enter()
        worker = confinement.fork()
        if worker == 0:
            confinement.seal()
            os.write(say, _HELD)
        else:
            os.waitpid(worker, 0)
    except BaseException as error:
        os.write(say, str(error).encode())
    os._exit(0)


def _libseccomp() -> str:
    try:
        seccomp.library()
        version = ctypes.CDLL("libseccomp.so.2").seccomp_version
    except OSError:
        return ""
    version.restype = ctypes.POINTER(ctypes.c_uint)
    return ".".join(map(str, version()[:3]))
