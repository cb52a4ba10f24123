"""What one record says in the fields of one plan: the scalar normalisers, entry by entry, each recurring value read once."""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache, partial
from itertools import zip_longest
from typing import NamedTuple

from omniid.normalization import (
    DateOrder,
    compose_date,
    masked_reason,
    normalize_attribute,
    normalize_category,
    normalize_date,
    normalize_email,
    normalize_handle,
    normalize_hash,
    normalize_identifier,
    normalize_phone,
    normalize_text,
    normalize_time,
)
from omniid.normalization.company import normalize_company
from omniid.normalization.date_columns import EPOCH_DAY
from omniid.normalization.day_order import decide_order, order_votes
from omniid.normalization.handle import NETWORKS
from omniid.normalization.text import shorten
from omniid.normalization.website import normalize_website
from omniid.tables import FieldPlan, NormalForm

__all__ = [
    "MEMO",
    "OneRecord",
    "Reading",
    "Triple",
    "dates_of",
    "known_only",
    "otherwise",
    "read_as",
    "read_date",
    "read_moment",
    "read_time",
    "simple_reading",
]

MEMO = 1 << 16  # values that a memo remembers: some 20 MB where all of them are full
Text = str | None
Triple = tuple[Text, Text, Text]  # raw value, normal form, form to show
EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001 - both sides of the difference are UTC
MICRO = dt.timedelta(microseconds=1)
PLAIN_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\dZ?", re.ASCII)
FIRST_YEAR, LAST_YEAR = "1900", "2100"


@dataclass
class OneRecord:
    """A record while it is read.

    Parameters
    ----------
    source
        Its source.
    raw
        Field → what its cells say.
    found
        Field → what was made of it.
    rejects
        (place of the plan, field, value, reason) of what could not be used.
    time
        Event time in microseconds since 1970 UTC.
    """

    source: str
    raw: Mapping[str, Sequence[str]]
    found: dict[str, list[Triple | None]] = field(default_factory=dict)
    rejects: list[tuple[int, str, str, str]] = field(default_factory=list)
    time: int | None = None

    def write(self, name: str, entries: list[Triple | None]) -> None:
        """Keep the entries of a field if anything came."""
        if entries and (entries[0] is not None or any(entries)):
            self.found[name] = entries

    def reject(self, place: int, name: str, value: str, form: NormalForm) -> None:
        """List a value that has a reason against it."""
        if form.reason is not None:
            self.rejects.append((place, name, shorten(value), form.reason))


Reading = Callable[[OneRecord], None]


def read_as(raw: Text, form: NormalForm | None) -> Triple | None:
    """One entry: what came, and what was made of it."""
    if raw is None or form is None:
        return None
    return (raw, form.value, form.display) if form.value is not None else (raw, None, None)


def known_only(raw: Text, form: NormalForm | None) -> Triple | None:
    """One entry derived from another column: without a normal form it leaves no trace."""
    return None if raw is None or form is None or form.value is None else (raw, form.value, form.display)


def otherwise(mine: Triple | None, other: Triple | None) -> Triple | None:
    """One entry, else another where that is known or nothing came here."""
    if mine is None:
        return other
    return mine if mine[1] is not None or other is None or other[1] is None else other


def columns_of(record: OneRecord, names: Sequence[str | None]) -> list[tuple[Text, ...]]:
    """What the cells of several fields say, side by side: the first of each, and so on."""
    return list(zip_longest(*(record.raw.get(name, ()) if name is not None else () for name in names)))


SIMPLE: Mapping[str, Callable[[str], NormalForm]] = {
    "identifier": normalize_identifier,
    "category": normalize_category,
    "hash": normalize_hash,
    **{name: partial(normalize_handle, network=name) for name in NETWORKS},
    "company": normalize_company,
    "website": normalize_website,
    "text": normalize_text,
    "attribute": normalize_attribute,
}


def simple_reading(kind: str, name: str, place: int, regions: Mapping[str, str], masked: str) -> Reading:
    """The reading of a field of one column.

    Parameters
    ----------
    kind
        The normaliser.
    name
        The field.
    place
        Its plan's place among the plans.
    regions
        Source → region, for phone numbers.
    masked
        Where masked e-mail addresses go.
    """
    if kind == "phone":
        return _phones(name, place, regions)
    if kind == "email":
        return _emails(name, place, masked)
    scalar = lru_cache(MEMO)(SIMPLE[kind])

    def read(record: OneRecord) -> None:
        if name in record.raw:
            entries = []
            for value in record.raw[name]:
                form = scalar(value)
                record.reject(place, name, value, form)
                entries.append(read_as(value, form))
            record.write(name, entries)

    return read


