"""Bytes of a file as UTF-8: decompressed, byte order marks honoured, nothing guessed."""

import codecs
from pathlib import Path

import numpy as np
import pyarrow as pa

from omniid.errors import InputError

__all__ = ["file_bytes", "line_of", "utf8_bytes"]

COMPRESSED = ((b"\x1f\x8b", "gzip"), (b"\x28\xb5\x2f\xfd", "zstd"))
WIDE_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins like the mark of UTF-16, so it is looked for first
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
WAY_OUT = (
    "name its encoding when you read it, for example pandas.read_csv(path, encoding='cp1250', dtype=str), and pass the frame, "
    "or save the file as UTF-8"
)


def file_bytes(path: Path) -> bytes:
    """The content of a file, decompressed where its first bytes say gzip or zstd.

    Raises
    ------
    InputError
        If the file is missing, a directory, unreadable, empty, or a damaged archive.

    Examples
    --------
    >>> try:
    ...     file_bytes(Path("no", "web.csv"))
    ... except InputError as error:
    ...     print(error)
    there is no file no/web.csv (looked from ...); check the path
    """
    if path.is_dir():
        raise InputError(f"{path} is a directory; pass the files in it, as a mapping of source to file")
    try:
        data = path.read_bytes()
        for magic, codec in COMPRESSED:
            if data.startswith(magic):
                data = pa.input_stream(pa.BufferReader(data), compression=codec).read()
    except FileNotFoundError as error:
        raise InputError(f"there is no file {path} (looked from {Path.cwd()}); check the path") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error}); check its permissions, or that it is whole") from error
    if not data:
        raise InputError(f"{path} is empty (0 bytes); pass a file with at least one record")
    return data


def utf8_bytes(data: bytes, place: str) -> bytes:
    r"""The text of a file in UTF-8 without a byte order mark; UTF-16 and UTF-32 are known by theirs.

    Raises
    ------
    InputError
        If the text is not UTF-8, with the line and offset of the first bad byte: a guessed encoding would spoil names silently.

    Examples
    --------
    >>> utf8_bytes("id\nŁ".encode("utf-16"), "web.csv").decode()
    'id\nŁ'
    """
    for mark, encoding in WIDE_MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding).encode("utf-8")
            except UnicodeError as error:
                raise InputError(f"{place} begins like {encoding} but is not ({error}); {WAY_OUT}") from error
    data = data.removeprefix(codecs.BOM_UTF8)
    if not _is_utf8(data):
        _refuse(data, place)
    head = data[:4096]
    if head.count(0) * 3 > len(head):  # Latin text in UTF-16 has a zero in every other byte
        raise InputError(f"{place} looks like UTF-16 without a byte order mark; {WAY_OUT}")
    return data


def line_of(data: bytes, offset: int) -> int:
    r"""The line, counted from 1, in which an offset stands.

    Examples
    --------
    >>> line_of(b"a\nb\nc", 2)
    2
    """
    return data.count(b"\n" if b"\n" in data else b"\r", 0, offset) + 1


def _is_utf8(data: bytes) -> bool:
    """Whether all bytes are UTF-8, checked by Arrow without a copy."""
    offsets = np.array([0, len(data)], np.int64)
    whole = pa.Array.from_buffers(pa.large_binary(), 1, [None, pa.py_buffer(offsets), pa.py_buffer(data)])
    try:
        whole.cast(pa.large_string())
    except pa.ArrowInvalid:
        return False
    return True


def _refuse(data: bytes, place: str) -> None:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = line_of(data, error.start)
        raise InputError(
            f"{place} is not UTF-8: byte 0x{data[error.start]:02X} in line {line} (offset {error.start}); {WAY_OUT}"
        ) from error
