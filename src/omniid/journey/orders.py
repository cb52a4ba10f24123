"""Orders: each counted once, however many tables tell it; returns and cancellations taken off."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.journey.groups import Ints, Runs, runs_of
from omniid.journey.stories import Story
from omniid.tables import NO_TIME
from omniid.tables.events import MEANINGS, NO_AMOUNT

__all__ = ["Lifetime", "Orders", "add_up_orders", "count_orders"]

ORDER, RETURN, CANCEL = (MEANINGS.index(name) for name in ("order", "return", "cancel"))


class Orders(NamedTuple):
    """One line per order of an entity, or per return without an order.

    Parameters
    ----------
    entity, currency
        int64 per line; currency is a code, -1 where none is told.
    time
        When the order was first told, or the first return without an order.
    amount, returned
        Millionths: what it cost (`NO_AMOUNT` where nobody says), what came back.
    is_order, is_cancelled
        Whether an order was told at all; whether it was cancelled.
    counts
        bool per place of the story: False for further tellings of an order.
    stands
        bool per place of the story: False for what tells an order that was cancelled.
    """

    entity: Ints
    currency: Ints
    time: Ints
    amount: Ints
    returned: Ints
    is_order: npt.NDArray[np.bool_]
    is_cancelled: npt.NDArray[np.bool_]
    counts: npt.NDArray[np.bool_]
    stands: npt.NDArray[np.bool_]


def count_orders(story: Story, cancelled: npt.NDArray[np.bool_], same_order: str = "last") -> Orders:
    """Count every order of an entity once.

    Parameters
    ----------
    story
        The events by entity.
    cancelled
        bool per code of the column status: it says that an order was cancelled.
    same_order
        Whose amount counts where several events tell an order: "last", "first", "largest" or "smallest".

    Returns
    -------
    Orders
        Returns of one order that several tables tell count once, too: the largest sum that one table tells. A return that names
        no amount brings back the whole order.

    Examples
    --------
    >>> from omniid.journey.stories import tell_stories
    >>> from omniid.tables import Column
    >>> from omniid.tables.events import EventTable
    >>> none, order = np.zeros(2, np.int32), np.full(2, ORDER, np.int8)
    >>> texts, amounts = {"order": Column.of(["A1", "A1"])}, {"amount": np.array([5, 7])}
    >>> events = EventTable(("web", "shop"), np.array([0, 1], np.int32), np.array([1, 2]), none, order, texts, amounts)
    >>> orders = count_orders(tell_stories(events, none, 1), np.zeros(0, bool))
    >>> orders.amount.tolist(), orders.counts.tolist()
    ([7], [False, True])
    """
    at = np.flatnonzero(np.isin(story.meaning, (ORDER, RETURN, CANCEL)))
    meaning, entity, source = story.meaning[at], story.entity[at].astype(np.int64), story.source[at].astype(np.int64)
    code = story.text("order")[at].astype(np.int64)
    at, meaning, entity, source, code = (x[(code >= 0) | (meaning != CANCEL)] for x in (at, meaning, entity, source, code))
    alone = code < 0
    code[alone] = code.max(initial=-1) + 1 + np.arange(int(alone.sum()))  # without an id each event stands for itself
    amount, status, currency = story.amount("amount")[at], story.text("status")[at], story.text("currency")[at]
    runs = runs_of(entity, code)
    ordered = meaning == ORDER
    chosen = _chosen(runs, ordered, amount, same_order)
    has_order = chosen >= 0
    teller = np.where(has_order, chosen, runs.firsts)
    counts = np.ones(len(story), bool)
    counts[at[ordered]] = False
    counts[at[chosen[has_order]]] = True
    worth = np.where(has_order, amount[teller], NO_AMOUNT)
    is_void = (meaning == CANCEL) | (ordered & np.append(cancelled, False)[status])
    first = runs.last_where(ordered)
    firsts = np.minimum.reduceat(np.where(ordered[runs.order], np.arange(len(at)), len(at)), runs.starts) if len(at) else first
    began = runs.order[np.where(has_order, firsts, runs.starts)] if len(at) else firsts
    told = runs.last_where(currency >= 0)
    spoken = np.where(currency[teller] >= 0, currency[teller], np.append(currency[runs.order], -1)[told]) if len(at) else told
    is_cancelled = runs.sums(is_void.astype(np.int64)) > 0
    stands = np.ones(len(story), bool)
    stands[at[runs.order]] = ~(is_cancelled[runs.number] & ordered[runs.order])
    return Orders(
        entity[runs.firsts],
        spoken.astype(np.int64),
        story.time[at[began]],
        worth,
        _returned(runs, meaning == RETURN, source, amount, worth),
        has_order,
        is_cancelled,
        counts,
        stands,
    )


class Lifetime(NamedTuple):
    """One line per entity and currency: orders, millionths that they cost and that came back, first and last order."""

    entity: Ints
    currency: Ints
    n_orders: Ints
    gross: Ints
    returned: Ints
    first: Ints
    last: Ints


def add_up_orders(orders: Orders) -> Lifetime:
    """Add up the orders of every entity that were not cancelled, currency by currency.

    Examples
    --------
    >>> one = np.zeros(2, np.int64)
    >>> flags = np.array([True, True])
    >>> figures = add_up_orders(Orders(one, one - 1, np.array([5, 3]), one + 7, one, flags, ~flags, flags, flags))
    >>> figures.n_orders.tolist(), figures.gross.tolist(), figures.first.tolist()
    ([2], [14], [3])
    """
    good = np.flatnonzero(~orders.is_cancelled)
    runs = runs_of(orders.entity[good], orders.currency[good])
    is_order = orders.is_order[good]
    worth = np.where(orders.amount[good] == NO_AMOUNT, 0, orders.amount[good])
    times = [np.where(is_order, orders.time[good], edge) for edge in (np.iinfo(np.int64).max, NO_TIME)]
    first = np.minimum.reduceat(times[0][runs.order], runs.starts) if len(good) else times[0]
    last = np.maximum.reduceat(times[1][runs.order], runs.starts) if len(good) else times[1]
    n_orders = runs.sums(is_order.astype(np.int64))
    heads = runs.firsts
    return Lifetime(
        orders.entity[good][heads],
        orders.currency[good][heads],
        n_orders,
        runs.sums(worth),
        runs.sums(orders.returned[good]),
        np.where(n_orders > 0, first, NO_TIME),
        last,
    )


def _chosen(runs: Runs, ordered: npt.NDArray[np.bool_], amount: Ints, same_order: str) -> npt.NDArray[np.intp]:
    """Per run the telling whose amount counts, -1 where no order is told; one without an amount only where all are."""
    if not len(runs.order):
        return np.zeros(0, np.intp)
    place = np.arange(len(runs.order))
    rank = {"last": place, "first": -place}.get(same_order)
    if rank is None:
        value = amount[runs.order]
        rank = np.where(value == NO_AMOUNT, 0, value if same_order == "largest" else -value)
    known = (amount[runs.order] != NO_AMOUNT).astype(np.int64)
    is_order = ordered[runs.order].astype(np.int64)
    best = np.lexsort((-place, rank, known, is_order, runs.number))
    ends = best[np.append(runs.starts[1:], len(best)) - 1]
    return np.where(is_order[ends] > 0, runs.order[ends], -1)


def _returned(runs: Runs, returns: npt.NDArray[np.bool_], source: Ints, amount: Ints, worth: Ints) -> Ints:
    """What came back per run: of the sums that tables tell the largest."""
    total = np.zeros(len(runs.starts), np.int64)
    mine = np.flatnonzero(returns[runs.order])
    if not len(mine):
        return total
    run, rows = runs.number[mine], runs.order[mine]
    told = amount[rows] != NO_AMOUNT
    tables = runs_of(run, source[rows])
    np.maximum.at(total, run[tables.firsts], tables.sums(np.where(told, np.abs(amount[rows]), 0)))
    whole = run[~told]  # told twice, or after a part came back, it is still no more than the order
    np.maximum.at(total, whole, np.where(worth[whole] == NO_AMOUNT, 0, worth[whole]))
    return total
