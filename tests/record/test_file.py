"""A record file: equal content gives equal bytes, and anything else is refused in words."""

from __future__ import annotations

import io
import json
import random
import zipfile

import numpy as np
import pytest

from autograder.errors import CourseError
from autograder.record.file import ValueReader, Values, pack, unpack
from autograder.record.read import read_exercise
from autograder.release.recording import record_exercise

FACTS = {"schema": "handgrad/record/8", "name": "ß"}


def test_facts_and_values_come_back(tmp_path):
    """JSON text in any language and the bytes of values are read back."""
    path = tmp_path / "a.npz"
    path.write_bytes(pack(facts=(FACTS, b"abc"), small=(FACTS, b"")))
    assert unpack(path) == (FACTS, b"abc") and unpack(path, "small") == (FACTS, b"")


def test_the_same_facts_make_the_same_bytes():
    """Two releases of one course differ only in measured times."""
    assert pack(facts=(FACTS, b"abc")) == pack(facts=(FACTS, b"abc"))


@pytest.mark.parametrize("name", ["<f8", "<f4", "<f2", "<i8", "<i4", "<i2", "|i1", "<u8", "<u4", "<u2", "|u1", "|b1"])
def test_a_recorded_array_has_the_dtype_object_of_numpy(name):
    """An array that is read has NumPy's own dtype object, whichever equal dtype it was recorded with."""
    values = Values()
    equal = np.dtype(name).newbyteorder("<")
    numbers = [values.put(np.ones((2, 3), equal)), values.put(np.zeros(300, equal))]
    reader = ValueReader(values.sizes, values.data)
    assert all(reader.get(number).dtype is np.dtype(name) for number in numbers)


def test_numpy_opens_it_without_pickle(tmp_path):
    """NumPy reads the file with `allow_pickle=False`."""
    path = tmp_path / "a.npz"
    path.write_bytes(pack(facts=(FACTS, b"abc")))
    with np.load(path, allow_pickle=False) as file:
        assert json.loads(file["facts"].tobytes()) == FACTS


def zipped(**members):
    """Write a zip with these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            archive.writestr(f"{name}.npy", data)
    return out.getvalue()


def npy(array, pickle=False):
    """Return the bytes of an .npy array."""
    out = io.BytesIO()
    np.lib.format.write_array(out, array, allow_pickle=pickle)
    return out.getvalue()


NO_RECORD = {
    "empty": b"", "text": b"def f(): pass", "a zip of nothing": zipped(), "without facts": zipped(f8=npy(np.zeros(2))),
    "facts that are no JSON": zipped(facts=npy(np.zeros(3, np.uint8))),
    "pickled facts": zipped(facts=npy(np.array([{}], object), pickle=True)),
    "facts of another form": zipped(facts=npy(np.frombuffer(b"[1]", np.uint8))),
}  # fmt: skip


@pytest.mark.parametrize("data", NO_RECORD.values(), ids=NO_RECORD)
def test_what_is_no_record_is_refused_with_the_repair(tmp_path, data):
    """The error names the file and the fact, and says where to get the file again."""
    path = tmp_path / "relu.npz"
    path.write_bytes(data)
    with pytest.raises(CourseError, match=r"relu\.npz is no record: .+\. Get it again from your course's repository"):
        unpack(path)


def test_a_missing_file_is_refused(tmp_path):
    """The error names the missing file."""
    with pytest.raises(CourseError, match=r"gone\.npz is no record: "):
        unpack(tmp_path / "gone.npz")


def test_another_engine_s_record_says_which_engine_to_install(tmp_path):
    """The error names both schemas and says which engine to install."""
    path = tmp_path / "relu.npz"
    path.write_bytes(pack(facts=({"schema": "handgrad/record/9"}, b"")))
    with pytest.raises(CourseError, match=r"is written as handgrad/record/9, this engine reads handgrad/record/8\. "):
        unpack(path)


def test_a_record_with_a_piece_missing_is_refused(tmp_path):
    """A zip with valid JSON but a missing key is refused."""
    path = tmp_path / "relu.npz"
    path.write_bytes(pack(facts=(FACTS | {"values": []}, b"")))
    with pytest.raises(CourseError, match=r"relu\.npz is no whole record: KeyError: .+ Get it again"):
        read_exercise(path)


def test_a_spoilt_file_is_an_exercise_or_refused(tiny, tmp_path):
    """Each of 300 damaged records gives an exercise or a CourseError, and no other exception."""
    whole = record_exercise(tiny.exercise("ramp"), 1)
    path, rng, refused = tmp_path / "ramp.npz", random.Random(0), 0
    for _ in range(300):
        data = bytearray(whole)
        at = rng.randrange(len(data))
        match rng.randrange(3):
            case 0:
                data[at] ^= 1 << rng.randrange(8)
            case 1:
                del data[at : at + rng.randrange(1, 200)]
            case 2:
                data[at:at] = data[at : at + rng.randrange(1, 200)]
        path.write_bytes(data)
        try:
            read_exercise(path)
        except CourseError:
            refused += 1
    assert refused > 200
