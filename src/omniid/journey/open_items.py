"""What is still open: baskets that were filled and neither ordered nor emptied, cases that were opened and not closed."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.journey.groups import Ints, runs_of
from omniid.journey.stories import Story
from omniid.tables.events import MEANINGS, NO_AMOUNT

__all__ = ["CLOSED", "OPEN", "OpenBaskets", "OpenCases", "find_open_baskets", "find_open_cases"]

ADD, REMOVE = MEANINGS.index("add"), MEANINGS.index("remove")
CLOSING = tuple(MEANINGS.index(name) for name in ("empty", "checkout", "order"))
OPEN_CASE, CLOSE_CASE = MEANINGS.index("open_case"), MEANINGS.index("close_case")
OPEN, CLOSED = 1, 2  # what the status of a case says; 0 says nothing


class OpenBaskets(NamedTuple):
    """One line per open basket, and its items.

    Parameters
    ----------
    entity, basket
        int64 per basket: the entity, and the code of the basket's id, -1 where it has none.
    since, until
        The first and last time that something was put in since it was last empty.
    n_items
        What was put in less what was taken out.
    amount
        Millionths: what the items put in cost less those taken out, `NO_AMOUNT` where none has an amount.
    item_basket, item
        int64 per different item that is in a basket: the basket's line, and the item's code.
    """

    entity: Ints
    basket: Ints
    since: Ints
    until: Ints
    n_items: Ints
    amount: Ints
    item_basket: Ints
    item: Ints


class OpenCases(NamedTuple):
    """One line per open case: entity, code of the case's id or -1, first and last time, code of the last status, events."""

    entity: Ints
    case: Ints
    since: Ints
    until: Ints
    status: Ints
    n_events: Ints


def find_open_baskets(story: Story) -> OpenBaskets:
    """Find the baskets that were filled and not followed by an order, a checkout or a removal of the same basket.

    Parameters
    ----------
    story
        The events by entity. Events that name no basket are of the one nameless basket that the entity has in their table.

    Examples
    --------
    >>> from omniid.journey.stories import tell_stories
    >>> from omniid.tables.events import EventTable
    >>> none, added = np.zeros(2, np.int32), np.full(2, ADD, np.int8)
    >>> story = tell_stories(EventTable(("web",), none, np.array([1, 2]), none, added), none, 1)
    >>> find_open_baskets(story).n_items.tolist()
    [2]
    """
    at = np.flatnonzero(np.isin(story.meaning, (ADD, REMOVE, *CLOSING)))
    meaning, entity, basket = story.meaning[at], story.entity[at].astype(np.int64), story.text("basket")[at].astype(np.int64)
    runs = runs_of(entity, basket, np.where(basket < 0, story.source[at], 0))
    closed = runs.last_where(np.isin(meaning, CLOSING))
    place = np.arange(len(at))
    inside = place > closed[runs.number]  # since the basket was last empty
    rows, run = runs.order[inside], runs.number[inside]
    step = np.where(meaning[rows] == ADD, 1, -1).astype(np.int64)
    n_items = _per_run(run, step, len(runs.starts))
    is_open = n_items > 0
    line = np.where(is_open, np.cumsum(is_open) - 1, -1)
    added = meaning[rows] == ADD
    since, until = _span(run[added], story.time[at[rows[added]]], len(runs.starts))
    amount = story.amount("amount")[at[rows]]
    known = amount != NO_AMOUNT
    worth = _per_run(run[known], step[known] * amount[known], len(runs.starts))
    worth[_per_run(run[known], np.ones(int(known.sum()), np.int64), len(runs.starts)) == 0] = NO_AMOUNT
    items = story.text("item")[at[rows]].astype(np.int64)
    held = runs_of(run, items)
    left = held.sums(step) > 0
    item_run, item = run[held.firsts][left], items[held.firsts][left]
    shown = is_open[item_run] & (item >= 0)
    heads = runs.firsts[is_open]
    return OpenBaskets(
        entity[heads],
        basket[heads],
        since[is_open],
        until[is_open],
        n_items[is_open],
        worth[is_open],
        line[item_run[shown]],
        item[shown],
    )


def find_open_cases(story: Story, states: npt.NDArray[np.int8]) -> OpenCases:
    """Find the cases that were opened and not closed since.

    Parameters
    ----------
    story
        The events by entity. An event that names a case tells that there is one; what opens or closes a case without naming it
        is of the one nameless case that the entity has in its table.
    states
        int8 per code of the column status: `OPEN`, `CLOSED`, or 0 where it says neither.

    Examples
    --------
    >>> from omniid.journey.stories import tell_stories
    >>> from omniid.tables.events import EventTable
    >>> none, meaning = np.zeros(2, np.int32), np.array([OPEN_CASE, CLOSE_CASE], np.int8)
    >>> story = tell_stories(EventTable(("desk",), none, np.array([1, 2]), none, meaning), none, 1)
    >>> len(find_open_cases(story, np.zeros(0, np.int8)).entity)
    0
    """
    case = story.text("case").astype(np.int64)
    at = np.flatnonzero((case >= 0) | (story.meaning == OPEN_CASE) | (story.meaning == CLOSE_CASE))
    case, entity, meaning = case[at], story.entity[at].astype(np.int64), story.meaning[at]
    status = story.text("status")[at].astype(np.int64)
    said = np.append(states, 0)[status]
    closes = (meaning == CLOSE_CASE) | (said == CLOSED)  # also a complaint that a table tells once, with how it ended
    opens = ((meaning == OPEN_CASE) | (said == OPEN)) & ~closes
    runs = runs_of(entity, case, np.where(case < 0, story.source[at], 0))
    is_open = runs.last_where(opens) >= runs.last_where(closes)  # equal where neither was said: both -1
    ends = np.append(runs.starts[1:], len(at))[is_open] - 1
    heads, tails = runs.firsts[is_open], runs.order[ends]
    told = runs.last_where(status >= 0)[is_open]
    last_status = np.where(told >= 0, status[runs.order[np.maximum(told, 0)]] if len(at) else told, -1)
    sizes = np.diff(np.append(runs.starts, len(at)))[is_open]
    return OpenCases(
        entity[heads], case[heads], story.time[at[heads]], story.time[at[tails]], last_status, sizes.astype(np.int64)
    )


def _per_run(run: Ints, values: Ints, n: int) -> Ints:
    total = np.zeros(n, np.int64)
    np.add.at(total, run, values)
    return total


def _span(run: Ints, time: Ints, n: int) -> tuple[Ints, Ints]:
    """First and last of times that are in order within each run."""
    first, last = np.zeros((2, n), np.int64)
    last[run] = time
    first[run[::-1]] = time[::-1]
    return first, last
