"""What headers, types and statuses of event tables mean, in the languages that business data comes in."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from omniid.inference.headers import split_header

__all__ = ["meaning_of_type", "role_of_header", "state_of_status"]


@dataclass(frozen=True)
class _Words:
    roles: Mapping[str, tuple[str, int]]
    meanings: Mapping[str, str]
    states: Mapping[str, str]
    neutral: frozenset[str]


def role_of_header(header: str) -> tuple[str, int] | None:
    """Return what a column of an event table holds, and how plainly its header says so, 0 most; None where it does not say.

    Examples
    --------
    >>> role_of_header("CartId")[0], role_of_header("Номер заказа")[0], role_of_header("colour")
    ('basket', 'order', None)
    """
    words = _words()
    return next((words.roles[form] for form in _forms(header, words.neutral) if form in words.roles), None)


def meaning_of_type(value: str) -> str | None:
    """Return the meaning of an event's type, None where its words have none.

    Examples
    --------
    >>> [meaning_of_type(text) for text in ("Add to Cart", "purchase", "dodano do koszyka", "Возврат", "order_status_viewed")]
    ['add', 'order', 'add', 'return', None]
    """
    words = _words()
    return next((words.meanings[form] for form in _forms(value, words.neutral) if form in words.meanings), None)


def state_of_status(value: str) -> str | None:
    """Return "open", "closed" or "cancelled" for the status of a case or an order, None for any other.

    Examples
    --------
    >>> [state_of_status(text) for text in ("Resolved", "в работе", "anulowane", "gold")]
    ['closed', 'open', 'cancelled', None]
    """
    words = _words()
    return next((words.states[form] for form in _forms(value, words.neutral) if form in words.states), None)


def _forms(text: str, neutral: frozenset[str]) -> Iterator[str]:
    """A text as one word, and again without the words that change nothing, at its ends and then everywhere."""
    words = split_header(text)
    yield "".join(words)
    start, stop = 0, len(words)
    while start < stop - 1 and words[start] in neutral:
        start += 1
    yield "".join(words[start:stop])
    while stop - 1 > start and words[stop - 1] in neutral:
        stop -= 1
    yield "".join(words[start:stop])
    yield "".join(word for word in words if word not in neutral)


@cache
def _words() -> _Words:
    data = tomllib.loads(files("omniid.inference").joinpath("data/events.toml").read_text("utf-8"))

    def folded(entries: list[str]) -> list[str]:
        return ["".join(split_header(entry)) for entry in entries]

    roles: dict[str, tuple[str, int]] = {}
    for entry in data["role"]:
        for place, word in enumerate(folded(entry["words"])):
            roles.setdefault(word, (entry["name"], place))
    meanings: dict[str, str] = {}
    for entry in data["meaning"]:
        for word in folded(entry["words"]):
            meanings.setdefault(word, entry["name"])
    states: dict[str, str] = {}
    for state, entries in data["status"].items():
        for word in folded(entries):
            states.setdefault(word, state)
    return _Words(roles, meanings, states, frozenset(folded(data["neutral"])))
