"""What a result tells of events: journeys, and the tables that follow from them."""

from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from omniid.errors import InputError
from omniid.frames import to_native
from omniid.result_frames import ResultFrames

if TYPE_CHECKING:
    from omniid.event_results import Journeys
    from omniid.journeys import Journey

__all__ = ["EVENT_TABLE_NAMES", "EventUses"]

EVENT_TABLE_NAMES = (
    "events",
    "activity",
    "lifetime",
    "channels",
    "open_baskets",
    "open_cases",
    "balances",
    "roll_ups",
    "sightings",
    "event_rejects",
)
SAVED = tuple(name for name in EVENT_TABLE_NAMES if name not in ("events", "sightings"))


class EventUses(ResultFrames):
    """The events of a result, as frames of the kind that went in."""

    def journey(self, entity: "str | tuple[str, str]") -> "Journey":
        """Return what one customer did, across channels and in order, and what is still open; `print` it.

        Parameters
        ----------
        entity
            An entity's id, or the key (source, record_id) of one of its records.

        Raises
        ------
        InputError
            If there is no such entity or record, or the result has no events.
        """
        from omniid.journeys import journey_of  # here: most results have no events

        return journey_of(self.journeys, entity if isinstance(entity, str) else self.entity_of(entity))

    def entity_of(self, record: tuple[str, str]) -> str:
        """Return the id of a record's entity.

        Raises
        ------
        InputError
            If there is no such record.
        """
        row = self.parts.records.rows_of([record]).get(record)
        if row is None:
            raise InputError(f"there is no record {':'.join(map(str, record))}; keys stand in .crosswalk")
        return str(self.parts.entity_ids[int(self.parts.entity[row])].as_py())

    @cached_property
    def journeys(self) -> "Journeys":
        """The stories behind the tables of events, as arrays."""
        from omniid.contacting import channel_filter
        from omniid.event_results import Journeys

        return Journeys(self.parts, channel_filter(self.contact_book, len(self.parts.entity_ids)))

    def coded(self, name: str) -> pa.Table:
        """One of the results with its text as codes into what the run holds already."""
        if name in EVENT_TABLE_NAMES:
            from omniid.activity import event_table

            return event_table(self.journeys, name)
        return super().coded(name)

    @cached_property
    def events(self) -> Any:
        """All events with the entity_id of whoever's they are, in order: by entity, then by time."""
        return to_native(self.table("events"), self.backend)

    @cached_property
    def activity(self) -> Any:
        """One row per entity: first and last touch, sessions, orders, revenue, open baskets and cases, balance, channel."""
        return to_native(self.table("activity"), self.backend)

    @cached_property
    def lifetime(self) -> Any:
        """One row per entity and currency: orders, gross, returned, revenue, average, first and last order."""
        return to_native(self.table("lifetime"), self.backend)

    @cached_property
    def channels(self) -> Any:
        """One row per entity and channel: events, first and last, messages and answers, score, whether it is preferred."""
        return to_native(self.table("channels"), self.backend)

    @cached_property
    def open_baskets(self) -> Any:
        """Baskets that were filled and neither ordered nor emptied."""
        return to_native(self.table("open_baskets"), self.backend)

    @cached_property
    def open_cases(self) -> Any:
        """Cases that were opened and not closed."""
        return to_native(self.table("open_cases"), self.backend)

    @cached_property
    def balances(self) -> Any:
        """The last balance of every loyalty account."""
        return to_native(self.table("balances"), self.backend)

    @cached_property
    def roll_ups(self) -> Any:
        """The declared roll-ups: entity_id, name, channel, value or text."""
        return to_native(self.table("roll_ups"), self.backend)

    @cached_property
    def sightings(self) -> Any:
        """The distinct identifier tuples of the events, as records: a store takes them with `upsert`."""
        return to_native(self.table("sightings"), self.backend)

    @cached_property
    def event_rejects(self) -> Any:
        """Values of events that could not be read, each with its reason and the number of events."""
        return to_native(self.table("event_rejects"), self.backend)

    def event_files(self, folder: Path, format: str) -> dict[str, Callable[[], pa.Table]]:  # noqa: A002  # the word that users say
        """Return the files of events that a save writes, and remove those that an earlier result left."""
        for name in (*SAVED, "events"):
            for ending in ("parquet", "csv"):
                (folder / f"{name}.{ending}").unlink(missing_ok=True)
        if self.parts.events is None:
            return {}
        from omniid.event_files import events_file_table

        files: dict[str, Callable[[], pa.Table]] = {f"{name}.{format}": partial(self.coded, name) for name in SAVED}
        files["events.parquet"] = lambda: events_file_table(self.journeys)
        return files if format == "parquet" else {**files, "events.csv": lambda: self.coded("events")}
