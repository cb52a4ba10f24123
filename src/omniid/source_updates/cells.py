"""Which cells of one column should hold another value, and which of them may not be written, and why."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.authority import Authority
from omniid.fields import Address
from omniid.meeting import meeting_columns
from omniid.results import Parts
from omniid.source_updates.golden import Golden
from omniid.source_updates.manners import single_codes
from omniid.source_updates.reasons import Refused
from omniid.source_updates.statements import is_spoken_of, is_unverified
from omniid.source_updates.targets import Target
from omniid.tables import Codes, Column
from omniid.tables.arrays import numpy_array

__all__ = ["Wanted", "refuse_cells", "used_by_several", "wanted_cells"]

Flags = npt.NDArray[np.bool_]
LONGEST_SILENT = 30  # letters; what says nothing is short, and rejects shorten what is long
KEY_PARTS = {"whole name": ("first", "last"), "whole address": ("street", "postcode", "city")}


class Wanted(NamedTuple):
    """Cells whose source says something else than the golden profile.

    Parameters
    ----------
    row
        int64, the record per cell.
    entity
        int32, its entity.
    is_empty
        Whether the source itself has nothing there.
    is_several
        Whether it has several values there.
    is_elsewhere
        Whether the record says the field in another column.
    """

    row: npt.NDArray[np.int64]
    entity: npt.NDArray[np.signedinteger]
    is_empty: Flags
    is_several: Flags
    is_elsewhere: Flags


def wanted_cells(parts: Parts, target: Target, rows: npt.NDArray[np.int64], golden: Mapping[str, Golden]) -> Wanted:
    """Find the cells of a column in which the golden value does not stand yet, in its normal form.

    Parameters
    ----------
    parts
        The result.
    target
        The column.
    rows
        All records of its source.
    golden
        Field → its golden values.
    """
    entity = parts.entity[rows]
    fields = [target.parts[part] for part in KEY_PARTS[target.kind] if part in target.parts] if target.parts else [target.field]
    wanted, says = np.zeros(len(rows), bool), np.zeros(len(rows), bool)
    for name in fields:
        if name in golden and name in parts.records.columns:
            column = parts.records.columns[name]
            gold = golden[name].normal[entity]
            wanted |= (gold >= 0) & ~_holds(column, rows, gold)
            says |= _counts(column, rows) > 0
    raw = parts.sent.raw.get(target.field)
    held = np.zeros(len(rows), np.int64) if raw is None else _counts(raw, rows)
    at = np.flatnonzero(wanted)
    empty = held[at] == 0
    is_silent = _is_silent(parts, target, rows[at], held[at]) & target.is_alone  # else: in which of the columns?
    return Wanted(rows[at], entity[at], empty | is_silent, held[at] > 1, empty & says[at])


def refuse_cells(
    parts: Parts,
    target: Target,
    wanted: Wanted,
    golden: Mapping[str, Golden],
    authority: Authority,
    several: Mapping[str, Flags],
) -> npt.NDArray[np.int8]:
    """Say per cell why it may not be written, as `Refused` has it.

    Parameters
    ----------
    parts, target, wanted, golden
        As for `wanted_cells`.
    authority
        What the source declares.
    several
        Field → per distinct value, whether several people use it.
    """
    why = np.zeros(len(wanted.row), np.int8)
    if not len(why):
        return why
    authority = authority.for_names() if target.kind in ("identifier", "attribute") else authority

    def refuse(cells: Flags | bool, reason: Refused) -> None:
        if cells is not False:
            why[(why == Refused.NO) & cells] = reason

    names = _names_of(target)
    own = any(authority.is_own(name) for name in (target.field, *names))
    may = {empty: _may(authority, target, is_empty=empty) for empty in (True, False)}
    refuse(own, Refused.OWNER)
    refuse(not may[True] and not may[False], Refused.NOT_TAKEN)
    refuse(~wanted.is_empty & (not may[False]), Refused.FILLS_ONLY)
    refuse(wanted.is_empty & (not may[True]), Refused.NOT_TAKEN)
    for name in _value_fields(target, golden):
        row = golden[name].row[wanted.entity]
        source = parts.records.source[row]
        for empty in (True, False):
            sources = _sources(authority, target, name, is_empty=empty)
            if sources is not None:
                taken = np.isin(parts.records.sources, sources)
                refuse((wanted.is_empty == empty) & (row >= 0) & ~taken[source], Refused.NOT_FROM_THERE)
    refuse(parts.placement.is_anonymous[wanted.row], Refused.NAMES_NOBODY)
    if parts.cells is not None:
        refuse(target.source not in parts.cells.named, Refused.NO_RECORD_ID)
    if target.kind == "email":
        refuse(_is_masked(parts, target.field, wanted.row), Refused.OTHER_PARTY)
    refuse(wanted.is_several, Refused.SEVERAL_VALUES)
    refuse(~wanted.is_empty & (not target.is_alone), Refused.SEVERAL_COLUMNS)
    refuse(wanted.is_elsewhere, Refused.ELSEWHERE)
    refuse(target.kind == "date part", Refused.DATE_PARTS)
    if target.names_one and not authority.takes_shared(target.field) and target.field in several:
        refuse(several[target.field][golden[target.field].normal[wanted.entity]], Refused.SEVERAL_PEOPLE)
    if target.names_one:
        refuse(is_spoken_of(parts, target.field, wanted.row), Refused.SPOKEN_OF)
        if not authority.takes_unverified(target.field):
            refuse(is_unverified(parts, target.field, wanted.entity, golden), Refused.UNVERIFIED)
    refuse(_is_numbered_apart(parts, target, wanted, golden), Refused.NUMBER_APART)
    refuse(_is_patchwork(parts, target, wanted, golden), Refused.PATCHWORK)
    return why


def _is_masked(parts: Parts, field: str, rows: npt.NDArray[np.int64]) -> Flags:
    """Whether a record's address is one that relays to the customer: it stands in a column of its own, and stays."""
    masked = next((one for one in (f"masked_{field}", f"{field}_masked_{field}") if one in parts.records.display), None)
    return np.zeros(len(rows), bool) if masked is None else _counts(parts.records.display[masked], rows) > 0


