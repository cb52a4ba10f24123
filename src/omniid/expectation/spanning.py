"""The strongest links that hold clusters together, as rooted trees: what follows from them is summed level by level."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.key_order import order_of
from omniid.tables import Rows, Weights

__all__ = ["SpanningForest", "TreeSums", "hang_trees", "spanning_forest"]

Floats = npt.NDArray[np.float64]
Positions = npt.NDArray[np.int64]


class TreeSums(NamedTuple):
    """What `SpanningForest.sums` gives per row: expected records at and below it that are one person with it, and pairs.

    `below` counts the row itself; `pairs` are those whose way up meets at the row.
    """

    below: Floats
    pairs: Floats


class SpanningForest(NamedTuple):
    """Trees over all rows.

    Parameters
    ----------
    parent
        int32 per row: the row above it, -1 for the smallest row of each tree.
    link
        int64 per row: position of the link to the row above, -1 where there is none.
    depths
        Rows by depth, ascending, roots left out.
    """

    parent: Rows
    link: Positions
    depths: tuple[Rows, ...]

    def sums(self, probability: Floats) -> TreeSums:
        """Sum over pairs of rows the product of the probabilities on the way between them.

        Two records that links hold together are one person if every link between them is right, and links are taken to be
        right independently.

        Parameters
        ----------
        probability
            float64 per link.

        Returns
        -------
        TreeSums
            float64 per row.

        Examples
        --------
        >>> rows = np.array([0, 1], np.int32), np.array([1, 2], np.int32)
        >>> spanning_forest(3, *rows, np.array([2.0, 1.0])).sums(np.array([0.5, 0.5])).pairs.tolist()
        [0.75, 0.5, 0.0]
        """
        below = np.ones(len(self.parent))
        squares = np.zeros(len(self.parent))
        for rows in reversed(self.depths):
            share = probability[self.link[rows]] * below[rows]
            np.add.at(below, self.parent[rows], share)
            np.add.at(squares, self.parent[rows], share * share)
        above = below - 1
        return TreeSums(below, np.maximum((above * above - squares) / 2, 0.0) + above)

    def labels(self, kept: npt.NDArray[np.bool_]) -> Rows:
        """Label each row with the top row that kept links lead to.

        Parameters
        ----------
        kept
            bool per link.

        Returns
        -------
        numpy.ndarray
            int32 per row.

        Examples
        --------
        >>> forest = spanning_forest(3, np.array([0, 1], np.int32), np.array([1, 2], np.int32), np.array([2.0, 1.0]))
        >>> forest.labels(np.array([True, False])).tolist()
        [0, 0, 2]
        """
        labels = np.arange(len(self.parent), dtype=np.int32)
        for rows in self.depths:
            held = rows[kept[self.link[rows]]]
            labels[held] = labels[self.parent[held]]
        return labels


def spanning_forest(n: int, left: Rows, right: Rows, strength: Floats | Weights) -> SpanningForest:
    """Find the strongest links that hold every connected set of rows together.

    Each round takes the strongest link of every tree so far and joins the trees at its two ends; half of them at least vanish
    in a round. Cut at any strength, the forest holds together what all links of that strength do.

    Parameters
    ----------
    n
        Number of rows.
    left, right
        The rows of each link.
    strength
        A number per link, integers are faster; of equals the one with the smaller rows counts.

    Returns
    -------
    SpanningForest
        One tree per connected set, under its smallest row.

    References
    ----------
    Borůvka, "O jistém problému minimálním", 1926. Gower and Ross, "Minimum spanning trees and single linkage cluster
    analysis", Applied Statistics 18, 1969.

    Examples
    --------
    >>> forest = spanning_forest(4, np.array([0, 0, 1]), np.array([1, 2, 2]), np.array([1.0, 3.0, 2.0]))
    >>> forest.parent.tolist(), forest.link.tolist()
    ([-1, 2, 0, -1], [-1, 2, 1, -1])
    """
    order = _strongest_first(left, right, strength)
    taken = order[_strongest(n, left[order], right[order])]
    return _rooted(n, left, right, taken)


def hang_trees(n: int, left: Rows, right: Rows, strength: Floats | Weights) -> SpanningForest:
    """Hang links that close no circle on the smallest row of each tree: as `spanning_forest`, which need not choose any.

    Parameters
    ----------
    n, left, right, strength
        As for `spanning_forest`.

    Examples
    --------
    >>> hang_trees(3, np.array([1, 0]), np.array([2, 2]), np.array([2, 1])).parent.tolist()
    [-1, 2, 0]
    """
    return _rooted(n, left, right, _strongest_first(left, right, strength))


def _strongest_first(left: Rows, right: Rows, strength: Floats | Weights) -> Positions:
    """Positions of the links by strength, then by their rows; scored pairs come by their rows, and need no more."""
    by_rows = None if _ascend(left, right) else order_of(left, right)
    falling: npt.NDArray[Any] = -(strength if by_rows is None else strength[by_rows])
    order = order_of(falling) if falling.dtype.kind == "i" else np.argsort(falling, kind="stable")
    return order if by_rows is None else by_rows[order]


def _ascend(left: Rows, right: Rows) -> bool:
    """Whether links stand by left row, then by right one."""
    later, same = left[1:] > left[:-1], left[1:] == left[:-1]
    return bool((later | same & (right[1:] >= right[:-1])).all())


def _strongest(n: int, left: Rows, right: Rows) -> Positions:
    """Positions of the links of the forest, where links stand strongest first."""
    at = np.arange(len(left), dtype=np.int64)
    one, other = left, right
    taken = [np.zeros(0, np.int64)]
    apart = np.flatnonzero(one != other)
    while len(apart):
        at, one, other = at[apart], one[apart], other[apart]
        best = np.full(n, len(left), np.int64)
        np.minimum.at(best, one, at)
        np.minimum.at(best, other, at)
        mine = np.flatnonzero((best[one] == at) | (best[other] == at))
        taken.append(at[mine])
        top = _joined(n, one[mine], other[mine])
        one, other = top.take(one), top.take(other)
        apart = np.flatnonzero(one != other)
    return np.sort(np.concatenate(taken))


def _joined(n: int, one: Rows, other: Rows) -> Rows:
    """Label trees with the smallest of those that they are joined with."""
    top = np.arange(n, dtype=np.int32)
    low, high = np.minimum(one, other), np.maximum(one, other)
    while len(low):
        np.minimum.at(top, high, low)
        while not np.array_equal(above := top.take(top), top):
            top = above
        one, other = top.take(low), top.take(high)
        low, high = np.minimum(one, other), np.maximum(one, other)
        apart = low != high
        low, high = low[apart], high[apart]
    return top


def _rooted(n: int, left: Rows, right: Rows, taken: Positions) -> SpanningForest:
    """Hang each tree on its smallest row; the links taken stand strongest first."""
    one, other = left[taken], right[taken]
    top = _joined(n, one, other)
    ends, others = np.concatenate([one, other]), np.concatenate([other, one]).astype(np.int32, copy=False)
    sort = order_of(ends)
    others, links = others[sort], np.tile(taken, 2)[sort]
    count = np.bincount(ends, minlength=n)
    first = np.cumsum(count) - count
    parent, link = np.full(n, -1, np.int32), np.full(n, -1, np.int64)
    rows = np.flatnonzero((top == np.arange(n)) & (count > 0))
    depths = list[Rows]()
    while len(rows):
        many = count[rows]
        above = np.repeat(rows, many)
        place = np.arange(len(above)) + np.repeat(first[rows] - (np.cumsum(many) - many), many)
        new = links[place] != link[above]
        below = others[place[new]]
        parent[below], link[below] = above[new], links[place[new]]
        rows = below.astype(np.int64)
        if len(rows):
            depths.append(below)
    return SpanningForest(parent, link, tuple(depths))
