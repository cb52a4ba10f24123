"""Conflicts field by field: what one set shares with the other, it doesn't disagree on.

A person may have two loyalty cards. A record that shows the first disagrees with one that shows the second, but not with the
person, of whom both are known. So conflicts are kept in columns: the first is what all fields say of which a person has one
value (name, birth date …), and each of the others is a field of which a person may have several. Between two sets a field of
the second kind does not count if they have a value of it in common, provided that nothing of the first kind speaks against
them: whoever has another name is no owner of a second card.

A number in a column is twice what speaks against (0 or below), and odd where a value is shared: so two numbers are joined in
one step, and sums stay exact however large they are. Nearly all that is done with numbers is done column by column, so columns
lie one after the other in memory.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from omniid.tables import Weights

__all__ = [
    "Columns",
    "Shared",
    "add_columns",
    "add_runs",
    "fewest_columns",
    "heard",
    "join",
    "least_of_runs",
    "mark_shared",
    "no_conflicts",
    "only_shared",
    "sum_heard",
    "take_pairs",
    "times_pairs",
]

FEW = 2  # open fields that nearly all components that are walked have at most

Columns = npt.NDArray[np.int64]  # of shape (pairs, 1 + fields)
Shared = npt.NDArray[np.bool_]  # of shape (pairs, fields)
Places = npt.NDArray[np.signedinteger]


def heard(columns: Columns) -> Weights:
    """What counts of conflicts: their sum over all columns, but for shared values where the first column is silent.

    Examples
    --------
    >>> heard(np.array([[0, -8, -3], [-6, -8, -3]])).tolist()
    [-4, -9]
    """
    return sum_heard([columns[..., number] for number in range(columns.shape[-1])])


def sum_heard(columns: Sequence[Weights]) -> Weights:
    """`heard`, of columns that stand apart.

    Examples
    --------
    >>> sum_heard([np.array([0, -6]), np.array([-8, -8]), np.array([-3, -3])]).tolist()
    [-4, -9]
    """
    total: Weights = columns[0] >> 1
    silent = (columns[0] == 0).astype(np.int64)
    for column in columns[1:]:
        total += (column >> 1) & ((column & silent) - 1)  # all bits of 0 - 1 are set, none of 1 - 1
    return total


def join(one: Columns, other: Columns) -> Columns:
    """Add conflicts over some record pairs to those over others.

    Examples
    --------
    >>> join(np.array([-6, -4, -3, 1]), np.array([-2, -3, -3, 0])).tolist()
    [-8, -7, -7, 1]
    """
    return one + other - (one & other & 1)


def no_conflicts(n: int, columns: int) -> Columns:
    """Nothing that speaks against `n` pairs, in so many columns that lie one after the other.

    Examples
    --------
    >>> no_conflicts(2, 1).tolist()
    [[0], [0]]
    """
    return np.zeros((columns, n), np.int64).T


def take_pairs(columns: Columns, at: Places) -> Columns:
    """The conflicts of some of the pairs, column by column: a third of the time of taking them pair by pair.

    Examples
    --------
    >>> take_pairs(np.array([[0, 1], [-6, -4]]), np.array([1, 0])).tolist()
    [[-6, -4], [0, 1]]
    """
    return columns.T.take(at, axis=1).T


def add_columns(n: int, at: Places, columns: Columns) -> Columns:
    """Add up the conflicts of record pairs, each at its place among `n`.

    Examples
    --------
    >>> add_columns(2, np.array([0, 1, 1]), np.array([[-6, -4], [-2, -3], [-2, 1]])).tolist()
    [[-6, -4], [-4, -3]]
    """
    total = no_conflicts(n, columns.shape[1])
    for number in range(columns.shape[1]):
        column = columns[:, number]
        np.add.at(total[:, number], at, column & ~1)
        total[at[(column & 1) > 0], number] |= 1
    return total


def add_runs(start: Places, columns: Columns) -> Columns:
    """Add up the conflicts of runs of record pairs, of which `start` says where each begins.

    Examples
    --------
    >>> add_runs(np.array([0, 1]), np.array([[-6, -4], [-2, -3], [-2, 1]])).tolist()
    [[-6, -4], [-4, -3]]
    """
    if not len(start):
        return columns[:0]
    total: Columns = np.add.reduceat(columns & ~1, start, axis=0)
    return total | np.bitwise_or.reduceat(columns & 1, start, axis=0)


def least_of_runs(start: Places, columns: Columns) -> Columns:
    """The least conflict of each run of record pairs, column by column; shared where one pair shares.

    Examples
    --------
    >>> least_of_runs(np.array([0, 1]), np.array([[-6, -4], [-2, -7], [-4, -2]])).tolist()
    [[-6, -4], [-2, -1]]
    """
    if not len(start):
        return columns[:0]
    least: Columns = np.maximum.reduceat(columns & ~1, start, axis=0)
    return least | np.bitwise_or.reduceat(columns & 1, start, axis=0)


def fewest_columns(n: int, groups: Places, columns: Columns) -> tuple[Columns, npt.NDArray[np.intp]]:
    """Put what can't cease to count in two columns, so that few others are left.

    A field is *open* in a group if it speaks against some pairs there and is shared by others. All other fields count as they
    stand. What is open in one group may stand in the column of another field in the next.

    Parameters
    ----------
    n
        Number of groups.
    groups
        The group of each pair.
    columns
        Conflicts of the pairs.

    Returns
    -------
    columns, open_fields
        The first column, then the open fields of each pair's group, then all that is left, where anything is open; and for
        how many open fields each group has columns: none, a few, or the most. Where it has none, the first column says all.

    Examples
    --------
    >>> columns = np.array([[0, -8, -6, 0], [0, 1, -2, 1], [-4, 0, -2, 0]])
    >>> [part.tolist() for part in fewest_columns(2, np.array([0, 0, 1]), columns)]
    [[[0, -8, -6], [0, 1, -2], [-6, 0, 0]], [1, 0]]
    """
    open_fields, places = np.zeros(n, np.intp), []
    for column in columns.T[1:]:
        shared, against = np.zeros(n, bool), np.zeros(n, bool)
        shared[groups[(column & 1) > 0]] = True
        against[groups[column < -1]] = True
        places.append(np.where(shared & against, open_fields, -1))
        open_fields += shared & against
    most = int(open_fields.max(initial=0))
    open_fields = np.where(open_fields > FEW, most, np.minimum(open_fields, 1) * min(FEW, most))
    found = no_conflicts(len(columns), 2 + most)
    found[:, 0] = columns[:, 0]
    last = np.where(open_fields > 0, open_fields + 1, 0)[groups]
    for column, place in zip(columns.T[1:], places, strict=True):
        at = np.flatnonzero(column)
        mine = place[groups[at]]
        told = np.where(mine < 0, column[at] & ~1, column[at])
        found[at, np.where(mine < 0, last[at], mine + 1)] += told
    return found, open_fields


def times_pairs(columns: Columns, pairs: npt.NDArray[np.int64]) -> Columns:
    """Conflicts that count for so many record pairs each.

    Examples
    --------
    >>> times_pairs(np.array([[-6, -3]]), np.array([4])).tolist()
    [[-24, -15]]
    """
    return (columns & ~1) * pairs[:, None] | (columns & 1)


def only_shared(columns: Columns) -> Columns:
    """Nothing speaks against a link, but it shares what it shares.

    Examples
    --------
    >>> only_shared(np.array([[-6, -3, -4]])).tolist()
    [[0, 1, 0]]
    """
    return columns & 1


def mark_shared(columns: Columns, at: Places, shared: Shared) -> None:
    """Note in place in which fields some pairs share a value.

    Examples
    --------
    >>> columns = np.array([[-6, -4], [-6, -4]])
    >>> mark_shared(columns, np.array([1]), np.array([[True]]))
    >>> columns.tolist()
    [[-6, -4], [-6, -3]]
    """
    for number in range(shared.shape[1]):
        columns[at[shared[:, number]], number + 1] |= 1
