"""What follows from journeys, one table each: activity, lifetime, channels, open baskets and cases, balances, roll-ups."""

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.event_columns import RollUp
from omniid.event_results import Journeys, amounts_column, times_column
from omniid.journey import roll_up
from omniid.normalization import amount_texts
from omniid.tables import NO_TIME, coded_column
from omniid.tables.arrays import arrow_array, text_array, text_scalar
from omniid.tables.events import AMOUNTS, MEANINGS, NO_AMOUNT

__all__ = ["EVENT_TABLES", "event_table"]

Ints = npt.NDArray[np.int64]
NAMELESS = "(no id)"
LAST = " events of theirs, the last on "


def event_table(journeys: Journeys, name: str) -> pa.Table:
    """Make one of the tables of `EVENT_TABLES`."""
    return EVENT_TABLES[name](journeys)


def _activity(journeys: Journeys) -> pa.Table:
    """One row per entity."""
    story, n = journeys.story, journeys.n_entities
    here = story.lengths > 0
    ends = [np.where(here, place, -1) for place in (story.starts[:-1], story.starts[1:] - 1)]
    columns: dict[str, pa.Array] = {"entity_id": journeys.parts.entity_ids, "entity_kind": journeys.kinds}
    columns["events"] = arrow_array(story.lengths)
    columns["sessions"] = arrow_array(roll_up("max", journeys.sessions.astype(np.int64), story.entity, n, -1).clip(0))
    for label, place in zip(("first", "last"), ends, strict=True):
        columns[f"{label}_time"] = times_column(_at(story.time, place, NO_TIME))
        columns[f"{label}_channel"] = coded_column(_at(journeys.channel, place, -1), journeys.channel_names)
        columns[f"{label}_type"] = journeys.values("type", _at(story.text("type"), place, -1))
    use = journeys.use
    columns["channels"] = _lists(use.entity, n, coded_column(use.channel, journeys.channel_names))
    life = journeys.lifetime
    columns["orders"] = arrow_array(roll_up("sum", life.n_orders, life.entity, n, -1).clip(0))
    columns["revenue"] = _revenue(journeys)
    baskets, cases, balances = journeys.baskets, journeys.cases, journeys.balances
    columns["open_baskets"] = _lists(baskets.entity, n, _named(journeys, "basket", baskets.basket))
    columns["open_cases"] = _lists(cases.entity, n, _named(journeys, "case", cases.case))
    columns["balance"] = amounts_column(roll_up("sum", balances.balance, balances.entity, n, NO_AMOUNT))
    columns["preferred_channel"], columns["preferred_reason"] = _preferred(journeys)
    columns |= {name: _figures(journeys, one)[1] for name, one in journeys.declared.roll_ups.items() if one.per is None}
    return pa.table(columns)


