"""Try which tiers this machine allows, by confining a worker of each in a process of its own."""

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
    """Print as JSON why each confined tier is not available, "" if it is, and the versions of what it needs."""
    settings = json.loads(config)
    why = {tier: _why(tier, settings) for tier in _CONFINED}
    print(json.dumps({"why": why, "landlock": kernel.landlock_version(), "libseccomp": _libseccomp()}), flush=True)


def _why(tier: str, settings: dict[str, Any]) -> str:
    """Return the error of a child that enters the tier as a zygote and confines a worker, "" if there is none."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ours)
        _try(tier, settings, theirs)
    os.close(theirs)
    with open(ours, "rb") as pipe:
        words = pipe.read()
    os.waitpid(child, 0)
    return "" if words == _HELD else words.decode("utf-8", "replace") or "the process ended without a word"


def _try(tier: str, settings: dict[str, Any], say: int) -> NoReturn:
    try:
        confinement = TIERS[tier](settings["limits"], settings["packages"])
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
