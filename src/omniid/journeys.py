"""The journey of one customer: every event across channels, in order, and what is still open."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from omniid.activity import event_table
from omniid.errors import InputError
from omniid.event_results import Journeys
from omniid.frames import plain_table
from omniid.plain import text_table
from omniid.tables.arrays import arrow_array, text_scalar

__all__ = ["Journey", "journey_of"]

SHOWN = ("order", "basket", "item", "case", "status")  # what stands beside an event, in this order


@dataclass(frozen=True)
class Journey:
    """What one entity did, as plain data; `print` it.

    Parameters
    ----------
    entity_id, entity_kind
        Whose journey it is.
    events
        One mapping per event, in order: time, session_number, channel, type, meaning, and whatever else the tables tell of it.
    activity
        First and last touch, sessions, orders, revenue, preferred channel and its reason.
    open_baskets, open_cases, balances, lifetime, channels
        One mapping per open basket, open case, loyalty account, currency and channel.

    Examples
    --------
    >>> import omniid
    >>> people = [{"id": "1", "email": "ann@example.com", "name": "Ann Lee"}]
    >>> seen = [{"at": "2024-05-01T10:00:00Z", "event": "add_to_cart", "email": "ann@example.com", "cart_id": "B1"}]
    >>> found = omniid.resolve({"crm": people}, events={"web": seen})
    >>> journey = found.journey(("crm", "1"))
    >>> [basket["basket"] for basket in journey.open_baskets]
    ['B1']
    """

    entity_id: str
    entity_kind: str
    events: Sequence[Mapping[str, Any]]
    activity: Mapping[str, Any]
    open_baskets: Sequence[Mapping[str, Any]]
    open_cases: Sequence[Mapping[str, Any]]
    balances: Sequence[Mapping[str, Any]]
    lifetime: Sequence[Mapping[str, Any]]
    channels: Sequence[Mapping[str, Any]]

    def to_dict(self) -> dict[str, Any]:
        """Return the journey as plain data; times as ISO 8601 text."""
        return {name: _plain(getattr(self, name)) for name in self.__dataclass_fields__}

    def __str__(self) -> str:
        kinds = {event["channel"] for event in self.events}
        lines = [f"{self.entity_kind} {self.entity_id}: {_count(self.events, 'event')} in {_count(kinds, 'channel')}"]
        lines.append("")
        lines.append(text_table(("time (UTC)", "pause", "session", "channel", "event", "what"), self._rows()))
        told = [*self._open(), *self._figures()]
        return "\n".join([*lines, *([""] if told else []), *told])

    def _rows(self) -> list[tuple[str, ...]]:
        rows: list[tuple[str, ...]] = []
        before: datetime | None = None
        for event in self.events:
            time: datetime | None = event["time"]
            pause = "" if before is None or time is None else _length((time - before).total_seconds())
            told = [f"{name} {event[name]}" for name in SHOWN if event.get(name)]
            told += [_amount(event["amount"], event.get("currency"))] if "amount" in event else []
            told += [f"{_number(event['points'])} points"] if "points" in event else []
            told += [f'"{event["text"]}"'] if event.get("text") else []
            told += [] if event.get("counts", True) else ["told again, counts once"]
            session = "" if event["session_number"] is None else str(event["session_number"])
            kind = str(event.get("type") or event["meaning"])
            rows.append((_moment(time), pause, session, str(event["channel"]), kind, ", ".join(told)))
            before = time or before
        return rows

    def _open(self) -> list[str]:
        lines = []
        for one in self.open_baskets:
            inside = ", ".join(one["contents"] or []) or f"{one['items']} item{'s' * (one['items'] != 1)}"
            amount = _amount(one["amount"], None)
            inside += f", {amount}" if amount else ""
            lines.append(f"open basket {one['basket'] or '(no id)'} since {_moment(one['since'])}: {inside}")
        for one in self.open_cases:
            status = f", {one['status']}" if one["status"] else ""
            lines.append(f"open case {one['case'] or '(no id)'} since {_moment(one['since'])}{status}")
        return lines

    def _figures(self) -> list[str]:
        lines = []
        for one in self.lifetime:
            back = f", {_amount(one['returned'], None)} came back" if one["returned"] else ""
            count = f"{one['orders']} order{'s' * (one['orders'] != 1)}"
            lines.append(f"lifetime: {count}, {_amount(one['revenue'], one['currency'])}{back}")
        held = [one for one in self.balances if one["balance"] is not None]
        if held:
            accounts = f" on {len(held)} accounts" if len(held) > 1 else ""
            lines.append(f"balance: {_number(sum(one['balance'] for one in held))} points{accounts}")
        if self.activity.get("preferred_reason"):
            lines.append(f"prefers {self.activity['preferred_channel'] or 'no channel'}: {self.activity['preferred_reason']}")
        return lines


def journey_of(journeys: Journeys, entity_id: str) -> Journey:
    """Return the journey of an entity.

    Raises
    ------
    InputError
        If there is no such entity, or the result has no events.
    """
    entity = int(pc.index(journeys.parts.entity_ids, text_scalar(entity_id)).as_py())
    if entity < 0:
        raise InputError(f"there is no entity {entity_id!r}; ids stand in .crosswalk and .profiles, former ones in .redirects")
    mine = journeys.of_entity(entity)
    table = mine.events_table()
    channel = pa.array(mine.channel_names).take(arrow_array(mine.channel))
    rows = plain_table(table.slice(0, len(mine.story))).to_pylist()
    events = [{**row, "channel": name} for row, name in zip(rows, channel.to_pylist(), strict=True)]
    events += [
        {**row, "channel": row.get("channel") or row["source"]} for row in plain_table(table.slice(len(events))).to_pylist()
    ]
    shown = [{key: value for key, value in event.items() if value is not None or key in ALWAYS} for event in events]
    tables = {
        name: plain_table(event_table(mine, name)).to_pylist()
        for name in ("open_baskets", "open_cases", "balances", "lifetime", "channels")
    }
    activity = plain_table(event_table(mine, "activity").slice(entity, 1)).to_pylist()[0]
    return Journey(entity_id, str(activity["entity_kind"]), shown, activity, **tables)


ALWAYS = ("time", "session_number", "channel", "meaning", "counts")


def _count(things: Collection[Any], noun: str) -> str:
    return f"{len(things):,} {noun}{'' if len(things) == 1 else 's'}"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def _moment(time: datetime | None) -> str:
    return "?" if time is None else time.strftime("%Y-%m-%d %H:%M")


def _length(seconds: float) -> str:
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"


def _number(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"


def _amount(value: float | None, currency: str | None) -> str:
    return "" if value is None else f"{value:,.2f}{' ' + currency if currency else ''}"
