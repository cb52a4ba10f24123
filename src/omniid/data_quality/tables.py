"""The figures as tables: per source, per source and field, per pair of sources and field."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from omniid.data_quality.agreement import people_in_both
from omniid.data_quality.faults import Faults
from omniid.data_quality.mark_counts import top_values
from omniid.data_quality.marks import MARKS
from omniid.data_quality.measures import FieldMeasures, Measures
from omniid.data_quality.members import Bools, Counts, Members
from omniid.tables import NO_TIME
from omniid.tables.arrays import arrow_array, distinct, text_array

__all__ = ["agreement_table", "classes_table", "fields_table", "rejects_table", "sources_table", "values_table"]

TIME = pa.timestamp("us", tz="UTC")
Floats = npt.NDArray[np.float64]
TEXT, WHOLE, SHARE = pa.large_string(), pa.int64(), pa.float64()
FIELD_TEXTS = [(name, TEXT) for name in ("source", "field", "kind")]
SHARES = ("completeness", "validity", "uniqueness", "agreement", "staleness", "behind_days", "age_days", "age_90_days")
FIELD_NUMBERS = [
    (name, SHARE if name in SHARES else WHOLE)
    for name in (
        *("records", "filled", "completeness", "valid", "validity", "values", "different", "uniqueness"),
        *("several", "several_people", "people", "compared", "confirmed", "agreement"),
        *("dated", "stale", "staleness", "behind_days", "age_days", "age_90_days"),
    )
]
NEEDS = {  # what a share is undefined without
    "validity": "no value was sent",
    "uniqueness": "no value is kept in this field",
    "agreement": "nobody has a value here and in another source",
    "staleness": "no value has an event time",
}


def sources_table(measures: Measures) -> pa.Table:
    """Table of sources: how many records, people and duplicates each has, and the rows that could not be read.

    source, records, people, anonymous (entities), several (people with several records in the source), extra (their records
    beyond the first), unread (rows that could not be read), first_time, last_time (event times, null where unknown).
    """
    members, faults = measures.members, measures.faults
    n = members.n_sources
    records = np.bincount(members.presence_of, minlength=len(members.entity_at))
    theirs = members.person_at
    several = np.flatnonzero(theirs & (records > 1))
    unread = {name: int((faults.source[faults.are_rows] == code).sum()) for code, name in enumerate(faults.sources)}
    names = [*members.table.sources, *sorted(set(unread) - set(members.table.sources))]
    first, last = _times(members)
    columns = {
        "records": np.bincount(members.table.source, minlength=n),
        "people": members.people_by_source(np.arange(len(theirs))),
        "anonymous": np.bincount(members.source_at[~theirs], minlength=n),
        "several": np.bincount(members.source_at[several], minlength=n),
        "extra": np.bincount(members.source_at[several], weights=records[several] - 1, minlength=n),
    }
    more = np.zeros(len(names) - len(members.table.sources), np.int64)
    size = len(members.table.sources)
    return pa.table(
        {
            "source": text_array(names),
            **{name: arrow_array(np.append(counts[:size].astype(np.int64), more)) for name, counts in columns.items()},
            "unread": arrow_array(np.array([unread.get(name, 0) for name in names], np.int64)),
            "first_time": _moments(np.append(first[:size], np.full(len(more), NO_TIME))),
            "last_time": _moments(np.append(last[:size], np.full(len(more), NO_TIME))),
        }
    )


def fields_table(measures: Measures, sent: Callable[[str, str], bool]) -> pa.Table:
    """Table of sources × fields, for the fields that a source sends.

    Parameters
    ----------
    measures
        The figures.
    sent
        (source, field) → whether the source sends the field though no record fills it.

    Returns
    -------
    pyarrow.Table
        source, field, kind, records, filled, completeness, valid, validity, values, different, uniqueness, several,
        several_people, people, compared, confirmed, agreement, dated, stale, staleness, behind_days, age_days, age_90_days,
        undefined. A share that is undefined is nan, and `undefined` says why.
    """
    sources = measures.members.table.sources
    records = np.bincount(measures.members.table.source, minlength=measures.members.n_sources)
    rows: list[list[Any]] = []
    for code, source in enumerate(sources):
        for one in measures.fields:
            filled = int(one.completeness.filled[code])
            if records[code] and (filled or sent(source, one.field.name)):
                rows.append(_field_row(one, source, code, int(records[code])))
    return table_of(rows, [*FIELD_TEXTS, *FIELD_NUMBERS, ("undefined", TEXT)])


def _field_row(one: FieldMeasures, source: str, code: int, records: int) -> list[Any]:
    filled, valid = (int(counts[code]) for counts in one.completeness)
    unique, agreed, timed = one.uniqueness, one.agreement, one.staleness
    values, different, several, several_people, people = (
        (int(counts[code]) for counts in unique) if unique is not None else (0,) * 5
    )
    compared = confirmed = dated = stale = 0
    behind = age = age_90 = np.nan
    if agreed is not None:
        compared, confirmed = int(agreed.compared[code]), int(agreed.confirmed[code])
    if timed is not None:
        dated, stale = int(timed.dated[code]), int(timed.stale[code])
        behind, age, age_90 = (float(days[code]) for days in (timed.behind, timed.age, timed.age_90))
    shares = {
        "validity": _share(valid, filled),
        "uniqueness": _share(different, values),
        "agreement": _share(confirmed, compared),
        "staleness": _share(stale, dated),
    }
    without = NEEDS if unique is not None else dict.fromkeys(NEEDS, "this field has no values to compare")
    undefined: dict[str, list[str]] = {}
    for name, share in shares.items():
        if np.isnan(share):
            undefined.setdefault(without[name], []).append(name)
    return [
        *(source, one.field.name, one.field.kind, records, filled, _share(filled, records), valid, shares["validity"]),
        *(values, different, shares["uniqueness"], several, several_people, people, compared, confirmed, shares["agreement"]),
        *(dated, stale, shares["staleness"], behind, age, age_90),
        "; ".join(f"{', '.join(names)}: {why}" for why, names in undefined.items()),
    ]


def agreement_table(measures: Measures) -> pa.Table:
    """Table of pairs of sources × fields: how often they say the same of a person.

    source, other_source, field, people, agree, disagree, only_source, only_other, agreement. `people` are those whom both
    sources know; of those who are left, neither has a value. Pairs that have nobody in common, or of which one never fills the
    field, are left out.
    """
    people = people_in_both(measures.members)
    names = measures.members.table.sources
    rows: list[list[Any]] = []
    for left, right in zip(*(side.tolist() for side in np.nonzero(people)), strict=True):
        for one in measures.fields:
            found = one.agreement
            if found is None or not one.completeness.filled[left] or not one.completeness.filled[right]:
                continue
            counts = [int(part[left, right]) for part in found[:4]]
            share = _share(counts[0], counts[0] + counts[1])
            rows.append([names[left], names[right], one.field.name, int(people[left, right]), *counts, share])
    counted = [(name, WHOLE) for name in ("people", "agree", "disagree", "only_source", "only_other")]
    return table_of(rows, [("source", TEXT), ("other_source", TEXT), ("field", TEXT), *counted, ("agreement", SHARE)])


def classes_table(measures: Measures) -> pa.Table:
    """Table of marked values, counted: source, field, class, values, records, people, without_other.

    `without_other` are the people who have no value of their own of that field in any record.
    """
    rows: list[list[Any]] = []
    for one in measures.fields:
        for marked, counted in zip(one.marked, one.counted, strict=True):
            rows += [
                [source, one.field.name, marked.mark, *(int(counts[code]) for counts in counted)]
                for code, source in enumerate(measures.members.table.sources)
                if counted.records[code]
            ]
    rows.sort(key=lambda row: (row[0], row[1], MARKS.index(row[2])))
    numbers = [(name, WHOLE) for name in ("values", "records", "people", "without_other")]
    return table_of(rows, [("source", TEXT), ("field", TEXT), ("class", TEXT), *numbers])


def values_table(measures: Measures, *, most: int, examples: bool = True) -> pa.Table:
    """Table of marked values, those of most records: source, field, class, value, records, people.

    Parameters
    ----------
    measures
        The figures.
    most
        Values of each source, field and class, at most.
    examples
        Whether to show the values; without, `value` is null.
    """
    names = measures.members.table.sources
    rows: list[list[Any]] = []
    for one in measures.fields:
        for marked in one.marked:
            rows += [
                [names[top.source], one.field.name, marked.mark, top.value, top.records, top.people]
                for top in top_values(measures.members, marked, most)
            ]
    rows.sort(key=lambda row: (MARKS.index(row[2]), -row[4], row[0], row[1], row[3]))
    for row in rows if not examples else ():
        row[3] = None
    texts = [(name, TEXT) for name in ("source", "field", "class", "value")]
    return table_of(rows, [*texts, ("records", WHOLE), ("people", WHOLE)])


def rejects_table(measures: Measures, *, examples: bool = True) -> pa.Table:
    """Table of rejects by reason: source, field, reason, rejects, records, people, without_other, value, times, detail.

    The most frequent value of each group stands in `value`, with the number of its rejects in `times` and its reason in full
    in `detail`; without `examples` both texts are null. `field` is null where whole rows could not be read.

    Parameters
    ----------
    measures
        The figures.
    examples
        Whether to show values.
    """
    members, faults = measures.members, measures.faults
    gaps = {one.field.name: one.field.gap for one in measures.fields}
    key = faults.source.astype(np.int64) * max(len(faults.fields), 1) + faults.field
    key = key * max(len(faults.reasons), 1) + faults.reason
    order = np.argsort(key, kind="stable")
    bounds = np.flatnonzero(np.append(True, np.diff(key[order]) != 0)) if len(order) else np.zeros(0, np.int64)
    rows: list[list[Any]] = []
    for at in np.split(order, bounds[1:]) if len(order) else ():
        first = int(at[0])
        field = faults.fields[int(faults.field[first])]
        own = measures.own.get(gaps.get(field, field), np.zeros(len(members.is_person), bool))
        value, times, detail = _commonest(faults, at) if examples else (None, _commonest(faults, at)[1], None)
        rows.append(
            [
                *(faults.sources[int(faults.source[first])], field or None, faults.reasons[int(faults.reason[first])], len(at)),
                *_whose(members, faults.row[at], own),
                *(value, times, detail),
            ]
        )
    rows.sort(key=lambda row: (-row[3], row[0], row[1] or "", row[2]))
    texts = [(name, TEXT) for name in ("source", "field", "reason")]
    numbers = [(name, WHOLE) for name in ("rejects", "records", "people", "without_other")]
    return table_of(rows, [*texts, *numbers, ("value", TEXT), ("times", WHOLE), ("detail", TEXT)])


def _whose(members: Members, rows: npt.NDArray[np.integer], own: Bools) -> tuple[int, int, int]:
    """Records, people, and people without a value of their own."""
    rows = distinct(rows[rows >= 0])
    entities = distinct(members.entity[rows])
    people = entities[members.is_person[entities]]
    return len(rows), len(people), int((~own[people]).sum())


def _commonest(faults: Faults, at: npt.NDArray[np.integer]) -> tuple[str | None, int, str | None]:
    """The most frequent value of some rejects, of equally frequent ones the first, its number, and its reason in full."""
    values = faults.value[at]
    codes, counts = np.unique(values[values >= 0], return_counts=True)
    if not len(codes):
        return None, 0, faults.wholes[int(faults.details[at].min())]
    most = codes[counts == counts.max()]
    value, code = min((str(faults.values[int(one)].as_py()), int(one)) for one in most)
    return value, int(counts.max()), faults.wholes[int(faults.details[at][values == code].min())]


def _times(members: Members) -> tuple[Counts, Counts]:
    """The first and the last event time of each source, `NO_TIME` without any."""
    latest = int(np.iinfo(np.int64).max)
    first = np.full(members.n_sources, latest, np.int64)
    last = np.full(members.n_sources, NO_TIME, np.int64)
    known = members.table.time != NO_TIME
    np.minimum.at(first, members.table.source[known], members.table.time[known])
    np.maximum.at(last, members.table.source[known], members.table.time[known])
    return np.where(first == latest, NO_TIME, first), last


def _moments(times: Counts) -> pa.Array:
    return arrow_array(times, present=times != NO_TIME).cast(TIME)


def _share(part: int, whole: int) -> float:
    """A share, nan where there is nothing to share."""
    return part / whole if whole else np.nan


def table_of(rows: Sequence[Sequence[Any]], schema: Sequence[tuple[str, pa.DataType]]) -> pa.Table:
    """Rows as a table; nan is null nowhere."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    return pa.table({name: _column(column, kind) for (name, kind), column in zip(schema, columns, strict=True)})


def _column(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    if kind == TEXT:
        return text_array(list(values))
    return arrow_array(np.array(values, np.float64 if kind == SHARE else np.int64))