def _phones(name: str, place: int, regions: Mapping[str, str]) -> Reading:
    scalar = lru_cache(MEMO)(normalize_phone)

    def read(record: OneRecord) -> None:
        if name in record.raw:
            entries = []
            for value in record.raw[name]:
                form = scalar(value, regions.get(record.source))
                record.reject(place, name, value, form)
                entries.append(read_as(value, form))
            record.write(name, entries)

    return read


def _emails(name: str, place: int, masked: str) -> Reading:
    scalar = lru_cache(MEMO)(normalize_email)

    def read(record: OneRecord) -> None:
        if name not in record.raw:
            return
        entries: list[Triple | None] = []
        hidden: list[Triple | None] = []
        for value in record.raw[name]:
            form = scalar(value)
            record.reject(place, name, value, form)
            is_masked = form.value is not None and masked_reason(form.value) is not None
            entries.append((value, None, None) if is_masked else read_as(value, form))
            hidden.append(known_only(value, form) if is_masked else None)
        record.write(name, entries)
        record.write(masked, hidden)

    return read


class _Dates(NamedTuple):
    """How the dates of one source are read, and whether 1970-01-01 is a default there."""

    order: DateOrder
    is_default: bool


def dates_of(plan: FieldPlan) -> Callable[[str], _Dates]:
    """Source → how its dates are read, as a table of frozen choices reads them."""

    @cache
    def of_source(source: str) -> _Dates:
        if plan.dates is None or source not in plan.dates:
            return _Dates(decide_order(order_votes([]), plan.regions.get(source)), False)
        order, dotted, is_default = plan.dates[source]
        return _Dates(DateOrder(order, "as when the model was fitted", dotted), is_default)

    return of_source


def read_date(plan: FieldPlan, place: int, name: str) -> Reading:
    """The reading of a date in one column or in three.

    Parameters
    ----------
    plan
        The field's plan.
    place
        Its place among the plans.
    name
        The field that the date is written to.
    """
    roles, of_source = plan.roles, dates_of(plan)
    parts = [roles.get(part) for part in ("date", "year", "month", "day")]
    column, cells = roles.get("date"), frozenset(roles.values())
    scalar, compose = lru_cache(MEMO)(normalize_date), lru_cache(MEMO)(compose_date)

    def read(record: OneRecord) -> None:
        if cells.isdisjoint(record.raw):
            return
        entries, (order, is_default) = [], of_source(record.source)
        composed_rejects = []
        for date, year, month, day in columns_of(record, parts):
            entry = None
            if date is not None:
                form = scalar(date, order.for_value(date))
                if is_default and form.value == EPOCH_DAY:
                    form = NormalForm(None, None, f"stop value: {EPOCH_DAY} is a default of {record.source}")
                record.reject(place, column or "", date, form)
                entry = read_as(date, form)
            if "year" in roles and (written := "-".join(filter(None, (year, month, day)))):
                form = compose(year, month, day)
                composed_rejects.append((written, form))
                entry = otherwise(entry, known_only(written, form))
            entries.append(entry)
        for written, form in composed_rejects:
            record.reject(place, roles["year"], written, form)
        record.write(name, entries)

    return read


def read_time(plan: FieldPlan, place: int) -> Reading:
    """The reading of an event time: of several the latest; the first field that says one decides.

    Parameters
    ----------
    plan
        The field's plan.
    place
        Its place among the plans.
    """
    name, of_source = plan.roles["time"], dates_of(plan)

    def read(record: OneRecord) -> None:
        if name not in record.raw:
            return
        entries: list[Triple | None] = []
        latest: int | None = None
        order = of_source(record.source).order
        for value in record.raw[name]:
            form, micros = read_moment(value, order)
            record.reject(place, name, value, form)
            entries.append((value, None, form.value))
            if micros is not None:
                latest = micros if latest is None else max(latest, micros)
        record.time = latest if record.time is None else record.time
        record.write(name, entries)

    return read


def read_moment(value: str, order: DateOrder) -> tuple[NormalForm, int | None]:
    """A time as it is shown, and as microseconds since 1970; the plainest spelling is read without a look at the others."""
    if PLAIN_TIME.fullmatch(value) and FIRST_YEAR <= value[:4] < LAST_YEAR:
        try:
            micros = (dt.datetime.fromisoformat(value[:19]) - EPOCH) // MICRO
        except ValueError:
            pass  # no such day: the reason is said below
        else:
            shown = f"{value[:10]}T{value[11:19]}Z"
            return NormalForm(shown, shown), micros
    form = normalize_time(value, order.for_value(value))
    return form, None if form.value is None else (dt.datetime.fromisoformat(form.value[:-1]) - EPOCH) // MICRO
