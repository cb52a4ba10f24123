"""Events in a saved result: one Parquet file that other tools read, and from which the result is opened again."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from omniid.errors import InputError
from omniid.event_results import Journeys
from omniid.event_tables import seen_at
from omniid.frames import coded
from omniid.journey import settle_events
from omniid.tables import NO_TIME, Column
from omniid.tables.arrays import arrow_array, numpy_array, text_array
from omniid.tables.events import AMOUNTS, MEANINGS, NO_AMOUNT, EventTable, Sightings

__all__ = ["events_file_table", "read_events"]

META = b"omniid.events"
FILE = "events.parquet"


def events_file_table(journeys: Journeys) -> pa.Table:
    """The table that is saved: what users see of the events, amounts as exact decimals, and what reading it again takes."""
    events = journeys.events
    told = {"read": events.read, "repeated": events.repeated, "changed": events.changed, "texts": list(events.texts)}
    told |= {"rejects": [] if events.rejects is None else events.rejects.to_pylist(), "sources": list(events.sources)}
    return journeys.events_table(exact=True).replace_schema_metadata({META: json.dumps(told)})


def read_events(folder: Path) -> EventTable | None:
    """The events of a saved result, None where it has none.

    Raises
    ------
    InputError
        If the file is not what a save writes.
    """
    path = folder / FILE
    if not path.exists():
        return None
    table = pq.read_table(path)
    meta = (table.schema.metadata or {}).get(META)
    if meta is None:
        raise InputError(f"{path} holds no events of a saved result; remove it, or save the result again")
    told = json.loads(meta)
    texts = {name: coded(table.column(name)) for name in told["texts"]}
    amounts = {name: _micros(table.column(name)) for name in AMOUNTS if name in table.column_names}
    named, meanings = coded(table.column("source")), coded(table.column("meaning"))
    order = np.array([told["sources"].index(name) for name in named.vocabulary.to_pylist()], np.int32)
    kinds = np.array([MEANINGS.index(name) for name in meanings.vocabulary.to_pylist()], np.int8)
    sightings, sighting = _sightings(coded(table.column("sighting_source")), coded(table.column("sighting_id")))
    ids = table.column("event_id").combine_chunks().cast(pa.large_string()) if "event_id" in table.column_names else None
    events = EventTable(
        tuple(told["sources"]),
        order.take(named.codes),
        numpy_array(table.column("time").combine_chunks().cast(pa.int64()), null=NO_TIME).astype(np.int64),
        sighting,
        kinds.take(meanings.codes),
        texts,
        amounts,
        ids,
        sightings,
        told["read"],
        rejects=_rejects(told["rejects"]),
    )
    settled = settle_events(events)
    return replace(settled, sightings=seen_at(settled), repeated=told["repeated"], changed=told["changed"])


def _micros(column: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    """The whole millionths behind decimals: of each 16 bytes the lower eight."""
    whole = column.combine_chunks()
    words = np.frombuffer(whole.buffers()[1], np.int64)[2 * whole.offset : 2 * (whole.offset + len(whole)) : 2]
    return np.where(numpy_array(whole.is_valid()), words, NO_AMOUNT)


def _sightings(source: Column, record_id: Column) -> tuple[Sightings, npt.NDArray[np.int32]]:
    """The distinct sightings, sorted by (source, record_id), and that of each event."""
    n = len(record_id.vocabulary)
    key = source.codes.astype(np.int64) * n + record_id.codes
    key[record_id.codes < 0] = -1
    distinct, number = np.unique(key, return_inverse=True)
    start = int(len(distinct) > 0 and distinct[0] < 0)
    keys = distinct[start:]
    ids = record_id.vocabulary.take(arrow_array(keys % max(n, 1)))
    none = np.full(len(keys), NO_TIME, np.int64)
    made = Sightings(
        tuple(source.vocabulary.to_pylist()),
        (keys // max(n, 1)).astype(np.int32),
        ids,
        none,
        none,
        np.zeros(len(keys), np.int64),
    )
    return made, (number.reshape(-1) - start).astype(np.int32)


def _rejects(rows: list[dict[str, object]]) -> pa.Table:
    texts = {name: text_array([str(row[name]) for row in rows]) for name in ("source", "field", "value", "reason")}
    return pa.table({**texts, "events": arrow_array(np.array([row["events"] for row in rows], np.int64))})
