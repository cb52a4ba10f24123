"""Stored records as the tables that the stages of a batch run take."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from omniid.compilation import field_plans, separators_for
from omniid.fields import roles
from omniid.frames import Inputs, SourceFrame, to_record_table
from omniid.normalization import normalize
from omniid.resolver.incoming import part_key
from omniid.spec import Spec
from omniid.store import Snapshot
from omniid.tables import RecordTable, no_rejects
from omniid.tables.arrays import text_array

__all__ = ["StoredRecord", "StoredRecords", "assemble", "sent_table", "stored_records"]

RECORD_ID = "\x1frecord_id"  # the column of record ids; no column of a caller is called so
LISTS = pa.large_list(pa.large_string())
Cell = str | list[str]


class StoredRecord(NamedTuple):
    """One row of the table `records`."""

    row: int
    key: str
    version: int
    deleted: int
    hash: bytes
    content: str
    since: int


class StoredRecords(NamedTuple):
    """Some stored records: their row numbers in the store, by their place in the tables, and the tables.

    Parameters
    ----------
    rows
        Row numbers, in the order of the records' keys.
    sent
        The records as the sources sent them.
    records
        The same in normal form.
    """

    rows: tuple[int, ...]
    sent: RecordTable
    records: RecordTable

    @property
    def place_of(self) -> dict[int, int]:
        """Row number → place."""
        return {row: place for place, row in enumerate(self.rows)}


def stored_records(store: Snapshot, rows: Iterable[int]) -> list[StoredRecord]:
    """The records of some rows that live, in the order of their keys."""
    found = [StoredRecord(*row) for row in store.rows("records", "row", rows)]  # type: ignore[arg-type]  # the shape's types
    return sorted((one for one in found if not one.deleted), key=lambda one: part_key(one.key))


def assemble(records: Sequence[StoredRecord], spec: Spec, sources: Iterable[str] = ()) -> StoredRecords:
    """Make the tables of some records.

    Parameters
    ----------
    records
        In the order of their keys.
    spec
        What their columns mean.
    sources
        All sources that the store knows: limits name sources that none of these records may be of.
    """
    sent = _with_sources(sent_table(((one.key, json.loads(one.content)) for one in records), spec), sources)
    return StoredRecords(tuple(one.row for one in records), sent, normalize(sent, field_plans(spec)))


def sent_table(records: Iterable[tuple[str, Mapping[str, Cell]]], spec: Spec) -> RecordTable:
    """The records as the sources sent them, in one table.

    Examples
    --------
    >>> from omniid.fields import Email
    >>> table = sent_table([("crm\\x1f7", {"email": "a@x.com"})], Spec(fields=[Email()]))
    >>> table.key(0), table.raw["email"].entries_of(0)
    (('crm', '7'), ['a@x.com'])
    """
    of_source: dict[str, list[tuple[str, Mapping[str, Cell]]]] = defaultdict(list)
    for key, content in records:
        source, record_id = part_key(key)
        of_source[source].append((record_id, content))
    frames = tuple(_frame(source, of_source[source]) for source in sorted(of_source))
    maps = {frame.name: _columns(spec, frame) for frame in frames}
    inputs = Inputs(frames, "rows", no_rejects())
    return to_record_table(inputs, columns=maps, record_ids=dict.fromkeys(maps, RECORD_ID), separators=separators_for(spec))


def _with_sources(table: RecordTable, sources: Iterable[str]) -> RecordTable:
    """The table with all sources named, even those without a record here."""
    names = tuple(sorted({*sources, *table.sources}))
    place = np.array([names.index(name) for name in table.sources], np.int32)
    return replace(table, sources=names, source=place.take(table.source) if len(table) else table.source)


def _frame(source: str, records: Sequence[tuple[str, Mapping[str, Cell]]]) -> SourceFrame:
    columns: dict[str, pa.Array] = {RECORD_ID: text_array([record_id for record_id, _ in records])}
    names = dict.fromkeys(name for _, content in records for name in content)
    for name in sorted(names):
        cells = [content.get(name) for _, content in records]
        if any(isinstance(cell, list) for cell in cells):
            lists = [cell if isinstance(cell, list) or cell is None else [cell] for cell in cells]
            columns[name] = pa.array(lists, LISTS)
        else:
            columns[name] = text_array([cell if isinstance(cell, str) else None for cell in cells])
    return SourceFrame(source, pa.table(columns), "the store")


def _columns(spec: Spec, frame: SourceFrame) -> dict[str, str]:
    """Column → field, for the columns of a source that a field reads; a store's source may lack any of them."""
    needed = {column for field in spec.fields for column in roles(field).values()}
    names = frame.table.column_names
    declared = dict(spec.sources[frame.name].columns) if frame.name in spec.sources else {}
    same = {name: name for name in names if name in needed and name not in declared}
    return {**{name: target for name, target in declared.items() if name in names}, **same}
