"""Whose events are whose: each follows its sighting, or its own time where a device is several people's."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from omniid.device_plans import device_kinds
from omniid.devices import DeviceValues, device_values, policy_from_plain
from omniid.devices.authentications import choose_authentications
from omniid.devices.outcomes import DIVIDED, PERSON, REFUSED
from omniid.entity_ids import RecordKeys
from omniid.results import Parts
from omniid.tables import NO_TIME, Codes
from omniid.tables.events import EventTable

__all__ = ["EventCounts", "count_events", "follow_sightings", "rows_of_sightings"]


@dataclass(frozen=True)
class EventCounts:
    """What became of the events that were sent.

    Parameters
    ----------
    read
        Events that were sent.
    repeated, changed
        Those that came twice and count once; of their ids, those that came with different content.
    sightings
        Distinct identifier tuples, resolved as records.
    of_people, anonymous
        Events of persons, and of anonymous entities or of a device that is several people's.
    nameless
        Events without an identifier: nobody's.
    timeless
        Events without a time, which are counted and stand in no journey.
    unread
        Values that could not be read.

    Examples
    --------
    >>> print(EventCounts(10, 1, 0, 3, 8, 0, 1, 0, 0))
    10 sent, 1 of them twice; 3 sightings; 8 of people, 1 without an identifier
    """

    read: int
    repeated: int
    changed: int
    sightings: int
    of_people: int
    anonymous: int
    nameless: int
    timeless: int
    unread: int

    def __str__(self) -> str:
        sent = f"{self.read:,} sent" + (f", {self.repeated:,} of them twice" if self.repeated else "")
        sent += f" ({self.changed:,} with different content: the latest counts)" if self.changed else ""
        told = [f"{self.of_people:,} of people"]
        told += [f"{self.anonymous:,} anonymous"] if self.anonymous else []
        told += [f"{self.nameless:,} without an identifier"] if self.nameless else []
        told += [f"{self.timeless:,} without a time"] if self.timeless else []
        told += [f"{self.unread:,} value{'s' * (self.unread != 1)} not read"] if self.unread else []
        return f"{sent}; {self.sightings:,} sighting{'s' * (self.sightings != 1)}; {', '.join(told)}"


def rows_of_sightings(parts: Parts, events: EventTable) -> Codes:
    """Return the row of every sighting among the records, -1 where it is not one of them."""
    seen = events.sightings
    return RecordKeys.of_table(parts.records).rows_of(RecordKeys(seen.sources, seen.source, seen.record_id))


def follow_sightings(parts: Parts) -> Codes:
    """Return the number of every event's entity, -1 where it is nobody's.

    An event belongs to the entity of its sighting. Where the sighting is anonymous, on a device that several people use, and
    the policy goes by time, each of its events is placed by its own time: it is of the person who authenticated on that device,
    by a record or by another event, as the policy says, and else nobody's. Events bear no values, so no limit refuses them.
    """
    events = parts.events
    if events is None:
        return np.zeros(0, np.int32)
    rows = rows_of_sightings(parts, events)
    of_sighting = np.append(np.where(rows >= 0, parts.entity.take(rows), -1), -1).astype(np.int32)
    entity = of_sighting.take(events.sighting)
    policy = policy_from_plain(parts.spec.devices)
    placed = parts.placement
    by_time = placed.is_anonymous & (placed.people > 1) & ~np.isin(placed.outcome, (DIVIDED, REFUSED))
    if not policy.needs_times or not len(rows) or not by_time[rows[rows >= 0]].any():
        return entity
    asked = np.append((rows >= 0) & by_time.take(rows), False).take(events.sighting)
    entity[asked] = -1
    at = np.flatnonzero(asked & events.is_timed)
    moments = _moments(parts, events, rows, at)
    choice = choose_authentications(moments.asked, moments.is_person, moments.devices, moments.time, policy)
    hit = choice.authentication >= 0
    entity[at[hit]] = parts.entity[moments.row[choice.authentication[hit]]]
    return entity


def count_events(parts: Parts) -> EventCounts | None:
    """Count what became of the events; None where there are none."""
    events = parts.events
    if events is None:
        return None
    entity = follow_sightings(parts)
    is_person = np.append(_persons(parts), False).take(entity)
    nameless = events.sighting < 0
    return EventCounts(
        events.read,
        events.repeated,
        events.changed,
        len(events.sightings),
        int(is_person.sum()),
        int((~is_person & ~nameless).sum()),
        int(nameless.sum()),
        int((~events.is_timed).sum()),
        0 if events.rejects is None else int(sum(events.rejects["events"].to_pylist())),
    )


def _persons(parts: Parts) -> npt.NDArray[np.bool_]:
    """Bool per entity: whether it is a person."""
    found = np.ones(len(parts.entity_ids), bool)
    found[parts.entity[~parts.placement.is_person]] = False
    return found


@dataclass(frozen=True, eq=False)
class _Moments:
    """Authentications and the events that ask for one, as the devices room takes records: numbered by their rows."""

    row: Codes
    time: npt.NDArray[np.int64]
    is_person: npt.NDArray[np.bool_]
    asked: npt.NDArray[np.int32]
    devices: DeviceValues


def _moments(parts: Parts, events: EventTable, rows: Codes, at: npt.NDArray[np.intp]) -> _Moments:
    held = device_values(parts.evidence, device_kinds(parts.spec))
    is_person = parts.placement.outcome == PERSON
    asked_rows = rows[events.sighting[at]]
    wanted = np.zeros(len(held.names) + 1, bool)
    asks = np.zeros(len(parts.records), bool)
    asks[asked_rows] = True
    wanted[held.codes[asks.take(held.rows)]] = True
    users = np.zeros(len(parts.records), bool)  # persons' records on these devices
    users[held.rows[wanted[held.codes] & is_person.take(held.rows)]] = True
    seen = np.zeros(len(parts.records), bool)
    seen[rows[rows >= 0]] = True
    plain = np.flatnonzero(users & ~seen & (parts.records.time != NO_TIME))
    logins = np.flatnonzero(np.append((rows >= 0) & users.take(rows), False).take(events.sighting) & events.is_timed)
    row = np.concatenate([plain, rows[events.sighting[logins]], asked_rows])
    time = np.concatenate([parts.records.time[plain], events.time[logins], events.time[at]])
    is_asked = np.arange(len(row)) >= len(row) - len(at)
    # Ties go to the smallest record key. What is asked for keeps its order, behind all authentications.
    order = np.lexsort((np.arange(len(row)), np.where(is_asked, 0, row), is_asked))
    row, time = row[order], time[order]
    starts = np.searchsorted(held.rows[(by_row := np.argsort(held.rows, kind="stable"))], np.arange(len(parts.records) + 1))
    sizes = np.diff(starts).take(row)
    entries = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes) + np.repeat(starts[:-1].take(row), sizes)
    moments = np.repeat(np.arange(len(row), dtype=np.int32), sizes)
    devices = replace(held, rows=moments, codes=held.codes[by_row[entries]])
    asked = np.arange(len(row) - len(at), len(row), dtype=np.int32)
    return _Moments(row.astype(np.int32), time, np.arange(len(row)) < len(row) - len(at), asked, devices)
