"""What the records say in the columns of statements, one answer per record."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from omniid.normalization.event_time import microseconds
from omniid.statement_fields import Consent, Verified
from omniid.tables import NO_TIME, Column, RecordTable
from omniid.tables.arrays import arrow_array, numpy_array, text_array

__all__ = ["Answers", "read_answers", "verified_rows"]

NOTHING, NO, YES = -1, 0, 1
Numbers = npt.NDArray[np.int64]


class Answers(NamedTuple):
    """What every record says.

    Parameters
    ----------
    said
        int8 per record: 1 yes (verified, granted), 0 no (not verified, denied), -1 nothing.
    time
        int64 microseconds since 1970 UTC per record: when; `NO_TIME` where unknown.
    """

    said: npt.NDArray[np.int8]
    time: Numbers


def read_answers(records: RecordTable, field: Verified | Consent) -> Answers:
    """Read a statement of every record; where one says yes and no at once, it says no.

    Parameters
    ----------
    records
        Normalized records.
    field
        The statement. Its time is the value itself where that is one, else that of its own column where one is declared, else
        the time of the record.

    Examples
    --------
    >>> rows = [{"record_id": "1", "ok": "granted"}, {"record_id": "2", "ok": "denied"}, {"record_id": "3"}]
    >>> read_answers(RecordTable.of(rows), Consent("ok", purpose="newsletter")).said.tolist()
    [1, 0, -1]
    """
    said, time = np.full(len(records), NOTHING, np.int8), np.full(len(records), NO_TIME, np.int64)
    column = records.columns.get(field.column)
    if column is None or not len(column.vocabulary):
        return Answers(said, time)
    when = _times(records, field)
    dated = numpy_array(pc.ends_with(column.vocabulary, "Z"))
    moments = microseconds(column.vocabulary.filter(arrow_array(dated)))
    own = np.full(len(column.vocabulary), NO_TIME, np.int64)
    own[dated] = moments
    yes = numpy_array(pc.is_in(column.vocabulary, value_set=text_array(["yes", "granted"])))
    yes |= dated & isinstance(field, Verified)
    rows, codes = column.present()
    for answer in (YES, NO):  # a no is written last, over a yes
        mine = yes[codes] == (answer == YES)
        said[rows[mine]] = answer
    counted = yes[codes] == (said[rows] == YES)
    rows, codes = rows[counted], codes[counted]
    np.maximum.at(time, rows, np.where(dated[codes], own[codes], when[rows]))
    return Answers(said, time)


def _times(records: RecordTable, field: Verified | Consent) -> Numbers:
    """When each record says what it says, as far as another column tells."""
    if isinstance(field, Verified) or field.time is None:
        return records.time
    column: Column | None = records.columns.get(field.time)
    out = np.full(len(records), NO_TIME, np.int64)
    if column is not None:
        rows, codes = column.present()
        np.maximum.at(out, rows, microseconds(column.vocabulary)[codes])
    return out


def verified_rows(records: RecordTable, fields: Iterable[object]) -> dict[str, npt.NDArray[np.bool_]]:
    """Field → bool per record: whether the record says that its value of the field is verified.

    Parameters
    ----------
    records
        Normalized records.
    fields
        What the columns hold, `Verified` statements among it.

    Examples
    --------
    >>> table = RecordTable.of([{"record_id": "1", "sure": "yes"}, {"record_id": "2", "sure": "no"}])
    >>> verified_rows(table, [Verified("sure", of="email")])["email"].tolist()
    [True, False]
    """
    found: dict[str, npt.NDArray[np.bool_]] = {}
    for field in fields:
        if isinstance(field, Verified):
            yes = read_answers(records, field).said == YES
            found[field.of] = yes | found[field.of] if field.of in found else yes
    return found
