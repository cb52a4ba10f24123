"""Stored records as the tables that the stages of a batch run take."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import pyarrow as pa

from omniid.compilation import field_plans, separators_for
from omniid.fields import roles
from omniid.frames import Inputs, SourceFrame, to_record_table
from omniid.normalization import normalize
from omniid.resolver.incoming import RECORD_ID, part_key
from omniid.resolver.learned import Learned
from omniid.single_record import Forms, forms_of, table_of
from omniid.spec import Spec
from omniid.store import Row, Snapshot, Transaction
from omniid.tables import RecordTable, no_rejects
from omniid.tables.arrays import text_array
from omniid.threads import threads_for

__all__ = [
    "StoredRecord",
    "StoredRecords",
    "all_records",
    "assemble",
    "forms_text",
    "inputs_of",
    "normalized",
    "sent_table",
    "stored_records",
    "write_forms",
]

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
    """Some stored records: their row numbers in the store, by their place in the table, and the table of normal forms."""

    rows: tuple[int, ...]
    table: RecordTable

    @property
    def place_of(self) -> dict[int, int]:
        """Row number → place."""
        return {row: place for place, row in enumerate(self.rows)}


def stored_records(store: Snapshot, rows: Iterable[int]) -> list[StoredRecord]:
    """The records of some rows that live, in the order of their keys."""
    return _living(store.rows("records", "row", rows))


def all_records(store: Snapshot) -> list[StoredRecord]:
    """All records that live, in the order of their keys."""
    return _living(store.span("records", "row"))


def _living(rows: Iterable[Row]) -> list[StoredRecord]:
    found = (StoredRecord(*row) for row in rows)
    return sorted((one for one in found if not one.deleted), key=lambda one: part_key(one.key))


def assemble(store: Snapshot, records: Sequence[StoredRecord], learned: Learned) -> StoredRecords:
    """Make the table of some records from their stored normal forms.

    Parameters
    ----------
    store
        The store.
    records
        In the order of their keys.
    learned
        What the store resolves by: limits name sources that none of these records may be of.
    """
    held = {row: Forms(*json.loads(str(forms))) for row, forms in store.rows("forms", "row", [one.row for one in records])}
    keys = [part_key(one.key) for one in records]
    table = table_of([held[one.row] for one in records], keys, learned.columns, sources=learned.sources)
    return StoredRecords(tuple(one.row for one in records), table)


def write_forms(store: Transaction, records: Sequence[StoredRecord], learned: Learned) -> None:
    """Normalise records and keep their normal forms."""
    if not records:
        return
    forms = map(forms_text, forms_of(normalized(records, learned)))
    store.put("forms", zip((one.row for one in records), forms, strict=True))


def normalized(records: Sequence[StoredRecord], learned: Learned, *, sent: Inputs | None = None) -> RecordTable:
    """The normal forms of records, made anew; `sent`: the frames in which they came, where that is known."""
    if sent is None:
        sent = inputs_of([(one.key, json.loads(one.content)) for one in records], with_ids=True)
    plans = field_plans(learned.spec, learned.model.frozen)
    return normalize(table_of_inputs(sent, learned.spec), plans, workers=threads_for(len(records)))


def forms_text(forms: Forms) -> str:
    """Normal forms as the store keeps them, fields by name.

    Examples
    --------
    >>> forms_text(Forms(None, {"phone": ["1"], "email": ["a@x.com"]}, []))
    '[null,{"email":["a@x.com"],"phone":["1"]},[]]'
    """
    return json.dumps(forms, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def sent_table(records: Sequence[tuple[str, Mapping[str, Cell]]], spec: Spec) -> RecordTable:
    r"""The records as the sources sent them, in one table.

    Examples
    --------
    >>> from omniid.fields import Email
    >>> table = sent_table([("crm\x1f7", {"email": "a@x.com"})], Spec(fields=[Email()]))
    >>> table.key(0), table.raw["email"].entries_of(0)
    (('crm', '7'), ['a@x.com'])
    """
    return table_of_inputs(inputs_of(records, with_ids=True), spec)


def table_of_inputs(inputs: Inputs, spec: Spec) -> RecordTable:
    """The records of some frames, each with a column that names them, in one table."""
    maps = {frame.name: _columns(spec, frame) for frame in inputs.frames}
    return to_record_table(inputs, columns=maps, record_ids=dict.fromkeys(maps, RECORD_ID), separators=separators_for(spec))


def inputs_of(records: Sequence[tuple[str, Mapping[str, Cell]]], *, with_ids: bool = False) -> Inputs:
    """The records as frames, one per source; `with_ids` adds a column that names them."""
    of_source: dict[str, list[tuple[str, Mapping[str, Cell]]]] = defaultdict(list)
    for key, content in records:
        source, record_id = part_key(key)
        of_source[source].append((record_id, content))
    return Inputs(tuple(_frame(name, of_source[name], with_ids) for name in sorted(of_source)), "rows", no_rejects())


def _frame(source: str, records: Sequence[tuple[str, Mapping[str, Cell]]], with_ids: bool) -> SourceFrame:
    columns: dict[str, pa.Array] = {RECORD_ID: text_array([record_id for record_id, _ in records])} if with_ids else {}
    for name in sorted({name for _, content in records for name in content}):
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
