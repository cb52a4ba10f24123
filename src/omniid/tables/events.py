"""Events that follow records: what happened, when, on which channel, and whose sighting it is of."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from omniid.tables.arrays import arrow_array, text_array
from omniid.tables.records import Column
from omniid.tables.units import NO_TIME, Codes, Rows

__all__ = ["AMOUNTS", "MEANINGS", "MICROS", "NO_AMOUNT", "TEXTS", "EventTable", "Sightings"]

MICROS = 1_000_000  # amounts are whole millionths: sums don't depend on the order of addition
NO_AMOUNT = np.iinfo(np.int64).min
AMOUNTS = ("amount", "points", "balance")
TEXTS = ("type", "channel", "basket", "item", "case", "order", "account", "currency", "status", "session", "text")
# What a type of event means; of events at one time those whose meaning stands first here come first.
MEANINGS = (
    "visit",
    "login",
    "outbound",
    "contact",
    "add",
    "remove",
    "empty",
    "checkout",
    "order",
    "pickup",
    "return",
    "cancel",
    "open_case",
    "close_case",
    "balance",
    "earn",
    "burn",
    "other",
)

Micros = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Sightings:
    """The distinct identifier tuples of event tables, which are resolved as records.

    Parameters
    ----------
    sources, source
        Names of the record sources that they make up, sorted, and int32 position in them per sighting.
    record_id
        large_string per sighting: a hash of the tuple. Sightings are sorted by (source, record_id).
    first, last
        int64 microseconds: the first and the last event of each, `NO_TIME` where no event has a time.
    events
        int64 per sighting: its events.

    Examples
    --------
    >>> len(Sightings.none())
    0
    """

    sources: tuple[str, ...]
    source: Codes
    record_id: pa.LargeStringArray
    first: Micros
    last: Micros
    events: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.source)

    @classmethod
    def none(cls) -> "Sightings":
        """No sightings."""
        none = np.zeros(0, np.int64)
        return cls((), np.zeros(0, np.int32), text_array([]), none, none, none)


@dataclass(frozen=True, eq=False)
class EventTable:
    """Events of all event tables, each told once, in an order that does not depend on that of arrival.

    Invariants: sorted by (time, meaning, source, event id, content); an event without a time stands first. Columns are codes
    into sorted vocabularies, so that the same events in any order give the same bytes.

    Parameters
    ----------
    sources, source
        Names of the event tables, sorted, and int32 position in them per event.
    time
        int64 microseconds since 1970 UTC, `NO_TIME` where unknown.
    sighting
        int32 position in `sightings` per event, -1 where the event names no identifier.
    meaning
        int8 position in `MEANINGS` per event.
    texts
        Role of `TEXTS`, or own name of another column → codes and values.
    amounts
        Role of `AMOUNTS` → int64 millionths per event, `NO_AMOUNT` where there is none.
    event_id
        The source's own ids; None where no table has them.
    sightings
        The distinct identifier tuples.
    read, repeated, changed
        Events that were sent; those left out as they came twice; ids that came twice with different content.
    rejects
        source, field, value, reason, events: values that could not be read.

    Examples
    --------
    >>> table = EventTable(("web",), np.zeros(1, np.int32), np.array([5]), np.array([-1], np.int32), np.zeros(1, np.int8))
    >>> len(table), table.texts
    (1, {})
    """

    sources: tuple[str, ...]
    source: Codes
    time: Micros
    sighting: Rows
    meaning: npt.NDArray[np.int8]
    texts: Mapping[str, Column] = field(default_factory=dict)
    amounts: Mapping[str, Micros] = field(default_factory=dict)
    event_id: pa.LargeStringArray | None = None
    sightings: Sightings = field(default_factory=Sightings.none)
    read: int = 0
    repeated: int = 0
    changed: int = 0
    rejects: pa.Table | None = None

    def __len__(self) -> int:
        return len(self.time)

    def text(self, role: str) -> Codes:
        """The codes of a column; all missing where there is none."""
        return self.texts[role].codes if role in self.texts else np.full(len(self), -1, np.int32)

    def amount(self, role: str) -> Micros:
        """The millionths of a column; all missing where there is none."""
        return self.amounts[role] if role in self.amounts else np.full(len(self), NO_AMOUNT, np.int64)

    @property
    def is_timed(self) -> npt.NDArray[np.bool_]:
        """Per event: whether its time is known."""
        return np.asarray(self.time != NO_TIME)

    def take(self, rows: npt.NDArray[np.signedinteger]) -> "EventTable":
        """A selection of the events, in the order of `rows`."""
        return replace(
            self,
            source=self.source.take(rows),
            time=self.time.take(rows),
            sighting=self.sighting.take(rows),
            meaning=self.meaning.take(rows),
            texts={name: column.take(rows) for name, column in self.texts.items()},
            amounts={name: values.take(rows) for name, values in self.amounts.items()},
            event_id=None if self.event_id is None else self.event_id.take(arrow_array(rows)),
        )
