import errno
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from e2evit_model.errors import OutputError
from e2evit_model.project.journal import JournalWriter, Line, read_lines

plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(documents=st.dictionaries(st.text(max_size=8), plain, max_size=4), label=st.text(max_size=20))
def test_a_line_comes_back_whatever_is_in_it(tmp_path_factory, documents, label):
    path = tmp_path_factory.mktemp("journal") / "journal.jsonl"
    line = Line(number=3, label=label, documents=documents)
    writer = JournalWriter(path)
    writer.append([line, line])
    writer.close()
    assert read_lines(path) == ([line, line], 0)


def lines(count, first=1):
    return [Line(number=first + n, label=f"change {n}", documents={"key": n}) for n in range(count)]


def test_a_journal_cut_anywhere_gives_all_whole_lines(tmp_path):
    path = tmp_path / "journal.jsonl"
    whole = lines(3)
    data = b"".join(line.encode() for line in whole)
    ends = [len(b"".join(line.encode() for line in whole[:n])) for n in range(4)]
    for length in range(len(data) + 1):
        path.write_bytes(data[:length])
        found, damaged = read_lines(path)
        complete = sum(end <= length for end in ends) - 1
        assert found == whole[:complete]
        assert damaged == int(length not in ends)


def test_any_flipped_byte_costs_its_own_line_alone(tmp_path):
    path = tmp_path / "journal.jsonl"
    whole = lines(3)
    data = bytearray(b"".join(line.encode() for line in whole))
    middle = len(whole[0].encode())
    for at in range(middle, middle + len(whole[1].encode()) - 1):
        damaged = bytearray(data)
        damaged[at] ^= 0x15
        path.write_bytes(damaged)
        assert read_lines(path)[0] == [whole[0], whole[2]]


def test_writing_goes_on_after_a_torn_line(tmp_path):
    path = tmp_path / "journal.jsonl"
    first, second = lines(2)
    path.write_bytes(first.encode() + second.encode()[:9])
    writer = JournalWriter(path)
    writer.append([second])
    writer.close()
    assert read_lines(path) == ([first, second], 1)


class FullFile:
    """A file on a disk that takes so many bytes and no more."""

    def __init__(self, file, room):
        self._file, self.room = file, room

    def write(self, data):
        if self.room <= 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        part = bytes(data)[: self.room]
        self.room -= len(part)
        return self._file.write(part)

    def __getattr__(self, name):
        return getattr(self._file, name)


@pytest.mark.parametrize("room", [0, 1, 10, 60])
def test_a_full_disk_is_a_sentence_and_leaves_the_journal_as_it_was(tmp_path, room):
    path = tmp_path / "journal.jsonl"
    writer = JournalWriter(path)
    first, second, third = lines(3)
    writer.append([first])
    writer._file = FullFile(writer._file, room)
    with pytest.raises(OutputError) as refused:
        writer.append([second, third])
    assert refused.value.message == "The disk is full: journal.jsonl could not be written."
    assert read_lines(path) == ([first], 0)
    writer._file.room = 10_000
    writer.append([second, third])
    writer.sync()
    assert read_lines(path) == ([first, second, third], 0)


def test_a_disk_that_does_not_sync_is_a_sentence(tmp_path, monkeypatch):
    writer = JournalWriter(tmp_path / "journal.jsonl")
    writer.append(lines(1))

    def broken(_number):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OutputError, match=r"journal\.jsonl could not be written \(Input/output error\)"):
        writer.sync()
    monkeypatch.undo()
    writer.sync()
    writer.close()
