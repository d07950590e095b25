"""A submission cannot read its own text, where comments could hold a table of answers."""

from __future__ import annotations

from types import TracebackType
from typing import Any

from autograder.course.catalog import Course
from autograder.grading.grader import Answer, Grader
from autograder.grading.identity import identity
from autograder.grading.pipeline import Options
from autograder.implementation import Returned
from autograder.sandbox.limits import Limits

SPY = '''
import gc, inspect, linecache, sys, traceback
WORD = "# " + "TABLE" + ":"
FOUND = []

def look(place, value):
    if isinstance(value, str) and WORD in value and value != WORD:
        FOUND.append(place)
    elif isinstance(value, (bytes, bytearray, memoryview)) and WORD.encode() in bytes(value):
        FOUND.append(place)

def frames(frame):
    while frame is not None:
        for name, value in list(frame.f_locals.items()):
            look("local " + name, value)
            for part in value if isinstance(value, (list, tuple)) else ():
                look("in local " + name, part)
            for cell in getattr(value, "__closure__", None) or ():
                look("closure of " + name, cell.cell_contents)
        frame = frame.f_back

def walk(when):
    frames(sys._getframe())
    try:
        raise ValueError
    except ValueError as error:
        frames(error.__traceback__.tb_frame)
        look("traceback", "".join(traceback.format_stack()) + traceback.format_exc())
    for held in gc.get_objects():
        look("object " + type(held).__name__, held)
        for part in gc.get_referents(held):
            look("part of " + type(held).__name__, part)
    look("linecache", repr(linecache.cache) + "".join(linecache.getlines(walk.__code__.co_filename)))
    for read in (inspect.getsource, inspect.getcomments):
        try:
            look("inspect", read(walk) or "")
        except Exception:
            pass
    module = sys.modules[__name__]
    for name in ("__loader__", "__spec__", "__source__", "__file__", "__cached__"):
        look(name, repr(getattr(module, name, None)))
    gc.collect()

walk("load")
{extra}
def scale_forward(x, w):
    walk("call")
    return FOUND
# TABLE: eNoNx
'''


def test_no_frame_or_object_holds_the_text(ask: Any) -> None:
    """No frame, closure, gc object, linecache entry, traceback or module attribute holds the text."""
    for extra in ("", "def broken(:\n"):
        outcome = ask(SPY.replace("{extra}", extra), "scale_forward", 1, 1)
        assert isinstance(outcome, Returned), outcome
        assert outcome.value == []


class Listener:
    """Sandbox that only stores what it is given to run."""

    tier = "local"
    limits = Limits()

    def __init__(self) -> None:
        self.texts: list[str] = []

    def session(self, total: object = None) -> Listener:
        return self

    def __enter__(self) -> Listener:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        pass

    def implementation(self, name: str, source: str) -> None:
        self.texts.append(source)
        raise RuntimeError("nothing runs here")


def test_no_comment_reaches_the_sandbox(tiny: Course) -> None:
    """Comments are removed before a text is sent, and lines keep their numbers."""
    listener: Any = Listener()
    text = SPY.replace("{extra}", "")
    Grader(listener, Options()).grade_answer(tiny.exercise("scale"), Answer(text, identity(text)))
    assert listener.texts and all("TABLE: eNoNx" not in sent for sent in listener.texts)
    assert {sent.count("\n") for sent in listener.texts} == {text.count("\n")}
