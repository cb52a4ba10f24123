"""Denials that the same person took back elsewhere: under a unique identifier that both records hold."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.consent.newest import Statements
from omniid.tables import Codes
from omniid.tables.arrays import distinct

__all__ = ["UniqueValues", "lifted_denials"]

Numbers = npt.NDArray[np.int64]


class UniqueValues(NamedTuple):
    """Which records hold which values of identifiers that a person has at most one of; one entry each.

    Parameters
    ----------
    row, value
        int32, the record and a code of the value; values of two kinds have two codes.
    """

    row: Codes
    value: Codes


def lifted_denials(
    statements: Statements, rank: Numbers, uniques: UniqueValues, n_rows: int, n_purposes: int
) -> npt.NDArray[np.bool_]:
    """Tell which denials a later grant for the same purpose lifts, made by a record with the same unique identifier.

    The grant must be of a value of the same kind: who agrees to e-mails takes back nothing that was said of calls. Nothing
    here knows who is one entity with whom: a merge or a split lifts nothing.

    Parameters
    ----------
    statements, rank
        What was said, and the order of it.
    uniques
        The unique identifiers of the records.
    n_rows, n_purposes
        Number of records and of purposes.

    Examples
    --------
    >>> codes = [np.array(part, np.int32) for part in ([0, 1, 2], [0, 1, 0], [0, 0, 0], [0, 0, 0])]
    >>> said = Statements(*codes, np.array([True, False, True]), np.array([1, 2, 3]))
    >>> uniques = UniqueValues(np.array([0, 1, 2], np.int32), np.array([9, 9, 9], np.int32))
    >>> lifted_denials(said, np.array([1, 2, 5]), uniques, 3, 1).tolist()
    [True, False, False]
    """
    if not len(uniques.row):
        return np.zeros(len(rank), bool)
    out = np.zeros(len(rank), bool)
    for family in distinct(statements.family[statements.denied]).tolist():
        mine = np.flatnonzero(statements.family == family)
        out[mine] = _lifted(statements.take(statements.family == family), rank[mine], uniques, n_rows, n_purposes)
    return out


def _lifted(
    statements: Statements, rank: Numbers, uniques: UniqueValues, n_rows: int, n_purposes: int
) -> npt.NDArray[np.bool_]:
    """The same of statements of one kind of value."""
    granted = np.full((n_rows, n_purposes), -1, np.int64)
    grants = ~statements.denied
    np.maximum.at(granted, (statements.row[grants], statements.purpose[grants]), rank[grants])
    of_value = np.full((int(uniques.value.max()) + 1, n_purposes), -1, np.int64)
    np.maximum.at(of_value, uniques.value, granted[uniques.row])
    of_row = np.full((n_rows, n_purposes), -1, np.int64)
    np.maximum.at(of_row, uniques.row, of_value[uniques.value])
    return np.asarray(statements.denied & (of_row[statements.row, statements.purpose] // 2 > rank // 2))
