"""Rejects, read as faults of records: which record, which field, which reason."""

import re
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omniid.data_quality.marks import Marked
from omniid.data_quality.members import Bools
from omniid.tables import Codes, RecordTable, Rows
from omniid.tables.arrays import arrow_array, numpy_array, text_array, text_scalar

__all__ = ["Faults", "faulty_rows", "read_faults", "reason_marks"]

STOP = "stop value"
VALUE = re.compile(r"^(year|the domain) \S+")  # of reasons that name the value
LINE = re.compile(r"^line \d+ of .*? has")
NO_FIELD = ""  # of a row that could not be read as a whole


class Faults(NamedTuple):
    """All rejects, one entry each.

    Parameters
    ----------
    row
        The record, -1 where there is none, as the row itself could not be read, or nobody knows which it was.
    source
        Position in `sources`, as the rejects name them.
    field, reason
        Position in `fields` and `reasons`.
    value
        Position in `values`, -1 where there is none.
    sources, fields, reasons
        Distinct texts, sorted; `reasons` without the value and without what follows their colon.
    details
        Per entry: position in `wholes`.
    values, wholes
        Distinct rejected values, and distinct reasons in full.
    is_stop
        Per reason: the value is a placeholder, and not one that can't be read.
    """

    row: Rows
    source: Codes
    field: Codes
    reason: Codes
    value: Codes
    details: Codes
    sources: tuple[str, ...]
    fields: tuple[str, ...]
    reasons: tuple[str, ...]
    values: pa.LargeStringArray
    wholes: tuple[str, ...]
    is_stop: Bools

    @property
    def are_rows(self) -> Bools:
        """Which entries are rows that could not be read as a whole."""
        return (self.row < 0) & self.of_field(NO_FIELD)

    def of_field(self, field: str) -> Bools:
        """Which entries are of a field."""
        wanted = self.fields.index(field) if field in self.fields else -2
        return np.asarray(self.field == wanted)


def read_faults(table: RecordTable) -> Faults:
    """Read the rejects of a table.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from omniid.tables import rejects_table
    >>> rows = [("web", "7", "email", "x@", "not an e-mail address: no domain"), ("web", None, None, "a,b", "row has 2 cells")]
    >>> found = read_faults(replace(RecordTable.of([{"record_id": "7", "source": "web"}]), rejects=rejects_table(rows)))
    >>> found.row.tolist(), [found.reasons[code] for code in found.reason.tolist()]
    ([0, -1], ['not an e-mail address', 'row has 2 cells'])
    """
    rejects = table.rejects
    source, sources = _coded(rejects["source"])
    field, fields = _coded(pc.fill_null(rejects["field"], text_scalar(NO_FIELD)))
    details, wholes = _coded(rejects["reason"])
    heads = [LINE.sub("a line has", VALUE.sub(r"\1 …", whole.partition(":")[0])) for whole in wholes]
    reasons = tuple(sorted(set(heads)))
    head_of = np.array([reasons.index(head) for head in heads], np.int32)
    encoded = _whole(rejects["value"]).dictionary_encode()
    return Faults(
        row=_rows(table, source, sources, rejects),
        source=source,
        field=field,
        reason=head_of.take(details) if len(head_of) else details,
        value=numpy_array(encoded.indices, null=-1).astype(np.int32),
        details=details,
        sources=sources,
        fields=fields,
        reasons=reasons,
        values=encoded.dictionary,
        wholes=wholes,
        is_stop=np.array([reason.startswith(STOP) for reason in reasons], bool),
    )


def faulty_rows(faults: Faults, field: str, n: int) -> Bools:
    """Tell which of n records sent a value in a field that was rejected."""
    out = np.zeros(n, bool)
    rows = faults.row[faults.of_field(field)]
    out[rows[rows >= 0]] = True
    return out


def reason_marks(faults: Faults, field: str) -> list[Marked]:
    """Mark the rejected values of a field: placeholders, and those that can't be read."""
    out = []
    here = faults.of_field(field) & (faults.row >= 0) & (faults.value >= 0)
    stops = faults.is_stop.take(faults.reason)
    for mark, chosen in (("unreadable", here & ~stops), ("placeholder", here & stops)):
        if chosen.any():
            out.append(Marked(field, mark, faults.row[chosen], faults.value[chosen], faults.values))
    return out


def _rows(table: RecordTable, source: Codes, sources: tuple[str, ...], rejects: pa.Table) -> Rows:
    """The record of each reject."""
    out = np.full(len(source), -1, np.int32)
    ids = _whole(rejects["record_id"])
    for code, name in enumerate(sources):
        if name not in table.sources:
            continue
        at = np.flatnonzero(source == code)
        here = np.flatnonzero(table.source == table.sources.index(name)).astype(np.int32)
        found = pc.index_in(ids.take(arrow_array(at)), value_set=table.record_id.take(arrow_array(here)))
        out[at] = np.append(here, np.int32(-1))[numpy_array(found, null=-1)]
    return out


def _coded(column: pa.ChunkedArray) -> tuple[Codes, tuple[str, ...]]:
    """A text column as codes into its distinct values, sorted; nulls are -1."""
    encoded = _whole(column).dictionary_encode()
    texts = encoded.dictionary.to_pylist()
    names = tuple(sorted(texts))
    place = np.array([*map({name: code for code, name in enumerate(names)}.__getitem__, texts), -1], np.int32)
    return place[numpy_array(encoded.indices, null=-1)], names


def _whole(column: pa.ChunkedArray) -> pa.LargeStringArray:
    """A column as one array."""
    whole = column.combine_chunks()
    if isinstance(whole, pa.ChunkedArray):  # of no chunks in older versions
        return text_array([])
    return whole.cast(pa.large_string())
