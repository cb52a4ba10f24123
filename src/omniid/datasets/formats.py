"""Ways to write phones, dates and times, chosen per cell; built from distinct pieces."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omniid.datasets.people import COUNTRIES
from omniid.datasets.strings import Codes, Flags, digits_of, join, restore
from omniid.datasets.vocabulary import read_rows

__all__ = ["DOTTED", "ISO", "SLASHED", "WORDED", "date_cells", "phone_cells", "time_cells"]

# How a date may be written.
ISO, DOTTED, SLASHED, WORDED = range(4)
_DATE_STYLES: Final = 4
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_EPOCH: Final = date(1970, 1, 1)
_LAST: Final = 20600  # 2026-05-27
_FIRST: Final = -21915  # 1910-01-01

# What stands before the number, before and after its first group, and between the groups.
_STYLES: Final = (
    ("+{c} ", "", " ", " "),  # +48 601 234 567
    ("00{c}", "", "", ""),  # 0048601234567
    ("+{c} ", "(", ") ", "-"),  # +48 (601) 234-567
    ("00{c} ", "", " ", " "),
    ("+{c}-", "", "-", "-"),
    ("tel. +{c} ", "", " ", " "),
    ("{t}", "", " ", " "),  # 601 234 567, 07700 900 123: national from here on
    ("{t}", "", "", ""),
    ("{t}", "", "-", "-"),
    ("{t}", "(", ") ", "-"),  # 8 (916) 200-00-01
    ("{t}", "", ".", "."),
    ("{t}", "", "\u00a0", "\u00a0"),
)
_INTERNATIONAL: Final = 6
_STYLE_SHARES: Final = (0.16, 0.05, 0.09, 0.05, 0.05, 0.02, 0.2, 0.16, 0.08, 0.08, 0.04, 0.02)
_ABROAD_NATIONAL: Final = 0.04  # share of national forms among people who do not live where the business is


def phone_cells(country: Codes, national: pa.Array, chaos: Flags, home: int, rng: np.random.Generator) -> pa.Array:
    """Write phone numbers.

    Parameters
    ----------
    country
        Position in COUNTRIES, one per cell.
    national
        Digits without calling code and trunk prefix; null stays null.
    chaos
        False: +48601234567. True: one of twelve other ways; national ones mostly at home, and in Russia with its 8.
    home
        The country of the business.
    rng
        Source of chance.

    Returns
    -------
    pyarrow.Array

    Examples
    --------
    >>> one = np.zeros(1, np.int64)
    >>> phone_cells(one, pa.array(["601234567"]), np.zeros(1, bool), 0, np.random.default_rng(0)).to_pylist()
    ['+48601234567']
    """
    plan = {name: (code, "" if trunk == "-" else trunk, groups) for name, code, trunk, _, _, groups in read_rows("mobiles")}
    style = rng.choice(len(_STYLES), len(country), p=_STYLE_SHARES)
    codes = [name for name, _, _ in COUNTRIES]
    foreign = (country != home) & (country != codes.index("RU")) & (style >= _INTERNATIONAL)
    foreign &= rng.random(len(country)) >= _ABROAD_NATIONAL
    style[foreign] = rng.integers(0, _INTERNATIONAL, int(foreign.sum()))
    style[~chaos] = len(_STYLES)
    pieces, rows = [], []
    for position, name in enumerate(codes):
        members = np.flatnonzero(country == position)
        code, trunk, groups = plan[name]
        trunk += " " * (trunk == "8")
        styles = [*_STYLES, ("+{c}", "", "", "")]
        marks = [
            pa.array([row[at].format(c=code, t=trunk) for row in styles]).take(pa.array(style[members])) for at in range(4)
        ]
        digits = national.take(pa.array(members))
        ends = np.cumsum([0, *(int(group) for group in groups.split())])
        parts = [pc.utf8_slice_codeunits(digits, int(start), int(end)) for start, end in pairwise(ends)]
        parts[-1] = pc.utf8_slice_codeunits(digits, int(ends[-2]))  # landlines may be longer
        line = [marks[0], marks[1], parts[0], marks[2], parts[1]]
        for part in parts[2:]:
            line += [marks[3], part]
        pieces.append(join(*line))
        rows.append(members)
    return restore(pieces, rows)


@cache
def _days(style: int) -> pa.Array:
    """Every day from 1910 to 2026 in one style."""
    days = [_EPOCH + timedelta(days=day) for day in range(_FIRST, _LAST + 1)]
    write: tuple[Callable[[date], str], ...] = (
        lambda day: f"{day.year}-{day.month:02}-{day.day:02}",
        lambda day: f"{day.day:02}.{day.month:02}.{day.year}",
        lambda day: f"{day.day:02}/{day.month:02}/{day.year}",
        lambda day: f"{day.day} {_MONTHS[day.month - 1]} {day.year}",
    )
    return pa.array([write[style](day) for day in days])


@cache
def _slipped() -> tuple[Codes, ...]:
    """Every day with day and month exchanged (or the day before, where that is no date), a year later, ten years earlier."""
    swapped = []
    for number in range(_FIRST, _LAST + 1):
        day = _EPOCH + timedelta(days=number)
        swapped.append(
            (date(day.year, day.day, day.month) - _EPOCH).days if day.day <= 12 and day.day != day.month else number - 1
        )
    same = np.arange(_FIRST, _LAST + 1)
    return np.array(swapped), np.minimum(same + 365, _LAST), np.maximum(same - 3652, _FIRST), np.maximum(same - 10, _FIRST)


def date_cells(days: Codes, style: int, *, slip: Flags, chaos: Flags, rng: np.random.Generator) -> pa.Array:
    """Write dates in the channel's own style, some with a slip, some in another style.

    Parameters
    ----------
    days
        Days since 1970, from 1910 to 2026.
    style
        ISO, DOTTED, SLASHED or WORDED.
    slip, chaos
        Which cells are wrong; which are in a style drawn from all.
    rng
        Source of chance.

    Returns
    -------
    pyarrow.Array

    Examples
    --------
    >>> no = np.zeros(1, bool)
    >>> date_cells(np.array([0]), 1, slip=no, chaos=no, rng=np.random.default_rng(0)).to_pylist()
    ['01.01.1970']
    """
    index = np.clip(days, _FIRST, _LAST) - _FIRST
    rows = np.flatnonzero(slip)
    kinds = np.stack(_slipped())
    index[rows] = kinds[rng.choice(len(kinds), len(rows), p=(0.5, 0.2, 0.15, 0.15)), index[rows]] - _FIRST
    styles = np.where(chaos, rng.integers(0, _DATE_STYLES, len(days)), style)
    return pa.concat_arrays([_days(at) for at in range(_DATE_STYLES)]).take(pa.array(styles * (_LAST - _FIRST + 1) + index))


def time_cells(seconds: Codes, style: str) -> pa.Array:
    """Write event times (seconds since 1970, UTC): "iso" with a Z, "dotted" as 05.03.2024 12:33, "day", or "epoch".

    Examples
    --------
    >>> time_cells(np.array([86_400 + 3_661]), "iso").to_pylist()
    ['1970-01-02T01:01:01Z']
    """
    if style == "epoch":
        return digits_of(seconds)
    day, second = seconds // 86_400, seconds % 86_400
    index = pa.array(day - _FIRST)
    if style == "day":
        return _days(ISO).take(index)
    minutes = pa.array([(datetime(2000, 1, 1, tzinfo=UTC) + timedelta(minutes=at)).strftime("%H:%M") for at in range(1440)])
    clock = minutes.take(pa.array(second // 60))
    if style == "dotted":
        return join(_days(DOTTED).take(index), " ", clock)
    return join(_days(ISO).take(index), "T", clock, ":", digits_of(second % 60, 2), "Z")
