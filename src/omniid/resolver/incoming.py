"""What a caller sends, as versioned records: key, version, content."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any, NamedTuple

import pyarrow as pa

from omniid.errors import InputError
from omniid.frames import Inputs, read_inputs
from omniid.frames.assembly import record_ids_of
from omniid.frames.inputs import SourceFrame
from omniid.resolver.json_columns import json_rows
from omniid.resolver.one_incoming import one_record
from omniid.tables import Progress

__all__ = ["RECORD_ID", "Changes", "Incoming", "content_hash", "join_key", "part_key", "read_changes", "read_incoming"]

RECORD_ID = "\x1frecord_id"  # the column of record ids; no column of a caller is called so
FEW = 50  # rows up to which texts are quicker made one by one
APART = "\x1f"  # between source and record id in a stored key
FILES = frozenset((".csv", ".tsv", ".parquet", ".json", ".jsonl", ".ndjson"))
IdColumns = Mapping[str, str | None]


class Incoming(NamedTuple):
    """One record as it came: its key, its version (None: the next one), its content as JSON; None where it is deleted."""

    key: str
    version: int | None
    content: str | None


class Changes(NamedTuple):
    """What came in one call.

    Parameters
    ----------
    each
        The changes, in the order in which they came.
    sent
        The same as frames, as `inputs_of` makes them of their contents; None where they came otherwise.
    """

    each: list[Incoming]
    sent: Inputs | None = None


def join_key(source: str, record_id: str) -> str:
    """The key of a record as one text.

    Raises
    ------
    InputError
        If the source's name holds the character that parts the two.

    Examples
    --------
    >>> part_key(join_key("crm", "17"))
    ('crm', '17')
    """
    if APART in source:
        raise InputError(f"source {source!r} holds the control character U+001F, which parts source and record id; rename it")
    return f"{source}{APART}{record_id}"


def part_key(key: str) -> tuple[str, str]:
    """The (source, record_id) of a key that `join_key` made."""
    source, _, record_id = key.partition(APART)
    return source, record_id


def content_hash(content: str | None) -> bytes:
    """What tells two contents apart, and orders them where their versions are equal.

    Examples
    --------
    >>> content_hash("{}") == content_hash(None)
    False
    """
    return b"" if content is None else hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def read_incoming(
    data: Any,
    *,
    source: str | None = None,
    version: str | None = None,
    id_columns: IdColumns | None = None,
    progress: Progress | None = None,
) -> list[Incoming]:
    """Read records as `omniid.resolve` takes them, or one record as a mapping of column to value.

    Parameters
    ----------
    data
        One record, a list of records, a frame, a path, or a mapping source → frame or path.
    source
        The source of all of them; None: the column or key that says it, else "records".
    version
        The column that holds each record's version: whole numbers, or times (ISO 8601).
    id_columns
        Source → the column that names its records.
    progress
        As for `resolve`.

    Returns
    -------
    list of Incoming
        In the order in which they came.

    Raises
    ------
    InputError
        If the data can't be read, or a version is missing or is none.

    Examples
    --------
    >>> read_incoming({"source": "crm", "record_id": "17", "email": "ann@x.com"})[0].content
    '{"email": "ann@x.com", "record_id": "17"}'
    """
    return read_changes(data, source=source, version=version, id_columns=id_columns, progress=progress).each


def read_changes(
    data: Any,
    *,
    source: str | None = None,
    version: str | None = None,
    id_columns: IdColumns | None = None,
    progress: Progress | None = None,
) -> Changes:
    """Read records as `read_incoming` does, and keep the frames that many of them came in."""
    if version is None and not id_columns and progress is None and (one := _alone(data, source)) is not None:
        return Changes([Incoming(join_key(*one[:2]), None, one[2])])
    inputs = read_inputs(_as_inputs(data, source), progress=progress)
    out: list[Incoming] = []
    frames = []
    for frame in inputs.frames:
        ids = record_ids_of(frame, (id_columns or {}).get(frame.name))
        versions = _versions(frame, version)
        name = frame.name if source is None else source
        join_key(name, "")  # refuses a name that can't be part of a key
        frames.append(_as_kept(frame, ids))
        keys = (f"{name}{APART}{record_id}" for record_id in ids.to_pylist())
        out += map(Incoming, keys, versions, _contents(frame.table))
    return Changes(out, Inputs(tuple(frames), "rows", inputs.rejects.slice(0, 0)))


def _contents(table: pa.Table) -> list[str]:
    """The records of a source as they are kept: as JSON, columns by name, without what is missing."""
    if table.num_rows > FEW:
        return json_rows(table.select(sorted(table.column_names)), comma=", ", colon=": ")
    rows = ({column: cell for column, cell in row.items() if cell is not None} for row in table.to_pylist())
    return [json.dumps(row, ensure_ascii=False, sort_keys=True) for row in rows]


def _as_kept(frame: SourceFrame, ids: pa.LargeStringArray) -> SourceFrame:
    """A frame as its records' contents would give it: columns that say something, by name, behind the record ids."""
    table = frame.table
    said = [name for name in sorted(table.column_names) if table.column(name).null_count < table.num_rows]
    return SourceFrame(frame.name, pa.table({RECORD_ID: ids, **{name: table.column(name) for name in said}}), "the store")


