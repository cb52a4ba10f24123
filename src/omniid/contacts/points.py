"""Contact points: what each entity can be reached by, gathered from the records."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.key_order import numbered
from omniid.tables import NO_TIME, Codes

__all__ = ["ContactEntries", "ContactPoints", "gather_points"]

Numbers = npt.NDArray[np.int64]


class ContactEntries(NamedTuple):
    """The contact values that records hold, one entry each.

    Parameters
    ----------
    row
        int32, the record.
    kind
        int32, the kind of contact: e-mail, phone, WhatsApp …
    value
        int32, equal for values that are one address or number; smaller is earlier in code-point order.
    shown
        int32, the spelling of it.
    """

    row: Codes
    kind: Codes
    value: Codes
    shown: Codes


class ContactPoints(NamedTuple):
    """One entry per entity, kind and value, sorted by them.

    Parameters
    ----------
    entity, kind, value
        int32.
    shown
        int32, the spelling that came last; of several the smallest code.
    last_seen
        int64 microseconds since 1970 UTC: the newest record that holds it; `NO_TIME` where no time is known.
    records, sources
        int64: so many records of the entity, and so many sources, hold it.
    point
        int64 per entry: the position of its contact point.
    """

    entity: Codes
    kind: Codes
    value: Codes
    shown: Codes
    last_seen: Numbers
    records: Numbers
    sources: Numbers
    point: Numbers


def gather_points(entries: ContactEntries, entity: Codes, time: Numbers, source: Codes) -> ContactPoints:
    """Gather the contact points of all entities.

    Parameters
    ----------
    entries
        What the records hold.
    entity, time, source
        Per record.

    Examples
    --------
    >>> codes = [np.array(part, np.int32) for part in ([0, 1, 1], [0, 0, 0], [4, 4, 5], [1, 0, 2])]
    >>> found = gather_points(ContactEntries(*codes), np.array([0, 0], np.int32), np.array([7, 9]), np.array([0, 1], np.int32))
    >>> found.value.tolist(), found.shown.tolist(), found.records.tolist(), found.sources.tolist(), found.last_seen.tolist()
    ([4, 5], [0, 2], [2, 1], [2, 1], [9, 9])
    """
    kinds, values = (int(part.max(initial=0)) + 1 for part in (entries.kind, entries.value))
    keys = (entity[entries.row].astype(np.int64) * kinds + entries.kind) * values + entries.value
    distinct, point = numbered(keys)
    n = len(distinct)
    records, sources = (_distinct(point, part, n) for part in (entries.row, source[entries.row]))
    last_seen = np.full(n, NO_TIME, np.int64)
    np.maximum.at(last_seen, point, time[entries.row])
    return ContactPoints(
        (distinct // (kinds * values)).astype(np.int32),
        (distinct // values % kinds).astype(np.int32),
        (distinct % values).astype(np.int32),
        _latest_spelling(point, entries, last_seen, time),
        last_seen,
        records,
        sources,
        point,
    )


def _distinct(point: Numbers, what: Codes, n: int) -> Numbers:
    """How many different things each point has."""
    width = int(what.max(initial=0)) + 1
    pairs = np.sort(point * width + what)
    new = np.ones(len(pairs), bool)
    np.not_equal(pairs[1:], pairs[:-1], out=new[1:])
    return np.bincount(pairs[new] // width, minlength=n).astype(np.int64)


def _latest_spelling(point: Numbers, entries: ContactEntries, last_seen: Numbers, time: Numbers) -> Codes:
    """Of each point's spellings that of its newest record."""
    newest = np.flatnonzero(time[entries.row] == last_seen[point])
    best = np.full(len(last_seen), np.iinfo(np.int32).max, np.int32)
    np.minimum.at(best, point[newest], entries.shown[newest])
    return best
