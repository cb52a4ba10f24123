"""Channels: how often and how lately an entity uses each, what it answers, and which it prefers."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.journey.groups import Ints
from omniid.journey.stories import Story
from omniid.tables import Codes
from omniid.tables.events import MEANINGS

__all__ = ["OWN", "ChannelUse", "prefer_channels", "use_of_channels"]

OUTBOUND = MEANINGS.index("outbound")
# What the business does, and not the customer.
OWN = tuple(MEANINGS.index(name) for name in ("outbound", "close_case", "cancel", "balance", "earn", "burn"))
UNIT = 1 << 20  # the score of an event of now
ANSWERED, UNANSWERED = 3, 1  # an answer counts like three visits, a message without one takes a visit off


class ChannelUse(NamedTuple):
    """One line per entity and channel, in the order of both.

    Parameters
    ----------
    entity, channel
        int64 per line: numbers of the entity and of the channel.
    n_events, n_inbound
        Events, and those that the customer made.
    first, last
        Times of the first and the last event.
    n_sent, n_answered
        Outbound messages, and those that an event of the customer followed on the channel within the window.
    score
        Decayed uses, answers and missing answers, in 1/2^20.
    """

    entity: Ints
    channel: Ints
    n_events: Ints
    n_inbound: Ints
    first: Ints
    last: Ints
    n_sent: Ints
    n_answered: Ints
    score: Ints


def use_of_channels(
    story: Story, channel: Codes, n_channels: int, *, window: int, half_life: int, as_of: Ints | None = None
) -> ChannelUse:
    """Count the events of every entity on every channel, and score them by recency, frequency and response.

    Parameters
    ----------
    story
        The events by entity.
    channel
        int32 per place of the story: the number of its channel.
    n_channels
        Number of channels.
    window
        Microseconds within which an answer must come.
    half_life
        Microseconds after which an event counts half; in between its weight falls in a straight line, in whole numbers.
    as_of
        int64 per entity: now, in microseconds; None takes the entity's latest event.

    Examples
    --------
    >>> from omniid.journey.stories import tell_stories
    >>> from omniid.tables.events import EventTable
    >>> none = np.zeros(2, np.int32)
    >>> story = tell_stories(EventTable(("web",), none, np.array([0, 100]), none, none.astype(np.int8)), none, 1)
    >>> use = use_of_channels(story, none, 1, window=10, half_life=100)
    >>> use.n_inbound.tolist(), use.score.item() / UNIT
    ([2], 1.5)
    """
    key = story.entity.astype(np.int64) * n_channels + channel
    line, keys = _lines(key, story.n_entities * n_channels)
    n = len(keys)
    inbound, sent = ~np.isin(story.meaning, OWN), story.meaning == OUTBOUND
    now = story.ends(story.time, 0)[1] if as_of is None else as_of
    age = np.maximum(now[story.entity] - story.time, 0)
    fine = max(half_life >> 20, 1)  # in steps of a millionth of the half-life, so that products fit
    steps = half_life // fine
    halvings, rest = np.divmod(age // fine, steps)
    weight = (UNIT >> np.minimum(halvings, 62)) * (2 * steps - rest) // (2 * steps)
    answered = np.zeros(len(story), bool)
    answered[sent] = _answered(story.time, line, inbound, np.flatnonzero(sent), window, n)
    points = (
        np.where(inbound, weight, 0)
        + np.where(answered, ANSWERED * weight, 0)
        - np.where(sent & ~answered, UNANSWERED * weight, 0)
    )
    first, last = np.zeros((2, n), np.int64)
    last[line] = story.time
    first[line[::-1]] = story.time[::-1]
    return ChannelUse(
        keys // n_channels,
        keys % n_channels,
        np.bincount(line, minlength=n),
        np.bincount(line[inbound], minlength=n),
        first,
        last,
        np.bincount(line[sent], minlength=n),
        np.bincount(line[answered], minlength=n),
        _sums(line, points, n),
    )


def prefer_channels(
    use: ChannelUse, n_entities: int, names: npt.NDArray[np.int64], may_contact: npt.NDArray[np.bool_] | None = None
) -> tuple[Ints, Ints]:
    """Return the line of `use` that every entity prefers, and the line that it would prefer if consent allowed; -1 for none.

    Parameters
    ----------
    use
        As of `use_of_channels`.
    n_entities
        Number of entities.
    names
        int64 per channel: its rank by name, for ties.
    may_contact
        bool per line: whether the person may be contacted there; None: everywhere.

    Examples
    --------
    >>> one, two = np.ones(2, np.int64), np.arange(2)
    >>> use = ChannelUse(one - 1, two, one, one, one, one, one, one, np.array([5, 3]))
    >>> prefer_channels(use, 1, two, np.array([False, True]))
    (array([1]), array([0]))
    """
    order = np.lexsort((-names[use.channel], use.last, use.score, use.entity))
    order = order[use.n_inbound[order] > 0]  # a channel that the customer never used is not preferred
    wished, preferred = np.full((2, n_entities), -1, np.int64)
    wished[use.entity[order]] = order  # of several the last, which is the best
    if may_contact is None:
        return wished, wished
    allowed = order[may_contact[order]]
    preferred[use.entity[allowed]] = allowed
    return preferred, wished


def _lines(key: Ints, n_keys: int) -> tuple[npt.NDArray[np.int64], Ints]:
    """The line of every event, and the key of every line."""
    if n_keys > 8 * len(key) + 1_000_000:
        keys, line = np.unique(key, return_inverse=True)
        return line, keys
    there = np.zeros(n_keys, bool)
    there[key] = True
    return (np.cumsum(there) - 1)[key], np.flatnonzero(there)


def _sums(line: Ints, points: Ints, n: int) -> Ints:
    """Exact sums per line: floats of `bincount` hold whole numbers up to 2^53, a thousand million events of now."""
    high, low = np.divmod(points, 1 << 10)
    total = [np.bincount(line, part.astype(np.float64), minlength=n).astype(np.int64) for part in (high, low)]
    found: Ints = total[0] * (1 << 10) + total[1]
    return found


def _answered(
    time: Ints, line: Ints, inbound: npt.NDArray[np.bool_], sent: npt.NDArray[np.intp], window: int, n: int
) -> npt.NDArray[np.bool_]:
    """Whether an event of the customer came on the channel within the window after each message."""
    wanted = np.zeros(n, bool)
    wanted[line[sent]] = True
    replies = np.flatnonzero(inbound & wanted[line])
    if not len(replies):
        return np.zeros(len(sent), bool)
    width = np.int64(len(time) + 1)
    packed = np.sort(line[replies] * width + replies)
    after = np.searchsorted(packed, line[sent] * width + sent)
    found = packed[np.minimum(after, len(packed) - 1)]
    same = (after < len(packed)) & (found // width == line[sent])
    soon: npt.NDArray[np.bool_] = same & (time[np.where(same, found % width, 0)] - time[sent] <= window)
    return soon
