"""Which of an entity's addresses or numbers reaches the person best: ranked by principle, with the reason."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.contacts.points import ContactPoints

__all__ = ["CRITERIA", "MAYBE", "NO", "YES", "Ranking", "rank_points"]

NO, MAYBE, YES = -1, 0, 1
# What decides, first to last; the last never ties.
CRITERIA = (
    "valid",
    "its own",
    "verified",
    "personal",
    "seen later",
    "in more records",
    "in more sources",
    "first in code-point order",
)
Numbers = npt.NDArray[np.int64]


class Ranking(NamedTuple):
    """The order of the contact points of one entity and kind.

    Parameters
    ----------
    rank
        int64 per point: 1 is the best.
    decided
        int8 per point, position in `CRITERIA`: of the best one what puts it before the second, of the others what puts them
        behind the one before; -1 where there is only one.
    """

    rank: Numbers
    decided: npt.NDArray[np.int8]


def rank_points(
    points: ContactPoints,
    valid: npt.NDArray[np.bool_],
    verified: npt.NDArray[np.int8],
    sharing: npt.NDArray[np.int8],
    generic: npt.NDArray[np.bool_],
) -> Ranking:
    """Rank the contact points of every entity, kind by kind.

    Valid ones come first, then those that are not used by everybody, then verified ones before those of which nobody says so
    before those that are known not to be, then those that fewest people use, the last seen, those in most records, in most
    sources, and at last the first in code-point order.

    Parameters
    ----------
    points
        The contact points.
    valid
        Whether each can be used at all.
    verified
        `YES`, `NO` or `MAYBE`.
    sharing
        Place of its value class: 0 is personal, and the more people use a value the higher.
    generic
        Whether so many people use the value that it is nobody's own.

    Examples
    --------
    >>> from omniid.contacts.points import ContactEntries, gather_points
    >>> codes = [np.array(part, np.int32) for part in ([0, 0, 1], [0, 0, 0], [0, 1, 1], [0, 1, 1])]
    >>> points = gather_points(ContactEntries(*codes), np.zeros(2, np.int32), np.array([1, 2]), np.zeros(2, np.int32))
    >>> alike = np.zeros(2, np.int8)
    >>> found = rank_points(points, np.ones(2, bool), alike, alike, np.zeros(2, bool))
    >>> found.rank.tolist(), [CRITERIA[one] for one in found.decided.tolist()]
    ([2, 1], ['seen later', 'seen later'])
    """
    n = len(points.entity)
    group = points.entity.astype(np.int64) * (int(points.kind.max(initial=0)) + 1) + points.kind
    begins = np.ones(n, bool)
    np.not_equal(group[1:], group[:-1], out=begins[1:])
    alone = begins.copy()
    alone[:-1] &= begins[1:]
    rank, decided = np.ones(n, np.int64), np.full(n, -1, np.int8)
    some = np.flatnonzero(~alone)
    if not len(some):
        return Ranking(rank, decided)
    latest = ~points.last_seen  # falls as time rises; an unknown time is the oldest
    parts = (~valid, generic, -verified, sharing, latest, -points.records, -points.sources, points.value)
    keys = [part[some] for part in parts]
    order = np.lexsort([*reversed(keys), group[some]])
    ordered = [key[order] for key in keys]
    new = begins[some]  # groups stay where they are, only their members move
    first = np.maximum.accumulate(np.where(new, np.arange(len(some)), 0))
    rank[some[order]] = np.arange(len(some)) - first + 1
    differs = np.zeros((len(keys), len(some)), bool)
    for at, key in enumerate(ordered):
        np.not_equal(key[1:], key[:-1], out=differs[at, 1:])
    behind = np.argmax(differs, axis=0).astype(np.int8)
    behind[new] = behind[np.flatnonzero(new) + 1]
    decided[some[order]] = behind
    return Ranking(rank, decided)
