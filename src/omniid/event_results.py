"""Journeys of a result: the story of every entity, and the tables that it makes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.errors import InputError
from omniid.event_columns import Events, length_in_micros
from omniid.event_following import follow_sightings, rows_of_sightings
from omniid.inference import state_of_status
from omniid.journey import (
    CLOSED,
    OPEN,
    Balances,
    ChannelUse,
    Lifetime,
    OpenBaskets,
    OpenCases,
    Orders,
    Story,
    add_up_orders,
    count_orders,
    find_open_baskets,
    find_open_cases,
    last_balances,
    number_sessions,
    prefer_channels,
    tell_stories,
    use_of_channels,
)
from omniid.normalization import decimals
from omniid.ordering import rank_values
from omniid.results import Parts, entity_kinds
from omniid.tables import NO_TIME, Codes, Column, coded_column
from omniid.tables.arrays import arrow_array, numpy_array, text_array
from omniid.tables.events import MEANINGS, MICROS, NO_AMOUNT, EventTable

__all__ = ["Journeys", "amounts_column", "times_column"]


IDS = ("order", "basket", "case", "account", "currency")  # two spellings of one would count an order twice


@dataclass(frozen=True, eq=False)
class Journeys:
    """What follows from the events of a result; each part is made when it is first asked for.

    Parameters
    ----------
    parts
        The result.
    may_contact
        Takes the use of channels and the names of the channels, and returns bool per line: whether the person may be contacted
        there. None: everywhere.
    """

    parts: Parts
    may_contact: Callable[[ChannelUse, pa.LargeStringArray], npt.NDArray[np.bool_]] | None = None

    @property
    def events(self) -> EventTable:
        """The events.

        Raises
        ------
        InputError
            If the result has none.
        """
        if self.parts.events is None:
            raise InputError("this result has no events; pass them as omniid.resolve(data, events=...)")
        return self.parts.events

    @property
    def declared(self) -> Events:
        """What is declared of events."""
        return self.parts.spec.events or Events()

    @property
    def n_entities(self) -> int:
        """Number of entities."""
        return len(self.parts.entity_ids)

    @cached_property
    def entity(self) -> Codes:
        """int32 per event: the number of its entity, -1 where it is nobody's."""
        return follow_sightings(self.parts)

    @cached_property
    def story(self) -> Story:
        """The events by entity and time."""
        texts = {name: _one_spelling(one) if name in IDS else one for name, one in self.events.texts.items()}
        return tell_stories(replace(self.events, texts=texts), self.entity, self.n_entities)

    @cached_property
    def sessions(self) -> npt.NDArray[np.int32]:
        """int32 per place of the story: the number of the session of its entity, from 1."""
        return number_sessions(self.story, length_in_micros(self.declared.session_gap, "session_gap"))

    @cached_property
    def states(self) -> list[str | None]:
        """What each value of the column status says: open, closed, cancelled or nothing."""
        column = self.events.texts.get("status")
        return [] if column is None else [state_of_status(value) for value in column.vocabulary.to_pylist()]

    @cached_property
    def orders(self) -> Orders:
        """Every order once."""
        void = np.array([state == "cancelled" for state in self.states], bool)
        return count_orders(self.story, void, self.declared.same_order)

    @cached_property
    def lifetime(self) -> Lifetime:
        """What the orders of every entity add up to."""
        return add_up_orders(self.orders)

    @cached_property
    def baskets(self) -> OpenBaskets:
        """The open baskets."""
        return find_open_baskets(self.story)

    @cached_property
    def cases(self) -> OpenCases:
        """The open cases."""
        codes = {"open": OPEN, "closed": CLOSED, "cancelled": CLOSED}
        return find_open_cases(self.story, np.array([codes.get(state or "", 0) for state in self.states], np.int8))

    @cached_property
    def balances(self) -> Balances:
        """The balance of every account."""
        return last_balances(self.story, self.orders.counts)

    @cached_property
    def channel_names(self) -> pa.LargeStringArray:
        """The channels: those that events name, and the names of the tables for events that name none."""
        return self._channels[1]

    @cached_property
    def channel(self) -> Codes:
        """int32 per place of the story: its channel."""
        return self._channels[0]

    @cached_property
    def use(self) -> ChannelUse:
        """How every entity uses every channel."""
        lengths = {name: length_in_micros(getattr(self.declared, name), name) for name in ("response_window", "half_life")}
        window, half_life = lengths["response_window"], lengths["half_life"]
        return use_of_channels(self.story, self.channel, len(self.channel_names), window=window, half_life=half_life)

    @cached_property
    def preferred(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Lines of `use` per entity, -1 for none: the channel it prefers, and the one it would if all were allowed."""
        allowed = None if self.may_contact is None else self.may_contact(self.use, self.channel_names)
        return prefer_channels(self.use, self.n_entities, np.arange(len(self.channel_names)), allowed)

    @cached_property
    def kinds(self) -> pa.DictionaryArray:
        """The kind of every entity."""
        return entity_kinds(self.parts.placement, self.parts.entity)

    def of_entity(self, number: int) -> "Journeys":
        """The same for the events of one entity alone; the others have none."""
        rows = np.flatnonzero(self.entity == number)
        alone = Journeys(replace(self.parts, events=self.events.take(rows)), self.may_contact)
        alone.__dict__["entity"] = np.full(len(rows), number, np.int32)  # as it is known already
        return alone

    def ids(self, entity: npt.NDArray[np.signedinteger]) -> pa.DictionaryArray:
        """The ids of entities by number."""
        return coded_column(entity, self.parts.entity_ids)

    def values(self, role: str, codes: npt.NDArray[np.signedinteger]) -> pa.Array:
        """The values of a column by code."""
        column = self.events.texts.get(role)
        return coded_column(codes, text_array([]) if column is None else column.vocabulary)

    @cached_property
    def _channels(self) -> tuple[Codes, pa.LargeStringArray]:
        events, column = self.events, self.events.texts.get("channel")
        own = text_array([]) if column is None else column.vocabulary
        values = pa.concat_arrays([own, text_array(events.sources)])
        ranks, firsts = rank_values(values)
        named = np.append(ranks[: len(own)], np.int32(-1)).take(self.story.text("channel"))
        by_table = ranks[len(own) :].take(self.story.source)
        return np.where(named >= 0, named, by_table).astype(np.int32), values.take(arrow_array(firsts))

    def events_table(self, *, exact: bool = False) -> pa.Table:
        """All events, those of every entity in order, then those without a time and those that are nobody's.

        Parameters
        ----------
        exact
            Whether amounts are decimals, as in files.
        """
        events, story = self.events, self.story
        told = np.zeros(len(events), bool)
        told[story.rows] = True
        rows = np.concatenate([story.rows, np.flatnonzero(~told)])
        rest = len(rows) - len(story)
        entity = self.entity.take(rows)
        sessions = np.concatenate([self.sessions, np.full(rest, -1, np.int32)])
        counts = np.concatenate([self.orders.counts, np.ones(rest, bool)])
        taken = events.take(rows)
        seen = events.sightings
        source_names = text_array(seen.sources)
        columns: dict[str, pa.Array] = {
            "entity_id": self.ids(entity),
            "entity_kind": self.kinds.take(arrow_array(np.maximum(entity, 0), present=entity >= 0)),
            "session_number": arrow_array(np.maximum(sessions, 0), present=sessions > 0),
            "time": times_column(taken.time),
            "source": coded_column(taken.source, text_array(events.sources)),
            "meaning": coded_column(taken.meaning.astype(np.int32), text_array(MEANINGS)),
        }
        columns |= {name: coded_column(column.codes, column.vocabulary) for name, column in taken.texts.items()}
        numbers = decimals if exact else amounts_column
        columns |= {name: numbers(values) for name, values in taken.amounts.items()}
        if taken.event_id is not None:
            columns["event_id"] = taken.event_id
        columns["counts"] = arrow_array(counts)
        columns["sighting_source"] = coded_column(np.append(seen.source, np.int32(-1)).take(taken.sighting), source_names)
        columns["sighting_id"] = coded_column(taken.sighting, seen.record_id)
        return pa.table(columns)

    def sightings_table(self) -> pa.Table:
        """The sightings as records: source, record_id, what was sent, first and last time, number of events."""
        seen, sent = self.events.sightings, self.parts.sent
        rows = rows_of_sightings(self.parts, self.events)
        here = np.maximum(rows, 0)
        fields: Mapping[str, pa.Array] = {
            name: coded_column(np.where(rows >= 0, column.codes.take(here), -1), column.vocabulary)
            for name, column in sent.raw.items()
            if column.offsets is None and (column.codes.take(here) >= 0).any()
        }
        keys = {"source": coded_column(seen.source, text_array(seen.sources)), "record_id": seen.record_id}
        times = {"first_seen": times_column(seen.first), "last_seen": times_column(seen.last)}
        return pa.table({**keys, **fields, **times, "events": arrow_array(seen.events)})


def _one_spelling(column: Column) -> Column:
    """The column with one code for all spellings that differ in case or in blanks at their ends, that of the first by text."""
    groups = pc.utf8_lower(pc.utf8_trim_whitespace(column.vocabulary)).dictionary_encode()
    if len(groups.dictionary) == len(column.vocabulary):
        return column
    group = numpy_array(groups.indices).astype(np.int64)
    last_first = np.argsort(-rank_values(column.vocabulary)[0].astype(np.int64))
    first = np.zeros(len(groups.dictionary), np.int32)
    first[group[last_first]] = last_first
    return replace(column, codes=np.append(first[group], np.int32(-1)).take(column.codes))


def times_column(micros: npt.NDArray[np.int64]) -> pa.Array:
    """Microseconds since 1970 as moments in UTC, null where there is none."""
    known = micros != NO_TIME
    return arrow_array(np.where(known, micros, 0), present=known).cast(pa.timestamp("us", "UTC"))


def amounts_column(micros: npt.NDArray[np.int64]) -> pa.Array:
    """Millionths as numbers, null where there is none."""
    known = micros != NO_AMOUNT
    return arrow_array(np.where(known, micros, 0) / MICROS, present=known)
