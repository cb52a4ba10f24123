"""Event times: when the source saw what a record says."""

import datetime as dt
import re

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.normalization.date import DATE_LIMIT, normalize_date
from omniid.normalization.text import ascii_digits, prepare, shorten
from omniid.tables import NO_TIME, NormalForm
from omniid.tables.arrays import numpy_array

__all__ = ["microseconds", "normalize_time"]

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
ZERO = dt.timedelta()
EARLIEST, LATEST = 1900, 2100
CLOCK = re.compile(
    r"(?P<day>.*?\d)\s*[T,\s]\s*(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<part>\d{1,9}))?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?",
    re.IGNORECASE,
)
# The plain case, which the standard library reads: hours below 24, seconds below 60.
ISO_TIME = re.compile(
    r"(?:19|20)\d\d-\d\d-\d\d[T ](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.(?:\d{3}|\d{6}))?(?:Z|[+-]\d\d:[0-5]\d)?"
)
NUMBER = re.compile(r"\d{9,19}(?:\.\d+)?")
# Digits before the point → units per second: seconds, milliseconds, microseconds, nanoseconds since 1970.
EPOCH_UNITS = {9: 1, 10: 1, 12: 10**3, 13: 10**3, 15: 10**6, 16: 10**6, 18: 10**9, 19: 10**9}


def normalize_time(value: str | None, order: str = "day-first") -> NormalForm:
    """Return an event time as ISO 8601 in UTC, to the microsecond where it is that exact.

    Reads ISO 8601 with or without a zone (without one it is UTC), seconds, milli-, micro- and nanoseconds since 1970, and
    every format of `normalize_date` with or without a clock time. A day without a clock time is its midnight.

    Parameters
    ----------
    value
        A raw value.
    order
        "day-first" or "month-first", for values like 03/04/2024 10:00.

    Returns
    -------
    NormalForm
        Rejected with the reason if it is no time, impossible, or not between 1900 and 2100.

    References
    ----------
    ISO 8601-1:2019.

    Examples
    --------
    >>> [normalize_time(value).value for value in ("2024-05-06T07:08:09+02:00", "1714979289", "06.05.2024 7:08")]
    ['2024-05-06T05:08:09Z', '2024-05-06T07:08:09Z', '2024-05-06T07:08:00Z']
    """
    text = prepare(value, DATE_LIMIT)
    if isinstance(text, NormalForm):
        return text
    text = ascii_digits(text)
    if ISO_TIME.fullmatch(text):
        try:
            moment = dt.datetime.fromisoformat(text)
        except ValueError:
            return NormalForm(None, None, f"impossible time: {shorten(text)}")
        return _within(moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC), text)
    if NUMBER.fullmatch(text):
        return _since_epoch(text)
    clock = CLOCK.fullmatch(text)
    day = normalize_date(clock["day"] if clock else text, order)
    if day.value is None:
        return NormalForm(None, None, (day.reason or f"not a time: {shorten(text)}").replace("date", "time", 1))
    date = dt.date.fromisoformat((day.value + "-01-01")[:10])
    try:
        moment = dt.datetime.combine(date, dt.time(tzinfo=dt.UTC)) + (_of_day(clock) if clock else ZERO)
    except (ValueError, OverflowError):
        return NormalForm(None, None, f"impossible time: {shorten(text)}")
    return _within(moment, text)


def microseconds(normal_forms: pa.LargeStringArray) -> npt.NDArray[np.int64]:
    """Return normal forms of times as microseconds since 1970 UTC, `NO_TIME` for nulls.

    Examples
    --------
    >>> microseconds(pa.array(["1970-01-01T00:00:01Z"], pa.large_string())).tolist()
    [1000000]
    """
    bare = pc.utf8_rtrim(normal_forms, characters="Z").cast(pa.timestamp("us"))
    return numpy_array(bare.cast(pa.int64()), null=NO_TIME).astype(np.int64, copy=False)


def _of_day(clock: re.Match[str]) -> dt.timedelta:
    """The time of day, less its zone's lead over UTC."""
    hour, minute, second = int(clock["hour"]), int(clock["minute"]), int(clock["second"] or 0)
    if clock["half"]:
        if not 1 <= hour <= 12:
            raise ValueError
        hour = hour % 12 + 12 * (clock["half"][0] in "pP")
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and (minute or second)):
        raise ValueError
    part = int((clock["part"] or "0").ljust(6, "0")[:6])
    lead = ZERO
    if (zone := clock["zone"]) and zone[0] in "+-":
        ahead = dt.timedelta(hours=int(zone[1:3]), minutes=int(zone[3:].lstrip(":") or 0))
        lead = ahead if zone[0] == "+" else -ahead
    return dt.timedelta(hours=hour, minutes=minute, seconds=second, microseconds=part) - lead


def _since_epoch(text: str) -> NormalForm:
    """A count since 1970; its number of digits tells the unit."""
    whole, _, part = text.partition(".")
    unit = EPOCH_UNITS.get(len(whole))
    if unit is None:
        return NormalForm(None, None, f"not a time: {shorten(text)}")
    micro = int(whole) * 10**6 // unit
    if unit == 1:
        micro += int(part.ljust(6, "0")[:6] or 0)
    return _within(EPOCH + dt.timedelta(microseconds=micro), text)


def _within(moment: dt.datetime, text: str) -> NormalForm:
    if not EARLIEST <= moment.year <= LATEST:
        return NormalForm(None, None, f"not between {EARLIEST} and {LATEST}: {shorten(text)}")
    form = moment.replace(tzinfo=None).isoformat() + "Z"
    return NormalForm(form, form)
