"""Plain Python values as Arrow columns: the slow road, for columns that hold objects."""

import enum
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa

from omniid.frames.text import LARGEST_WHOLE, as_json, column_text
from omniid.tables.arrays import arrow_array, text_array

__all__ = ["Notes", "objects_to_text", "whole_text"]

Notes = list[tuple[str | None, str | None, str]]  # (field, value, reason), to become rejects once the source has a name

LONE_SURROGATE = "holds a lone surrogate, which is no character; replaced by U+FFFD"
NOT_UTF8 = "holds bytes that are not UTF-8; replaced by U+FFFD"


def objects_to_text(values: Sequence[Any], name: str, notes: Notes) -> pa.Array:
    r"""Render Python values as a text column, and note what could not be kept as it came.

    Parameters
    ----------
    values
        One value per row: text, numbers, dates, lists of those, or None.
    name
        The column's name, for the notes.
    notes
        Takes one line per value that holds a lone surrogate or broken bytes; such parts become U+FFFD.

    Returns
    -------
    pyarrow.Array
        large_string, or large_list<large_string> where a cell holds several values.

    Examples
    --------
    >>> notes: Notes = []
    >>> objects_to_text(["a", 17, 17.0, "\ud800"], "x", notes).to_pylist()
    ['a', '17', '17', '\ufffd']
    >>> notes
    [('x', '\ufffd', 'row 4 holds a lone surrogate, which is no character; replaced by U+FFFD')]
    """
    quick = _homogeneous(values)
    if quick is not None:
        return column_text(quick)
    cells = [_cell(value, name, f"row {row}", notes) for row, value in enumerate(values, start=1)]
    if any(isinstance(cell, list) for cell in cells):
        lists = [cell if cell is None or isinstance(cell, list) else [cell] for cell in cells]
        return column_text(pa.array(lists, pa.large_list(pa.large_string())))
    return column_text(text_array([cell for cell in cells if not isinstance(cell, list)]))


def _homogeneous(values: Sequence[Any]) -> pa.Array | None:
    """A column of one simple type, built in one go; None where values are mixed or need a look of their own."""
    kinds = {*map(type, values)}
    if kinds <= {str, type(None)}:
        try:
            return text_array(values)
        except UnicodeEncodeError:
            return None
    if kinds == {int}:
        try:
            return arrow_array(np.array(values, np.int64))
        except OverflowError:
            return None
    for wanted in (pa.large_string(), None):
        try:
            array = pa.array(values, wanted, from_pandas=True)
        except (pa.ArrowException, UnicodeEncodeError, OverflowError, ValueError, TypeError):
            continue
        kind = array.type
        simple = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind)
        if simple or pa.types.is_null(kind) or pa.types.is_large_string(kind):
            return array
    return None


def _cell(value: Any, name: str, place: str, notes: Notes) -> str | list[str | None] | None:
    """One cell: text, several texts, or None."""
    if hasattr(value, "tolist") and not isinstance(value, str | bytes | memoryview):
        value = value.tolist()  # numpy scalars and arrays
    if isinstance(value, set | frozenset):
        return sorted((_scalar(entry, name, place, notes) for entry in value), key=str)
    if isinstance(value, list | tuple):
        return [_scalar(entry, name, place, notes) for entry in value]
    return _scalar(value, name, place, notes)


def _scalar(value: Any, name: str, place: str, notes: Notes) -> str | None:
    """One value as text; what can't be text as it is gets U+FFFD and a note."""
    if _is_missing(value):
        return None
    text, reason = (
        whole_text(_spell(value)) if not isinstance(value, bytes | bytearray | memoryview) else _decoded(bytes(value))
    )
    if reason is not None:
        notes.append((name, text, f"{place} {reason}"))
    return text


def _spell(value: Any) -> str:
    """The text that a person would write for a value; the same that `column_text` gives for a typed column."""
    if isinstance(value, enum.Enum):
        return _spell(value.value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < LARGEST_WHOLE else repr(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return _iso(value)
    if isinstance(value, date | time):
        return value.isoformat()
    return as_json(value)


def _iso(moment: datetime) -> str:
    """ISO 8601: in UTC where a zone is known, the date alone at midnight where none is."""
    zoned = moment.tzinfo is not None
    text = (moment.astimezone(UTC).replace(tzinfo=None) if zoned else moment).isoformat()
    text = text.rstrip("0") if "." in text else text
    return text + "Z" if zoned else text.removesuffix("T00:00:00")


def _is_missing(value: Any) -> bool:
    """None, NaN, NaT and pandas.NA, without importing pandas."""
    return (
        value is None
        or type(value).__name__ in ("NAType", "NaTType")
        or (isinstance(value, float | Decimal) and value != value)
    )


def whole_text(text: str) -> tuple[str, str | None]:
    """Text that UTF-8 can carry, and why it differs from what came.

    Examples
    --------
    >>> whole_text("Łódź")
    ('Łódź', None)
    """
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"), LONE_SURROGATE
    return text, None


def _decoded(data: bytes) -> tuple[str, str | None]:
    """Bytes as text, and why it differs from what came."""
    try:
        return data.decode("utf-8"), None
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace"), NOT_UTF8
