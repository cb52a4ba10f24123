"""Declarations of events: what the columns and the types of event tables mean, and what is counted over them.

::

    Events(
        columns={"web": EventColumns(time="at", type="event", basket="cart_id", identifiers={"mail": "email"})},
        types={"order": ["purchase", "zakup"], "add": ["add_to_cart"]},
        session_gap="30m",
        roll_ups={"spent": RollUp("sum", "amount", type="order"), "visits": RollUp("count", type="visit", per="channel")},
    )
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from omniid.errors import SpecError
from omniid.frames.naming import check_parts, did_you_mean
from omniid.tables.events import AMOUNTS, MEANINGS, TEXTS

__all__ = ["EventColumns", "Events", "RollUp", "length_in_micros"]

LENGTH = re.compile(r"\s*(\d+)\s*(s|m|min|h|d)\s*")
SECONDS = {"s": 1, "m": 60, "min": 60, "h": 3_600, "d": 86_400}
SAME_ORDER = ("last", "first", "largest", "smallest")
OPERATIONS = ("sum", "count", "min", "max", "first", "last")


@dataclass(frozen=True)
class EventColumns:
    """Which column of an event table holds what; a part that is left out is not there.

    Parameters
    ----------
    time
        When it happened.
    type
        What happened: an order, a visit, a call; `Events.types` says what the values mean.
    event_id
        The source's own id of the event: two events of one id are one event.
    channel
        Where it happened; without such a column the table's name is the channel.
    basket, item
        The basket that an item was put into, and the item.
    case, order
        The ids of a support case and of an order.
    amount, currency
        What an order or a return is worth.
    points, balance, account
        Points earned or spent, the balance after the event, and the loyalty account that both are of.
    status
        The state of the case or order: open, closed, cancelled.
    session
        The source's own id of the visit.
    text
        What was said.
    identifiers
        Own column → column of the spec's fields, for the columns that say whose event it is.

    Examples
    --------
    >>> EventColumns(time="at", type="event", identifiers={"mail": "email"}).roles()
    {'time': 'at', 'type': 'event'}
    """

    time: str | None = None
    type: str | None = None
    event_id: str | None = None
    channel: str | None = None
    basket: str | None = None
    item: str | None = None
    case: str | None = None
    order: str | None = None
    amount: str | None = None
    currency: str | None = None
    points: str | None = None
    balance: str | None = None
    account: str | None = None
    status: str | None = None
    session: str | None = None
    text: str | None = None
    identifiers: Mapping[str, str] = field(default_factory=dict)

    def roles(self) -> dict[str, str]:
        """Role → column, for the parts that are there."""
        return {one.name: value for one in fields(self) if one.name != "identifiers" and (value := getattr(self, one.name))}


@dataclass(frozen=True)
class RollUp:
    """One figure per entity over its events, or one per entity and channel.

    An order that several events tell counts once, and so does an event that was sent twice; a cancelled order does not count.
    Returns don't come off, and amounts are added whatever their currency: `found.lifetime` takes off the ones and keeps the
    others apart.

    Parameters
    ----------
    operation
        "sum", "count", "min", "max", "first" or "last".
    of
        What is taken: amount, points, balance or time; for first and last any column of `EventColumns`. None counts events.
    type, channel
        Only events of these: a meaning such as "order", or a type as the source writes it; one or several.
    per
        "channel" for one figure per channel; None for one per entity.

    Raises
    ------
    SpecError
        If the operation is unknown, or can't be done on the column.

    Examples
    --------
    >>> RollUp("sum", "amount", type="order").to_dict()
    {'operation': 'sum', 'of': 'amount', 'type': ['order']}
    """

    operation: str
    of: str | None = None
    type: str | Sequence[str] = ()
    channel: str | Sequence[str] = ()
    per: str | None = None

    def __post_init__(self) -> None:
        for name in ("type", "channel"):
            value = getattr(self, name)
            object.__setattr__(self, name, (value,) if isinstance(value, str) else tuple(value))
        if self.operation not in OPERATIONS:
            raise SpecError(f"roll-up {self.operation!r} is unknown; use one of {', '.join(OPERATIONS)}")
        numbers = (*AMOUNTS, "time")
        allowed = {"sum": AMOUNTS, "count": (), "min": numbers, "max": numbers}.get(self.operation, (*numbers, *TEXTS))
        if self.of not in allowed and not (self.operation == "count" and self.of is None):
            wanted = f"one of {', '.join(allowed)}" if allowed else "no column"
            raise SpecError(f"roll-up {self.operation!r} of {self.of!r} can't be made; it takes {wanted}")
        if self.per not in (None, "channel"):
            raise SpecError(f"a roll-up per {self.per!r} is unknown; use per='channel', or leave it out")

    def to_dict(self) -> dict[str, Any]:
        """Return the roll-up as plain data, as spec files write it."""
        found = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in found.items() if value}


@dataclass(frozen=True)
class Events:
    """What event tables hold, and what is told of them.

    Parameters
    ----------
    columns
        Event table → its columns; a table that is left out has them inferred.
    types
        Meaning → values of the type column, beside those that are recognised; see `omniid.journey` for the meanings.
    session_gap
        How long nothing may happen within one session, where the source has no session ids: "30m", "2h".
    response_window
        How soon a customer must react for an outbound message to count as answered.
    half_life
        After how long an event counts half in the preferred channel.
    same_order
        Whose amount counts where several events tell one order: "last", "first", "largest" or "smallest".
    roll_ups
        Name → what is counted.

    Raises
    ------
    SpecError
        If a part is unknown or contradicts another.

    Examples
    --------
    >>> Events(types={"order": ["zakup"]}).meaning_of("zakup")
    'order'
    """

    columns: Mapping[str, EventColumns] = field(default_factory=dict)
    types: Mapping[str, Sequence[str]] = field(default_factory=dict)
    session_gap: str = "30m"
    response_window: str = "7d"
    half_life: str = "90d"
    same_order: str = "last"
    roll_ups: Mapping[str, RollUp] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "types", {meaning: tuple(values) for meaning, values in self.types.items()})
        owner: dict[str, str] = {}
        for meaning, values in self.types.items():
            if meaning not in MEANINGS:
                near = did_you_mean(meaning, MEANINGS)
                raise SpecError(f"events: there is no meaning {meaning!r}; choose from {', '.join(MEANINGS)}{near}")
            for value in values:
                if owner.setdefault(value, meaning) != meaning:
                    raise SpecError(f"events: type {value!r} stands for {owner[value]!r} and for {meaning!r}; leave one out")
        for name in ("session_gap", "response_window", "half_life"):
            length_in_micros(getattr(self, name), name)
        if self.same_order not in SAME_ORDER:
            raise SpecError(f"events: same_order is {self.same_order!r}; choose {', '.join(SAME_ORDER)}")

    def meaning_of(self, value: str) -> str | None:
        """The declared meaning of a type, None where none is declared."""
        return next((meaning for meaning, values in self.types.items() if value in values), None)

    def replace(self, **changes: Any) -> "Events":
        """Return a copy with some parts changed."""
        return replace(self, **changes)

    def to_dict(self) -> dict[str, Any]:
        """Return the declaration as plain data, as spec files write it.

        Examples
        --------
        >>> declared = Events(columns={"web": EventColumns(time="at")}, session_gap="1h")
        >>> declared.to_dict()
        {'columns': {'web': {'time': 'at'}}, 'session_gap': '1h'}
        >>> Events.from_dict(declared.to_dict()) == declared
        True
        """
        out: dict[str, Any] = {}
        if self.columns:
            out["columns"] = {
                name: {**one.roles(), **({"identifiers": dict(one.identifiers)} if one.identifiers else {})}
                for name, one in self.columns.items()
            }
        if self.types:
            out["types"] = {meaning: list(values) for meaning, values in self.types.items()}
        default = Events() if out or self.roll_ups else None
        for name in ("session_gap", "response_window", "half_life", "same_order"):
            if default is None or getattr(self, name) != getattr(default, name):
                out[name] = getattr(self, name)
        if self.roll_ups:
            out["roll_ups"] = {name: one.to_dict() for name, one in self.roll_ups.items()}
        return out

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Events":
        """Make a declaration of plain data; the inverse of `to_dict`.

        Raises
        ------
        SpecError
            If a part is unknown.
        """
        check_parts(data, [one.name for one in fields(cls)], "events")
        parts = dict(data)
        if "columns" in parts:
            known = [one.name for one in fields(EventColumns)]
            for name, one in parts["columns"].items():
                check_parts(one, known, f"columns of events {name!r}")
            parts["columns"] = {name: EventColumns(**one) for name, one in parts["columns"].items()}
        if "roll_ups" in parts:
            known = [one.name for one in fields(RollUp)]
            for name, one in parts["roll_ups"].items():
                check_parts(one, known, f"roll-up {name!r}")
            parts["roll_ups"] = {name: RollUp(**one) for name, one in parts["roll_ups"].items()}
        return cls(**parts)


def length_in_micros(length: str, name: str) -> int:
    """Return a length of time in microseconds.

    Raises
    ------
    SpecError
        If it is none; `name` says where it stands.

    Examples
    --------
    >>> length_in_micros("30m", "session_gap")
    1800000000
    """
    found = LENGTH.fullmatch(length) if isinstance(length, str) else None
    if found is None or not int(found[1]):
        raise SpecError(f"events: {name} is {length!r}; write a length such as '45s', '30m', '2h' or '7d'")
    return int(found[1]) * SECONDS[found[2]] * 1_000_000
