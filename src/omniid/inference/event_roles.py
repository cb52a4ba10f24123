"""What the columns of an event table hold, when nobody has declared it."""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from omniid.declarations import Guess
from omniid.event_columns import EventColumns
from omniid.identifier_kinds import KINDS
from omniid.inference.event_words import meaning_of_type, role_of_header
from omniid.inference.guess import guess_columns
from omniid.inference.headers import read_header, split_header
from omniid.inference.judging import TIME_WORDS
from omniid.normalization import normalize_amount, normalize_time
from omniid.tables.events import AMOUNTS

__all__ = ["EventGuess", "guess_event_columns", "guess_types"]

_MOST, _HALF = 0.8, 0.5
_LOOKED_AT = 500  # distinct values
_TYPES = 200  # more distinct values are no types of events
_CURRENCY = re.compile(r"[A-Za-z]{3}|[$€£¥₽₴₺₹]|zł|руб\.?")
_NAMES = ("first_name", "last_name", "middle_name", "full_name", "name_suffix", "birth_date")
_IDS = ("id", "event_id", "uuid", "record_id", "message_id")


class EventGuess(NamedTuple):
    """The columns of an event table, the reason for each, and the guesses for those that say whose event it is."""

    columns: EventColumns
    reasons: tuple[Guess, ...]
    identifiers: tuple[Guess, ...]


def guess_event_columns(name: str, sighted: str, sample: pa.Table, declared: EventColumns | None = None) -> EventGuess:
    """Guess what every column of an event table holds.

    Parameters
    ----------
    name
        The event table.
    sighted
        The source that its sightings make up.
    sample
        Some of its rows as text, chosen in a way that does not depend on their order.
    declared
        What is declared: nothing is guessed but the time and the identifiers, and these only where they are left out.

    Returns
    -------
    EventGuess
        `identifiers` are all guesses for the columns that have no other role; those of an identifier, a name or a birth date
        have a field.

    Examples
    --------
    >>> cells = {"at": ["2024-05-01T10:00:00Z", "2024-05-02"], "event": ["visit", "order"], "mail": ["a@x.com", "b@x.com"]}
    >>> table = pa.table({name: pa.array(values, pa.large_string()) for name, values in cells.items()})
    >>> guess = guess_event_columns("web", "web events", table)
    >>> guess.columns.roles(), [one.field for one in guess.identifiers]
    ({'time': 'at', 'type': 'event'}, ['email'])
    """
    roles, reasons = ({}, []) if declared is not None else _roles(name, sample)
    if declared is not None:
        roles = dict(declared.roles())
    taken = set(roles.values()) - ({roles["account"]} if "account" in roles else set())  # a loyalty card may be both
    rest = sample.select([column for column in sample.column_names if column not in taken])
    guesses = guess_columns(sighted, rest) if rest.num_columns else ()
    for guess in guesses:
        if guess.kind == "time" and "time" not in roles:
            roles["time"] = guess.column
            reasons.append(Guess(name, guess.column, "time", "event", guess.reason))
        if guess.kind == "record_id" and "event_id" not in roles and declared is None:
            roles["event_id"] = guess.column
            reasons.append(Guess(name, guess.column, "event_id", "event", guess.reason))
    if "time" not in roles:
        _time_by_header(name, rest, roles, reasons)
    if declared is None and "type" not in roles:
        _type_by_values(name, rest, [one for one in guesses if one.kind == "attribute"], roles, reasons)
    used = set(roles.values()) - ({roles["account"]} if "account" in roles else set())
    people = tuple(one for one in guesses if one.column not in used and _says_whose(one))
    if declared is None and "account" not in roles and {"balance", "points"} & set(roles):
        card = next((one.column for one in people if one.kind == "loyalty"), None)
        if card is not None:
            roles["account"] = card
            reasons.append(Guess(name, card, "account", "event", "the loyalty card that points and balances are of"))
    identifiers = {} if declared is None else declared.identifiers
    return EventGuess(EventColumns(**roles, identifiers=identifiers), tuple(reasons), people)


