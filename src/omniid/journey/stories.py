"""Stories: the events of every entity, one after the other."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from omniid.tables import NO_TIME, Codes
from omniid.tables.events import EventTable

__all__ = ["Story", "tell_stories"]


@dataclass(frozen=True, eq=False)
class Story:
    """Events in the order of entities, and of each by time.

    Parameters
    ----------
    events
        Settled events.
    rows
        Positions in `events`: those of the first entity by time, then those of the next.
    entity
        int32 per place in `rows`: the entity's number, ascending.
    n_entities
        Number of entities, with events or without.

    Examples
    --------
    >>> time = np.array([1, 2, 3])
    >>> events = EventTable(("web",), np.zeros(3, np.int32), time, np.zeros(3, np.int32), np.zeros(3, np.int8))
    >>> tell_stories(events, np.array([1, 0, 1], np.int32), 2).time.tolist()
    [2, 1, 3]
    """

    events: EventTable
    rows: npt.NDArray[np.int64]
    entity: Codes
    n_entities: int

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def time(self) -> npt.NDArray[np.int64]:
        """int64 per place: when it happened."""
        return self.events.time.take(self.rows)

    @cached_property
    def meaning(self) -> npt.NDArray[np.int8]:
        """int8 per place: what it means."""
        return self.events.meaning.take(self.rows)

    @cached_property
    def source(self) -> Codes:
        """int32 per place: the event table."""
        return self.events.source.take(self.rows)

    @cached_property
    def starts(self) -> npt.NDArray[np.int64]:
        """int64, one more than entities: where the story of each begins."""
        return np.searchsorted(self.entity, np.arange(self.n_entities + 1, dtype=np.int32)).astype(np.int64)

    @property
    def lengths(self) -> npt.NDArray[np.int64]:
        """Events per entity."""
        return np.diff(self.starts)

    def text(self, role: str) -> Codes:
        """Codes of a column per place."""
        return self.events.text(role).take(self.rows)

    def amount(self, role: str) -> npt.NDArray[np.int64]:
        """Millionths of a column per place."""
        return self.events.amount(role).take(self.rows)

    def ends(self, values: npt.NDArray[np.int64], missing: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """The values at the first and the last event of every entity."""
        first, last = np.full((2, self.n_entities), missing, np.int64)
        here = self.lengths > 0
        first[here], last[here] = values[self.starts[:-1][here]], values[self.starts[1:][here] - 1]
        return first, last


def tell_stories(events: EventTable, entity: Codes, n_entities: int) -> Story:
    """Order events by entity and time.

    Parameters
    ----------
    events
        Settled, so that they are in order by time already.
    entity
        int32 per event: the number of its entity, -1 where it is nobody's.
    n_entities
        Number of entities.

    Returns
    -------
    Story
        Without events that are nobody's or have no time.
    """
    kept = (entity >= 0) & (events.time != NO_TIME)
    n = len(events)
    # Entity and position as one number: sorting numbers is several times faster than sorting positions by them.
    packed = entity[kept].astype(np.int64) * n + np.flatnonzero(kept)
    packed.sort()
    owner, rows = np.divmod(packed, max(n, 1))
    return Story(events, rows, owner.astype(np.int32), n_entities)
