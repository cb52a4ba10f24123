"""The plan itself: what should stand in each cell, beside what stands there."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.declarations import Source
from omniid.errors import InputError
from omniid.frames.naming import did_you_mean
from omniid.results import Parts
from omniid.source_updates.cells import refuse_cells, used_by_several, wanted_cells
from omniid.source_updates.golden import Golden, golden_values
from omniid.source_updates.manners import single_codes, write_values, write_whole
from omniid.source_updates.reasons import Refused
from omniid.source_updates.standing import Standing, standing_cells
from omniid.source_updates.targets import Target, targets_of
from omniid.tables import Codes, coded_column
from omniid.tables.arrays import arrow_array, distinct, numpy_array, text_array
from omniid.writeback import change_keys, times_before

__all__ = ["ACTIONS", "plan_updates"]

Rows = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
ACTIONS = ("fill", "correct", "compensate")
FILL, CORRECT, COMPENSATE = range(len(ACTIONS))
TAKEN_BACK = "no longer the golden value of this record's entity"
KEYED = ("source", "record_id", "column", "old", "new")


class Moves(NamedTuple):
    """Changes of one column: the record, what stands there and what should, as positions in texts (-1: nothing)."""

    row: Rows
    old: Codes
    new: Codes
    texts: pa.LargeStringArray
    action: npt.NDArray[np.int8]
    origin: Rows
    rule: Codes
    rules: pa.LargeStringArray


def plan_updates(
    parts: Parts, applied: pa.Table, sources: Collection[str] | None, fields: Collection[str] | None
) -> tuple[pa.Table, pa.Table]:
    """Plan what the sources should be told.

    Parameters
    ----------
    parts
        The result.
    applied
        Changes that were carried out after its records were read.
    sources, fields
        Only these; None: all.

    Returns
    -------
    updates, refused
        Arrow tables, text as codes: one row per change, by record and column; and counts of what was refused.
    """
    everything = targets_of(parts)
    _check_names("source", sources, parts.records.sources)
    _check_names("field", fields, sorted({name for one in everything for name in (one.field, *one.parts.values())}))
    golden, several = golden_values(parts), dict[str, Flags]()
    stands = standing_cells(parts, everything, applied)
    moves: list[tuple[Target, Moves]] = []
    refused: list[dict[str, object]] = []
    for target in everything:
        chosen = fields is None or bool({target.field, *target.parts.values()} & set(fields))
        if (sources is None or target.source in sources) and chosen and target.is_first:
            made, not_made = _of_target(parts, target, golden, stands, several)
            moves.append((target, made))
            refused += not_made
    return _updates(parts, moves, stands.changes), _refused(refused)


def _of_target(
    parts: Parts, target: Target, golden: Mapping[str, Golden], stands: Standing, several: dict[str, Flags]
) -> tuple[Moves, list[dict[str, object]]]:
    """What should be changed in one column, and what may not be."""
    code = parts.records.sources.index(target.source)
    first, stop = np.searchsorted(parts.records.source, [code, code + 1]).tolist()
    rows = np.arange(first, stop, dtype=np.int64)
    wanted = wanted_cells(parts, target, rows, golden)
    if target.names_one and target.field in parts.records.columns and target.field not in several:
        several[target.field] = used_by_several(parts, target.field)
    authority = parts.spec.sources.get(target.source, Source()).authority
    why = refuse_cells(parts, target, wanted, golden, authority, several)
    at = np.flatnonzero(why == Refused.NO)
    texts, codes = text_array([]), np.zeros(0, np.int32)
    if len(at):
        write = write_whole(parts, target, rows, golden, wanted.entity[at]) if target.parts else None
        write = write or write_values(parts, target, rows, golden[target.field], wanted.entity[at])
        why[at], codes, texts = write.why, write.codes, write.texts
    kept = codes >= 0
    at, codes = at[kept], codes[kept]
    moves = _moves(parts, target, wanted.row[at], codes, texts, wanted.is_empty[at], stands.of(target, first, stop))
    return _with_origin(parts, target, golden, moves), _counted(parts, target, wanted.row, why)


def _moves(
    parts: Parts,
    target: Target,
    row: Rows,
    codes: Codes,
    texts: pa.LargeStringArray,
    is_empty: Flags,
    written: tuple[Rows, pa.LargeStringArray],
) -> Moves:
    """Compare what should stand with what stands: the source's own value, or what an earlier plan wrote."""
    raw = parts.sent.raw.get(target.field)
    own = np.full(len(parts.records), -1, np.int32) if raw is None else single_codes(raw)
    vocabulary = text_array([]) if raw is None else raw.vocabulary
    pool = pa.concat_arrays([texts, vocabulary, written[1]])
    own = np.where(own >= 0, own + np.int32(len(texts)), np.int32(-1))
    written_row = written[0]
    written_code = np.arange(len(written_row), dtype=np.int32) + np.int32(len(texts) + len(vocabulary))
    place = np.full(len(parts.records), -1, np.int32)  # which written cell the record has, if any
    place[written_row] = np.arange(len(written_row))
    held = place[row]
    old = np.where(held >= 0, np.append(written_code, np.int32(-1))[held], own[row])
    same = old >= 0
    if same.any():  # equal texts stand at other places of the pool; one's own text may be read otherwise beside other names
        known = numpy_array(pc.equal(pool.take(arrow_array(codes[same])), pool.take(arrow_array(old[same]))))
        same[same] = known
    back = np.ones(len(written_row), bool)
    back[held[held >= 0]] = False
    action = np.where(is_empty & (held < 0), FILL, CORRECT).astype(np.int8)
    rows = np.concatenate([row[~same], written_row[back]])
    return Moves(
        rows,
        np.concatenate([old[~same], written_code[back]]).astype(np.int32),
        np.concatenate([codes[~same], own[written_row[back]]]).astype(np.int32),
        pool,
        np.concatenate([action[~same], np.full(int(back.sum()), COMPENSATE, np.int8)]),
        np.full(len(rows), -1, np.int64),
        np.full(len(rows), -1, np.int32),
        text_array([]),
    )


