"""Normal forms of many records at once: the texts that a store keeps, and the table that it would read back from them."""

from collections.abc import Iterator
from dataclasses import replace
from json.encoder import encode_basestring as spell

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.resolver.json_columns import json_texts
from omniid.resolver.learned import Learned
from omniid.tables import NO_TIME, Codes, Column, RecordTable
from omniid.tables.arrays import arrow_array, text_array, text_scalar

__all__ = ["as_stored", "forms_rows"]

PORTION = 1 << 16  # records whose texts are made at once
NOTHING = text_scalar("")
COMMA = text_scalar(",")
NULL = text_scalar("null")
NONE = text_array(["null"])


def as_stored(table: RecordTable, learned: Learned) -> RecordTable:
    """A normalised table with all columns and sources that tables of stored records have, filled or not."""
    least = learned.columns
    raw, columns, display = dict(table.raw), dict(table.columns), dict(table.display)
    for part, names in ((raw, least.raw), (columns, least.columns), (display, least.display)):
        for name in names:
            if name not in part:
                part[name] = _blank(_alike(table, name), len(table))
    sources = tuple(sorted({*table.sources, *learned.sources}))
    places = np.array([sources.index(name) for name in table.sources], np.int32)
    return replace(table, sources=sources, source=places.take(table.source), raw=raw, columns=columns, display=display)


def _alike(table: RecordTable, name: str) -> Column | None:
    return next((part[name] for part in (table.raw, table.columns, table.display) if name in part), None)


def _blank(like: Column | None, n: int) -> Column:
    """A column without values, with the entries of another one."""
    entries, offsets = (n, None) if like is None else (len(like.codes), like.offsets)
    return Column(np.full(entries, -1, np.int32), text_array([]), offsets)


def forms_rows(table: RecordTable, rows: npt.NDArray[np.int64]) -> Iterator[tuple[int, str]]:
    """Rows of the table `forms` in their order, made a portion at a time, of normalised records with row numbers.

    Examples
    --------
    >>> table = RecordTable.of([{"record_id": "1", "email": "ann@x.com", "phone": None}])
    >>> list(forms_rows(table, np.array([7])))
    [(7, '[null,{"email":["ann@x.com"]},[]]')]
    """
    rejects, order = _rejects(table), np.argsort(rows)
    for start in range(0, len(rows), PORTION):
        some = order[start : start + PORTION]
        yield from zip(rows[some].tolist(), _texts(_only(table, some), rejects.take(arrow_array(some))), strict=True)


def _only(table: RecordTable, rows: npt.NDArray[np.intp]) -> RecordTable:
    """Some records with all that is known of them but what could not be used."""
    parts = ({name: column.take(rows) for name, column in part.items()} for part in (table.raw, table.display))
    raw, display = parts
    return replace(table.take(rows), raw=raw, display=display)


def _texts(table: RecordTable, rejects: pa.LargeStringArray) -> list[str]:
    names = sorted({*table.raw, *table.columns, *table.display})
    members = [text for text in (_members(table, name) for name in names) if text is not None]
    members.append(text_array([""] * len(table)))  # where nothing came in any field
    joined = pc.binary_join_element_wise(*members, NOTHING, null_handling="replace", null_replacement="")
    fields = pc.utf8_ltrim(joined, characters=",")
    known = table.time != NO_TIME
    times = pc.if_else(arrow_array(known), pc.cast(arrow_array(table.time), pa.large_string()), text_scalar("null"))
    parts = (text_scalar("["), times, text_scalar(",{"), fields, text_scalar("},"), rejects, text_scalar("]"))
    texts: list[str] = pc.binary_join_element_wise(*parts, NOTHING).to_pylist()
    return texts


def _members(table: RecordTable, name: str) -> pa.LargeStringArray | None:
    """One field as members of JSON objects behind a comma, null where nothing came; None where nothing ever did."""
    like = _alike(table, name)
    columns = [part.get(name) for part in (table.raw, table.columns, table.display)]
    if like is None:
        return None
    present = np.logical_or.reduce([column.codes >= 0 for column in columns if column is not None])
    if not present.any():
        return None
    head, tail = text_scalar(f",{spell(name)}:["), text_scalar("]")
    if like.offsets is None:
        texts = _spelled(columns, np.flatnonzero(present))
        where = np.where(present, np.cumsum(present) - 1, -1)
        return pc.binary_join_element_wise(head, texts.take(arrow_array(where, present=present)), tail, NOTHING)
    rows, within = like.rows, np.arange(len(like.codes)) - np.repeat(like.offsets[:-1], np.diff(like.offsets))
    size = np.zeros(len(table), np.int64)
    np.maximum.at(size, rows[present], within[present] + 1)  # entries behind the last that says something are left out
    texts = _spelled(columns, np.flatnonzero(within < size[rows]))
    lists = pa.LargeListArray.from_arrays(arrow_array(np.concatenate([[0], np.cumsum(size)])), texts)
    told = pc.binary_join_element_wise(head, pc.binary_join(lists, COMMA), tail, NOTHING)
    return pc.if_else(arrow_array(size > 0), told, text_scalar(None))


def _spelled(columns: list[Column | None], entries: npt.NDArray[np.intp]) -> pa.LargeStringArray:
    """Per entry raw value, normal form and form to show as one JSON value, in as few bytes as `packed` takes."""
    raw, normal, shown = (_said(column, entries) for column in columns)
    several = pc.invert(pc.and_(pc.equal(raw, normal), pc.equal(raw, shown)))
    if not pc.any(several).as_py():
        return raw
    first, second, third = (texts.filter(several) for texts in (raw, normal, shown))
    unusable = pc.equal(second, NULL)
    alone = pc.and_(unusable, pc.equal(third, NULL))
    all_three = pc.and_not(pc.or_(unusable, pc.not_equal(first, third)), alone)
    behind = (
        pc.if_else(alone, NOTHING, pc.binary_join_element_wise(COMMA, second, NOTHING)),
        pc.if_else(all_three, pc.binary_join_element_wise(COMMA, third, NOTHING), NOTHING),
    )
    told = pc.binary_join_element_wise(text_scalar("["), first, *behind, text_scalar("]"), NOTHING)
    return pc.replace_with_mask(raw, several, told)


def _said(column: Column | None, entries: npt.NDArray[np.intp]) -> pa.LargeStringArray:
    """Per entry what a column says, as JSON."""
    if column is None:
        return NONE.take(arrow_array(np.zeros(len(entries), np.int64)))
    codes: Codes = column.codes[entries]
    return pc.fill_null(json_texts(column.vocabulary.take(arrow_array(codes, present=codes >= 0))), NULL)


def _rejects(table: RecordTable) -> pa.LargeStringArray:
    """What could not be used of each record, as JSON."""
    told = ["[]"] * len(table)
    found: dict[tuple[str, str], list[str]] = {}
    for one in table.rejects.to_pylist():
        if one["record_id"] is not None:
            texts = ("null" if one[name] is None else spell(one[name]) for name in ("field", "value", "reason"))
            found.setdefault((one["source"], one["record_id"]), []).append(f"[{','.join(texts)}]")
    for key, at in table.rows_of(found).items():
        told[at] = f"[{','.join(found[key])}]"
    return text_array(told)
