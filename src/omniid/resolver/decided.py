"""Decisions as a store keeps them: by number, and by the records that they name."""

import json
from collections.abc import Container, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from omniid.decisions import moment_of, plain_decision, standing, subject_of
from omniid.errors import InputError
from omniid.resolver.incoming import join_key
from omniid.resolver.settings import last_number, number_of, set_number
from omniid.store import Snapshot, Transaction
from omniid.tables import Decision

__all__ = [
    "all_decisions",
    "decided_rows",
    "decisions_on",
    "keep_decisions",
    "keys_named",
    "pending_decisions",
    "pins_on",
    "to_withdraw",
]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


def decisions_on(store: Snapshot, keys: Iterable[str], known: Container[int] = ()) -> dict[int, Decision]:
    """Number → decision, of all decisions that name one of some records, but for those that are known."""
    numbers = {number for _, number in store.rows("decided", "key", keys) if number not in known}
    return {number: _read(content) for number, content, _ in store.rows("decisions", "number", sorted(numbers))}


def all_decisions(store: Snapshot) -> tuple[Decision, ...]:
    """All decisions, withdrawn ones and what withdraws them included, in the order in which they came."""
    return tuple(_read(content) for _, content, _ in store.span("decisions", "number"))


def keep_decisions(store: Transaction, decisions: Iterable[Decision], cursor: int) -> tuple[Decision, ...]:
    """Keep decisions, each once.

    Parameters
    ----------
    store
        The store.
    decisions
        Those without a time get one, the same for all of one call: the next moment after the newest of the store.
    cursor
        The cursor of the change feed when they came.

    Returns
    -------
    tuple of Decision
        All of them, as they are kept.

    Raises
    ------
    InputError
        If an UNDO finds nothing to withdraw, or a time is no time; nothing is written then.
    """
    kept, newest = _stamped(store, tuple(dict.fromkeys(decisions)))
    known = decisions_on(store, keys_named(kept))
    before = set(known.values())
    new = [one for one in dict.fromkeys(kept) if one not in before]
    standing([*known.values(), *new])
    start = last_number(store, "decisions", "number") + 1
    store.put(
        "decisions", [(start + n, json.dumps(plain_decision(one), ensure_ascii=False), cursor) for n, one in enumerate(new)]
    )
    store.put("decided", sorted((key, start + n) for n, one in enumerate(new) for key in keys_named([one])))
    if new:
        set_number(store, "moment", newest)
    return kept


def _stamped(store: Snapshot, decisions: tuple[Decision, ...]) -> tuple[tuple[Decision, ...], int]:
    """Decisions with a time each, and the newest moment of the store with them, in microseconds since 1970."""
    told = [(moment_of(one) - EPOCH) // MOMENT for one in decisions if one.time]
    newest = max([number_of(store, "moment"), *told])
    if len(told) == len(decisions):
        return decisions, newest
    try:
        time = (EPOCH + (newest + 1) * MOMENT).isoformat()
    except OverflowError as error:
        raise InputError("the newest decision is of the year 9999, and none can be newer; give the new ones a time") from error
    return tuple(one if one.time else replace(one, time=time) for one in decisions), newest + 1


def pins_on(store: Snapshot, keys: Iterable[str], until: int | None = None) -> tuple[Decision, ...]:
    """The pins that stand on some records, oldest first; `until` a cursor, those that stood then.

    Parameters
    ----------
    store
        The store.
    keys
        Keys of records.
    until
        The last cursor of the state that is asked for; None: now.
    """
    if not store.count("decisions"):
        return ()
    numbers = sorted({number for _, number in store.rows("decided", "key", keys)})
    told = [_read(text) for _, text, cursor in store.rows("decisions", "number", numbers) if until is None or cursor < until]
    return standing(one for one in told if one.field)


def to_withdraw(store: Snapshot, decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """The standing decisions that are meant: each as it is kept; one without a time means the newest like it.

    Raises
    ------
    InputError
        If one doesn't stand.
    """
    found = []
    for one in decisions:
        stand = standing(decisions_on(store, keys_named([one])).values())
        alike = [told for told in stand if _is_meant(told, one)]
        if not alike:
            when = f" of {one.time}" if one.time else ""
            raise InputError(
                f"no {one.kind}{when} on {subject_of(one)} stands that could be withdrawn; decisions() lists those that stand"
            )
        found.append(alike[-1])
    return tuple(found)


def _is_meant(told: Decision, one: Decision) -> bool:
    sides = [frozenset(map(frozenset, (each.left, each.right))) for each in (told, one)]
    return sides[0] == sides[1] and (told.kind, told.field) == (one.kind, one.field) and one.time in ("", told.time)


def keys_named(decisions: Iterable[Decision]) -> list[str]:
    """The keys of all records that decisions name, sorted."""
    return sorted({join_key(*key) for one in decisions for key in (*one.left, *one.right)})


def decided_rows(store: Snapshot, decisions: Iterable[Decision]) -> dict[str, int]:
    """Key → row of those records that decisions name which live."""
    named = store.rows("records", "key", keys_named(decisions))
    return {key: row for row, key, _, deleted, *_ in named if not deleted}


def pending_decisions(store: Snapshot) -> tuple[Decision, ...]:
    """Standing decisions that wait for a record: none of one side lives."""
    stand = standing(all_decisions(store))
    there: Mapping[str, int] = decided_rows(store, stand)
    return tuple(
        one for one in stand if not all(any(join_key(*key) in there for key in side) for side in (one.left, one.right) if side)
    )


def _read(content: str) -> Decision:
    data: dict[str, Any] = json.loads(content)
    sides: dict[str, Any] = {side: tuple((source, record) for source, record in data.pop(side)) for side in ("left", "right")}
    return Decision(**data, **sides)
