"""Many records read from what a store keeps of them in brief, as the stages of a batch run take them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.blocking import MAX_BLOCK, BlockPlan
from omniid.copies import find_originals
from omniid.kernel_plans import kernel_plan
from omniid.linking import ReadyRecords
from omniid.matching import WeightTables, compile_weights
from omniid.pipeline import with_thresholds
from omniid.resolver.learned import Learned
from omniid.single_record.briefs import APART, BESIDE, ESCAPE, unescaped
from omniid.tables import NO_TIME, Column, Finder, KernelPlan, Model, RecordTable, no_rejects
from omniid.tables.arrays import arrow_array, numpy_array, text_array, text_scalar
from omniid.threads import threads_for

__all__ = ["BulkRecords"]

Flags = npt.NDArray[np.bool_]
MARKS = f"[{BESIDE}{ESCAPE}]"


class BulkRecords(NamedTuple):
    """Records by place.

    Parameters
    ----------
    ready
        The records as matching sees them.
    model, weights
        The numbers that weigh them, and the same compiled for them.
    """

    ready: ReadyRecords
    model: Model
    weights: WeightTables

    @classmethod
    def of(cls, learned: Learned, texts: Sequence[str]) -> "BulkRecords":
        """Read some records from their briefs."""
        flags, columns = _columns(texts, learned.briefs.fields)
        table = _table(columns, len(texts))
        ready = ReadyRecords(table, learned.plan, {}, threads_for(len(texts)))
        known = {
            "personal": _personal(table, flags),  # in place of what value classes say of it
            "originals": find_originals(table, learned.light_reader.columns, np.zeros(len(texts), bool)),
        }
        ready.__dict__.update(known)
        model = with_thresholds(learned.model, learned.spec)
        return cls(ready, model, compile_weights(table, model, ready.plan.traits, weak=_weak(table, flags)))

    def kernel(self, *finders: Finder) -> KernelPlan:
        """What the kernel takes to weigh the pairs that some finders make."""
        ready, plan = self.ready, self.ready.plan
        blocks = BlockPlan((), len(ready.table), MAX_BLOCK, finders)
        found = kernel_plan(blocks, ready.comparer, self.weights, plan.traits, self.model, plan.link_rules, ready.personal)
        return replace(found, rules=("",))


def _table(columns: Mapping[str, Column], n: int) -> RecordTable:
    """Records as matching sees them."""
    keys = text_array([str(at) for at in range(n)])
    return RecordTable(("",), np.zeros(n, np.int32), keys, {}, dict(columns), {}, np.full(n, NO_TIME), no_rejects())


def _columns(texts: Sequence[str], fields: Sequence[str]) -> tuple[list[tuple[int, Any]], dict[str, Column]]:
    """What briefs say of the sharing of values, by place where they do, and each field of all records."""
    briefs = text_array(texts)
    parts = pc.split_pattern(briefs, APART)
    said, starts = parts.values, numpy_array(parts.offsets).astype(np.int64)
    counts = np.diff(starts)
    marked = np.repeat(numpy_array(pc.match_substring_regex(briefs, MARKS)), counts)
    marked[marked] = numpy_array(pc.match_substring_regex(said.filter(arrow_array(marked)), MARKS))
    columns = {}
    for at, name in enumerate(("", *fields)):
        there = counts > at
        where = np.where(there, starts[:-1] + at, 0)
        cells = said.take(arrow_array(where, present=there)) if len(said) else said
        several = bool((marked[where] & there).any()) if len(said) else False
        columns[name] = _of_several(cells) if several and name else Column.of(cells)
    flags = columns.pop("")
    told = [json.loads(unescaped(text)) for text in flags.vocabulary.to_pylist()]
    return [(at, told[code]) for at, code in zip(*(part.tolist() for part in flags.present()), strict=True)], columns


def _of_several(said: pa.LargeStringArray) -> Column:
    """One field of records of which some hold several values, or such as hold marks."""
    cells = pc.split_pattern(pc.fill_null(said, text_scalar("")), BESIDE)
    values = cells.values
    if pc.any(pc.match_substring(values, ESCAPE)).as_py():
        values = text_array([unescaped(value) for value in values.to_pylist()])
    return Column.of(values, numpy_array(cells.offsets).astype(np.int64))


def _personal(table: RecordTable, flags: Sequence[tuple[int, Any]]) -> dict[str, Flags]:
    """Column → whether each record's values are used by one person only, of the columns that hold others."""
    out: dict[str, Flags] = {}
    for at, (names, _) in flags:
        for name in names:
            if name not in out:
                out[name] = np.ones(len(table), bool)
            out[name][at] = False
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
