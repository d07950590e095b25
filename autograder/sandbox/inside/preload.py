"""What every worker finds already imported: lazy imports are slow, and some fail once the root is new."""

from __future__ import annotations

import ctypes
import gc
import importlib
import sys
from contextlib import suppress

_OWN = __name__.partition(".")[0]
STDLIB = """
__future__ _bisect _decimal _heapq _json _random _statistics abc array ast base64 binascii bisect builtins calendar
cmath code codecs collections collections.abc colorsys contextlib contextvars copy copyreg csv dataclasses datetime
decimal difflib dis encodings.ascii encodings.idna encodings.latin_1 enum errno faulthandler fnmatch fractions
functools gc glob graphlib gzip hashlib heapq importlib inspect io itertools json keyword linecache locale logging
marshal math mmap numbers opcode operator os os.path pathlib pickle platform pprint queue random re reprlib resource
select selectors shutil signal stat statistics string stringprep struct sysconfig tempfile textwrap threading time
timeit token tokenize traceback types typing unicodedata unittest warnings weakref zlib
""".split()
NUMPY = """
numpy numpy.ctypeslib numpy.dtypes numpy.exceptions numpy.fft numpy.lib.array_utils numpy.lib.format numpy.lib.mixins
numpy.lib.scimath numpy.lib.stride_tricks numpy.linalg numpy.ma numpy.polynomial numpy.random numpy.rec numpy.strings
numpy.testing numpy.typing numpy.version
""".split()


def everything(folders: list[str]) -> None:
    """Import it all, then leave no trace of ourselves."""
    for name in [*STDLIB, *NUMPY]:
        with suppress(ImportError):
            importlib.import_module(name)
    leave(folders)
    _warm()
    gc.collect()
    gc.freeze()


def essentials(folders: list[str]) -> None:
    """Import only what every answer uses: where nothing is confined the rest can be had when it is asked for."""
    importlib.import_module("numpy.random")
    leave(folders)
    hide_engine()


def hide_engine() -> None:
    """Where the engine is installed, an answer must not start it: a notebook that checks itself would never end."""
    sys.modules["autograder"] = None  # type: ignore[assignment]


def leave(folders: list[str]) -> None:
    """Take `folders` off sys.path and ourselves out of sys.modules."""
    sys.path[:] = [path for path in sys.path if path not in folders]
    for name in [name for name in sys.modules if name.partition(".")[0] == _OWN]:
        del sys.modules[name]


def _warm() -> None:
    import numpy as np

    square = np.ones((64, 64))
    np.linalg.inv(square @ square + np.eye(64))
    np.fft.fft(square)
    np.einsum("ij,jk->ik", square, square, optimize=True)
    with suppress(OSError):
        ctypes.CDLL("libgcc_s.so.1")