def _lifetime(journeys: Journeys) -> pa.Table:
    """One row per entity and currency: orders, gross, returned, revenue, average, first and last order."""
    found = journeys.lifetime
    average = np.where(found.n_orders > 0, found.gross // np.maximum(found.n_orders, 1), NO_AMOUNT)
    return pa.table(
        {
            "entity_id": journeys.ids(found.entity),
            "currency": journeys.values("currency", found.currency),
            "orders": arrow_array(found.n_orders),
            "gross": amounts_column(found.gross),
            "returned": amounts_column(found.returned),
            "revenue": amounts_column(found.gross - found.returned),
            "average_order": amounts_column(average),
            "first_order": times_column(found.first),
            "last_order": times_column(found.last),
        }
    )


def _channels(journeys: Journeys) -> pa.Table:
    """One row per entity and channel."""
    use = journeys.use
    preferred = np.zeros(len(use.entity), bool)
    chosen = journeys.preferred[0]
    preferred[chosen[chosen >= 0]] = True
    return pa.table(
        {
            "entity_id": journeys.ids(use.entity),
            "channel": coded_column(use.channel, journeys.channel_names),
            "events": arrow_array(use.n_events),
            "of_customer": arrow_array(use.n_inbound),
            "first_time": times_column(use.first),
            "last_time": times_column(use.last),
            "messages": arrow_array(use.n_sent),
            "answered": arrow_array(use.n_answered),
            "score": arrow_array(use.score / (1 << 20)),
            "is_preferred": arrow_array(preferred),
        }
    )


def _open_baskets(journeys: Journeys) -> pa.Table:
    """One row per open basket: entity_id, basket, since, until, items, amount, contents."""
    found = journeys.baskets
    return pa.table(
        {
            "entity_id": journeys.ids(found.entity),
            "basket": journeys.values("basket", found.basket),
            "since": times_column(found.since),
            "until": times_column(found.until),
            "items": arrow_array(found.n_items),
            "amount": amounts_column(found.amount),
            "contents": _lists(found.item_basket, len(found.entity), journeys.values("item", found.item)),
        }
    )


def _open_cases(journeys: Journeys) -> pa.Table:
    """One row per open case: entity_id, case, since, until, status, events."""
    found = journeys.cases
    return pa.table(
        {
            "entity_id": journeys.ids(found.entity),
            "case": journeys.values("case", found.case),
            "since": times_column(found.since),
            "until": times_column(found.until),
            "status": journeys.values("status", found.status),
            "events": arrow_array(found.n_events),
        }
    )


def _balances(journeys: Journeys) -> pa.Table:
    """One row per account of an entity: entity_id, account, balance, time."""
    found = journeys.balances
    return pa.table(
        {
            "entity_id": journeys.ids(found.entity),
            "account": journeys.values("account", found.account),
            "balance": amounts_column(found.balance),
            "time": times_column(found.time),
        }
    )


def _roll_ups(journeys: Journeys) -> pa.Table:
    """One row per entity, roll-up and channel: entity_id, name, channel, value, text."""
    parts = []
    for name, one in journeys.declared.roll_ups.items():
        group, values = _figures(journeys, one)
        entity, channel = (group, np.full(len(group), -1)) if one.per is None else np.divmod(group, len(journeys.channel_names))
        is_number = pa.types.is_floating(values.type) or pa.types.is_integer(values.type)
        nothing = pa.nulls(len(values), pa.float64() if not is_number else pa.large_string())
        text = nothing if is_number else values.cast(pa.large_string())
        columns = {
            "entity_id": journeys.ids(entity).dictionary_decode(),
            "name": text_array([name]).take(arrow_array(np.zeros(len(values), np.int64))),
            "channel": coded_column(channel, journeys.channel_names).dictionary_decode(),
            "value": values.cast(pa.float64()) if is_number else nothing,
            "text": text,
        }
        parts.append(pa.table(columns).filter(arrow_array(~np.asarray(_missing(values)))))
    empty = {
        name: pa.float64() if name == "value" else pa.large_string()
        for name in ("entity_id", "name", "channel", "value", "text")
    }
    return pa.concat_tables(parts) if parts else pa.schema(list(empty.items())).empty_table()


def _event_rejects(journeys: Journeys) -> pa.Table:
    """Values of events that could not be read: source, field, value, reason, events."""
    rejects = journeys.events.rejects
    texts = {name: text_array([]) for name in ("source", "field", "value", "reason")}
    return pa.table({**texts, "events": arrow_array(np.zeros(0, np.int64))}) if rejects is None else rejects


EVENT_TABLES: Mapping[str, Callable[[Journeys], pa.Table]] = {
    "events": Journeys.events_table,
    "activity": _activity,
    "lifetime": _lifetime,
    "channels": _channels,
    "open_baskets": _open_baskets,
    "open_cases": _open_cases,
    "balances": _balances,
    "roll_ups": _roll_ups,
    "sightings": Journeys.sightings_table,
    "event_rejects": _event_rejects,
}


def _figures(journeys: Journeys, one: RollUp) -> tuple[Ints, pa.Array]:
    """The groups of a roll-up, and the figure of each."""
    story = journeys.story
    taken = journeys.orders.counts & journeys.orders.stands
    if one.type:
        codes = [MEANINGS.index(name) for name in one.type if name in MEANINGS]
        taken &= np.isin(story.meaning, codes) | _holds(journeys, "type", story.text("type"), one.type)
    if one.channel:
        names = journeys.channel_names.to_pylist()
        taken &= np.isin(journeys.channel, [names.index(name) for name in one.channel if name in names])
    at = np.flatnonzero(taken)
    n, groups = journeys.n_entities, story.entity[at].astype(np.int64)
    if one.per == "channel":
        n, groups = n * len(journeys.channel_names), groups * len(journeys.channel_names) + journeys.channel[at]
        distinct, groups = np.unique(groups, return_inverse=True)
        n, groups = len(distinct), groups.reshape(-1)
    else:
        distinct = np.arange(n)
    if one.of in AMOUNTS:
        return distinct, amounts_column(roll_up(one.operation, story.amount(one.of)[at], groups, n, NO_AMOUNT))
    if one.of is None:
        return distinct, arrow_array(roll_up("count", np.zeros(len(at), np.int64), groups, n, NO_AMOUNT))
    if one.of == "time":
        return distinct, times_column(roll_up(one.operation, story.time[at], groups, n, NO_TIME))
    if one.of == "channel":
        return distinct, coded_column(
            roll_up(one.operation, journeys.channel[at].astype(np.int64), groups, n, -1), journeys.channel_names
        )
    return distinct, journeys.values(one.of, roll_up(one.operation, story.text(one.of)[at].astype(np.int64), groups, n, -1))


def _holds(journeys: Journeys, role: str, codes: npt.NDArray[np.int32], values: object) -> npt.NDArray[np.bool_]:
    column = journeys.events.texts.get(role)
    if column is None:
        return np.zeros(len(codes), bool)
    named = [value in tuple(values) for value in column.vocabulary.to_pylist()]  # type: ignore[arg-type]  # a tuple of text
    return np.append(np.array(named, bool), False).take(codes)


def _missing(values: pa.Array) -> list[bool]:
    found: list[bool] = values.is_null().to_pylist()
    return found


def _at(values: npt.NDArray[np.signedinteger], place: Ints, missing: int) -> Ints:
    """Values at places, `missing` at -1."""
    return np.append(values.astype(np.int64), missing).take(place)


def _named(journeys: Journeys, role: str, codes: Ints) -> pa.Array:
    """Ids as text, and a word for what has none."""
    return pc.fill_null(journeys.values(role, codes).dictionary_decode().cast(pa.large_string()), text_scalar(NAMELESS))


def _lists(owner: Ints, n: int, values: pa.Array) -> pa.Array:
    """One list per owner of values that stand in the order of their owners, or are put there."""
    order = np.argsort(owner, kind="stable")
    offsets = np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=n))]).astype(np.int64)
    return pa.LargeListArray.from_arrays(arrow_array(offsets), values.take(arrow_array(order)))


