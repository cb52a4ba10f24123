"""Statements in the order in which they count, and the newest of each group."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.tables import NO_TIME, Codes

__all__ = ["Newest", "Ranks", "Statements", "newest_of", "rank_statements"]

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class Statements(NamedTuple):
    """What records say of contact values, one entry per record, value and purpose.

    Parameters
    ----------
    row
        int32, the record.
    value
        int32, the contact value; -1 where the record holds none of those that the statement is about.
    family
        int32, of which kind the value is, or would have been.
    purpose
        int32.
    denied
        Whether it is a denial; else it is a grant.
    time
        int64 microseconds since 1970 UTC, `NO_TIME` where unknown.
    """

    row: Codes
    value: Codes
    family: Codes
    purpose: Codes
    denied: Flags
    time: Numbers

    def take(self, mask: Flags) -> "Statements":
        """Only the statements where `mask` is true."""
        of, told = (
            (self.row[mask], self.value[mask], self.family[mask], self.purpose[mask]),
            (self.denied[mask], self.time[mask]),
        )
        return Statements(*of, *told)


class Ranks(NamedTuple):
    """The order of statements.

    Parameters
    ----------
    rank
        int64 per statement, higher is newer; at equal times a denial counts as newer than a grant. A denial at an unknown time
        is the newest of all, a grant at an unknown time the oldest.
    times
        int64: ``times[rank // 2]`` is the time of a statement, `NO_TIME` where unknown.
    """

    rank: Numbers
    times: Numbers


class Newest(NamedTuple):
    """The newest statement of every group.

    Parameters
    ----------
    rank
        int64 per group, as in `Ranks`; -1 where nothing was said. Even is a grant, odd is a denial.
    row
        int32 per group: the record that made it, of equal statements the smallest; -1 where nothing was said.
    """

    rank: Numbers
    row: Codes

    def by_purpose(self, n: int, n_purposes: int) -> "Newest":
        """The same as a table with one column per purpose, where the purpose is the last part of the group."""
        return Newest(self.rank.reshape(n, n_purposes), self.row.reshape(n, n_purposes))

    def at(self, places: npt.NDArray[np.integer]) -> "Newest":
        """A selection of the groups."""
        return Newest(self.rank[places], self.row[places])

    @property
    def denies(self) -> Flags:
        """Whether the newest statement of a group is a denial."""
        return np.asarray((self.rank >= 0) & (self.rank % 2 == 1))

    @property
    def grants(self) -> Flags:
        """Whether the newest statement of a group is a grant."""
        return np.asarray((self.rank >= 0) & (self.rank % 2 == 0))


def rank_statements(denied: Flags, time: Numbers) -> Ranks:
    """Rank statements by their time.

    Examples
    --------
    >>> denied = np.array([True, False, False, True])
    >>> rank_statements(denied, np.array([5, 5, NO_TIME, NO_TIME])).rank.tolist()
    [3, 2, 0, 5]
    """
    known = time != NO_TIME
    moments, place = np.unique(time[known], return_inverse=True)
    at = np.zeros(len(time), np.int64)
    at[known] = place.reshape(-1) + 1
    at[~known & denied] = len(moments) + 1
    return Ranks(2 * at + denied, np.concatenate([[NO_TIME], moments, [NO_TIME]]).astype(np.int64))


def newest_of(group: Numbers, n_groups: int, rank: Numbers, row: Codes) -> Newest:
    """Return the newest statement of every group.

    Parameters
    ----------
    group
        int64 per statement, below `n_groups`.
    n_groups
        Number of groups.
    rank, row
        Per statement, as in `Ranks` and `Statements`.

    Examples
    --------
    >>> found = newest_of(np.array([0, 0, 2]), 3, np.array([4, 3, 4]), np.array([7, 8, 9], np.int32))
    >>> found.rank.tolist(), found.row.tolist()
    ([4, -1, 4], [7, -1, 9])
    """
    width = int(row.max(initial=0)) + 1
    best = np.full(n_groups, -1, np.int64)
    np.maximum.at(best, group, rank * width + (width - 1 - row))
    said = best >= 0
    return Newest(np.where(said, best // width, -1), np.where(said, width - 1 - best % width, -1).astype(np.int32))
