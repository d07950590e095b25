"""Bytes are decoded to text or refused with a sentence for the student."""

from __future__ import annotations

import hashlib
import os
import socket
import sys
from pathlib import Path

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import GraderFault
from autograder.submission.file import CODE, Limit, Unreadable, read_bytes
from autograder.submission.source import Refused, Source, decode


def taken(data: bytes) -> Source:
    source = decode(data, "dense.py")
    assert isinstance(source, Source)
    return source


def reason(data: bytes) -> str:
    refused = decode(data, "dense.py")
    assert isinstance(refused, Refused)
    assert refused.origin == "dense.py"
    return refused.reason


def test_a_byte_order_mark_goes_and_lines_end_in_newlines() -> None:
    """A byte order mark and other line ends are accepted, and the hash is of the original bytes."""
    data = "\ufeffx = 'é'\r\ny = 1\rz = 2\n".encode()

    source = taken(data)

    assert source.text == "x = 'é'\ny = 1\nz = 2\n"
    assert hashlib.sha256(data).hexdigest() == source.sha256


@pytest.mark.parametrize("comment", ["# -*- coding: utf-8 -*-", "# vim: set fileencoding=UTF_8 :", "# coding: ascii"])
def test_a_coding_comment_that_means_utf8_is_taken(comment: str) -> None:
    """A coding comment that means UTF-8 is accepted."""
    assert comment in taken(f"#!/usr/bin/env python\n{comment}\n".encode()).text


SAVE = "Save it again with the encoding UTF-8."


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"x = 1\r\ny = 'caf\xe9'\n", f"dense.py is not UTF-8: byte 0xe9 in line 2. {SAVE}"),
        ("x = 1".encode("utf-16"), f"dense.py is saved as UTF-16. {SAVE}"),
        (b"\xed\xa0\x80", f"dense.py is not UTF-8: byte 0xed in line 1. {SAVE}"),
        (b"x = 1\n\n\0", "dense.py contains a NUL byte in line 3. Save it again as plain text."),
        (
            b"\n# coding: utf-7\n#+AAo-import os",
            f"dense.py declares the encoding utf-7 in line 2. Delete that comment. {SAVE}",
        ),
        (
            "\ufeff# coding=latin_1".encode(),
            f"dense.py declares the encoding latin_1 in line 1. Delete that comment. {SAVE}",
        ),
        (
            b"#" * (CODE.most + 1),
            "dense.py has 262,145 bytes; at most 262,144 are read. Hand in only your code, without data or output.",
        ),
    ],
    ids=["latin-1", "utf-16", "surrogate", "nul", "utf-7", "mark and latin-1", "too large"],
)
def test_a_refusal_says_the_fact_and_the_repair(data: bytes, expected: str) -> None:
    """Each kind of undecodable text is refused with its own sentence, and the line if known."""
    assert expected == reason(data)


def test_a_source_of_exactly_the_limit_is_taken() -> None:
    """A source of exactly the limit is read."""
    assert len(taken(b"#" * CODE.most).text) == CODE.most


def test_a_coding_word_below_the_second_line_means_nothing() -> None:
    """A coding comment below the second line is ignored, as in Python."""
    taken(b"\n\n# coding: utf-7\n")


@given(st.one_of(st.binary(), st.text().map(str.encode), st.text().map(lambda text: text.encode("utf-16"))))
def test_any_bytes_are_taken_or_refused(data: bytes) -> None:
    """Any bytes are decoded or refused, and decoded text is encodable without NUL or carriage return."""
    result = decode(data, "dense.py")

    if isinstance(result, Source):
        assert "\0" not in result.text
        assert "\r" not in result.text
        result.text.encode("utf-8")
    else:
        assert result.reason.startswith("dense.py ")
        assert result.reason.isprintable()


def why_not(root: Path, *parts: str) -> str:
    with pytest.raises(Unreadable) as caught:
        read_bytes(root, parts)
    return str(caught.value)


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    """A linked file is refused when it is opened, even if it points to a file beside it."""
    (tmp_path / "real.py").write_text("x = 1")
    (tmp_path / "dense.py").symlink_to("real.py")

    assert why_not(tmp_path, "dense.py") == "is a link. Hand in the file itself."


def test_a_linked_folder_on_the_way_is_not_followed(tmp_path: Path) -> None:
    """A folder that becomes a link after it was listed is not followed."""
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "dense.py").write_text("x = 1")
    (tmp_path / "code").symlink_to("real")

    expected = "lies behind a link or a file that is no folder. Hand in the file itself."
    assert expected == why_not(tmp_path, "code", "dense.py")


def test_a_pipe_a_socket_a_folder_and_a_device_are_refused_at_once(tmp_path: Path) -> None:
    """Only regular files are read, and opening a pipe without a writer does not wait."""
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "folder.py").mkdir()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket.py"))
        reasons = {why_not(tmp_path, f"{kind}.py") for kind in ("pipe", "folder", "socket")}

    assert {"is not a regular file. Hand in a plain .py file."} == reasons | {why_not(Path("/dev"), "zero")}


def test_a_file_that_is_gone_is_refused(tmp_path: Path) -> None:
    """A file that was removed after it was listed is refused."""
    assert why_not(tmp_path, "dense.py") == "disappeared while it was read. Hand it in again."


def test_an_unreadable_file_is_refused(unreadable: Path) -> None:
    """A file without read permission is refused with the reason."""
    expected = "cannot be read: permission denied. Make it readable and hand it in again."

    assert expected == why_not(unreadable.parent, unreadable.name)


@pytest.mark.skipif(sys.platform != "linux", reason="counts read bytes in /proc")
def test_ten_megabytes_are_refused_unread(tmp_path: Path) -> None:
    """A large file is refused by its size, before it is read."""
    (tmp_path / "dense.py").write_bytes(b"#" * 10_000_000)
    before = bytes_read()

    assert why_not(tmp_path, "dense.py").startswith("has 10,000,000 bytes; at most 262,144 are read.")
    assert bytes_read() - before < 4096


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")
def test_a_file_that_grows_is_read_no_further_than_the_limit() -> None:
    """Reading stops past the limit, whatever the stated size; files in /proc state none."""
    with pytest.raises(Unreadable, match=r"^grew past 4 bytes while it was read\. Hand it in again\.$"):
        read_bytes(Path("/proc/self"), ("status",), Limit(4, ""))


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs /proc")
def test_a_failing_disk_is_the_grader_s_fault() -> None:
    """A read error of the disk raises GraderFault."""
    with pytest.raises(GraderFault, match="cannot be read on this machine: Input/output error"):
        read_bytes(Path("/proc/self"), ("mem",))


def test_no_descriptor_is_left_open(tmp_path: Path) -> None:
    """Reading and refusing a thousand files leaves no file open."""
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    (deep / "dense.py").write_text("x = 1")
    before = psutil.Process().num_fds()

    for _ in range(500):
        read_bytes(tmp_path, ("a", "b", "dense.py"))
        why_not(tmp_path, "a", "b", "missing.py")

    assert psutil.Process().num_fds() == before


def bytes_read() -> int:
    return int(Path("/proc/self/io").read_text().split()[1])