def _with_origin(parts: Parts, target: Target, golden: Mapping[str, Golden], moves: Moves) -> Moves:
    """Say which record each value comes from and which rule chose it; of a whole text, those of its first key part."""
    names = [name for name in (target.parts.values() if target.parts else [target.field]) if name in golden]
    if not names or not len(moves.row):
        return moves
    gold = golden[names[0]]
    entity, is_back = parts.entity[moves.row], moves.action == COMPENSATE
    rules = pa.concat_arrays([gold.rules, text_array([TAKEN_BACK])])
    origin = np.where(is_back, -1, gold.row[entity]).astype(np.int64)
    return moves._replace(
        origin=origin, rule=np.where(is_back, len(gold.rules), gold.rule[entity]).astype(np.int32), rules=rules
    )


def _counted(parts: Parts, target: Target, rows: Rows, why: npt.NDArray[np.int8]) -> list[dict[str, object]]:
    out: list[dict[str, object]] = []
    for code in distinct(why[why != Refused.NO]).tolist():
        at = np.flatnonzero(why == code)
        example = parts.records.key(int(rows[at[0]]))[1]
        named = {"source": target.source, "column": target.column, "field": target.field, "reason": Refused(code).text}
        out.append({**named, "cells": len(at), "example": example})
    return out


def _refused(rows: list[dict[str, object]]) -> pa.Table:
    texts = {name: text_array([str(row[name]) for row in rows]) for name in ("source", "column", "field", "reason")}
    cells = arrow_array(np.array([row["cells"] for row in rows], np.int64))
    return pa.table({**texts, "cells": cells, "example": text_array([str(row["example"]) for row in rows])})


def _updates(parts: Parts, moves: list[tuple[Target, Moves]], made: pa.Table) -> pa.Table:
    """One table of all changes, by record, then by column."""
    found = [(target, one) for target, one in moves if len(one.row)]
    number = np.repeat(np.arange(len(found)), [len(one.row) for _, one in found])
    row = _joined([one.row for _, one in found], np.int64)
    order = np.lexsort((number, row))
    row, number = row[order], number[order]
    pools = pa.concat_arrays([text_array([]), *(one.texts for _, one in found)])
    rules = pa.concat_arrays([text_array([]), *(one.rules for _, one in found)])
    table = parts.records
    origin = _joined([one.origin for _, one in found], np.int64)[order].astype(np.int32)
    columns = {
        "source": coded_column(table.source[row], text_array(table.sources)),
        "record_id": coded_column(row.astype(np.int32), table.record_id),
        "entity_id": coded_column(parts.entity[row], parts.entity_ids),
        "field": coded_column(number, text_array([target.field for target, _ in found])),
        "column": coded_column(number, text_array([target.column for target, _ in found])),
        "old": coded_column(_pooled([(one.old, one.texts) for _, one in found])[order], pools),
        "new": coded_column(_pooled([(one.new, one.texts) for _, one in found])[order], pools),
        "action": coded_column(_joined([one.action for _, one in found], np.int8)[order].astype(np.int32), text_array(ACTIONS)),
        "reason": coded_column(_pooled([(one.rule, one.rules) for _, one in found])[order], rules),
        "from_source": coded_column(
            np.where(origin >= 0, table.source[origin] if len(table) else -1, -1).astype(np.int32), text_array(table.sources)
        ),
        "from_record_id": coded_column(origin, table.record_id),
    }
    keyed = [columns[name] for name in KEYED]
    before = times_before(keyed, [made.column(name).combine_chunks() for name in KEYED])
    return pa.table({**columns, "idempotency_key": change_keys(keyed, before)})


def _joined(arrays: list[npt.NDArray[np.generic]], kind: type) -> npt.NDArray[np.generic]:
    return np.concatenate([np.zeros(0, kind), *arrays])


def _pooled(parts: list[tuple[Codes, pa.Array]]) -> Codes:
    """Codes into several arrays as codes into all of them, one behind the other."""
    out, start = [np.zeros(0, np.int32)], 0
    for codes, texts in parts:
        out.append(np.where(codes >= 0, codes + np.int32(start), np.int32(-1)).astype(np.int32))
        start += len(texts)
    return np.concatenate(out)


def _check_names(what: str, names: Collection[str] | None, known: Collection[str]) -> None:
    if isinstance(names, str):
        raise InputError(f"{what}s is {names!r}; give a list, even of one")
    for name in names or ():
        if name not in known:
            raise InputError(f"there is no {what} {name!r}; choose from {', '.join(known)}{did_you_mean(name, list(known))}")
