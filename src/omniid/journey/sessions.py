"""Sessions: visits without a long pause, from the first anonymous click to the last known one."""

import numpy as np
import numpy.typing as npt

from omniid.journey.groups import runs_of
from omniid.journey.stories import Story

__all__ = ["number_sessions"]


def number_sessions(story: Story, gap: int) -> npt.NDArray[np.int32]:
    """Number the sessions of every entity from 1, in the order in which they begin.

    Events that one table gave one session id are one session of their entity, however long it pauses. The others, of all tables
    together, are one session as long as no pause is longer than `gap`.

    Parameters
    ----------
    story
        The events by entity.
    gap
        Microseconds; a longer pause ends a session.

    Returns
    -------
    numpy.ndarray
        int32 per place of the story.

    Examples
    --------
    >>> from omniid.journey.stories import tell_stories
    >>> from omniid.tables.events import EventTable
    >>> none = np.zeros(3, np.int32)
    >>> events = EventTable(("web",), none, np.array([0, 10, 100]), none, none.astype(np.int8))
    >>> number_sessions(tell_stories(events, none, 1), gap=30).tolist()
    [1, 1, 2]
    """
    begins = np.zeros(len(story), bool)  # whether a session begins with this event
    owner = np.arange(len(story))  # the place where its session begins
    code = story.text("session")
    loose = np.flatnonzero(code < 0)
    if len(loose):
        entity, time = story.entity[loose], story.time[loose]
        new = np.ones(len(loose), bool)
        new[1:] = (entity[1:] != entity[:-1]) | (time[1:] - time[:-1] > gap)
        begins[loose[new]] = True
        owner[loose] = loose[new][np.cumsum(new) - 1]
    named = np.flatnonzero(code >= 0)
    if len(named):
        _own_sessions(story, named, code, begins, owner)
    place = np.cumsum(begins)
    before = np.append(0, place)[story.starts[:-1]]
    numbers: npt.NDArray[np.int32] = (place[owner] - before[story.entity]).astype(np.int32)
    return numbers


def _own_sessions(
    story: Story,
    named: npt.NDArray[np.intp],
    code: npt.NDArray[np.int32],
    begins: npt.NDArray[np.bool_],
    owner: npt.NDArray[np.intp],
) -> None:
    """Fill in the sessions that have ids."""
    key = code[named].astype(np.int64) * len(story.events.sources) + story.source[named]
    first = np.empty(int(key.max()) + 1, np.int64)
    first[key[::-1]] = named[::-1]  # of several places the first one stays
    begin = first[key]
    mine = story.entity[begin] == story.entity[named]
    owner[named[mine]] = begin[mine]
    rest = named[~mine]  # a session id that events of several entities bear: rare, but then each has a session of its own
    if len(rest):
        runs = runs_of(story.entity[rest], key[~mine])
        owner[rest[runs.order]] = rest[runs.firsts][runs.number]
    begins[owner[named]] = True
