"""Staleness: whether what a source knows of a person is still the newest that anybody knows."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.data_quality.members import Bools, Counts, Holding, Members
from omniid.tables import NO_TIME

__all__ = ["Staleness", "count_staleness", "latest_time"]

DAY = 86_400 * 10**6  # microseconds


class Staleness(NamedTuple):
    """Times of the values of one field, per source.

    Parameters
    ----------
    dated
        People of whom the source has a value with an event time.
    stale
        Those of them whose newest value, in another source, is another one.
    behind
        By how many days the source's newest value of a stale person is older than the newest: the median; nan without any.
    age, age_90
        Days from the source's newest value of a person to the moment that ages count from: the median, and what nine in ten
        don't exceed; nan without any.
    is_stale
        Per presence.
    """

    dated: Counts
    stale: Counts
    behind: npt.NDArray[np.float64]
    age: npt.NDArray[np.float64]
    age_90: npt.NDArray[np.float64]
    is_stale: Bools


def latest_time(members: Members) -> int:
    """Return the latest event time of all records, `NO_TIME` without any."""
    return int(members.table.time.max(initial=NO_TIME))


def count_staleness(members: Members, holding: Holding, n_values: int, now: int) -> Staleness:
    """Count the people of whom a source has an older value than another source, and the ages of values.

    Of a person in a source the newest value counts: older records of that source are its history. It is stale where another
    source has a value of a later event time, and none of the person's newest values is the source's newest. Values without an
    event time count for nothing here, and a moment before an event time makes its age 0.

    Parameters
    ----------
    members, holding
        The records and the values of one field.
    n_values
        Size of the field's vocabulary.
    now
        Microseconds since 1970 UTC: the moment that ages count from.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from omniid.tables import RecordTable
    >>> rows = [{"record_id": "1", "source": source, "city": city} for source, city in (("crm", "Omsk"), ("web", "Kazan"))]
    >>> table = replace(RecordTable.of(rows), time=np.array([DAY, 3 * DAY]))
    >>> members = Members(table, np.zeros(2, np.int32), np.ones(1, bool))
    >>> found = count_staleness(members, members.hold(table.columns["city"]), 2, 4 * DAY)
    >>> found.stale.tolist(), found.age.tolist(), found.behind.tolist()
    ([1, 0], [3.0, 1.0], [2.0, nan])
    """
    time = members.table.time.take(holding.row)
    known = (time != NO_TIME) & members.person_at.take(holding.presence)
    presence, value, time = holding.presence[known], holding.value[known].astype(np.int64), time[known]
    latest = np.full(len(members.entity_at), NO_TIME, np.int64)
    starts = np.flatnonzero(np.append(True, presence[1:] != presence[:-1])) if len(presence) else np.zeros(0, np.intp)
    latest[presence.take(starts)] = np.maximum.reduceat(time, starts) if len(starts) else time
    newest = np.full(len(members.is_person), NO_TIME, np.int64)
    np.maximum.at(newest, members.entity_at, latest)
    entity = members.entity_at.take(presence).astype(np.int64)
    key = entity * max(n_values, 1) + value
    now_said = np.sort(key[time == newest.take(entity)])
    own = np.flatnonzero(time == latest.take(presence))
    place = np.minimum(np.searchsorted(now_said, key.take(own)), max(len(now_said) - 1, 0))
    still = np.zeros(len(latest), bool)
    still[presence.take(own)[now_said.take(place) == key.take(own)]] = True
    dated = latest != NO_TIME
    stale = dated & ~still
    behind = (newest.take(members.entity_at) - latest) / DAY
    age = np.maximum(now - latest, 0) / DAY
    n = members.n_sources
    return Staleness(
        np.bincount(members.source_at[dated], minlength=n).astype(np.int64),
        np.bincount(members.source_at[stale], minlength=n).astype(np.int64),
        _quantile(members, behind, stale, 0.5),
        _quantile(members, age, dated, 0.5),
        _quantile(members, age, dated, 0.9),
        stale,
    )


def _quantile(members: Members, days: npt.NDArray[np.float64], chosen: Bools, share: float) -> npt.NDArray[np.float64]:
    """A quantile per source: of n values the one at place share × (n − 1), rounded up, in ascending order."""
    out = np.full(members.n_sources, np.nan)
    days, source = days[chosen], members.source_at[chosen]
    for code in range(members.n_sources):
        here = days[source == code]
        if len(here):
            place = int(np.ceil(share * (len(here) - 1)))
            out[code] = np.partition(here, place)[place]
    return out
