"""Links as plain columns, ranked by their evidence."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.clustering.field_conflicts import Shared
from omniid.key_order import find_places, order_of
from omniid.tables import Rows, ScoredPairs, Weights

__all__ = ["Links", "Priorities", "best_first", "inner_pairs", "is_among", "links_of", "order_links", "pair_keys", "rank_links"]


class Priorities(NamedTuple):
    """The place of each scored pair by the priority of the identifiers that agree, 0 first.

    `last` is the place of pairs that agree on none, and of those that only the walk finds.

    Examples
    --------
    >>> Priorities(np.array([0, 2], np.int16), last=2).last
    2
    """

    places: npt.NDArray[np.int16]
    last: int


class Links(NamedTuple):
    """Pairs of rows that are links, `left` < `right`, with the tier and weight of their evidence, and its place by priority.

    `shared` says in which of the fields of which a person may have several values the two rows share one.
    """

    left: Rows
    right: Rows
    tier: npt.NDArray[np.int8]
    weight: Weights
    place: npt.NDArray[np.int16]
    shared: Shared

    @classmethod
    def none(cls) -> "Links":
        """No links at all."""
        rows = np.zeros(0, np.int32)
        return cls.of(rows, rows, np.zeros(0, np.int8), np.zeros(0, np.int64), np.zeros(0, np.int16))

    @classmethod
    def of(
        cls,
        left: Rows,
        right: Rows,
        tier: npt.NDArray[np.int8],
        weight: Weights,
        place: npt.NDArray[np.int16],
        shared: Shared | None = None,
    ) -> "Links":
        """Links of these columns; without `shared`, no field is one of which a person may have several values."""
        return cls(left, right, tier, weight, place, np.zeros((len(left), 0), bool) if shared is None else shared)

    def take(self, positions: npt.NDArray[np.intp]) -> "Links":
        """A selection of the links, in the order of `positions`."""
        left, right, tier, weight, place, shared = self
        return Links(left[positions], right[positions], tier[positions], weight[positions], place[positions], shared[positions])

    def join(self, other: "Links") -> "Links":
        """These links, then the others."""
        return Links(
            np.concatenate([self.left, other.left]),
            np.concatenate([self.right, other.right]),
            np.concatenate([self.tier, other.tier]),
            np.concatenate([self.weight, other.weight]),
            np.concatenate([self.place, other.place]),
            np.concatenate([self.shared, other.shared]),
        )

    def with_ends(self, ends: Rows) -> "Links":
        """The same evidence between other rows: those that stand for the ends."""
        left, right = ends.take(self.left), ends.take(self.right)
        return self._replace(left=np.minimum(left, right), right=np.maximum(left, right))


def links_of(
    pairs: ScoredPairs, link_at: int, places: npt.NDArray[np.int16] | None = None, shared: Shared | None = None
) -> Links:
    """Pick the pairs at or above the threshold, sorted by (left, right).

    `places` are those of all pairs by priority, `shared` the fields in which they share a value.

    Examples
    --------
    >>> rows, none = np.array([0, 1], np.int32), np.zeros(2, np.int16)
    >>> weight = np.array([9, 5])
    >>> pairs = ScoredPairs(rows, rows + 1, weight, none.astype(np.int8), none, np.zeros((2, 0), np.int8), (), ("email",))
    >>> links_of(pairs, 6).left.tolist()
    [0]
    """
    at = np.flatnonzero(pairs.weight >= link_at)
    place = np.zeros(len(at), np.int16) if places is None else places[at]
    alike = None if shared is None else shared[at]
    links = Links.of(pairs.left[at], pairs.right[at], pairs.tier[at], pairs.weight[at], place, alike)
    keys = pair_keys(links.left, links.right)
    return links if (np.diff(keys) > 0).all() else links.take(np.argsort(keys))


def rank_links(links: Links) -> Rows:
    """Place every link's evidence among all: by tier, then weight, 0 for the best; equal evidence shares a rank.

    Examples
    --------
    >>> rows = np.zeros(3, np.int32)
    >>> links = Links.of(rows, rows, np.array([0, 1, 0], np.int8), np.array([9, 2, 9]), np.array([0, 0, 1], np.int16))
    >>> rank_links(links).tolist()
    [1, 0, 1]
    """
    return _ranks(-links.tier, -links.weight)


def order_links(links: Links) -> Rows:
    """Place every link among all in the order in which unions are made: as `rank_links`, equal evidence by priority.

    Examples
    --------
    >>> rows = np.zeros(3, np.int32)
    >>> links = Links.of(rows, rows, np.array([0, 1, 0], np.int8), np.array([9, 2, 9]), np.array([1, 0, 0], np.int16))
    >>> order_links(links).tolist()
    [2, 0, 1]
    """
    return _ranks(-links.tier, -links.weight, links.place)


def best_first(links: Links) -> Links:
    """Sort links by tier, weight and priority, the best first; equal ones keep their order."""
    return links.take(order_of(-links.tier, -links.weight, links.place))


def _ranks(*columns: npt.NDArray[np.signedinteger]) -> Rows:
    """Dense ranks of rows of columns, the first column first; equal rows share a rank."""
    order = order_of(*columns)
    differs = np.zeros(max(len(order) - 1, 0), bool)
    for column in columns:
        sorted_column = column[order]
        differs |= sorted_column[1:] != sorted_column[:-1]
    rank = np.zeros(len(order), np.int32)
    rank[order[1:]] = np.cumsum(differs)
    return rank


def inner_pairs(groups: Rows) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """List all pairs of positions that hold the same group.

    Parameters
    ----------
    groups
        The group of each item, ascending.

    Returns
    -------
    left, right
        Positions, left < right, by (left, right).

    Examples
    --------
    >>> [ends.tolist() for ends in inner_pairs(np.array([3, 3, 3, 7]))]
    [[0, 0, 1], [1, 2, 2]]
    """
    place = np.arange(len(groups))
    later = np.searchsorted(groups, groups, side="right") - place - 1
    left = np.repeat(place, later)
    step = np.arange(len(left)) - np.repeat(np.cumsum(later) - later, later)
    return left, left + 1 + step


def pair_keys(left: Rows, right: Rows) -> npt.NDArray[np.int64]:
    """One integer per pair of rows, in the order (left, right)."""
    return (left.astype(np.int64) << 32) | right


def is_among(keys: npt.NDArray[np.int64], known: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Say which keys are known; `known` ascends.

    Examples
    --------
    >>> is_among(np.array([5, 3]), np.array([1, 5])).tolist()
    [True, False]
    """
    if not len(known):
        return np.zeros(len(keys), bool)
    place = find_places(known, keys)
    return np.asarray(known.take(place, mode="clip") == keys, np.bool_)