def guess_types(values: Sequence[str]) -> dict[str, str]:
    """Map the types of events to their meanings, leaving out those that have none.

    Examples
    --------
    >>> guess_types(["add_to_cart", "Purchase", "heartbeat"])
    {'add_to_cart': 'add', 'Purchase': 'order'}
    """
    found = {value: meaning_of_type(value) for value in values}
    return {value: meaning for value, meaning in found.items() if meaning is not None}


def _says_whose(guess: Guess) -> bool:
    return guess.field is not None and (guess.kind in KINDS or guess.kind in _NAMES)


def _roles(name: str, sample: pa.Table) -> tuple[dict[str, str], list[Guess]]:
    """The roles that headers tell and values don't speak against."""
    claims: dict[str, list[tuple[float, int, str]]] = defaultdict(list)
    for column in sample.column_names:
        claim = role_of_header(column)
        if claim is None and column.lower() in _IDS:
            claim = ("event_id", _IDS.index(column.lower()))
        if claim is not None and len(sample.column(column).drop_null()):
            role, place = claim
            fit = _fit(role, _distinct(sample.column(column)), sample.num_rows)
            if fit > 0:
                claims[role].append((-fit, place, column))
    roles = {role: min(found)[2] for role, found in claims.items()}
    said = [Guess(name, column, role, "event", f"header '{column}'") for role, column in roles.items()]
    return roles, said


def _distinct(column: pa.ChunkedArray) -> list[str]:
    values = pc.unique(column.drop_null())
    return sorted(values.to_pylist())[:: max(1, len(values) // _LOOKED_AT)]


def _fit(role: str, values: Sequence[str], rows: int) -> float:
    """How well values fit a role, 0 where they speak against it."""
    if role in AMOUNTS:
        share = sum(normalize_amount(value) is not None for value in values) / len(values)
        return share if share >= _HALF else 0.0  # the header says it, and what can't be read is rejected with its reason
    if role == "currency":
        share = sum(_CURRENCY.fullmatch(value.strip()) is not None for value in values) / len(values)
        return share if share >= _MOST else 0.0
    if role == "type":
        known = sum(meaning_of_type(value) is not None for value in values) / len(values)
        return 0.0 if len(values) > _TYPES else 0.01 + known
    if role == "event_id":
        return 1.0 if rows < 4 or len(values) > 1 else 0.0
    return 1.0


def _time_by_header(name: str, sample: pa.Table, roles: dict[str, str], reasons: list[Guess]) -> None:
    """The column whose header says that it is the time, although many of its values are none: these are rejected later."""
    best: tuple[float, str] | None = None
    for column in sample.column_names:
        meaning, words = read_header(column).meaning, split_header(column)
        says = words[-1:] and (words[-1] in TIME_WORDS or words == ("when",)) if meaning is None else meaning.kind == "time"
        values = _distinct(sample.column(column)) if says else []
        read = sum(normalize_time(value).value is not None for value in values)
        if values and read >= _HALF * len(values):
            best = min(best or (0.0, column), (-read / len(values), column))
    if best is not None:
        roles["time"] = best[1]
        reasons.append(Guess(name, best[1], "time", "event", f"header '{best[1]}'; {-best[0]:.0%} of its values are times"))


def _type_by_values(name: str, sample: pa.Table, guesses: Sequence[Guess], roles: dict[str, str], reasons: list[Guess]) -> None:
    """The column whose values read like types of events, where no header says which one it is."""
    best: tuple[float, str] | None = None
    for guess in guesses:
        values = _distinct(sample.column(guess.column)) if guess.column not in roles.values() else []
        known = sum(meaning_of_type(value) is not None for value in values)
        if values and len(values) <= _TYPES and known >= _HALF * len(values):
            best = max(best or (0.0, ""), (known / len(values), guess.column))
    if best is not None:
        roles["type"] = best[1]
        reasons.append(Guess(name, best[1], "type", "event", f"{best[0]:.0%} of its values read like types of events"))
