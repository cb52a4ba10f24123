"""The contact values that the records of a result hold, as numbers: which are one address, of what kind, used by how many."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.contacts import ContactEntries
from omniid.hash_meanings import hash_texts
from omniid.identifier_fields import IdentifierField
from omniid.meeting import families, hash_meanings, meeting_columns
from omniid.results import Parts
from omniid.sharing import VALUE_CLASSES
from omniid.statement_fields import CHANNEL_OF
from omniid.tables import Codes, Column, RecordTable
from omniid.tables.arrays import arrow_array, numpy_array, text_array, text_scalar

__all__ = ["ContactColumn", "ContactValues", "contact_values"]

PLACEHOLDER = VALUE_CLASSES.index("placeholder")
PLACEHOLDERS = "stop value"  # how the reasons of rejected placeholders begin


class ContactColumn(NamedTuple):
    """A column that holds contact values, or hashes of some.

    Parameters
    ----------
    name
        The column.
    field
        The field that fills it: of a masked address that of the addresses.
    kind
        email, masked_email, phone, whatsapp …; "" of a hash, by which nobody can be reached.
    family
        Values of one family and one normal form are one: a WhatsApp number is a phone number.
    """

    name: str
    field: str
    kind: str
    family: str


class ContactValues(NamedTuple):
    """All contact values of a result.

    Parameters
    ----------
    columns
        The columns.
    kinds, families
        Their kinds and families, sorted.
    entries
        What the records hold, hashes left out.
    column
        int32 per entry, position in `columns`.
    hashed
        (row, column, value) of the values that records hold as a hash.
    text
        large_string: normal forms, then the rejected values.
    shown
        large_string: spellings.
    family
        int32 per value; -1 of rejected ones.
    valid
        Whether each value is one; else it was rejected.
    reason
        large_string per value: why it was rejected, null of the others.
    value_class
        int8 per value, position in `VALUE_CLASSES`; -1 where nobody counted.
    people
        int64 per value; 0 where unknown.
    """

    columns: tuple[ContactColumn, ...]
    kinds: tuple[str, ...]
    families: tuple[str, ...]
    entries: ContactEntries
    column: Codes
    hashed: tuple[Codes, Codes, Codes]
    text: pa.LargeStringArray
    shown: pa.LargeStringArray
    family: Codes
    valid: npt.NDArray[np.bool_]
    reason: pa.LargeStringArray
    value_class: npt.NDArray[np.int8]
    people: npt.NDArray[np.int64]


def contact_values(parts: Parts) -> ContactValues:
    """Gather the contact values that the records of a result hold.

    Parameters
    ----------
    parts
        What the stages made.
    """
    columns = tuple(one for one in _columns(parts) if one.name in parts.records.columns)
    groups = tuple(sorted({one.family for one in columns}))
    meanings = _meanings(parts)
    texts = {one.name: _texts(one, parts.records.columns[one.name], meanings) for one in columns}
    pools = [_pool([texts[one.name] for one in columns if one.family == family]) for family in groups]
    starts = dict(zip(groups, np.cumsum([0, *map(len, pools)]).tolist(), strict=False))
    pool = dict(zip(groups, pools, strict=True))
    kinds = tuple(sorted({one.kind for one in columns} - {""}))
    plain: list[Sequence[Codes]] = []
    hashed: list[Sequence[Codes]] = []
    spellings: list[pa.LargeStringArray] = []
    shown_at = 0
    for number, one in enumerate(columns):
        column = parts.records.columns[one.name]
        at = _places(texts[one.name], pool[one.family])
        value = np.append(np.where(at < 0, -1, at + starts[one.family]), -1).astype(np.int32)[column.codes]
        here = np.flatnonzero((column.codes >= 0) & (value >= 0))
        rows, of = column.rows[here].astype(np.int32, copy=False), np.full(len(here), number, np.int32)
        if not one.kind:
            hashed.append((rows, of, value[here]))
            continue
        display = parts.records.display[one.name]
        kind = np.full(len(here), kinds.index(one.kind), np.int32)
        plain.append((rows, kind, value[here], (display.codes[here] + shown_at).astype(np.int32), of))
        spellings.append(display.vocabulary)
        shown_at += len(display.vocabulary)
    n = sum(map(len, pools))
    refused = _rejected(parts.records, columns, kinds, n, shown_at)
    row, kind, value, shown, of = _joined([*plain, refused.entries], 5)
    classes = _classes(parts, columns, pool, starts, n)
    extra = len(refused.text)
    return ContactValues(
        columns,
        kinds,
        groups,
        ContactEntries(row, kind, value, shown),
        of,
        _three(_joined(hashed, 3)),
        _texts_of([*pools, refused.text]),
        _texts_of([*spellings, refused.text]),
        np.concatenate([np.repeat(np.arange(len(pools)), [len(one) for one in pools]), np.full(extra, -1)]).astype(np.int32),
        np.append(np.ones(n, bool), np.zeros(extra, bool)),
        pa.concat_arrays([pa.nulls(n, pa.large_string()), refused.reason]),
        np.append(classes[0], refused.value_class).astype(np.int8),
        np.append(classes[1], np.zeros(extra, np.int64)),
    )


def _columns(parts: Parts) -> list[ContactColumn]:
    """The columns of contact values that the fields fill, and of hashes of such values."""
    out = []
    for field in parts.spec.fields:
        if not isinstance(field, IdentifierField):
            continue
        kind = field.definition
        if field.kind in CHANNEL_OF:
            out.append(ContactColumn(field.column, field.column, field.kind, _family(kind.name, kind.meets, kind.normalizer)))
        elif kind.normalizer == "hash" and kind.meets:
            out.append(ContactColumn(field.column, field.column, "", kind.meets))
        masked = [name for name in field.columns() if name != field.column]  # of addresses, those of relays
        out += [ContactColumn(name, field.column, "masked_email", "email") for name in masked]
    return out


def _family(name: str, meets: str | None, normalizer: str) -> str:
    """What values of a kind are the same as."""
    if meets is not None:
        return meets
    return "phone" if normalizer == "phone" else "email" if name == "masked_email" else name


def _texts(one: ContactColumn, column: Column, meanings: Mapping[str, Mapping[str, str | None]]) -> pa.LargeStringArray:
    """What each value of a column's vocabulary stands for: itself, of a hash the value that it is of, where that is known."""
    if one.kind:
        return column.vocabulary
    known = meanings.get(one.name, {})
    return text_array([known.get(text, text) for text in column.vocabulary.to_pylist()])