def used_by_several(parts: Parts, field: str) -> Flags:
    """Per distinct value: whether records of several entities hold it, or its class says that several people use it."""
    column = parts.records.columns[field]
    rows, codes = column.present()
    entity = parts.entity[rows]
    low, high = np.full(len(column.vocabulary), len(parts.entity_ids), np.int32), np.full(len(column.vocabulary), -1, np.int32)
    np.minimum.at(low, codes, entity)
    np.maximum.at(high, codes, entity)
    out = high > low
    meets = meeting_columns(parts.spec.fields, parts.spec.purpose).get(field, field)
    if meets in parts.classes and meets in parts.evidence.columns:
        classes = parts.classes[meets]
        place = numpy_array(pc.index_in(column.vocabulary, value_set=parts.evidence.columns[meets].vocabulary), null=-1)
        out |= np.append(~classes.is_personal, False)[place]
    return np.append(out, False)


def _holds(column: Column, rows: npt.NDArray[np.int64], gold: Codes) -> Flags:
    """Whether each row has the golden value among its own."""
    if column.offsets is None:
        return np.asarray(column.codes[rows] == gold)
    part = column.take(rows.astype(np.int32))
    out = np.zeros(len(rows), bool)
    out[part.rows[part.codes == gold[part.rows]]] = True
    return out


