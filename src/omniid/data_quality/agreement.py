"""Agreement: whether sources that know one person say the same of him."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.data_quality.members import Bools, Counts, Holding, Members, pairs_within
from omniid.tables.arrays import distinct

__all__ = ["Agreement", "count_agreement", "people_in_both"]


class Agreement(NamedTuple):
    """People whom two sources know, per pair of sources and of one field: matrices, filled where row < column.

    Parameters
    ----------
    agree
        Both have a value, and a normal form of one is one of the other.
    disagree
        Both have a value, and none is the same.
    only_first, only_second
        One of them has no value.
    compared
        Per source: people of whom it has a value, and another source too.
    confirmed
        Per source: those of them of whom another source has the same value.
    contradicted
        Per presence: compared and not confirmed.
    """

    agree: Counts
    disagree: Counts
    only_first: Counts
    only_second: Counts
    compared: Counts
    confirmed: Counts
    contradicted: Bools


def people_in_both(members: Members) -> Counts:
    """Count the people whom both sources of a pair know: a matrix, filled where row < column.

    Examples
    --------
    >>> from omniid.tables import RecordTable
    >>> table = RecordTable.of([{"record_id": "1", "source": "web"}, {"record_id": "1", "source": "crm"}])
    >>> people_in_both(Members(table, np.zeros(2, np.int32), np.ones(1, bool))).tolist()
    [[0, 1], [0, 0]]
    """
    return _by_pair(members, *members.companions, np.ones(len(members.companions[0]), bool))


def count_agreement(members: Members, holding: Holding, n_values: int) -> Agreement:
    """Count agreement of sources on one field, over the people whom both know.

    agreement of a pair = agree / (agree + disagree); of a source = confirmed / compared. Missing is neither.

    Parameters
    ----------
    members, holding
        The records and the values of one field.
    n_values
        Size of the field's vocabulary.

    Examples
    --------
    >>> from omniid.tables import RecordTable
    >>> rows = [{"record_id": "1", "source": source, "city": city} for source, city in (("web", "Omsk"), ("crm", "Omsk"))]
    >>> members = Members(table := RecordTable.of(rows), np.zeros(2, np.int32), np.ones(1, bool))
    >>> count_agreement(members, members.hold(table.columns["city"]), 1).agree.tolist()
    [[0, 1], [0, 0]]
    """
    n = members.n_sources
    has = np.zeros(len(members.entity_at), bool)
    has[holding.presence] = True
    first, second = members.companions
    left, right = has.take(first), has.take(second)
    both = _by_pair(members, first, second, left & right)
    agree, confirmed = _same(members, holding, n_values)
    several = np.bincount(members.entity_at[has], minlength=len(members.is_person)) > 1
    compared = has & several.take(members.entity_at) & members.person_at
    return Agreement(
        agree,
        both - agree,
        _by_pair(members, first, second, left & ~right),
        _by_pair(members, first, second, right & ~left),
        np.bincount(members.source_at[compared], minlength=n).astype(np.int64),
        np.bincount(members.source_at[confirmed], minlength=n).astype(np.int64),
        compared & ~confirmed,
    )


def _by_pair(members: Members, first: npt.NDArray[np.integer], second: npt.NDArray[np.integer], chosen: Bools) -> Counts:
    """Pairs of presences per pair of sources."""
    n = members.n_sources
    key = members.source_at.take(first[chosen]) * n + members.source_at.take(second[chosen])
    return np.bincount(key, minlength=n * n).reshape(n, n).astype(np.int64)


def _same(members: Members, holding: Holding, n_values: int) -> tuple[Counts, Bools]:
    """People of whom two sources have the same value, per pair of sources; and the presences that another one confirms."""
    n, width = members.n_sources, max(n_values, 1)
    theirs = members.person_at.take(holding.presence)
    entity = members.entity_at.take(holding.presence[theirs]).astype(np.int64)
    keys = distinct((entity * width + holding.value[theirs]) * n + members.source_at.take(holding.presence[theirs]))
    said, source = keys // n, keys % n
    left, right = pairs_within(said)
    entity, one, other = said.take(left) // width, source.take(left), source.take(right)
    pairs = distinct((entity * n + one) * n + other)
    confirmed = np.zeros(len(members.entity_at), bool)
    for side in (one, other):
        confirmed[members.presences(entity.astype(np.int32), side.astype(np.int32))] = True
    return np.bincount(pairs % (n * n), minlength=n * n).reshape(n, n).astype(np.int64), confirmed