def _meanings(parts: Parts) -> dict[str, Mapping[str, str | None]]:
    """Column of hashes → what they stand for, as far as any record says: masked addresses among it, as they can be denied."""
    found = hash_meanings(parts.records, parts.spec.fields, parts.spec.purpose)
    out: dict[str, Mapping[str, str | None]] = {}
    for members in families(parts.spec.fields, parts.spec.purpose):
        known = found.get(members[0].column, {})
        known = {**known, **_masked(members, parts.records, {text for text, of in known.items() if of is None})}
        out.update((member.column, known) for member in members[1:])
    return out


def _masked(members: Sequence[IdentifierField], records: RecordTable, hashes: Collection[str]) -> dict[str, str]:
    """Which masked addresses some hashes stand for."""
    sizes = {len(one) for one in hashes}
    columns = [records.columns.get(f"masked_{member.column}") for member in members] if hashes else []
    texts = [text for column in columns if column is not None for text in column.vocabulary.to_pylist()]
    return {hashed: text for text in texts for hashed in hash_texts(text, sizes) if hashed in hashes}


def _pool(vocabularies: Sequence[pa.LargeStringArray]) -> pa.LargeStringArray:
    """The distinct values of several vocabularies, sorted by code point, as each of them is."""
    if len(vocabularies) == 1:
        return vocabularies[0]
    pool = pc.unique(pa.chunked_array(vocabularies, pa.large_string())).drop_null()
    return pool.take(pc.array_sort_indices(pool))


def _places(texts: pa.LargeStringArray, pool: pa.LargeStringArray) -> Codes:
    """Where each text stands in a pool, -1 where it does not; most columns are the only one of their family."""
    if texts is pool or texts.equals(pool):
        return np.arange(len(pool), dtype=np.int32)
    found: Codes = numpy_array(pc.index_in(texts, value_set=pool), null=-1)
    return found


