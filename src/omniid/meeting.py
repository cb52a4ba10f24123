"""Identifiers that meet: a WhatsApp number is a phone number, the hash of an address stands for that address.

Kinds that meet are compared, blocked and counted in one column of the evidence, that of the first such field: the *meeting
column*. Each field keeps its own column on the profile, as it was sent. Fields limited to another purpose are no evidence.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.declarations import Field
from omniid.errors import SpecError
from omniid.fields import Identifier, IdentifierField, kind_of
from omniid.frames.naming import did_you_mean
from omniid.hash_meanings import HashMeanings, meanings_of, spellings_in
from omniid.tables import Column, RecordTable
from omniid.tables.arrays import arrow_array, distinct, numpy_array, text_array

__all__ = [
    "check_purpose",
    "families",
    "hash_meanings",
    "hashes_in",
    "is_evidence",
    "meet_columns",
    "meeting_columns",
    "without_lost_values",
]

Keys = npt.NDArray[np.int64]


def is_evidence(field: Field, purpose: str | None) -> bool:
    """Whether a field is evidence in a run for a purpose: it is where it names no purposes, or this one.

    Examples
    --------
    >>> from omniid.fields import Phone
    >>> is_evidence(Phone(purposes=("fraud",)), None), is_evidence(Phone(purposes=("fraud",)), "fraud")
    (False, True)
    """
    purposes = getattr(field, "purposes", ())
    return not purposes or purpose in purposes


def check_purpose(purpose: str | None, fields: Sequence[Field]) -> None:
    """Refuse a purpose that no field is limited to.

    Raises
    ------
    SpecError
        With the known purposes.

    Examples
    --------
    >>> from omniid.fields import Phone
    >>> check_purpose("fraud", [Phone(purposes=("fraud",))])
    """
    known = sorted({name for field in fields for name in getattr(field, "purposes", ())})
    if purpose is None or purpose in known:
        return
    if not known:
        example = 'Identifier("passport", kind="passport", purposes=("fraud",))'
        raise SpecError(f"purpose {purpose!r} is unknown: no field is limited to a purpose; declare one as in {example}")
    near = did_you_mean(purpose, known)
    raise SpecError(f"purpose {purpose!r} is unknown; the fields are limited to {', '.join(known)}{near}")


def meeting_columns(fields: Sequence[Field], purpose: str | None = None) -> dict[str, str]:
    """Column → the meeting column that its values are compared in, for columns whose values are compared in another.

    Parameters
    ----------
    fields
        What the columns hold.
    purpose
        The purpose of the run.

    Examples
    --------
    >>> from omniid.fields import Phone
    >>> meeting_columns([Identifier("wa", kind="whatsapp"), Phone("phone"), Identifier("em", kind="email_hash")])
    {'wa': 'phone'}
    """
    out = {}
    for members in families(fields, purpose):
        out.update({member.column: members[0].column for member in members[1:]})
    return out


def meet_columns(
    table: RecordTable, fields: Sequence[Field], purpose: str | None = None, hashes: HashMeanings | None = None
) -> RecordTable:
    """Return the table with the values of kinds that meet in one column, and without those of fields for other purposes.

    A hash of a value that is known stands for that value; an unknown one is a value of its own.

    Parameters
    ----------
    table
        Normalised records.
    fields, purpose
        As for `meeting_columns`.
    hashes
        What hashes stand for; None: what the records themselves say of it.

    Examples
    --------
    >>> from omniid.fields import Phone
    >>> table = RecordTable.of([{"record_id": "1", "phone": "+48501234567"}, {"record_id": "2", "wa": "+48501234567"}])
    >>> met = meet_columns(table, [Phone("phone"), Identifier("wa", kind="whatsapp")])
    >>> met.columns["phone"].codes.tolist(), met.columns["wa"].codes.tolist()
    ([0, 0], [-1, 0])
    """
    columns = dict(table.columns)
    for field in fields:
        if isinstance(field, IdentifierField) and not is_evidence(field, purpose):
            for name in field.columns():
                if name in columns:
                    columns[name] = replace(columns[name], codes=np.full_like(columns[name].codes, -1))
    hashes = hash_meanings(table, fields, purpose) if hashes is None else hashes
    for members in families(fields, purpose):
        here = [member for member in members if member.column in columns]
        meanings = hashes.get(members[0].column, {})
        if any(member is not members[0] and len(columns[member.column].vocabulary) for member in here):
            columns[members[0].column] = _joined([_resolved(member, table, meanings) for member in here], len(table))
    return replace(table, columns=columns)


def without_lost_values(
    table: RecordTable, met: RecordTable, fields: Sequence[Field], purpose: str | None, hashes: HashMeanings | None = None
) -> RecordTable:
    """Return `table` without the values of which the meeting column has lost its own, so that no limit reads them.

    Parameters
    ----------
    table
        The evidence, from which shared values were taken.
    met
        What it was before.
    fields, purpose, hashes
        As for `meet_columns`.

    Examples
    --------
    >>> from omniid.fields import Phone
    >>> rows = [{"record_id": "1", "phone": "+48501234567"}, {"record_id": "2", "wa": "+48501234567"}]
    >>> fields = [Phone("phone"), Identifier("wa", kind="whatsapp")]
    >>> met = meet_columns(RecordTable.of(rows), fields)
    >>> nobody = replace(met, columns={**met.columns, "phone": Column.of([None, None])})
    >>> without_lost_values(nobody, met, fields, None).columns["wa"].codes.tolist()
    [-1, -1]
    """
    columns = dict(table.columns)
    hashes = hash_meanings(met, fields, purpose) if hashes is None else hashes
    for members in families(fields, purpose):
        anchor = members[0].column
        if anchor not in columns or columns[anchor] is met.columns[anchor]:
            continue
        left = distinct(columns[anchor].present()[1])
        values = columns[anchor].vocabulary.take(arrow_array(left))
        here = [member for member in members if member.column in columns]
        for member in here[1:]:
            old = columns[member.column]
            stands_for = text_array(_meant(member, old, hashes.get(anchor, {})))
            kept = np.append(numpy_array(pc.is_in(stands_for, value_set=values)), False)
            columns[member.column] = replace(old, codes=np.where(kept[old.codes], old.codes, np.int32(-1)).astype(np.int32))
    return replace(table, columns=columns)


def families(fields: Sequence[Field], purpose: str | None) -> list[list[IdentifierField]]:
    """Fields that meet, in groups of at least two, that with the meeting column first.

    Parameters
    ----------
    fields, purpose
        As for `meeting_columns`.
    """
    groups: dict[str, list[IdentifierField]] = {}
    for field in fields:
        kind = kind_of(field)
        if isinstance(field, IdentifierField) and kind and kind.links and kind.meets and is_evidence(field, purpose):
            groups.setdefault(kind.meets, []).append(field)
    # The field of that very kind, else one with plain values, else the first; several fields of one kind stay apart.
    out = []
    for members in groups.values():
        first = min(members, key=lambda member: (isinstance(member, Identifier), member.normalizer == "hash"))
        others = [member for member in members if isinstance(member, Identifier) and member is not first]
        out += [[first, *others]] if others else []
    return out


def hash_meanings(table: RecordTable, fields: Sequence[Field], purpose: str | None = None) -> HashMeanings:
    """Say what the hashes in a table stand for, as far as its records know.

    Parameters
    ----------
    table
        Normalised records without stop values.
    fields, purpose
        As for `meeting_columns`.

    Examples
    --------
    >>> from omniid.fields import Email
    >>> table = RecordTable.of([{"record_id": "1", "email": "ann@x.com", "em": "7f3a" * 16}])
    >>> hash_meanings(table, [Email(), Identifier("em", kind="email_hash")])
    {'email': {}}
    """
    out = {}
    for members in families(fields, purpose):
        here = [member for member in members if member.column in table.columns]
        hashes = hashes_in(here, table)
        if hashes:
            plain = (member for member in here if member.normalizer != "hash")
            out[members[0].column] = meanings_of((found for one in plain for found in spellings_in(one, table)), hashes)
    return out


def hashes_in(members: Sequence[IdentifierField], table: RecordTable) -> set[str]:
    """The hashes that the fields of a family hold in a table."""
    hashed = [member.column for member in members if member.normalizer == "hash" and member.column in table.columns]
    return {text for name in hashed for text in table.columns[name].vocabulary.to_pylist()}


def _resolved(member: IdentifierField, table: RecordTable, meanings: Mapping[str, str | None]) -> Column:
    """A member's column; a hash whose value is known is that value, one of a masked address is missing."""
    column = table.columns[member.column]
    return _with_values(column, _meant(member, column, meanings)) if member.normalizer == "hash" else column