def _counts(column: Column, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    if column.offsets is None:
        return (column.codes[rows] >= 0).astype(np.int64)
    return np.bincount(column.present()[0], minlength=column.n_rows)[rows].astype(np.int64)


def _is_silent(parts: Parts, target: Target, rows: npt.NDArray[np.int64], held: npt.NDArray[np.int64]) -> Flags:
    """Whether a cell holds a text that says nothing, such as "n/a": neither a normal form nor a reason to reject it."""
    names = list(target.parts.values()) or [target.field]
    known = np.zeros(len(rows), bool)
    for name in names:
        if name in parts.records.columns:
            known |= _counts(parts.records.columns[name], rows) > 0
    rest = np.flatnonzero((held == 1) & ~known)
    out = np.zeros(len(rows), bool)
    raw = parts.sent.raw.get(target.field)
    if raw is None or not len(rest):
        return out
    codes = single_codes(raw)[rows[rest]]
    rejected = parts.records.rejects.filter(pc.equal(parts.records.rejects.column("field"), target.field))
    values = rejected.column("value").combine_chunks().cast(pa.large_string())
    bad = numpy_array(pc.is_in(raw.vocabulary, value_set=values)) | (
        numpy_array(pc.utf8_length(raw.vocabulary)) > LONGEST_SILENT
    )
    out[rest] = ~bad[codes]
    return out


def _names_of(target: Target) -> tuple[str, ...]:
    """What a whole text says, by its key parts: declaring these speaks for the text."""
    return tuple(target.parts[part] for part in KEY_PARTS.get(target.kind, ()) if part in target.parts)


def _may(authority: Authority, target: Target, *, is_empty: bool) -> bool:
    names = _names_of(target)
    if authority.may_write(target.field, is_empty=is_empty):
        return True
    return bool(names) and all(authority.may_write(name, is_empty=is_empty) for name in names)


def _sources(authority: Authority, target: Target, name: str, *, is_empty: bool) -> tuple[str, ...] | None:
    """The sources whose values of a field the cell takes: by its own declaration, else by that of the part."""
    by_text = authority.may_write(target.field, is_empty=is_empty)
    return authority.sources_for(target.field if by_text else name, is_empty=is_empty)


def _value_fields(target: Target, golden: Mapping[str, Golden]) -> list[str]:
    return [name for name in (target.parts.values() if target.parts else [target.field]) if name in golden]


def _is_patchwork(parts: Parts, target: Target, wanted: Wanted, golden: Mapping[str, Golden]) -> Flags | bool:
    """Whether the parts of a whole text come from records that contradict one another: "Lee" of "Lee Tom" and of "Tom Lee"."""
    names = [name for name in _names_of(target) if name in golden and name in parts.records.columns]
    if not names:
        return False
    rows = np.arange(len(parts.records), dtype=np.int64)
    holds, fits = {}, np.ones(len(rows), bool)
    for name in names:
        gold = golden[name].normal[parts.entity]
        holds[name] = (gold >= 0) & _holds(parts.records.columns[name], rows, gold)
        fits &= holds[name] | (gold < 0) | (_counts(parts.records.columns[name], rows) == 0)
    out = np.zeros(len(parts.entity_ids), bool)
    for name in names:
        said = np.zeros(len(out), bool)
        said[parts.entity[fits & holds[name]]] = True
        out |= (golden[name].normal >= 0) & ~said
    return np.asarray(out[wanted.entity])


def _is_numbered_apart(parts: Parts, target: Target, wanted: Wanted, golden: Mapping[str, Golden]) -> Flags | bool:
    """Whether the golden street comes from a source that keeps house numbers otherwise than this one."""
    field = next((one for one in parts.spec.fields if isinstance(one, Address) and one.street == target.field), None)
    number = field.house_number if field is not None else None
    raw = parts.sent.raw.get(number) if number is not None else None
    if raw is None or target.kind != "street":
        return False
    numbered = np.zeros(len(parts.records.sources), bool)
    numbered[parts.records.source[raw.present()[0]]] = True
    row = golden[target.field].row[wanted.entity]
    return np.asarray(numbered[parts.records.source[row]] != numbered[parts.records.source[wanted.row]])
