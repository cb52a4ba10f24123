"""Following MUST_LINKs, newest first, as far as CANNOT_LINKs allow."""

from collections import deque
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.clustering.union_find import UnionFind
from omniid.tables import Conflict, Rows

__all__ = ["Contraction", "contract_must_links"]

Pair = tuple[int, int]


class Contraction(NamedTuple):
    """What MUST_LINKs make of the rows.

    `labels` is int32, one per row: the smallest row of its set. `followed` is int32 of shape (k, 2): the MUST_LINKs that
    joined two sets. `conflicts` are those that were not followed.
    """

    labels: Rows
    followed: Rows
    conflicts: tuple[Conflict, ...]


def contract_must_links(n_rows: int, must: Rows, cannot: Rows) -> Contraction:
    """Join rows along MUST_LINKs in their given order; one that breaks a CANNOT_LINK becomes a conflict.

    Parameters
    ----------
    n_rows
        Number of rows.
    must
        int32 of shape (k, 2): pairs of rows, newest decision first.
    cannot
        int32 of shape (k, 2): pairs of rows, in any order.

    Returns
    -------
    Contraction
        Sets, followed MUST_LINKs and conflicts.

    Examples
    --------
    >>> must, cannot = np.array([[0, 2], [2, 3]], np.int32), np.array([[3, 0]], np.int32)
    >>> labels, followed, conflicts = contract_must_links(4, must, cannot)
    >>> labels.tolist(), conflicts
    ([0, 1, 0, 3], (Conflict(left=2, right=3, path=(0, 2, 3)),))
    """
    labels = np.arange(n_rows, dtype=np.int32)
    if not len(must):
        return Contraction(labels, np.zeros((0, 2), np.int32), ())
    rows, places = np.unique(np.concatenate([must, cannot]), return_inverse=True)
    pairs = [(left, right) for left, right in places.reshape(-1, 2).tolist()]
    sets = _MustSets(len(rows), pairs[len(must) :])
    conflicts = []
    for left, right in pairs[: len(must)]:
        if path := sets.follow(left, right):
            steps = tuple(rows[list(path)].tolist())
            conflicts.append(Conflict(int(rows[left]), int(rows[right]), steps))
    labels[rows] = rows[sets.labels()]
    followed: npt.NDArray[np.int32] = rows[np.array(sets.followed, np.intp).reshape(-1, 2)]
    return Contraction(labels, followed, tuple(conflicts))


class _MustSets:
    """Sets under construction, the CANNOT_LINKs between them, and the MUST_LINKs that made them."""

    def __init__(self, n: int, cannot: list[Pair]) -> None:
        self._sets = UnionFind(n)
        self._near: list[list[int]] = [[] for _ in range(n)]
        self._parted: list[dict[int, Pair]] = [{} for _ in range(n)]  # other set → smallest CANNOT_LINK (mine, theirs)
        self.followed: list[Pair] = []
        for left, right in cannot:
            self._part(left, right, (left, right))

    def labels(self) -> list[int]:
        """The smallest member of each element's set."""
        return self._sets.labels()

    def follow(self, left: int, right: int) -> tuple[int, ...]:
        """Join two sets and return (); if a CANNOT_LINK forbids it, return the path that shows it."""
        mine, theirs = self._sets.find(left), self._sets.find(right)
        if mine == theirs:
            return ()
        if witness := self._parted[mine].get(theirs):
            return (*self._path(witness[0], left), *self._path(right, witness[1]))
        self._near[left].append(right)
        self._near[right].append(left)
        self.followed.append((left, right))
        self._sets.union(mine, theirs)
        root, gone = min(mine, theirs), max(mine, theirs)
        for other, (near, far) in self._parted[gone].items():
            del self._parted[other][gone]
            self._part(root, other, (near, far))
        self._parted[gone] = {}
        return ()

    def _part(self, left: int, right: int, pair: Pair) -> None:
        """Remember that two sets must stay apart, by the smallest pair that says so."""
        pair = min(pair, self._parted[left].get(right, pair), key=sorted)
        self._parted[left][right] = pair
        self._parted[right][left] = (pair[1], pair[0])

    def _path(self, start: int, stop: int) -> tuple[int, ...]:
        """The only way from one member of a set to another: followed MUST_LINKs form a tree."""
        came = {stop: stop}
        queue = deque([stop])
        while start not in came:
            here = queue.popleft()
            for there in self._near[here]:
                if there not in came:
                    came[there] = here
                    queue.append(there)
        path = [start]
        while path[-1] != stop:
            path.append(came[path[-1]])
        return tuple(path)
