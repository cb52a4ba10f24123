"""Labels brought to the candidate pairs: which of them people judged, one by one or by a truth column."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.blocking import BlockPlan
from omniid.labels import KnownRows
from omniid.matching import JudgedPairs
from omniid.tables import LocalPairs, Rows

__all__ = ["JudgedCandidates", "judged_candidates"]

Flags = npt.NDArray[np.bool_]


class JudgedCandidates(NamedTuple):
    """Judged candidate pairs, and how many pairs were judged that no blocking rule makes."""

    pairs: JudgedPairs
    unmade: int


def judged_candidates(
    blocks: BlockPlan, originals: Rows, known: KnownRows, *, workers: int = 1, one_in: int = 1
) -> JudgedCandidates:
    """Return the candidate pairs whose class is known.

    Pairs that no blocking rule makes are left out: they are never weighed, and count as strangers in the model whatever they
    are. A record that equals an earlier one is judged as that, which is all that the model sees of it.

    Parameters
    ----------
    blocks
        The candidate pairs, among originals only.
    originals
        Per row, the smallest row that is equal to it in all that matching reads.
    known
        Labels as rows of the table.
    workers
        Threads.
    one_in
        Of the pairs that a truth column judges, those of one in so many left records, as the candidate pairs of a fit.

    Examples
    --------
    >>> from omniid.blocking import block_on, plan_blocks
    >>> from omniid.tables import RecordTable
    >>> table = RecordTable.of([{"record_id": str(i), "city": city} for i, city in enumerate(["Omsk", "Omsk", "Perm"])])
    >>> left, right = np.array([0, 0], np.int32), np.array([1, 2], np.int32)
    >>> known = KnownRows(left, right, np.array([True, False]), np.full(3, -1, np.int32), 0)
    >>> found = judged_candidates(plan_blocks(table, [block_on("city")]), np.arange(3, dtype=np.int32), known)
    >>> found.pairs.right.tolist(), found.unmade
    ([1], 1)
    """
    one, two = originals[known.left], originals[known.right]
    left, right = np.minimum(one, two), np.maximum(one, two)
    made = _are_made(blocks, left, right)
    parts = [JudgedPairs(left[made], right[made], known.same[made], np.zeros(int(made.sum())))]
    if (known.person >= 0).any():
        parts.append(_by_person(blocks, _person_of_originals(known.person, originals), workers, one_in))
    every = _joined(parts)
    key = every.left.astype(np.int64) << 32 | every.right
    _, first = np.unique(key, return_index=True)  # one judgement of each pair: the first of several copies speaks for all
    return JudgedCandidates(every.take(first), int((~made).sum()))


def _joined(parts: Sequence[JudgedPairs]) -> JudgedPairs:
    columns = zip(*((one.left, one.right, one.same, one.slack) for one in parts), strict=True)
    return JudgedPairs(*(np.concatenate(column) for column in columns))


def _are_made(blocks: BlockPlan, left: Rows, right: Rows) -> Flags:
    """Whether a blocking rule makes each pair; a record and its copy are always one."""
    rows, where = np.unique(np.concatenate([left, right]), return_inverse=True)
    pairs = LocalPairs(rows.astype(np.int32), where[: len(left)], where[len(left) :])
    made: Flags = left == right
    for finder in blocks.finders:
        made |= finder.holds(pairs)
    return made


def _person_of_originals(person: npt.NDArray[np.int32], originals: Rows) -> npt.NDArray[np.int32]:
    """The person of each original: that of its copies, where all that are known are of one."""
    known = np.flatnonzero(person >= 0)
    low, high = np.full(len(person), np.iinfo(np.int32).max, np.int32), np.full(len(person), -1, np.int32)
    np.minimum.at(low, originals[known], person[known])
    np.maximum.at(high, originals[known], person[known])
    return np.where(low == high, high, -1)


def _by_person(blocks: BlockPlan, person: npt.NDArray[np.int32], workers: int, one_in: int) -> JudgedPairs:
    """The candidate pairs of two records whose persons are known."""
    parts = [JudgedPairs(np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0, bool), np.zeros(0))]
    slack = float(np.log2(len(person) / max(int((person >= 0).sum()), 1)))
    for chunk in blocks.candidates(workers=workers, one_in=one_in):
        at = np.flatnonzero((person[chunk.left] >= 0) & (person[chunk.right] >= 0))
        left, right = chunk.left[at], chunk.right[at]
        parts.append(JudgedPairs(left, right, person[left] == person[right], np.full(len(at), slack)))
    return _joined(parts)
