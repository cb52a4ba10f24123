"""All figures of all fields, measured in one pass over each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from omniid.data_quality.agreement import Agreement, count_agreement
from omniid.data_quality.completeness import Completeness, count_completeness, filled_rows
from omniid.data_quality.faults import Faults, faulty_rows, read_faults, reason_marks
from omniid.data_quality.fields import MeasuredField
from omniid.data_quality.mark_counts import MarkCounts, count_marked
from omniid.data_quality.marks import INCOMPLETE, Marked, own_values, special_marks
from omniid.data_quality.members import Bools, Members
from omniid.data_quality.staleness import Staleness, count_staleness, latest_time
from omniid.data_quality.uniqueness import Uniqueness, count_uniqueness, find_uses
from omniid.tables import NO_TIME, Codes, Rows

__all__ = ["FieldMeasures", "Measures", "measure"]


@dataclass(frozen=True, eq=False)
class FieldMeasures:
    """The figures of one field, per source.

    Parameters
    ----------
    field
        The field.
    completeness
        Of all sources.
    uniqueness, agreement
        None for a field without normal forms, which is only split into others.
    staleness
        None likewise, and where no record has an event time.
    marked, counted
        Values of which something is wrong or special, and how many they are.
    """

    field: MeasuredField
    completeness: Completeness
    uniqueness: Uniqueness | None
    agreement: Agreement | None
    staleness: Staleness | None
    marked: Sequence[Marked]
    counted: Sequence[MarkCounts]


@dataclass(frozen=True, eq=False)
class Measures:
    """The figures of all fields, and what they were counted from.

    Parameters
    ----------
    members
        The records.
    faults
        Their rejects.
    fields
        In the order in which the fields were given.
    own
        Field → per entity: whether it has a value of its own that fills that field.
    now
        Microseconds since 1970 UTC from which ages count; `NO_TIME` where nobody knows a time.
    """

    members: Members
    faults: Faults
    fields: Sequence[FieldMeasures]
    own: Mapping[str, Bools]
    now: int


def measure(
    members: Members,
    fields: Sequence[MeasuredField],
    classes: Mapping[str, Codes],
    class_names: Sequence[str],
    *,
    now: int | None = None,
) -> Measures:
    """Measure every field of every source.

    Parameters
    ----------
    members
        Records with their entities.
    fields
        The fields to measure.
    classes
        Field → per distinct normal form the position of its value class in `class_names`; fields without classes are absent.
    class_names
        Value classes, the first of which is personal.
    now
        Microseconds since 1970 UTC from which ages count; None: the latest event time.

    Examples
    --------
    >>> from omniid.tables import RecordTable
    >>> table = RecordTable.of([{"record_id": "1", "email": "a@x.com"}, {"record_id": "2", "email": None}])
    >>> members = Members(table, np.arange(2, dtype=np.int32), np.ones(2, bool))
    >>> found = measure(members, [MeasuredField("email")], {}, ("personal",))
    >>> found.fields[0].completeness.filled.tolist(), found.own["email"].tolist()
    ([1], [True, False])
    """
    faults, own, whole = read_faults(members.table), dict[str, Bools](), dict[str, Bools]()
    moment = latest_time(members) if now is None else now
    found = []
    for field in fields:
        faulty = faulty_rows(faults, field.name, len(members.table))
        filled = filled_rows(members, field, faulty)
        completeness = count_completeness(members, filled, faulty)
        marked = reason_marks(faults, field.name)
        column = members.table.columns.get(field.name) if field.has_forms else None
        uniqueness = agreement = staleness = None
        theirs = entirely = _flags(members, members.entity[filled & ~faulty])
        if column is not None:
            holding, n_values = members.hold(column), len(column.vocabulary)
            uses = find_uses(members, holding, n_values)
            special = special_marks(members, field, holding, uses, column.vocabulary, classes.get(field.name), class_names)
            marked += special
            kept = own_values(holding, special, whole=True)
            uniqueness = count_uniqueness(members, holding, uses)
            agreement = count_agreement(members, kept, n_values)
            staleness = None if moment == NO_TIME else count_staleness(members, kept, n_values, moment)
            entirely = _flags(members, members.entity_at.take(kept.presence))
            theirs = _flags(members, members.entity_at.take(own_values(holding, special).presence))
        for known, flags in ((own, theirs), (whole, entirely)):
            known[field.gap] = known[field.gap] | flags if field.gap in known else flags
        found.append((field, completeness, uniqueness, agreement, staleness, marked))
    measured = [
        FieldMeasures(*one, [count_marked(members, marked, _has(marked, own, whole)[one[0].gap]) for marked in one[-1]])
        for one in found
    ]
    return Measures(members, faults, measured, own, moment)


def _flags(members: Members, entities: Rows) -> Bools:
    """Per entity: whether it is among some."""
    out = np.zeros(len(members.is_person), bool)
    out[entities] = True
    return out


def _has(marked: Marked, own: Mapping[str, Bools], whole: Mapping[str, Bools]) -> Mapping[str, Bools]:
    """What a person must have to gain nothing: a whole value beside an incomplete one, any of his own beside another."""
    return whole if marked.mark == INCOMPLETE else own
