"""Events told once and in one order, whatever order they came in."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.hashing import hash_strings, mix
from omniid.journey.groups import Runs, runs_of
from omniid.ordering import rank_values
from omniid.tables.arrays import arrow_array, distinct, numpy_array, text_array
from omniid.tables.events import EventTable

__all__ = ["settle_events"]

Hashes = npt.NDArray[np.uint64]


def settle_events(events: EventTable) -> EventTable:
    """Leave out events that came twice, and put the others in order: by time, meaning, source, event id, and what they say.

    Parameters
    ----------
    events
        In any order.

    Returns
    -------
    EventTable
        Two events of one table are one if they have the same event id: the later one counts, then the one whose content has the
        larger hash. Without ids they are one if they are the same in every column.

    Examples
    --------
    >>> time, same = np.array([5, 3, 5]), np.zeros(3, np.int32)
    >>> settled = settle_events(EventTable(("web",), same, time, same - 1, same.astype(np.int8), read=3))
    >>> settled.time.tolist(), settled.repeated
    ([3, 5], 1)
    """
    content = _content(events)
    kept, repeated, changed = _told_once(events, content)
    if len(kept) < len(events):
        events, content = events.take(kept), content[kept]
    order = _in_order(events, content)
    del content
    return replace(events.take(order), repeated=repeated, changed=changed)


def _content(events: EventTable) -> Hashes:
    """A hash of all that an event says but its id; it depends on values alone, not on their codes."""
    names = [*events.texts, *events.amounts]
    total = mix(events.time.view(np.uint64))
    keys = hash_strings(text_array([*names, "sighting", "source"]), seed=1)
    total += _of_codes(hash_strings(text_array(list(events.sources))), events.source, keys[-1])
    if len(events.sightings):
        total += _of_codes(hash_strings(events.sightings.record_id), events.sighting, keys[-2])
    for name, key in zip(names, keys, strict=False):
        if name in events.texts:
            total += _of_codes(hash_strings(events.texts[name].vocabulary), events.texts[name].codes, key)
        else:
            total += mix(events.amounts[name].view(np.uint64) ^ key)
    return mix(total)


def _of_codes(words: Hashes, codes: npt.NDArray[np.signedinteger], key: np.uint64) -> Hashes:
    return np.append(mix(words ^ key), key).take(codes)  # the last one for missing values, whose code is -1


def _told_once(events: EventTable, content: Hashes) -> tuple[npt.NDArray[np.intp], int, int]:
    """The events to keep, how many came twice, and how many ids came with different content."""
    every = np.arange(len(events))
    ids = events.event_id
    keys = content
    named = np.zeros(len(events), bool)
    if ids is not None:
        named = numpy_array(ids.is_valid())
        keys = np.where(named, mix(hash_strings(ids) + mix(events.source.astype(np.uint64))), content)
    ordered = np.sort(keys)
    twice = ordered[1:][ordered[1:] == ordered[:-1]]
    if not len(twice):
        return every, 0, 0
    twice = distinct(twice)
    place = np.minimum(np.searchsorted(twice, keys), len(twice) - 1)
    suspects = np.flatnonzero(twice[place] == keys)
    runs = _same_events(events, suspects, keys, named)
    rows = suspects[runs.order]
    # Of each run the latest counts, then the one with the larger hash: it is moved to the end of its run.
    last = np.lexsort((content[rows], events.time[rows], runs.number))
    ends = np.append(runs.starts[1:], len(rows)) - 1
    winners = rows[last[ends]]
    lost = np.ones(len(events), bool)
    lost[rows] = False
    lost[winners] = True
    low, high = (reduce.reduceat(content[rows], runs.starts) for reduce in (np.minimum, np.maximum))
    return np.flatnonzero(lost), len(rows) - len(winners), int((low != high).sum())


def _same_events(events: EventTable, suspects: npt.NDArray[np.intp], keys: Hashes, named: npt.NDArray[np.bool_]) -> Runs:
    """Runs of suspects that are one event: equal hashes are checked, as two events may share one by chance."""
    source = events.source[suspects].astype(np.int64)
    exact = np.full(len(suspects), -1, np.int64)
    if events.event_id is not None and named[suspects].any():
        exact = numpy_array(events.event_id.take(arrow_array(suspects)).dictionary_encode().indices, null=-1).astype(np.int64)
    hashed = np.where(named[suspects], np.int64(0), keys[suspects].view(np.int64))
    plain = [hashed, source, exact, np.where(named[suspects], 0, events.time[suspects])]
    plain.append(np.where(named[suspects], -1, events.sighting[suspects].astype(np.int64)))
    return runs_of(*plain)


def _in_order(events: EventTable, content: Hashes) -> npt.NDArray[np.intp]:
    """Positions by time; events of one time by meaning, source, event id (shorter ones first) and content."""
    order = np.argsort(events.time)
    time = events.time[order]
    tied = np.zeros(len(order), bool)
    same = time[1:] == time[:-1]
    tied[1:] |= same
    tied[:-1] |= same
    at = np.flatnonzero(tied)
    if not len(at):
        return order
    rows = order[at]
    group = np.cumsum(np.append(True, time[at[1:]] != time[at[:-1]]))
    keys = [content[rows], *_id_ranks(events.event_id, rows), events.meaning[rows].astype(np.int64) * len(events.sources)]
    keys[-1] = keys[-1] + events.source[rows]
    order[at] = rows[np.lexsort((*keys, group))]
    return order


def _id_ranks(ids: pa.LargeStringArray | None, rows: npt.NDArray[np.intp]) -> list[npt.NDArray[np.int64]]:
    """Keys that put ids in the order in which they were given, as far as numbers and their lengths tell."""
    if ids is None:
        return []
    mine = ids.take(arrow_array(rows)).fill_null("")
    lengths = numpy_array(pc.binary_length(mine)).astype(np.int64)
    return [rank_values(mine)[0].astype(np.int64), lengths]
