"""All event tables as one, and the distinct identifier tuples that make up their sightings."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from omniid.event_reading import EventPart
from omniid.frames import EventFrame, SourceFrame
from omniid.frames.encoded import Entries
from omniid.frames.record_ids import content_ids
from omniid.hashing import mix
from omniid.journey import settle_events
from omniid.ordering import rank_values
from omniid.tables import NO_TIME, Codes, Column
from omniid.tables.arrays import arrow_array, numpy_array, text_array
from omniid.tables.events import AMOUNTS, MEANINGS, NO_AMOUNT, EventTable, Sightings

__all__ = ["SIGHTING_ID", "join_event_tables", "meanings_of", "seen_at", "sighting_source"]

SIGHTING_ID = "sighting_id"


def sighting_source(name: str) -> str:
    """The source that the sightings of an event table make up: its name and the word events.

    Examples
    --------
    >>> sighting_source("web"), sighting_source("events"), sighting_source("shop events")
    ('web events', 'events', 'shop events')
    """
    return name if name.casefold().endswith("events") else f"{name} events"


def join_event_tables(
    frames: Sequence[EventFrame], parts: Sequence[EventPart], types: Mapping[str, Sequence[str]]
) -> tuple[EventTable, list[SourceFrame]]:
    """Join event tables into one, settled, and gather the identifier tuples of each as records of a source.

    Parameters
    ----------
    frames, parts
        The tables as they came, and as columns.
    types
        Meaning → types.
    """
    sizes = [len(part.time) for part in parts]
    pairs = list(zip(frames, parts, strict=True))
    tuples = [_distinct_tuples(sighting_source(frame.name), frame.place, part) for frame, part in pairs]
    places = sorted(range(len(frames)), key=lambda i: tuples[i][0].name)
    ordered = [tuples[i][0] for i in places]
    counts = [made.table.num_rows for made in ordered]
    starts = dict(zip(places, np.cumsum([0, *counts]), strict=False))
    sighting = [np.where(code >= 0, code + np.int32(starts[i]), np.int32(-1)) for i, (_, code) in enumerate(tuples)]
    keys = Sightings(
        tuple(made.name for made in ordered),
        np.repeat(np.arange(len(ordered), dtype=np.int32), counts),
        pa.concat_arrays([made.table.column(SIGHTING_ID).combine_chunks() for made in ordered]),
        *(np.full(sum(counts), value, np.int64) for value in (NO_TIME, NO_TIME, 0)),
    )
    names = sorted({name for part in parts for name in part.texts})
    texts = {name: _joined([part.texts.get(name) for part in parts], sizes) for name in names}
    table = EventTable(
        tuple(frame.name for frame in frames),
        np.repeat(np.arange(len(frames), dtype=np.int32), sizes),
        np.concatenate([part.time for part in parts]),
        np.concatenate(sighting).astype(np.int32, copy=False),
        meanings_of(texts.get("type"), types, sum(sizes)),
        texts,
        _amounts(parts, sizes),
        _event_ids(parts, sizes),
        keys,
        read=sum(sizes),
        rejects=_rejects(pairs),
    )
    table = settle_events(table)
    return replace(table, sightings=seen_at(table)), [made for made in ordered if made.table.num_rows]


def meanings_of(types: Column | None, declared: Mapping[str, Sequence[str]], n: int) -> npt.NDArray[np.int8]:
    """Return the meaning of every event, as a position in `MEANINGS`.

    Examples
    --------
    >>> [MEANINGS[code] for code in meanings_of(Column.of(["buy", "?"]), {"order": ["buy"]}, 2).tolist()]
    ['order', 'other']
    """
    other = MEANINGS.index("other")
    if types is None:
        return np.full(n, other, np.int8)
    known = {value: MEANINGS.index(meaning) for meaning, values in declared.items() for value in values}
    per_type = np.array([*(known.get(value, other) for value in types.vocabulary.to_pylist()), other], np.int8)
    return per_type.take(types.codes)


def seen_at(events: EventTable) -> Sightings:
    """Return the sightings with their first and last times and the number of their events; the events are settled."""
    seen, n = events.sightings, len(events.sightings)
    first, last = np.full((2, n), NO_TIME, np.int64)
    here = (events.sighting >= 0) & events.is_timed
    who, when = events.sighting[here], events.time[here]
    last[who] = when  # of several the last one stays, and events are in order
    first[who[::-1]] = when[::-1]
    counts = np.bincount(events.sighting[events.sighting >= 0], minlength=n).astype(np.int64)
    return replace(seen, first=first, last=last, events=counts)


def _amounts(parts: Sequence[EventPart], sizes: Sequence[int]) -> dict[str, npt.NDArray[np.int64]]:
    found = {}
    for role in AMOUNTS:
        if any(role in part.amounts for part in parts):
            held = [part.amounts.get(role) for part in parts]
            filled = [np.full(n, NO_AMOUNT, np.int64) if one is None else one for one, n in zip(held, sizes, strict=True)]
            found[role] = np.concatenate(filled)
    return found


def _event_ids(parts: Sequence[EventPart], sizes: Sequence[int]) -> pa.LargeStringArray | None:
    if all(part.event_id is None for part in parts):
        return None
    held = [part.event_id for part in parts]
    return pa.concat_arrays(
        [pa.nulls(n, pa.large_string()) if one is None else one for one, n in zip(held, sizes, strict=True)]
    )


def _rejects(pairs: Sequence[tuple[EventFrame, EventPart]]) -> pa.Table:
    rows = sorted((frame.name, *reject) for frame, part in pairs for reject in part.rejects)
    names = ("source", "field", "value", "reason")
    texts = {name: text_array([str(row[i]) for row in rows]) for i, name in enumerate(names)}
    return pa.table({**texts, "events": arrow_array(np.array([row[4] for row in rows], np.int64))})


def _joined(columns: Sequence[Column | None], sizes: Sequence[int]) -> Column:
    """One column of those of several tables, over one sorted vocabulary."""
    held = zip(columns, sizes, strict=True)
    filled = [Column(np.full(n, -1, np.int32), text_array([])) if one is None else one for one, n in held]
    if len(filled) == 1:
        return filled[0]
    values = pa.concat_arrays([one.vocabulary for one in filled])
    ranks, firsts = rank_values(values)
    starts = np.cumsum([0, *(len(one.vocabulary) for one in filled)])
    codes = [np.append(ranks[i:j], np.int32(-1)).take(one.codes) for one, i, j in zip(filled, starts, starts[1:], strict=False)]
    return Column(np.concatenate(codes), values.take(arrow_array(firsts)))


def _distinct_tuples(source: str, place: str, part: EventPart) -> tuple[SourceFrame, Codes]:
    """The distinct tuples of identifiers as records, sorted by id, and the number of each event's, -1 where it names none."""
    columns, n = part.identifiers, len(part.time)
    hashes, named = np.zeros(n, np.uint64), np.zeros(n, bool)
    for i, column in enumerate(columns.values()):
        hashes += mix((column.codes.astype(np.int64) + 1).view(np.uint64) + np.uint64(i << 40))
        named |= column.codes >= 0
    rows = np.flatnonzero(named)
    coded = arrow_array(hashes[rows]).dictionary_encode()
    number = numpy_array(coded.indices).astype(np.int64)
    firsts = np.zeros(len(coded.dictionary), np.int64)
    firsts[number[::-1]] = rows[::-1]
    if any((column.codes[firsts[number]] != column.codes[rows]).any() for column in columns.values()):
        held = np.stack([column.codes[rows] for column in columns.values()])  # two tuples of one hash: told apart slowly
        _, first, number = np.unique(held, axis=1, return_index=True, return_inverse=True)
        firsts, number = rows[first], number.reshape(-1)
    every = np.arange(len(firsts), dtype=np.int32)
    entries = {name: Entries(every, column.codes[firsts], column.vocabulary) for name, column in columns.items()}
    ids = content_ids(entries, len(firsts))
    ranks, order = rank_values(ids)
    made = {}
    for name, column in columns.items():
        mine = column.codes[firsts[order]]
        made[name] = column.vocabulary.take(arrow_array(np.maximum(mine, 0), present=mine >= 0))
    code = np.full(n, -1, np.int32)
    code[rows] = ranks[number]
    return SourceFrame(source, pa.table({SIGHTING_ID: ids.take(arrow_array(order)), **made}), place), code
