"""Why a contact value is left out of a list, in words."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.consent import OTHER_DENIAL, REASONS, WHOLE_DENIAL
from omniid.contacting.contact_book import ContactBook
from omniid.results import Parts
from omniid.tables import NO_TIME
from omniid.tables.arrays import arrow_array, distinct, text_array, text_scalar

__all__ = ["REFUSALS", "Listing", "why_refused"]

# Why a value is left out, in the order in which it is asked → in words, for the count.
REFUSALS: Mapping[str, str] = {
    "invalid": "rejected when it was read",
    "shared": "used by too many people to reach anybody",
    "denied": "consent denied",
    "unknown": "consent unknown",
    "listed elsewhere": "listed once, for another person who holds it, too",
    "superseded": "another value of the same person is better",
}
# What a denial has to do with the entity, where it was not said by it of this value.
MORE: Mapping[int, str] = {
    OTHER_DENIAL: ", a record of another entity",
    WHOLE_DENIAL: ", which names no such value: it counts for all of them",
}
DAY = len("2026-03-01")
Numbers = npt.NDArray[np.int64]


class Listing(NamedTuple):
    """What became of the contact points of one channel.

    Parameters
    ----------
    best
        Positions of the best usable point of every entity that has one, by entity.
    listed
        Those of them to use: one per value.
    refused
        Positions of those left out, by entity.
    why
        int8 per refused point, position in `REFUSALS`.
    """

    best: Numbers
    listed: Numbers
    refused: Numbers
    why: npt.NDArray[np.int8]


def why_refused(parts: Parts, book: ContactBook, listing: Listing, purpose: str | None) -> pa.LargeStringArray:
    """Say of every refused point why it is left out.

    Parameters
    ----------
    parts, book
        The result, and by what its entities can be reached.
    listing
        What is listed and what is not.
    purpose
        The purpose; None where consent was not asked for.
    """
    told: Mapping[str, Callable[[Numbers], pa.LargeStringArray]] = {
        "invalid": lambda at: _text("invalid: ", book.values.reason.take(arrow_array(book.points.value[at]))),
        "shared": lambda at: _shared(book.values.people[book.points.value[at]]),
        "denied": lambda at: _denied(parts, book, at, purpose),
        "unknown": lambda at: _unknown(book, at, purpose),
        "listed elsewhere": lambda at: _elsewhere(parts, book, at, listing.listed),
        "superseded": lambda at: _superseded(book, at, listing.best),
    }
    pieces, places = [text_array([])], [np.zeros(0, np.intp)]
    for code, name in enumerate(REFUSALS):
        mine = np.flatnonzero(listing.why == code)
        if len(mine):
            pieces.append(told[name](listing.refused[mine]))
            places.append(mine)
    return pa.concat_arrays(pieces).take(arrow_array(np.argsort(np.concatenate(places))))


def _text(*parts: str | pa.LargeStringArray) -> pa.LargeStringArray:
    """Texts side by side; a plain one stands in every row."""
    wrapped = [text_scalar(part) if isinstance(part, str) else part for part in parts]
    return pc.binary_join_element_wise(*wrapped, text_scalar(""))


def _shared(people: Numbers) -> pa.LargeStringArray:
    texts = {count: f"shared by {count:,} people" if count else "declared shared" for count in distinct(people).tolist()}
    return text_array([texts[count] for count in people.tolist()])


def _denied(parts: Parts, book: ContactBook, at: Numbers, purpose: str | None) -> pa.LargeStringArray:
    """By which record and when, and what that has to do with the entity where it is not plain."""
    states, place = book.states, (book.spot[at], 0 if purpose is None else book.number_of(purpose))
    row, time, records = states.row[place], states.time[place], parts.records
    source = text_array(records.sources).take(arrow_array(records.source[row]))
    moment = arrow_array(time, present=time != NO_TIME).cast(pa.timestamp("us"))
    day = pc.utf8_slice_codeunits(moment.cast(pa.large_string()), 0, DAY)
    when = pc.coalesce(_text(" on ", day), text_scalar(" at an unknown time"))
    more = text_array([MORE.get(reason, "") for reason in range(len(REASONS))]).take(arrow_array(states.reason[place]))
    return _text("denied by ", source, ":", records.record_id.take(arrow_array(row)), when, more)


def _unknown(book: ContactBook, at: Numbers, purpose: str | None) -> pa.LargeStringArray:
    place = book.spot[at], 0 if purpose is None else book.number_of(purpose)
    return _text("unknown: ", text_array(REASONS).take(arrow_array(book.states.reason[place])))


def _elsewhere(parts: Parts, book: ContactBook, at: Numbers, listed: Numbers) -> pa.LargeStringArray:
    """For whom the value is listed."""
    points = book.points
    value = points.value[listed]
    order = np.argsort(value)
    holder = listed[order[np.searchsorted(value[order], points.value[at])]]
    return _text("listed for ", parts.entity_ids.take(arrow_array(points.entity[holder])), ", who holds it, too")


def _superseded(book: ContactBook, at: Numbers, best: Numbers) -> pa.LargeStringArray:
    """The value of the same entity that is better; the best ones are sorted by entity."""
    points = book.points
    better = best[np.searchsorted(points.entity[best], points.entity[at])]
    return _text("superseded by ", book.values.shown.take(arrow_array(points.shown[better])))
