"""The values that are not one person's own, listed with what follows and why."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.sharing.value_classes import HOUSEHOLD, PERSONAL, PLACEHOLDER, SHARED, VALUE_CLASSES, ValueClasses
from omniid.tables import RecordTable, coded_column
from omniid.tables.arrays import arrow_array, numpy_array, text_array

__all__ = ["value_classes_table"]

TEXT = pa.large_string()


def value_classes_table(table: RecordTable, classes: Mapping[str, ValueClasses]) -> pa.Table:
    """List every value that is not personal: field, value, class, people, records, reason.

    Parameters
    ----------
    table
        Normalised records; its rejects give the placeholders, with their raw values.
    classes
        Column → the classes of its values.

    Returns
    -------
    pyarrow.Table
        Sorted by field, class and value, so that it depends on the records only. `people` is null where unknown.

    Examples
    --------
    >>> table = RecordTable.of([{"record_id": "1", "email": "box@x.com"}])
    >>> found = {"email": ValueClasses("email", np.array([9]), np.array([30]), at_most=6, rows_above=50)}
    >>> value_classes_table(table, found).to_pylist()[0]["reason"]
    '9 people use it, more than the 6 of a household: evidence for nobody'
    """
    parts = [_of_column(name, table, one) for name, one in sorted(classes.items())]
    listed = pa.concat_tables([_empty(), *parts, _placeholders(table.rejects)]).combine_chunks()
    rank = pc.index_in(listed["class"], value_set=text_array(VALUE_CLASSES))
    keyed = listed.append_column("rank", rank)
    order = pc.sort_indices(keyed, sort_keys=[(name, "ascending") for name in ("field", "rank", "value", "reason")])
    return listed.take(order)


def _of_column(name: str, table: RecordTable, found: ValueClasses) -> pa.Table:
    """The listed values of one column."""
    column = table.columns[name]
    codes = np.flatnonzero((found.classes != PERSONAL) & (found.records > 0))
    classes, people, records = (part.take(codes) for part in (found.classes, found.people, found.records))
    # One text per distinct (class, people), or (class, records) where people are unknown: few, however many values there are.
    told = np.where(people > 0, people, -records)
    pairs, first, which = np.unique(np.column_stack([classes, told]), axis=0, return_index=True, return_inverse=True)
    declared = np.zeros(len(codes), bool) if found.declared is None else found.declared.take(codes) >= 0
    texts = [_reason(int(kind), int(people[at]), int(records[at]), found) for (kind, _), at in zip(pairs, first, strict=True)]
    which = np.where(declared, len(texts), which.reshape(-1)).astype(np.int32)
    texts.append("declared shared: evidence for nobody")
    return pa.table(
        {
            "field": coded_column(np.zeros(len(codes), np.int32), text_array([name])).cast(TEXT),
            "value": column.vocabulary.take(arrow_array(codes)),
            "class": coded_column(classes, text_array(VALUE_CLASSES)).cast(TEXT),
            "people": arrow_array(people, present=people > 0),
            "records": arrow_array(records),
            "reason": coded_column(which, text_array(texts)).cast(TEXT),
        }
    )


def _reason(kind: int, people: int, records: int, found: ValueClasses) -> str:
    if kind == SHARED:
        return f"{people:,} people use it, more than the {found.at_most:,} of a household: evidence for nobody"
    if kind == HOUSEHOLD:
        return f"{people:,} people use it: weighed with all else, links nobody on its own"
    return f"{records:,} records hold it and none says whose it is: weighed, never enough alone"


def _placeholders(rejects: pa.Table) -> pa.Table:
    """Values that name nobody, from the rejects of normalisation."""
    empty = rejects.filter(pc.starts_with(rejects["reason"], "stop value"))
    first, times = _distinct_rows([empty[name] for name in ("field", "value", "reason")])
    listed, n = empty.take(arrow_array(first)), len(first)
    return pa.table(
        {
            "field": listed["field"].cast(TEXT),
            "value": listed["value"].cast(TEXT),
            "class": coded_column(np.full(n, PLACEHOLDER, np.int32), text_array(VALUE_CLASSES)).cast(TEXT),
            "people": arrow_array(np.zeros(n, np.int64), present=np.zeros(n, bool)),
            "records": arrow_array(times),
            "reason": listed["reason"].cast(TEXT),
        }
    )


def _distinct_rows(columns: list[pa.ChunkedArray]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The first of all equal rows of text, and how many there are; Arrow's own grouping imports pandas, for half a second."""
    key = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        coded = column.cast(TEXT).combine_chunks().dictionary_encode(null_encoding="encode")
        _, key = np.unique(key * max(len(coded.dictionary), 1) + numpy_array(coded.indices), return_inverse=True)
    _, first, times = np.unique(key.reshape(-1), return_index=True, return_counts=True)
    return first, times


def _empty() -> pa.Table:
    text, number = text_array([]), arrow_array(np.zeros(0, np.int64))
    return pa.table({"field": text, "value": text, "class": text, "people": number, "records": number, "reason": text})
