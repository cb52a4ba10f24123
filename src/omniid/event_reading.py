"""Event tables as columns: times, amounts, codes and ids, whatever they came as."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from omniid.errors import InputError, SpecError
from omniid.event_columns import EventColumns
from omniid.frames import EventFrame, coded
from omniid.frames.event_frames import hash_rows, plain_column, some_rows
from omniid.frames.naming import did_you_mean
from omniid.frames.text import column_text, is_list
from omniid.hashing import mix
from omniid.normalization import read_amounts, read_event_times
from omniid.tables import NO_TIME, Codes, Column, RecordTable, no_rejects
from omniid.tables.arrays import arrow_array, numpy_array, text_array
from omniid.tables.events import AMOUNTS, NO_AMOUNT, TEXTS
from omniid.threads import in_order, threads_for

__all__ = ["EventPart", "check_event_columns", "read_part", "sample_of_events"]

SAMPLE = 20_000  # rows that inference looks at
EARLIEST, LATEST = (int(np.datetime64(f"{year}-01-01", "us").astype(np.int64)) for year in (1900, 2101))
TAKEN = (
    "entity_id",
    "entity_kind",
    "source",
    "record_id",
    "time",
    "session_number",
    "meaning",
    "counts",
    "event_id",
    "sighting_source",
    "sighting_id",
)

Micros = npt.NDArray[np.int64]
Reject = tuple[str, str, str, int]


class EventPart(NamedTuple):
    """One event table as columns.

    Parameters
    ----------
    time
        int64 microseconds, `NO_TIME` where unknown.
    texts, amounts, event_id
        As in `EventTable`.
    identifiers
        Own column → codes and values.
    rejects
        (field, value, reason, events).
    """

    time: Micros
    texts: dict[str, Column]
    amounts: dict[str, Micros]
    event_id: pa.LargeStringArray | None
    identifiers: dict[str, Column]
    rejects: list[Reject]


def sample_of_events(table: pa.Table) -> pa.Table:
    """Some rows of an event table as text, chosen by what they hold and not by where they stand.

    Examples
    --------
    >>> sample_of_events(pa.table({"n": [1, 2]})).to_pylist()
    [{'n': '1'}, {'n': '2'}]
    """
    rows = np.arange(table.num_rows)
    if table.num_rows > SAMPLE:
        typed = [i for i, one in enumerate(table.columns) if pa.types.is_temporal(one.type) or pa.types.is_integer(one.type)]
        rows = _chosen(table, typed) if typed else rows
        if len(rows) > 4 * SAMPLE:  # few distinct times: text is hashed, too, which takes longer
            rows = _chosen(table, [*typed, max(range(table.num_columns), key=lambda i: table.column(i).nbytes)])
    return pa.table([column_text(some_rows(column, rows)) for column in table.columns], table.column_names)


def _chosen(table: pa.Table, columns: Sequence[int]) -> npt.NDArray[np.signedinteger]:
    """About as many rows as inference looks at, by a hash of some columns: all rows of one hash or none, in any order."""
    hashes = np.zeros(table.num_rows, np.uint64)
    for i in columns:
        hashes += hash_rows(table.column(i), i)
    hashes = mix(hashes)
    return np.flatnonzero(hashes <= np.partition(hashes, SAMPLE)[SAMPLE])


def check_event_columns(frame: EventFrame, columns: EventColumns) -> None:
    """Refuse declared columns that an event table does not have.

    Raises
    ------
    SpecError
        If one is not there; the message lists those that are.
    """
    names = frame.table.column_names
    for role, column in [*columns.roles().items(), *((field, name) for name, field in columns.identifiers.items())]:
        if column not in names:
            raise SpecError(
                f"events {frame.name!r}: {role} is declared to be column {column!r}, which is not there; "
                f"its columns are {', '.join(names)}{did_you_mean(column, names)}"
            )


def read_part(frame: EventFrame, columns: EventColumns, identifiers: Mapping[str, str], region: str | None) -> EventPart:
    """Read one event table, column by column.

    Parameters
    ----------
    frame
        As it came.
    columns
        What its columns hold; there must be a time.
    identifiers
        Own column → field, for the columns that say whose event it is.
    region
        Whose order of day and month is taken where times don't tell.

    Raises
    ------
    InputError
        If no event has a time that can be read.
    """
    table, roles = frame.table, columns.roles()
    rejects: list[Reject] = [(field or "", value or "", reason, 1) for field, value, reason in frame.notes]
    time = _times(plain_column(table.column(roles["time"])), roles["time"], frame, region, rejects)
    amounts = {role: _amounts(table.column(roles[role]), roles[role], rejects) for role in AMOUNTS if role in roles}
    ids = None
    if "event_id" in roles:
        text = column_text(plain_column(table.column(roles["event_id"])))
        ids = text if not is_list(text.type) else coded(table.column(roles["event_id"])).vocabulary
    known = {*roles.values(), *identifiers}
    wanted = {*identifiers, *(roles[role] for role in TEXTS if role in roles), *(set(table.column_names) - known)}
    names = [name for name in table.column_names if name in wanted]
    made = in_order((partial(coded, table.column(name)) for name in names), threads_for(table.num_rows))
    columns_by_name = dict(zip(names, made, strict=True))
    reserved = {*TAKEN, *TEXTS, *AMOUNTS}
    texts = {role: columns_by_name[roles[role]] for role in TEXTS if role in roles}
    texts |= {f"{name}_other" if name in reserved else name: columns_by_name[name] for name in names if name not in known}
    shared = {name: columns_by_name[name] for name in identifiers}
    return EventPart(time, texts, amounts, ids, shared, rejects)


def _times(column: pa.Array, name: str, frame: EventFrame, region: str | None, rejects: list[Reject]) -> Micros:
    """Microseconds since 1970 UTC per event."""
    quick = _typed_times(column)
    if quick is not None:
        outside = (quick != NO_TIME) & ((quick < EARLIEST) | (quick >= LATEST))
        if not outside.any():
            return _some(quick, name, frame, "")
    values = coded(column)
    none = np.full(len(values.codes), NO_TIME, np.int64)
    source = np.zeros(len(values.codes), np.int32)
    table = RecordTable((frame.name,), source, text_array([]), {name: values}, {}, {}, none, no_rejects())
    codes, micros, texts, reasons = read_event_times(table, name, {} if region is None else {frame.name: region})
    counts = np.bincount(codes[codes >= 0], minlength=len(micros))
    bad = np.flatnonzero(numpy_array(reasons.is_valid()) & (counts > 0))
    values_and_reasons = (part.take(arrow_array(bad)).to_pylist() for part in (texts, reasons))
    found = [(name, value, reason, n) for value, reason, n in zip(*values_and_reasons, counts[bad].tolist(), strict=True)]
    rejects += found
    return _some(np.append(micros, NO_TIME).take(codes), name, frame, found[0][2] if found else "")


def _some(time: Micros, name: str, frame: EventFrame, reason: str) -> Micros:
    if (time == NO_TIME).all():
        why = f" ({reason})" if reason else ""
        raise InputError(
            f"no event of {frame.name!r} ({frame.place}) has a time in column {name!r}{why}; name the column of times with "
            f"Events(columns={{{frame.name!r}: EventColumns(time=...)}})"
        )
    return time


def _typed_times(column: pa.Array) -> Micros | None:
    """Times that Arrow reads: typed ones, and ISO 8601 text throughout; None for all others."""
    kind = column.type
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        stamps = column.cast(pa.timestamp("us", tz=getattr(kind, "tz", None)), safe=False)
        return numpy_array(stamps.cast(pa.int64()), null=NO_TIME)
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        return None
    for wanted in (pa.timestamp("us", "UTC"), pa.timestamp("us")):
        try:
            return numpy_array(column.cast(wanted).cast(pa.int64()), null=NO_TIME)
        except pa.ArrowInvalid:
            continue
    return None


def _amounts(column: pa.ChunkedArray, name: str, rejects: list[Reject]) -> Micros:
    """Millionths per event."""
    array = plain_column(column)
    if pa.types.is_floating(array.type) or pa.types.is_integer(array.type) or pa.types.is_decimal(array.type):
        micros, unread = read_amounts(array)
        if unread.any():
            rejects.append((name, "", "not an amount that can be counted", int(unread.sum())))
        return micros
    values: tuple[Codes, pa.LargeStringArray] = (lambda one: (one.codes, one.vocabulary))(coded(column))
    micros, unread = read_amounts(values[1])
    counts = np.bincount(values[0][values[0] >= 0], minlength=len(micros))
    bad = np.flatnonzero(unread)
    texts = values[1].take(arrow_array(bad)).to_pylist()
    rejects += [(name, value, "not an amount", int(n)) for value, n in zip(texts, counts[bad], strict=True)]
    return np.append(micros, NO_AMOUNT).take(values[0])