def _revenue(journeys: Journeys) -> pa.Array:
    """Revenue per entity as text with the currency, one per currency."""
    found = journeys.lifetime
    currency = journeys.values("currency", found.currency).dictionary_decode().cast(pa.large_string())
    amounts = amount_texts(found.gross - found.returned)
    text = pc.binary_join_element_wise(amounts, currency, text_scalar(" "), null_handling="skip")
    return _lists(found.entity, journeys.n_entities, text)


def _preferred(journeys: Journeys) -> tuple[pa.Array, pa.Array]:
    """The preferred channel of every entity, and why, in words."""
    use = journeys.use
    chosen, wished = journeys.preferred
    line = np.maximum(chosen, 0)
    has = chosen >= 0
    if not len(use.entity):
        none = pa.nulls(len(chosen), pa.large_string())
        return none, none

    def text(values: Ints) -> pa.Array:
        return arrow_array(values[line]).cast(pa.large_string())

    days = pc.strftime(times_column(use.last[line]), format="%Y-%m-%d").cast(pa.large_string())
    space = text_scalar("")
    noun = pc.if_else(arrow_array(use.n_inbound[line] == 1), text_scalar(" event of theirs, on "), text_scalar(LAST))
    reason = pc.binary_join_element_wise(text(use.n_inbound), noun, days, space)
    answers = pc.binary_join_element_wise(
        text_scalar("; answered "), text(use.n_answered), text_scalar(" of "), text(use.n_sent), text_scalar(" messages"), space
    )
    reason = pc.if_else(arrow_array(use.n_sent[line] > 0), pc.binary_join_element_wise(reason, answers, space), reason)
    names = coded_column(use.channel, journeys.channel_names).dictionary_decode().cast(pa.large_string())
    barred = (wished >= 0) & (wished != chosen)
    first = names.take(arrow_array(np.maximum(wished, 0)))
    denied = pc.binary_join_element_wise(first, text_scalar(" would come first, but may not be used to contact them"), space)
    joined = pc.binary_join_element_wise(reason, denied, text_scalar("; "))
    said = pc.if_else(arrow_array(barred & has), joined, pc.if_else(arrow_array(barred), denied, reason))
    said = pc.if_else(arrow_array(has | barred), said, text_scalar(None))
    return coded_column(np.where(has, use.channel[line], -1), journeys.channel_names), said
