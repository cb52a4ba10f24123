"""`cluster`: from links, conflicts, decisions and limits to a partition of the rows."""

from collections.abc import Iterator, Sequence

import numpy as np

from omniid.clustering.components import connected_components
from omniid.clustering.conflicting import walk_conflicting
from omniid.clustering.field_conflicts import Columns, Shared
from omniid.clustering.ground import Ground, Outcome, number_nodes, walk
from omniid.clustering.large_component import walk_large
from omniid.clustering.limits import sets_over_limit
from omniid.clustering.links import Priorities, links_of
from omniid.clustering.merge_values import BETA, ConflictOf, MergeRule
from omniid.clustering.must_links import contract_must_links
from omniid.clustering.start_sets import stand_in_records
from omniid.errors import InputError
from omniid.tables import Clustering, Limit, Refusal, Rows, ScoredPairs, Weights
from omniid.tables.arrays import distinct

__all__ = ["cluster"]


def cluster(
    n_rows: int,
    pairs: ScoredPairs,
    *,
    link_at: int,
    limits: Sequence[Limit] = (),
    must: Rows | None = None,
    cannot: Rows | None = None,
    conflict: ConflictOf | None = None,
    beta: tuple[int, int] = BETA,
    inner_max: int = 120,
    originals: Rows | None = None,
    priorities: Priorities | None = None,
    workers: int = 1,
    shared: Shared | None = None,
) -> Clustering:
    """Partition the rows: links join, conflicts, decisions and limits part.

    Pairs at or above `link_at` are links. MUST_LINKs are followed first, then the best union that nothing forbids is made
    until none is left (by tier, then value; of equals, the place of the best link by priority decides, then the two sets'
    smallest rows). The value of a union is the best
    link between the two sets plus β times the mean conflict over all record pairs between them, and must reach `link_at`:
    one lucky link doesn't join people whose other records disagree. A component that nothing can part is left whole without
    a walk, which is nearly all of them; both ways give the same partition.

    Parameters
    ----------
    n_rows
        Number of records.
    pairs
        Pairs of rows with their match weight, each pair once, in any order.
    link_at
        The match weight, in millionths of a bit, from which a pair is a link.
    limits
        What no cluster may exceed; the first one in the way of a union is named in its refusal.
    must, cannot
        int32 of shape (k, 2): pairs of rows that decisions join or part, already reduced to the one decision that counts
        for each pair. `must` stands newest first (at equal times by rows), `cannot` in any order.
    conflict
        Called with two int32 arrays, the rows (left < right) of some pairs; gives two int64 arrays in millionths of a bit: the
        match weight of each pair by the same model, and its conflict, the sum of its negative field weights (0 or below).
        Pairs inside a component that prove to be links are links too; the conflict of a link counts as 0. None: nothing
        conflicts, and a union is worth its best link. Where there are fields of which a person may have several values (see
        `shared`), conflicts are of shape (pairs, 1 + fields), as `field_conflicts` has them, and a field in which two sets
        share a value does not count between them unless the others speak against them.
    beta
        How much conflicts count, as a fraction (p, q).
    inner_max
        Components of more records are solved in rounds over small parts, from the strong end.
    originals
        int32 per row: the smallest row equal to it in all that comparisons and limits read. Such records are one node if the
        pair of both is a link and no decision names them, so that thousands of copies cost no more than one.
    priorities
        The place of each pair by the priority of the identifiers that agree; None: all have one place.
    workers
        Threads; the partition does not depend on it.
    shared
        bool of shape (pairs, fields): which of the fields of which a person may have several values each of `pairs` settles:
        it shares a value, or differs although something strong links it. None: there are no such fields.

    Returns
    -------
    Clustering
        Labels (the smallest row of each cluster), refused links, conflicts among decisions, overridden sets.

    Raises
    ------
    InputError
        If a decision names a row outside range(n_rows), or one row twice, or β is negative.

    References
    ----------
    Best-first merging is agglomerative clustering with a value in place of a distance: Lance and Williams, "A general theory
    of classificatory sorting strategies", The Computer Journal 9(4), 1967.

    Examples
    --------
    >>> from omniid.tables import BITS, CountLimit
    >>> none = np.zeros(2, np.int16)
    >>> pairs = ScoredPairs(
    ...     left=np.array([0, 1], np.int32), right=np.array([1, 2], np.int32), weight=np.array([9 * BITS, 7 * BITS]),
    ...     tier=none.astype(np.int8), rule=none, levels=np.zeros((2, 0), np.int8), comparisons=(), rules=("email",))
    >>> cluster(3, pairs, link_at=0).labels.tolist()
    [0, 0, 0]
    >>> rows, codes = np.array([0, 2], np.int32), np.array([4, 5], np.int32)
    >>> passport = CountLimit("at_most(passport, 1)", ("passport",), rows, codes, n=1)
    >>> found = cluster(3, pairs, link_at=0, limits=[passport])
    >>> found.labels.tolist(), found.refusals[0].limit, found.refusals[0].left_codes, found.refusals[0].right_codes
    ([0, 0, 2], 'at_most(passport, 1)', (4,), (5,))
    >>> def conflict(left, right):  # rows 0 and 2 disagree by 12 bits
    ...     return np.full(len(left), -12 * BITS), np.full(len(left), -12 * BITS)
    >>> found = cluster(3, pairs, link_at=0, conflict=conflict)
    >>> found.labels.tolist(), found.refusals[0].limit, found.refusals[0].conflict
    ([0, 0, 2], 'conflict', -6000000)
    """
    must, cannot = _checked("MUST_LINK", must, n_rows), _checked("CANNOT_LINK", cannot, n_rows)
    if beta[0] < 0 or beta[1] <= 0:
        raise InputError(f"beta {beta} is no fraction of at least 0; give (p, q) with p ≥ 0 and q ≥ 1, for example (3, 2)")
    contraction = contract_must_links(n_rows, must, cannot)
    places, last = (None, 0) if priorities is None else priorities
    links = links_of(pairs, link_at, places, shared)
    records = stand_in_records(n_rows, originals, links, np.concatenate([must.ravel(), cannot.ravel()]))
    joined = contraction.followed
    labels = connected_components(
        n_rows, np.concatenate([links.left, joined[:, 0]]), np.concatenate([links.right, joined[:, 1]])
    )
    inside = cannot[labels.take(cannot[:, 0]) == labels.take(cannot[:, 1])]
    broken = distinct(np.concatenate([labels.take(inside[:, 0]), *(sets_over_limit(limit, labels) for limit in limits)]))
    sets = np.where(records == np.arange(n_rows), contraction.labels, records).astype(np.int32)
    ground = Ground(labels, sets, records, links, limits, inside, MergeRule(link_at, beta, last + 1))
    final, refusals = labels.copy(), list[Refusal]()
    for outcome in _walks(ground, broken, _in_columns(conflict), inner_max, workers):
        final[outcome.rows] = outcome.labels
        refusals += outcome.refusals
    refusals.sort(key=lambda refusal: (refusal.left, refusal.right))
    overridden = distinct(
        np.concatenate([np.zeros(0, np.int32), *(sets_over_limit(limit, contraction.labels) for limit in limits)])
    )
    return Clustering(final, tuple(refusals), contraction.conflicts, tuple(overridden.tolist()))


