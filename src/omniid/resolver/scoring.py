"""Evidence of touched records: their candidates from the postings, compared and weighed as a batch run does."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from omniid.blocking import plan_blocks
from omniid.copies import find_originals
from omniid.evidence import weak_values
from omniid.linking import ReadyRecords
from omniid.matching import compile_weights
from omniid.resolver.filing import holders_of
from omniid.store import Snapshot
from omniid.tables import LocalPairs, Model, Rows

__all__ = ["Candidates", "find_candidates", "weigh_candidates"]


class Candidates(NamedTuple):
    """Pairs of rows (touched, other) that share a key, each once."""

    touched: tuple[int, ...]
    other: tuple[int, ...]


def find_candidates(store: Snapshot, sought: Mapping[int, Sequence[int]]) -> Candidates:
    """Look up who shares a key with some records.

    Parameters
    ----------
    store
        The store, in which the records are filed already.
    sought
        Row → the keys under which a touched record looks for others.
    """
    keys = {key for some in sought.values() for key in some}
    held = holders_of(store, sorted(keys))
    pairs = {
        (row, other) if other not in sought or row < other else (other, row)
        for row, some in sought.items()
        for key in some
        for other in held.get(key, ())
        if other != row
    }
    ordered = sorted(pairs)
    return Candidates(tuple(one for one, _ in ordered), tuple(other for _, other in ordered))


def weigh_candidates(
    ready: ReadyRecords, model: Model, pairs: Candidates, place_of: Mapping[int, int]
) -> dict[tuple[int, int], int]:
    """Weigh candidate pairs, and keep those that are scored pairs of a batch run.

    Parameters
    ----------
    ready
        All records of the pairs.
    model
        The frozen numbers.
    pairs
        Rows that share a key; those whose blocking rules say otherwise drop out.
    place_of
        Row → place in the table.

    Returns
    -------
    dict
        (smaller row, larger row) → match weight in millionths of a bit.
    """
    if not pairs.touched:
        return {}
    one = np.array([place_of[row] for row in pairs.touched], np.int32)
    other = np.array([place_of[row] for row in pairs.other], np.int32)
    left, right = np.minimum(one, other), np.maximum(one, other)
    meets = _meets(ready, left, right)
    left, right = left[meets], right[meets]
    weights = compile_weights(ready.table, model, ready.plan.traits, weak=weak_values(ready.classes))
    kept, weight = ready.weigh_kept(left, right, ready.comparer.levels(left, right), model, weights)
    found = zip(np.flatnonzero(meets)[kept].tolist(), weight.tolist(), strict=True)
    return {_ordered(pairs.touched[at], pairs.other[at]): bits for at, bits in found}


def _ordered(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one < other else (other, one)


def _meets(ready: ReadyRecords, left: Rows, right: Rows) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which pairs a blocking rule makes, or are copies of each other."""
    originals = find_originals(ready.table, ready.plan.columns, np.zeros(len(ready.table), bool))
    found = originals.take(left) == originals.take(right)
    if ready.plan.rules:
        rows = np.arange(len(ready.table), dtype=np.int32)
        pairs = LocalPairs(rows, left.astype(np.intp), right.astype(np.intp))
        plan = ready.plan
        for finder in plan_blocks(ready.table, plan.rules or (), freeze=plan.incremental, crowded=plan.crowded).finders:
            found |= finder.holds(pairs)
    return np.asarray(found, bool)
