"""Dates and times written in digits alone, read a whole vocabulary at a time; `date` and `event_time` read everything else."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.byte_arrays import Bytes, string_array, string_bytes
from omniid.normalization.date import DATE_LIMIT, EARLIEST, LATEST, PLACEHOLDERS
from omniid.tables.arrays import arrow_array, numpy_array

__all__ = ["COUNTED", "DAY", "ISO", "ORDERED", "Written", "iso_days", "iso_times", "read_written"]

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

DAY, SECOND = 86_400_000_000, 1_000_000
UNREAD, ISO, ORDERED, COUNTED = 0, 1, 2, 3
# Bytes behind a ten-byte date: clock, seconds, digits of the fraction, zone.
TAILS = {
    6: (False, 0, ""),
    7: (False, 0, "Z"),
    9: (True, 0, ""),
    10: (True, 0, "Z"),
    13: (True, 3, ""),
    14: (True, 3, "Z"),
    15: (True, 0, "+"),
    16: (True, 6, ""),
    17: (True, 6, "Z"),
    19: (True, 3, "+"),
    22: (True, 6, "+"),
}
COMPACT = 8  # digits of a year, a month and a day
EPOCH_UNITS = {10: SECOND, 13: 1000}  # digits since 1970 → microseconds per unit


@dataclass(frozen=True, eq=False)
class Written:
    """What stands in each value: the parts of a date as written, and its time of day.

    Parameters
    ----------
    layout
        `ISO`: year, month, day; `ORDERED`: two numbers whose order the column decides, then the year; `COUNTED`: units since
        1970; `UNREAD`: something else, for the scalar functions.
    year, one, two
        As written; `one` stands before `two`.
    micros
        Time of day in UTC in microseconds, which a zone may push beyond its day; since 1970 where counted.
    separator
        Byte between the numbers of the date.
    pointed
        Whether the seconds have a fraction.
    """

    layout: Ints
    year: Ints
    one: Ints
    two: Ints
    micros: Ints
    separator: Ints
    pointed: Ints

    def votes(self, among: Mask) -> dict[tuple[bool, str], int]:
        """How many of some values can only be day first, or only month first, with dots and without."""
        mine = among & (self.layout == ORDERED)
        one, two, dotted = self.one[mine], self.two[mine], self.separator[mine] == ord(".")
        found = {}
        for order, only in (("day-first", (one > 12) & (two <= 12)), ("month-first", (two > 12) & (one <= 12))):
            for dots in (True, False):
                found[dots, order] = int((only & (dotted == dots)).sum())
        return found

    def dotted(self) -> Mask:
        """Whether a value is read in the order of dotted dates."""
        dots: Mask = (self.separator == ord(".")) | ((self.pointed > 0) & (self.separator != ord("/")))
        return dots

    def days(self, month_first: Mask) -> tuple[Mask, Ints]:
        """Which values hold a day that is possible and no placeholder, and that day as days since 1970.

        Parameters
        ----------
        month_first
            bool per value: the order of its column.
        """
        turned = (self.layout == ORDERED) & ~month_first
        month, day = np.where(turned, self.two, self.one), np.where(turned, self.one, self.two)
        swapped = (self.layout == ORDERED) & (month > 12) & (day <= 12)
        month, day = np.where(swapped, day, month), np.where(swapped, month, day)
        dated = (self.layout == ISO) | (self.layout == ORDERED)
        good = dated & (self.year >= EARLIEST) & (self.year <= LATEST) & (month >= 1) & (month <= 12) & (day >= 1)
        months = np.where(good, (self.year - 1970) * 12 + month - 1, 0)
        first, after = (m.astype("M8[M]").astype("M8[D]").astype(np.int64) for m in (months, months + 1))
        found = first + day - 1
        good &= found < after
        for text in PLACEHOLDERS:
            if EARLIEST <= int(text[:4]) <= LATEST:
                good &= found != (dt.date.fromisoformat(text) - dt.date(1970, 1, 1)).days
        return good, found


def read_written(values: pa.LargeStringArray) -> Written:
    """Read the parts of every date and time that consists of digits and usual separators.

    Parameters
    ----------
    values
        Raw values without nulls; spaces around them don't matter.

    Examples
    --------
    >>> read = read_written(pa.array(["24.06.1971", "1971-06-24T10:00:00+02:00", "June"], pa.large_string()))
    >>> read.layout.tolist(), read.year.tolist(), (read.micros // 3_600_000_000).tolist()
    ([2, 1, 0], [1971, 1971, 0], [0, 8, 0])
    """
    trimmed = pc.utf8_trim(values, characters=" ")
    size = np.where(numpy_array(pc.binary_length(values)) > DATE_LIMIT, 0, numpy_array(pc.binary_length(trimmed)))
    written = Written(*(np.zeros(len(values), np.int64) for _ in fields(Written)))
    for length in np.flatnonzero(np.bincount(size, minlength=1)).tolist():
        if length not in (COMPACT, 10) and length - 10 not in TAILS and length not in EPOCH_UNITS:
            continue
        at = np.flatnonzero(size == length)
        marks = _matrix(trimmed if len(at) == len(values) else trimmed.take(arrow_array(at)), length)
        if length == COMPACT:
            _compact(written, at, marks)
        if length in EPOCH_UNITS:
            _count(written, at, marks)
        if length == 10 or length - 10 in TAILS:
            _dates(written, at, marks)
    return written


def iso_days(days: Ints) -> pa.LargeStringArray:
    """Write days since 1970 as ISO 8601.

    Examples
    --------
    >>> iso_days(np.array([0, 540])).to_pylist()
    ['1970-01-01', '1971-06-25']
    """
    marks = np.full((len(days), 10), ord("-"), np.uint8)
    _write_day(marks, days)
    return _strings(marks)


def iso_times(micros: Ints) -> pa.LargeStringArray:
    """Write microseconds since 1970 as ISO 8601 in UTC, with a fraction only where there is one.

    Examples
    --------
    >>> iso_times(np.array([1_000_000, 1_500_000])).to_pylist()
    ['1970-01-01T00:00:01Z', '1970-01-01T00:00:01.500000Z']
    """
    marks = np.empty((len(micros), 20), np.uint8)
    marks[:] = np.frombuffer(b"0000-00-00T00:00:00Z", np.uint8)
    _write_day(marks, micros // DAY)
    seconds = (micros % DAY) // SECOND
    for place, part in ((11, seconds // 3600), (14, seconds // 60 % 60), (17, seconds % 60)):
        _write_number(marks, place, 2, part)
    whole = _strings(marks)
    part = micros % SECOND
    if not part.any():
        return whole
    longer = np.flatnonzero(part)
    pointed = np.empty((len(longer), 27), np.uint8)
    pointed[:, :20] = marks[longer]
    pointed[:, 19], pointed[:, 26] = ord("."), ord("Z")
    _write_number(pointed, 20, 6, part[longer])
    at = np.arange(len(micros))
    at[longer] = len(micros) + np.arange(len(longer))
    return pa.concat_arrays([whole, _strings(pointed)]).take(arrow_array(at))


def _matrix(values: pa.LargeStringArray, length: int) -> Bytes:
    """The bytes of values that all have one length, a row per value."""
    return string_bytes(values)[0].reshape(len(values), length)


def _strings(marks: Bytes) -> pa.LargeStringArray:
    """A string per row of bytes."""
    return string_array(marks.ravel(), np.arange(len(marks) + 1) * marks.shape[1])


def _number(marks: Bytes, start: int, stop: int) -> tuple[Mask, Ints]:
    """Whether some bytes are all digits, and the number they make."""
    digits = marks[:, start:stop] - np.uint8(ord("0"))
    found, fits = np.zeros(len(marks), np.int64), np.ones(len(marks), bool)
    for place in range(stop - start):  # a column at a time: sums along short rows are slow
        column = digits[:, place]
        fits &= column <= 9
        found = found * 10 + column
    return fits, found


def _dates(written: Written, at: Ints, marks: Bytes) -> None:
    """Fill in the values of one length that begin with a date."""
    clocked, micros, pointed = _clock(marks[:, 10:])
    for layout, (year, one, two), (gap, last) in (
        (ISO, ((0, 4), (5, 7), (8, 10)), (4, 7)),
        (ORDERED, ((6, 10), (0, 2), (3, 5)), (2, 5)),
    ):
        separators = (ord("-"),) if layout == ISO else (ord("."), ord("/"), ord("-"))
        fits = clocked & (marks[:, gap] == marks[:, last]) & np.isin(marks[:, gap], separators)
        digits, numbers = _numbers(marks, (year, one, two))
        fits &= digits
        mine = at[fits]
        written.layout[mine], written.separator[mine] = layout, marks[fits, gap]
        written.year[mine], written.one[mine], written.two[mine] = (number[fits] for number in numbers)
        written.micros[mine], written.pointed[mine] = micros[fits], pointed


def _compact(written: Written, at: Ints, marks: Bytes) -> None:
    """Fill in the values that are a year, a month and a day without anything between."""
    fits, numbers = _numbers(marks, ((0, 4), (4, 6), (6, 8)))
    mine = at[fits]
    written.layout[mine] = ISO
    written.year[mine], written.one[mine], written.two[mine] = (number[fits] for number in numbers)


def _numbers(marks: Bytes, parts: Sequence[tuple[int, int]]) -> tuple[Mask, list[Ints]]:
    """Whether all of some parts are digits, and the numbers they make."""
    read = [_number(marks, *part) for part in parts]
    return np.logical_and.reduce([digits for digits, _ in read]), [number for _, number in read]


def _clock(tail: Bytes) -> tuple[Mask, Ints, bool]:
    """Whether each tail is a possible time of day, that time less its zone's lead, and whether it has a fraction."""
    n, length = tail.shape
    if not length:
        return np.ones(n, bool), np.zeros(n, np.int64), False
    seconds, point, zone = TAILS[length]
    fits = ((tail[:, 0] == ord("T")) | (tail[:, 0] == ord(" "))) & (tail[:, 3] == ord(":"))
    parts = [(1, 3, 23, 3600 * SECOND), (4, 6, 59, 60 * SECOND)]
    if seconds:
        fits &= tail[:, 6] == ord(":")
        parts.append((7, 9, 59, SECOND))
    if point:
        fits &= tail[:, 9] == ord(".")
        parts.append((10, 10 + point, SECOND, 10 ** (6 - point)))
    end = length - {"": 0, "Z": 1, "+": 6}[zone]
    ahead = np.ones(n, np.int64)
    if zone == "Z":
        fits &= tail[:, end] == ord("Z")
    elif zone:
        fits &= ((tail[:, end] == ord("+")) | (tail[:, end] == ord("-"))) & (tail[:, end + 3] == ord(":"))
        ahead = np.where(tail[:, end] == ord("+"), -1, 1)
        parts += [(end + 1, end + 3, 14, 3600 * SECOND), (end + 4, end + 6, 59, 60 * SECOND)]
    micros = np.zeros(n, np.int64)
    for start, stop, most, unit in parts:
        digits, number = _number(tail, start, stop)
        fits &= digits & (number <= most)
        micros += number * unit * (ahead if start > end else 1)
    return fits, micros, point > 0


def _count(written: Written, at: Ints, marks: Bytes) -> None:
    """Fill in the values of one length that are a count since 1970."""
    fits, number = _number(marks, 0, marks.shape[1])
    written.layout[at[fits]] = COUNTED
    written.micros[at[fits]] = number[fits] * EPOCH_UNITS[marks.shape[1]]


def _write_day(marks: Bytes, days: Ints) -> None:
    date = days.astype("M8[D]")
    month = date.astype("M8[M]")
    months = month.astype(np.int64)
    _write_number(marks, 0, 4, months // 12 + 1970)
    _write_number(marks, 5, 2, months % 12 + 1)
    _write_number(marks, 8, 2, (date - month.astype("M8[D]")).astype(np.int64) + 1)


def _write_number(marks: Bytes, place: int, width: int, number: Ints) -> None:
    """Write a number with leading zeros into columns of bytes."""
    for column in range(place + width - 1, place - 1, -1):
        number, digit = np.divmod(number, 10)
        marks[:, column] = digit + ord("0")