def _alone(data: Any, source: str | None) -> tuple[str, str, str] | None:
    """Source, id and content of a record that came alone and is plain."""
    if isinstance(data, list) and len(data) == 1:
        return one_record(data[0], source)
    return one_record(data, source) if _is_record(data) else None


def _is_record(data: Any) -> bool:
    """Whether it is one record as a mapping of column to value, and no mapping of source to records."""
    return isinstance(data, Mapping) and bool(data) and not all(_is_table(part) for part in data.values())


def _as_inputs(data: Any, source: str | None) -> Any:
    """The data as `read_inputs` takes it: one record becomes a list of one."""
    if _is_record(data):
        data = [dict(data)]
    if source is None:
        return data
    if isinstance(data, Mapping):
        raise InputError("the data names its sources already; leave source= out")
    return {source: data}


def _is_table(part: Any) -> bool:
    """Whether a part of a mapping may be the records of a source, and not the value of a column."""
    if isinstance(part, list | tuple):
        return all(isinstance(row, Mapping) for row in part)
    if isinstance(part, str):  # a path, or one record's text
        return bool(FILES.intersection(PurePath(part).suffixes))
    return isinstance(part, PurePath) or hasattr(part, "columns") or hasattr(part, "schema") or hasattr(part, "__dataframe__")


def _versions(frame: SourceFrame, column: str | None) -> Iterable[int | None]:
    if column is None:
        return [None] * frame.table.num_rows
    if column not in frame.table.column_names:
        there = ", ".join(frame.table.column_names)
        raise InputError(f"version column {column!r} is not in source {frame.name!r}; its columns are {there}")
    cells = frame.table.column(column).to_pylist()
    return [_version(cell, f"row {row} of source {frame.name!r}, column {column!r}") for row, cell in enumerate(cells, start=1)]


def _version(cell: Any, place: str) -> int:
    """A whole number as it is, a time as microseconds since 1970 UTC."""
    text = "" if cell is None else str(cell).strip()
    if text.lstrip("-").isascii() and text.lstrip("-").isdigit():
        number = int(text)
        if abs(number) < 2**62:
            return number
    else:
        try:
            time = datetime.fromisoformat(text)
        except ValueError:
            pass
        else:
            zoned = time if time.tzinfo is not None else time.replace(tzinfo=UTC)
            since = zoned - datetime(1970, 1, 1, tzinfo=UTC)
            return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
    shown = "missing" if not text else repr(text)
    raise InputError(f"the version in {place} is {shown}; give a whole number or a time such as 2026-05-01T09:30:00Z")
