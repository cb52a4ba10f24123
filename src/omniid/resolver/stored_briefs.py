"""What a store keeps of each record in brief, so that scoring it takes one short row."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omniid.byte_arrays import string_bytes
from omniid.evidence import Classes
from omniid.pipeline import Evidence
from omniid.resolver.assembling import StoredRecords
from omniid.sharing import VALUE_CLASSES
from omniid.single_record import Briefs
from omniid.single_record import Evidence as OneEvidence
from omniid.single_record.briefs import APART, BESIDE, ESCAPE, spelled
from omniid.store import Row, Snapshot
from omniid.tables import NO_TIME, Column, RecordTable
from omniid.tables.arrays import arrow_array, text_array, text_scalar

__all__ = ["StoredBrief", "brief_rows", "brief_texts", "briefs_of", "times_of"]

WEAK = VALUE_CLASSES.index("weak")


class StoredBrief(NamedTuple):
    """One row of the table `briefs`: a record that lives, its event time, and what comparison reads of it."""

    row: int
    key: str
    time: int | None
    brief: str


def briefs_of(store: Snapshot, rows: Iterable[int]) -> dict[int, StoredBrief]:
    """Row → what is kept of it, of those of the rows that live."""
    return {found[0]: StoredBrief(*found) for found in store.rows("briefs", "row", rows)}


def times_of(table: RecordTable) -> list[int | None]:
    """The event times of records, None where unknown."""
    return [None if time == NO_TIME else time for time in table.time.tolist()]


def brief_rows(stored: StoredRecords, keys: Sequence[str], found: Evidence, briefs: Briefs) -> Iterable[Row]:
    """Rows of the table `briefs`.

    Parameters
    ----------
    stored
        The records.
    keys
        The key of each.
    found
        What of them is evidence.
    briefs
        The fields.
    """
    return zip(stored.rows, keys, times_of(stored.table), brief_texts(found.table, found.classes, briefs), strict=True)


def brief_texts(table: RecordTable, classes: Classes, briefs: Briefs) -> list[str]:
    r"""The briefs of all records of a table, as `Briefs.text` writes them one by one.

    Parameters
    ----------
    table
        The records as matching sees them.
    classes
        Value classes.
    briefs
        The fields.

    Examples
    --------
    >>> from omniid.single_record.ready_records import Lineup
    >>> table = RecordTable.of([{"record_id": "1", "city": "york", "email": None}, {"record_id": "2", "city": ["a", "b"]}])
    >>> brief_texts(table, {}, Briefs(Lineup([], []), ["city", "email"]))
    ['\x1fyork', '\x1fa\x1eb']
    """
    n = len(table)
    parts = [_flags(table, classes, briefs)]
    parts += [_values(table.columns[name]) if name in table.columns else _nulls(n) for name in briefs.fields]
    joined = pc.binary_join_element_wise(*parts, text_scalar(APART))
    texts: list[str] = pc.utf8_rtrim(joined, APART).to_pylist()
    return texts


def _nulls(n: int) -> pa.LargeStringArray:
    return text_array([""]).take(arrow_array(np.zeros(n, np.int64)))


def _values(column: Column) -> pa.LargeStringArray:
    """One column: nothing, a value, or several values."""
    letters, _ = string_bytes(column.vocabulary)
    marked = bool(((letters >= ord(ESCAPE)) & (letters <= ord(APART))).any())
    values = text_array([*map(spelled, column.vocabulary.to_pylist())]) if marked else column.vocabulary
    tokens = pa.concat_arrays([values, text_array([""])])
    rows, codes = column.present()
    count = np.bincount(rows, minlength=column.n_rows)
    if not column.is_multi or count.max(initial=0) <= 1:
        where = np.full(column.n_rows, len(tokens) - 1, np.int64)
        where[rows] = codes
        return tokens.take(arrow_array(where))
    offsets = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    return pc.binary_join(
        pa.LargeListArray.from_arrays(arrow_array(offsets), tokens.take(arrow_array(codes))), text_scalar(BESIDE)
    )


def _flags(table: RecordTable, classes: Classes, briefs: Briefs) -> pa.LargeStringArray:
    """What is known of the sharing of values, record by record; nothing for nearly all."""
    shared: dict[int, set[str]] = {}
    weak: dict[int, dict[str, set[str]]] = {}
    for name, found in classes.items():
        column = table.columns[name]
        rows, codes = column.present()
        at = np.flatnonzero(~found.is_personal[codes])
        texts = column.vocabulary.take(arrow_array(codes[at])).to_pylist()
        for row, text, class_ in zip(rows[at].tolist(), texts, found.classes[codes[at]].tolist(), strict=True):
            shared.setdefault(row, set()).add(name)
            if class_ == WEAK:
                weak.setdefault(row, {}).setdefault(name, set()).add(text)
    texts = [""] * len(table)
    told: dict[frozenset[str], str] = {}  # where no value is weak, few are told apart
    for row, names in shared.items():
        some = frozenset(names)
        if row in weak:
            texts[row] = briefs.flags(OneEvidence({}, some, _frozen(weak[row])))
        else:
            if some not in told:
                told[some] = briefs.flags(OneEvidence({}, some, {}))
            texts[row] = told[some]
    return text_array(texts)


def _frozen(weak: Mapping[str, Iterable[str]]) -> Mapping[str, frozenset[str]]:
    return {name: frozenset(texts) for name, texts in weak.items()}