def _meant(member: IdentifierField, column: Column, meanings: Mapping[str, str | None]) -> list[str | None]:
    """What each value of a column's vocabulary stands for."""
    texts: list[str] = column.vocabulary.to_pylist()
    return [meanings.get(text, text) for text in texts] if member.normalizer == "hash" else [*texts]


def _with_values(column: Column, values: Sequence[str | None]) -> Column:
    """The column with other values for those of its vocabulary; several may become one, None is missing."""
    pool = text_array(sorted({value for value in values if value is not None}))
    place = numpy_array(pc.index_in(text_array(values), value_set=pool), null=-1).astype(np.int32)
    return Column(np.append(place, np.int32(-1))[column.codes], pool, column.offsets)


def _joined(columns: Sequence[Column], n_rows: int) -> Column:
    """All values of several columns, each once per record, over one sorted vocabulary."""
    pool = pc.unique(pa.chunked_array([column.vocabulary for column in columns], pa.large_string()))
    pool = pool.take(pc.array_sort_indices(pool))
    width = max(len(pool), 1)
    parts = []
    for column in columns:
        place = numpy_array(pc.index_in(column.vocabulary, value_set=pool)).astype(np.int64)
        rows, codes = column.present()
        parts.append(rows.astype(np.int64) * width + place[codes])
    keys = _distinct(np.concatenate(parts))
    rows, codes = keys // width, (keys % width).astype(np.int32)
    counts = np.bincount(rows, minlength=n_rows)
    if (counts <= 1).all():
        single = np.full(n_rows, -1, np.int32)
        single[rows] = codes
        return Column(single, pool)
    return Column(codes, pool, np.concatenate([[0], np.cumsum(counts)]).astype(np.int64))


def _distinct(keys: Keys) -> Keys:
    keys = np.sort(keys)
    first: Keys = keys[np.append(True, keys[1:] != keys[:-1])[: len(keys)]]
    return first
