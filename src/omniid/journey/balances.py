"""Loyalty balances: what each account holds, and what an entity holds on its different accounts."""

from typing import NamedTuple

import numpy as np

from omniid.journey.groups import Ints, runs_of
from omniid.journey.stories import Story
from omniid.tables.events import MEANINGS, NO_AMOUNT

__all__ = ["Balances", "last_balances"]

BURN = MEANINGS.index("burn")


class Balances(NamedTuple):
    """One line per account of an entity: entity, code of the account or -1, millionths of points, last time."""

    entity: Ints
    account: Ints
    balance: Ints
    time: Ints


def last_balances(story: Story, counts: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Balances:
    """Return the balance of every account: the last one that was told, and the points earned and spent since.

    Parameters
    ----------
    story
        The events by entity. A balance is that after its event. Points of an event that means `burn` go off, others come on.
    counts
        bool per place of the story: False for further tellings of an order, whose points count once.

    Returns
    -------
    Balances
        Events that name no account are of the one nameless account that the entity has in their table.

    Examples
    --------
    >>> from omniid.journey.stories import tell_stories
    >>> from omniid.tables.events import EventTable
    >>> none = np.zeros(3, np.int32)
    >>> amounts = {"balance": np.array([NO_AMOUNT, 100, NO_AMOUNT]), "points": np.array([7, 5, 30])}
    >>> events = EventTable(("card",), none, np.array([1, 2, 3]), none, np.array([15, 15, BURN], np.int8), {}, amounts)
    >>> last_balances(tell_stories(events, none, 1), np.ones(3, bool)).balance.tolist()
    [70]
    """
    points, balance = story.amount("points"), story.amount("balance")
    at = np.flatnonzero(((points != NO_AMOUNT) & counts) | (balance != NO_AMOUNT))
    points, balance, entity = points[at], balance[at], story.entity[at].astype(np.int64)
    account = story.text("account")[at].astype(np.int64)
    runs = runs_of(entity, account, np.where(account < 0, story.source[at], 0))
    told = runs.last_where(balance != NO_AMOUNT)
    change = np.where(story.meaning[at] == BURN, -np.abs(points), points)
    change[(points == NO_AMOUNT) | ~counts[at]] = 0
    ordered = change[runs.order]
    ordered[np.arange(len(at)) <= told[runs.number]] = 0
    total = np.add.reduceat(ordered, runs.starts) if len(at) else np.zeros(0, np.int64)
    known = told >= 0
    total[known] += balance[runs.order[told[known]]]
    ends = np.append(runs.starts[1:], len(at)) - 1 if len(at) else np.zeros(0, np.intp)
    return Balances(entity[runs.firsts], account[runs.firsts], total, story.time[at[runs.order[ends]]])
