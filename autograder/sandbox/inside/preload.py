"""Import modules before workers are forked: later imports are slow, and some fail below the new root."""

from __future__ import annotations

import ctypes
import gc
import importlib
import sys
from contextlib import suppress

_OWN = __name__.partition(".")[0]
STDLIB = """
__future__ _statistics abc array ast base64 binascii bisect cmath codecs collections collections.abc colorsys
contextlib contextvars copy copyreg dataclasses datetime decimal dis encodings.ascii encodings.latin_1 enum fnmatch
functools graphlib hashlib heapq importlib inspect json keyword linecache locale math mmap numbers opcode operator os
os.path pickle platform random re reprlib resource select signal stat string stringprep struct textwrap threading token
tokenize traceback types typing unicodedata warnings weakref zlib
""".split()
NUMPY = """
numpy numpy.dtypes numpy.exceptions numpy.fft numpy.lib.array_utils numpy.lib.format numpy.lib.mixins numpy.lib.scimath
numpy.lib.stride_tricks numpy.linalg numpy.random numpy.rec numpy.typing
""".split()
RARE = """
calendar code csv difflib encodings.idna fractions glob gzip logging numpy.ctypeslib numpy.ma numpy.polynomial
numpy.strings numpy.testing pathlib pprint queue selectors shutil statistics sysconfig tempfile timeit unittest
""".split()
"""Modules that a sealed worker imports when an answer asks for them: with them each fork would take longer."""


def import_all(folders: list[str], tier: str = "guarded") -> None:
    """Import all modules, RARE only where a worker may be unable to read it; remove the traces of this package."""
    for name in [*STDLIB, *NUMPY, *(RARE if tier == "guarded" else ())]:
        with suppress(ImportError):
            importlib.import_module(name)
    remove_traces(folders)
    import numpy as np

    np.random.seed(0)  # a worker inherits this state, unlike that of `random`, which a fork seeds anew
    square = np.ones((64, 64))  # the first call of each of these imports more
    np.fft.fft(np.linalg.inv(square @ square + np.eye(64)))
    np.einsum("ij,jk->ik", square, square, optimize=True)
    with suppress(OSError):
        ctypes.CDLL("libgcc_s.so.1")
    gc.collect()
    gc.freeze()
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)  # each fork and each end of a worker costs time for every page in use


def import_essentials(folders: list[str]) -> None:
    """Import only what every implementation uses: without confinement, other modules can be imported later."""
    gc.disable()
    importlib.import_module("numpy.random").seed(0)
    gc.enable()
    remove_traces(folders)
    hide_engine()
    gc.freeze()  # otherwise garbage collection in a worker would copy the pages of all imported objects


def hide_engine() -> None:
    """Make `import autograder` fail in student code: a notebook that checks itself would never end."""
    sys.modules["autograder"] = None  # type: ignore[assignment]


def remove_traces(folders: list[str]) -> None:
    """Remove `folders` from sys.path and this package from sys.modules."""
    sys.path[:] = [path for path in sys.path if path not in folders]
    for name in [name for name in sys.modules if name.partition(".")[0] == _OWN]:
        del sys.modules[name]