def _walks(ground: Ground, broken: Rows, conflict: ConflictOf | None, inner_max: int, workers: int) -> Iterator[Outcome]:
    """Walk what has to be walked."""
    if conflict is None:
        if len(broken):
            rows = np.flatnonzero(np.isin(ground.labels, broken)).astype(np.int32)
            inside = np.flatnonzero(np.isin(ground.labels.take(ground.links.left), broken))
            yield walk(ground, number_nodes(ground, rows), ground.links.take(inside), None)
        return
    stand_ins = np.flatnonzero(ground.records == np.arange(len(ground.records)))
    sizes = np.bincount(ground.labels.take(stand_ins), minlength=1).astype(np.int32)
    doubtful = sizes > 2
    doubtful[broken] = True
    small, large = (np.flatnonzero(doubtful & side).astype(np.int32) for side in (sizes <= inner_max, sizes > inner_max))
    yield from walk_conflicting(ground, small, sizes[small], broken, conflict, workers)
    yield from walk_large(ground, large, inner_max, broken, conflict)


def _in_columns(conflict: ConflictOf | None) -> ConflictOf | None:
    """Conflicts in columns, also where they are one number a pair."""
    if conflict is None:
        return None

    def columns(left: Rows, right: Rows) -> tuple[Weights, Columns]:
        weight, against = conflict(left, right)
        return weight, against if against.ndim == 2 else 2 * against[:, None]

    return columns


def _checked(kind: str, pairs: Rows | None, n_rows: int) -> Rows:
    """Decided pairs as an array of shape (k, 2), each naming two different rows."""
    array = np.zeros((0, 2), np.int32) if pairs is None else np.asarray(pairs, np.int32).reshape(-1, 2)
    wrong = ((array < 0) | (array >= n_rows)).any(axis=1) | (array[:, 0] == array[:, 1])
    if wrong.any():
        pair = array[int(np.argmax(wrong))].tolist()
        raise InputError(f"{kind} {pair} is no pair of records; name two different rows in range({n_rows})")
    return array
