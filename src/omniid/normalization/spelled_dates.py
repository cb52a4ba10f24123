"""Dates in other spellings than those of one length: single digits, years of two digits, months by name.

A date with a month by name is two numbers in a frame of words: "24 June 1971" is 24 and 1971 in "… June …". The scalar function
is asked once per frame, with numbers that fit any month, and what it says holds for all numbers in that frame.
"""

import re

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.byte_arrays import select
from omniid.normalization.date import DATE_LIMIT, PIVOT, normalize_date
from omniid.normalization.numeric_times import ISO, ORDERED, UNREAD, Ints, Written
from omniid.normalization.text import tidy
from omniid.tables.arrays import arrow_array, numpy_array, text_scalar

__all__ = ["add_spelled"]

Strings = dict[str, pa.LargeStringArray]

NUMERIC = r"^ *(?P<first>[0-9]{1,4})(?P<gap>[-./])(?P<second>[0-9]{1,2})(?P<last>[-./])(?P<third>[0-9]{1,4}) *$"
# A colon belongs to a time of day, which is read one by one.
TWO_NUMBERS = r"(?P<first>[0-9]{4}|[0-9]{1,2})(?P<between>[^\pN:]+)(?P<last>[0-9]{4}|[0-9]{1,2})"
FRAMED = rf"^(?P<before>[^\pN:]*){TWO_NUMBERS}(?P<behind>[^\pN:]*)$"
YEAR, DAY = "1971", "15"  # numbers to ask with: each says what it is
READ = re.compile(f"{YEAR}-([0-9]{{2}})-{DAY}")
FEWEST = 4  # values: in a frame of fewer each is asked alone
DIGIT = re.compile(r"\d")


def add_spelled(written: Written, values: pa.LargeStringArray) -> None:
    """Fill in the dates that `read_written` has left unread and that are spelled in one of the usual ways.

    Parameters
    ----------
    written
        What it has read of the values.
    values
        Raw values without nulls.

    Examples
    --------
    >>> from omniid.normalization.numeric_times import read_written
    >>> values = pa.array(["6/24/71", *(f"{day} June 1971" for day in range(1, 10))], pa.large_string())
    >>> written = read_written(values)
    >>> add_spelled(written, values)
    >>> written.layout[:2].tolist(), written.one[:3].tolist(), written.two[:3].tolist()
    ([2, 1], [6, 6, 6], [24, 1, 2])
    """
    for pattern, fill in ((NUMERIC, _fill_numeric), (FRAMED, _fill_framed)):
        unread = (written.layout == UNREAD) & (numpy_array(pc.binary_length(values)) <= DATE_LIMIT)
        parts = pc.extract_regex(select(values, unread), pattern)
        found = numpy_array(parts.is_valid())
        if found.any():
            texts = {part.name: pc.struct_field(parts, part.name).filter(arrow_array(found)) for part in parts.type}
            fill(written, np.flatnonzero(unread)[found], texts)


def _number(texts: pa.LargeStringArray) -> tuple[Ints, Ints]:
    """Numbers, and how many digits they are written in."""
    return numpy_array(texts.cast(pa.int64())), numpy_array(pc.binary_length(texts)).astype(np.int64, copy=False)


def _years(number: Ints, size: Ints) -> Ints:
    """Years of two or four digits."""
    return np.where(size == 4, number, number + np.where(number <= PIVOT, 2000, 1900))


def _fill_numeric(written: Written, at: Ints, texts: Strings) -> None:
    """Three numbers: year first, or year last."""
    first, first_size = _number(texts["first"])
    second, _ = _number(texts["second"])
    third, third_size = _number(texts["third"])
    year_first = (first_size == 4) & (third_size <= 2)
    year_last = (first_size <= 2) & ((third_size == 2) | (third_size == 4)) & _equal(texts["gap"], texts["last"])
    for layout, mine, parts in (
        (ISO, year_first, (first, second, third)),
        (ORDERED, year_last, (_years(third, third_size), first, second)),
    ):
        here = at[mine]
        written.layout[here] = layout
        written.year[here], written.one[here], written.two[here] = (part[mine] for part in parts)
        for mark in "-./":
            written.separator[here[_equal(texts["gap"], text_scalar(mark))[mine]]] = ord(mark)


def _equal(one: pa.LargeStringArray, other: pa.LargeStringArray | pa.LargeStringScalar) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = numpy_array(pc.equal(one, other))
    return found


def _fill_framed(written: Written, at: Ints, texts: Strings) -> None:
    """Two numbers in a frame that names the month."""
    (first, first_size), (last, last_size) = _number(texts["first"]), _number(texts["last"])
    year_first = first_size == 4
    numbers = (pc.if_else(arrow_array(mask), text_scalar(YEAR), text_scalar(DAY)) for mask in (year_first, ~year_first))
    before, between, behind = (texts[name] for name in ("before", "between", "behind"))
    asked = pc.binary_join_element_wise(before, next(numbers), between, next(numbers), behind, text_scalar(""))
    frames = asked.dictionary_encode()
    frame = numpy_array(frames.indices)
    shared = np.bincount(frame, minlength=len(frames.dictionary)) >= FEWEST
    month = np.zeros(len(frames.dictionary), np.int64)
    month[shared] = [_month(text) for text in select(frames.dictionary, shared).to_pylist()]
    fits = (month.take(frame) > 0) & np.where(year_first, last_size < 4, last_size > 1)
    here = at[fits]
    written.layout[here] = ISO
    written.year[here] = np.where(year_first, first, _years(last, last_size))[fits]
    written.one[here] = month.take(frame[fits])
    written.two[here] = np.where(year_first, last, first)[fits]


def _month(text: str) -> int:
    """The month that a frame names, 0 if it says no date or would say another with other numbers."""
    if len(DIGIT.findall(tidy(text))) != len(YEAR + DAY):
        return 0
    found = READ.fullmatch(normalize_date(text).value or "")
    return int(found[1]) if found else 0