def _classes(
    parts: Parts, columns: Sequence[ContactColumn], pool: Mapping[str, pa.LargeStringArray], starts: Mapping[str, int], n: int
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.int64]]:
    """Class of every value, and how many people use it, from the columns in which people were counted."""
    classes, people = np.full(n, -1, np.int8), np.zeros(n, np.int64)
    elsewhere = meeting_columns(parts.spec.fields, parts.spec.purpose)
    of_family = {elsewhere.get(one.name, one.name): one.family for one in columns}
    for name, found in parts.classes.items():
        if name in of_family:
            family = of_family[name]
            at = _places(parts.evidence.columns[name].vocabulary, pool[family])
            here = np.flatnonzero((at >= 0) & (found.records > 0))
            places = at[here].astype(np.int64) + starts[family]
            classes[places] = np.maximum(classes[places], found.classes[here])
            people[places] = np.maximum(people[places], found.people[here])
    return classes, people


class _Rejected(NamedTuple):
    """Rejected contact values: entries (row, kind, value, shown, column), their texts, why, and their classes."""

    entries: Sequence[Codes]
    text: pa.LargeStringArray
    reason: pa.LargeStringArray
    value_class: npt.NDArray[np.int8]


def _rejected(
    records: RecordTable, columns: Sequence[ContactColumn], kinds: Sequence[str], first: int, first_shown: int
) -> _Rejected:
    """The values that were rejected, numbered from `first` on; a value rejected for two reasons counts twice."""
    of_name = {one.name: number for number, one in enumerate(columns) if one.kind}
    told = records.rejects
    there = pc.and_(pc.is_in(told["field"], value_set=text_array(list(of_name))), told["record_id"].is_valid())
    told = told.filter(pc.and_(there, told["value"].is_valid())).combine_chunks()
    rows = _rows_of(records, told)
    number = np.array([of_name[name] for name in told["field"].to_pylist()], np.int32)
    kind_of_column = np.array([kinds.index(one.kind) if one.kind else -1 for one in columns], np.int32)
    mine = pc.binary_join_element_wise(_whole(told["value"]), _whole(told["reason"]), text_scalar("\x1f"))
    keys = pc.unique(mine)
    keys = keys.take(pc.array_sort_indices(keys))
    value = numpy_array(pc.index_in(mine, value_set=keys)).astype(np.int32)
    first_of = pc.index_in(keys, value_set=mine)
    text, reason = _whole(told["value"]).take(first_of), _whole(told["reason"]).take(first_of)
    stops = numpy_array(pc.starts_with(reason, PLACEHOLDERS))
    entries = (rows, kind_of_column[number], value + np.int32(first), value + np.int32(first_shown), number)
    return _Rejected(entries, text, reason, np.where(stops, PLACEHOLDER, -1).astype(np.int8))


def _rows_of(records: RecordTable, told: pa.Table) -> Codes:
    """The rows of the records that rejects name."""
    ids = _whole(told["record_id"])
    near = np.flatnonzero(numpy_array(pc.is_in(records.record_id, value_set=pc.unique(ids))))
    coded = records.record_id.take(arrow_array(near)).dictionary_encode()
    width = max(len(coded.dictionary), 1)
    keys = records.source[near].astype(np.int64) * width + numpy_array(coded.indices)
    order = np.argsort(keys)
    source = numpy_array(pc.index_in(_whole(told["source"]), value_set=text_array(records.sources))).astype(np.int64)
    wanted = source * width + numpy_array(pc.index_in(ids, value_set=coded.dictionary))
    found: Codes = near[order[np.searchsorted(keys[order], wanted)]].astype(np.int32)
    return found


def _whole(column: pa.ChunkedArray) -> pa.LargeStringArray:
    return _texts_of(column.chunks)


def _texts_of(arrays: Sequence[pa.LargeStringArray]) -> pa.LargeStringArray:
    return pa.concat_arrays([text_array([]), *(one.cast(pa.large_string()) for one in arrays)])


def _joined(parts: Sequence[Sequence[Codes]], width: int) -> list[Codes]:
    """Several lists of arrays, end to end."""
    return [np.concatenate([np.zeros(0, np.int32), *(part[at] for part in parts)]).astype(np.int32) for at in range(width)]


def _three(parts: Sequence[Codes]) -> tuple[Codes, Codes, Codes]:
    return parts[0], parts[1], parts[2]
