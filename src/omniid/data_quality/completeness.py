"""Completeness and validity: how many records of a source fill a field, and with values that can be read."""

from typing import NamedTuple

import numpy as np

from omniid.data_quality.fields import MeasuredField
from omniid.data_quality.members import Bools, Counts, Members

__all__ = ["Completeness", "count_completeness", "filled_rows"]


class Completeness(NamedTuple):
    """Records of one field, counted per source.

    Parameters
    ----------
    filled
        Records that sent a value, whatever it is.
    valid
        Records that sent values of which none was rejected.
    """

    filled: Counts
    valid: Counts


def filled_rows(members: Members, field: MeasuredField, faulty: Bools) -> Bools:
    """Tell which records sent a value in a field: more than a word for nothing, such as "n/a".

    Parameters
    ----------
    members, field
        The records and the field.
    faulty
        Per row: whether a value that it sent stands among the rejects.

    Examples
    --------
    >>> from omniid.tables import RecordTable
    >>> table = RecordTable.of([{"record_id": "1", "city": "Omsk"}, {"record_id": "2", "city": None}])
    >>> members = Members(table, np.arange(2, dtype=np.int32), np.ones(2, bool))
    >>> filled_rows(members, MeasuredField("city"), np.zeros(2, bool)).tolist()
    [True, False]
    """
    table, out = members.table, np.zeros(len(members.table), bool)
    names = (field.name, *field.makes) if field.has_forms else field.makes
    made = [table.columns[name] for name in names if name in table.columns]
    sent = table.raw.get(field.name)
    for column in made or ([] if sent is None else [sent]):
        out[column.present()[0]] = True
    out |= faulty
    if made and sent is not None:  # what it makes may stem from another field
        came = np.zeros(len(table), bool)
        came[sent.present()[0]] = True
        out &= came | faulty
    return out


def count_completeness(members: Members, filled: Bools, faulty: Bools) -> Completeness:
    """Count the records that fill a field, and those of them that do so with readable values.

    completeness = filled / records of the source; validity = valid / filled. A record that names two phones of which one can't
    be read is filled and not valid.

    Parameters
    ----------
    members
        The records.
    filled
        Per row: whether it sent a value.
    faulty
        Per row: whether a value that it sent stands among the rejects.

    Examples
    --------
    >>> from omniid.tables import RecordTable
    >>> members = Members(RecordTable.of([{"record_id": str(i)} for i in range(3)]), np.arange(3), np.ones(3, bool))
    >>> count_completeness(members, np.array([True, True, False]), np.array([False, True, False]))
    Completeness(filled=array([2]), valid=array([1]))
    """
    source = members.table.source
    n = members.n_sources
    return Completeness(
        np.bincount(source[filled], minlength=n).astype(np.int64),
        np.bincount(source[filled & ~faulty], minlength=n).astype(np.int64),
    )
