"""Many pairs weighed at once, by arrays, from what a store keeps of their records in brief: the twin of `PairScorer.score`."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from omniid.linking import ReadyRecords
from omniid.matching import compile_weights
from omniid.pipeline import with_thresholds
from omniid.resolver.learned import Learned
from omniid.single_record.briefs import parts_of_brief
from omniid.single_record.grading import Cell
from omniid.tables import NO_TIME, Column, RecordTable, no_rejects
from omniid.tables.arrays import numpy_array, text_array
from omniid.threads import threads_for

__all__ = ["weigh_in_bulk"]

Pair = tuple[int, int]
Flags = npt.NDArray[np.bool_]


def weigh_in_bulk(learned: Learned, texts: Mapping[int, str], pairs: Sequence[Pair]) -> dict[Pair, int]:
    """Weigh pairs of records, and keep those that somebody keeps: see `PairScorer.score`.

    Parameters
    ----------
    learned
        The declaration and the model.
    texts
        Row → its brief, of all records of the pairs.
    pairs
        (smaller row, larger row).

    Returns
    -------
    dict
        Pair → match weight in millionths of a bit.
    """
    rows = sorted(texts)
    told = [parts_of_brief(texts[row]) for row in rows]
    table = _table({name: _cells(told, at) for at, name in enumerate(learned.briefs.fields, start=1)}, len(rows))
    flags = [(at, one[0]) for at, one in enumerate(told) if one[0] is not None]
    ready = ReadyRecords(table, learned.plan, {}, threads_for(len(pairs)))
    ready.__dict__["personal"] = _personal(table, flags)  # in place of what value classes say of it
    model = with_thresholds(learned.model, learned.spec)
    weights = compile_weights(table, model, ready.plan.traits, weak=_weak(table, flags))
    ends = np.searchsorted(np.array(rows), np.array(pairs, np.int64)).astype(np.int32)
    left, right = ends[:, 0].copy(), ends[:, 1].copy()
    kept, weight = ready.weigh_kept(left, right, ready.comparer.levels(left, right), model, weights)
    return {pairs[at]: bits for at, bits in zip(kept.tolist(), weight.tolist(), strict=True)}


def _cells(told: Sequence[Sequence[Any]], at: int) -> list[Cell]:
    """What each record says in one field."""
    return [one[at] if len(one) > at else None for one in told]


def _table(fields: Mapping[str, Sequence[Cell]], n: int) -> RecordTable:
    """Records as matching sees them."""
    columns = {name: _column(cells) for name, cells in fields.items()}
    keys = text_array([str(at) for at in range(n)])
    return RecordTable(("",), np.zeros(n, np.int32), keys, {}, columns, {}, np.full(n, NO_TIME), no_rejects())


def _column(cells: Sequence[Cell]) -> Column:
    if all(cell is None or type(cell) is str for cell in cells):
        return Column.of(list(cells))
    entries = [[cell] if cell is None or type(cell) is str else list(cell) for cell in cells]
    offsets = np.cumsum([0, *map(len, entries)]).astype(np.int64)
    return Column.of([entry for some in entries for entry in some], offsets)


def _personal(table: RecordTable, flags: Sequence[tuple[int, Any]]) -> dict[str, Flags]:
    """Column → whether each record's values are used by one person only, of the columns that hold others."""
    out: dict[str, Flags] = {}
    for at, (names, _) in flags:
        for name in names:
            out.setdefault(name, np.ones(len(table), bool))[at] = False
    return out


def _weak(table: RecordTable, flags: Sequence[tuple[int, Any]]) -> dict[str, Flags]:
    """Column → whether each distinct value is never enough alone, of the columns that hold such."""
    found: dict[str, set[str]] = {}
    for _, (_, weak) in flags:
        for name, values in weak.items():
            found.setdefault(name, set()).update(values)
    return {
        name: numpy_array(pc.is_in(table.columns[name].vocabulary, value_set=text_array(sorted(values))))
        for name, values in found.items()
    }
