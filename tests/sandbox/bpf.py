"""Interpret the kernel's filter programs, so that a filter for another processor can be run."""

from __future__ import annotations

import struct

ALLOW, KILL, ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_FORM = struct.Struct("<HBBI")
_LOAD, _LOAD_SCRATCH, _STORE, _AND, _JUMP, _RETURN = 0x20, 0x60, 0x02, 0x54, 0x05, 0x06
_COMPARE = {
    0x15: lambda a, k: a == k,
    0x25: lambda a, k: a > k,
    0x35: lambda a, k: a >= k,
    0x45: lambda a, k: a & k != 0,
}


def run(code: bytes, arch: int, number: int, *args: int) -> int:
    """Return the filter's action for this system call."""
    data = struct.pack("<iIQ6Q", number, arch, 0, *args, *[0] * (6 - len(args)))
    program = list(_FORM.iter_unpack(code))
    a, at, scratch = 0, 0, [0] * 16
    while True:
        op, yes, no, k = program[at]
        at += 1
        if op == _LOAD:
            (a,) = struct.unpack_from("<I", data, k)
        elif op == _LOAD_SCRATCH:
            a = scratch[k]
        elif op == _STORE:
            scratch[k] = a
        elif op == _AND:
            a &= k
        elif op == _JUMP:
            at += k
        elif op == _RETURN:
            return k
        else:
            at += yes if _COMPARE[op](a, k) else no
