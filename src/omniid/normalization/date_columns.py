"""Dates and event times onto a record table: the order of day and month is decided per source and column."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.byte_arrays import select
from omniid.normalization.date import compose_date, normalize_date
from omniid.normalization.day_order import DateOrder, decide_order, order_votes
from omniid.normalization.event_time import microseconds, normalize_time
from omniid.normalization.forms import Entries, Forms, aligned, by_context, encode
from omniid.normalization.numeric_times import COUNTED, DAY, ISO, ORDERED, Written, iso_days, iso_times, read_written
from omniid.normalization.results import Results, known_only
from omniid.normalization.spelled_dates import add_spelled
from omniid.tables import NO_TIME, Codes, Column, FieldPlan, NormalForm, RecordTable
from omniid.tables.arrays import arrow_array, distinct, numpy_array, text_array, text_scalar

__all__ = ["apply_date", "apply_time", "choose_dates", "read_event_times", "read_times"]

Mask = npt.NDArray[np.bool_]
Micros = npt.NDArray[np.int64]

EPOCH_DAY = "1970-01-01"
# 1970-01-01 is a default where it is far more frequent than any birthday can be by chance.
EPOCH_SHARE, EPOCH_COUNT, EPOCH_LEAD = 0.01, 5, 3
# The times that event times may lie between: 1900 to the end of 2100.
FIRST_TIME, LAST_TIME = -25_567 * DAY, 47_847 * DAY


def apply_date(results: Results, field: FieldPlan) -> None:
    """Write the date of one field plan, read from its column or composed of year, month and day.

    Examples
    --------
    >>> from omniid.tables import RecordTable
    >>> table = RecordTable.of([{"record_id": "1", "born": "03/04/1990"}, {"record_id": "2", "born": "12/25/1990"}])
    >>> plan = FieldPlan("date", {"date": "born"})
    >>> results = Results(table, [plan])
    >>> apply_date(results, plan)
    >>> results.done().columns["born"].vocabulary.to_pylist()
    ['1990-03-04', '1990-12-25']
    """
    parts = ("date", "year", "month", "day")
    columns = dict(zip(parts, aligned([results.column(field.roles.get(part)) for part in parts]), strict=True))
    column, forms = _read_dates(results, field, columns["date"])
    forms = _without_epoch(results, field, column, forms)
    found = Entries.of(column, forms)
    if "date" in field.roles:
        results.reject(field.roles["date"], column, forms.reason)
    if "year" in field.roles:
        composed, composed_forms = _compose([columns[part] for part in parts[1:]])
        results.reject(field.roles["year"], composed, composed_forms.reason)
        found = found.otherwise(known_only(Entries.of(composed, composed_forms)))
    anchor = next(iter(field.roles.values()))
    results.write(results.name(field.roles.get("date"), "birth_date", anchor), found)


def apply_time(results: Results, field: FieldPlan) -> None:
    """Fill the table's event times from one column, and keep what was said for showing.

    Examples
    --------
    >>> from omniid.tables import RecordTable
    >>> table = RecordTable.of([{"record_id": "1", "seen": "1970-01-01T00:00:02Z"}])
    >>> plan = FieldPlan("time", {"time": "seen"})
    >>> results = Results(table, [plan])
    >>> apply_time(results, plan)
    >>> results.done().time.tolist()
    [2000000]
    """
    name = field.roles["time"]
    raw = results.column(name)
    column, micros, reason = read_times(results, field, raw)
    results.reject(name, column, reason)
    results.set_time(column, micros)
    results.show(name, encode(raw.codes, raw.vocabulary, raw.offsets), _shown_times(column, micros))


def _in_order(results: Results, field: FieldPlan, column: Column) -> tuple[Column, Written, list[DateOrder], Codes]:
    """Values by source, what is written in them, the order of day and month of each source, the source of each value."""
    table = results.table
    column, contexts = by_context(column, table.source)
    written = read_written(column.vocabulary)
    add_spelled(written, column.vocabulary)
    orders = []
    for place, source in enumerate(table.sources):
        if field.dates is not None:
            orders.append(_frozen_order(field, source))
            continue
        here = contexts == place
        others = select(column.vocabulary, here & (written.layout != ISO) & (written.layout != ORDERED)).to_pylist()
        votes = order_votes(others)
        orders.append(
            decide_order({key: votes[key] + more for key, more in written.votes(here).items()}, field.regions.get(source))
        )
    return column, written, orders, contexts


def _frozen_order(field: FieldPlan, source: str) -> DateOrder:
    """The order that a model has for a source; of one that it has not met, the usual one of the region."""
    if field.dates is None or source not in field.dates:
        return decide_order(order_votes([]), field.regions.get(source))
    order, dotted, _ = field.dates[source]
    return DateOrder(order, "as when the model was fitted", dotted)


def choose_dates(table: RecordTable, plan: Sequence[FieldPlan]) -> dict[str, dict[str, tuple[str, str, bool]]]:
    """Decide how the dates of every source are read, so that it can be frozen: column → source → choice.

    Parameters
    ----------
    table
        Raw records.
    plan
        What each column holds.

    Returns
    -------
    dict
        As in `FrozenChoices`, of the columns of dates and event times that are there.

    Examples
    --------
    >>> table = RecordTable.of([{"record_id": "1", "born": "12/25/1990"}])
    >>> choose_dates(table, [FieldPlan("date", {"date": "born"})])
    {'born': {'records': ('month-first', 'day-first', False)}}
    """
    found: dict[str, dict[str, tuple[str, str, bool]]] = {}
    for field in plan:
        name = field.dated
        if name is None or name not in table.raw:
            continue
        results = Results(table, [field])
        column, _, orders, _ = _in_order(results, field, results.column(name))
        defaults = {}
        if field.kind == "date":
            column, forms = _read_dates(results, field, results.column(name))
            defaults = _epoch_sources(table, field, column, forms)
        found[name] = {
            source: (said.order, said.dotted, source in defaults) for source, said in zip(table.sources, orders, strict=True)
        }
    return found


def _month_first(written: Written, orders: list[DateOrder], contexts: Codes) -> Mask:
    """Whether each value is read month first."""
    plain, dotted = (
        np.array([order == "month-first" for order in said], bool)
        for said in ([o.order for o in orders], [o.dotted for o in orders])
    )
    found: Mask = np.where(written.dotted(), dotted.take(contexts), plain.take(contexts))
    return found


def _one_by_one(
    column: Column,
    rest: npt.NDArray[np.int64],
    orders: list[DateOrder],
    contexts: Codes,
    scalar: Callable[[str, str], NormalForm],
) -> Forms:
    """Read the values at some positions by a scalar function, each pair of value and order once."""
    memo: dict[tuple[str, str], NormalForm] = {}
    forms = []
    for value, context in zip(column.vocabulary.take(arrow_array(rest)).to_pylist(), contexts[rest].tolist(), strict=True):
        key = (value, orders[context].for_value(value))
        if key not in memo:
            memo[key] = scalar(*key)
        forms.append(memo[key])
    return Forms.of(forms)


def _read_dates(results: Results, field: FieldPlan, column: Column) -> tuple[Column, Forms]:
    """The dates of a column, those in digits all at once."""
    column, written, orders, contexts = _in_order(results, field, column)
    good, days = written.days(_month_first(written, orders, contexts))
    at, rest = np.flatnonzero(good), np.flatnonzero(~good)
    slow = _one_by_one(column, rest, orders, contexts, normalize_date)
    return column, Forms.joined((at, _as_shown(iso_days(days[at]))), (rest, slow))


def read_times(results: Results, field: FieldPlan, column: Column) -> tuple[Column, Micros, pa.LargeStringArray]:
    """Read the times of a column: its entries, the microseconds of each distinct value, and the reason against it.

    Examples
    --------
    >>> from omniid.tables import RecordTable
    >>> table = RecordTable.of([{"record_id": "1", "seen": "1970-01-01T00:00:02Z"}])
    >>> plan = FieldPlan("time", {"time": "seen"})
    >>> read_times(Results(table, [plan]), plan, table.raw["seen"])[1].tolist()
    [2000000]
    """
    column, written, orders, contexts = _in_order(results, field, column)
    good, days = written.days(_month_first(written, orders, contexts))
    counted = written.layout == COUNTED
    micros = np.where(counted, 0, days * DAY) + written.micros
    good = (good | counted) & (micros >= FIRST_TIME) & (micros < LAST_TIME)
    rest = np.flatnonzero(~good)
    slow = _one_by_one(column, rest, orders, contexts, normalize_time)
    micros[rest] = microseconds(slow.value)
    at = np.zeros(len(micros), np.int64)
    at[rest] = np.arange(1, len(rest) + 1)
    reasons = pa.concat_arrays([pa.nulls(1, pa.large_string()), slow.reason])
    return column, micros, reasons.take(arrow_array(at))


def read_event_times(
    table: RecordTable, name: str, regions: Mapping[str, str]
) -> tuple[Codes, Micros, pa.LargeStringArray, pa.LargeStringArray]:
    """Read a raw column of event times, by the rules of a `time` field.

    Parameters
    ----------
    table
        Raw records or events.
    name
        The column.
    regions
        Source → region, whose order of day and month is taken where the values don't tell.

    Returns
    -------
    codes, micros, values, reasons
        int32 per row, and per distinct value: microseconds since 1970 UTC or `NO_TIME`, the value, and why it was not read.

    Examples
    --------
    >>> table = RecordTable.of([{"record_id": "1", "at": "1970-01-01T00:00:01Z"}, {"record_id": "2", "at": "soon"}])
    >>> codes, micros, values, reasons = read_event_times(table, "at", {})
    >>> micros[codes[0]].item(), reasons[codes[1]].as_py()
    (1000000, 'not a time: soon')
    """
    column, micros, reasons = read_times(Results(table, []), FieldPlan("time", {"time": name}, regions), table.raw[name])
    return column.codes, micros, column.vocabulary, reasons


def _shown_times(column: Column, micros: Micros) -> Column:
    """Times as they are shown."""
    distinct, place = np.unique(micros, return_inverse=True)
    unknown = int(len(distinct) > 0 and distinct[0] == NO_TIME)
    codes = np.append(place.reshape(-1).astype(np.int32) - np.int32(unknown), np.int32(-1))
    return encode(codes[column.codes], iso_times(distinct[unknown:]), column.offsets)


def _as_shown(values: pa.LargeStringArray) -> Forms:
    """Normal forms that are shown as they are."""
    return Forms(values, values, pa.nulls(len(values), pa.large_string()))


def _without_epoch(results: Results, field: FieldPlan, column: Column, forms: Forms) -> Forms:
    """Reject 1970-01-01 in a source where it is far more frequent than any other day."""
    table = results.table
    is_epoch = numpy_array(pc.equal(forms.value, text_scalar(EPOCH_DAY)))
    defaults = _epoch_sources(table, field, column, forms) if is_epoch.any() else {}
    if not defaults:
        return forms
    rows, codes = column.present()
    bad = np.zeros(len(column.vocabulary), bool)
    reasons: list[str | None] = forms.reason.to_pylist()
    for source, reason in defaults.items():
        here = distinct(codes[(table.source[rows] == table.sources.index(source)) & is_epoch[codes]])
        bad[here] = True
        for at in here.tolist():
            reasons[at] = reason
    value = pc.if_else(arrow_array(~bad), forms.value, text_scalar(None))
    return Forms(value, forms.display, text_array(reasons))


def _epoch_sources(table: RecordTable, field: FieldPlan, column: Column, forms: Forms) -> dict[str, str]:
    """Source → why 1970-01-01 is no date there, for the sources where it is a default."""
    if field.dates is not None:
        frozen = field.dates
        return {
            source: f"stop value: {EPOCH_DAY} is a default of {source}"
            for source in table.sources
            if source in frozen and frozen[source][2]
        }
    found: dict[str, str] = {}
    rows, codes = column.present()
    dates = forms.value.dictionary_encode()
    if EPOCH_DAY not in dates.dictionary.to_pylist():
        return found
    day = numpy_array(dates.indices, null=-1)[codes]
    epoch = dates.dictionary.to_pylist().index(EPOCH_DAY)
    for place, source in enumerate(table.sources):
        days = day[(table.source[rows] == place) & (day >= 0)]
        if not len(days):
            continue
        counts = np.bincount(days, minlength=len(dates.dictionary))
        often, others = int(counts[epoch]), int(np.delete(counts, epoch).max(initial=0))
        if often < EPOCH_COUNT or often <= EPOCH_SHARE * len(days) or often < EPOCH_LEAD * others:
            continue
        found[source] = f"stop value: {EPOCH_DAY} stands in {often} of {len(days)} dates of {source}"
    return found


def _compose(parts: list[Column]) -> tuple[Column, Forms]:
    """Dates of year, month and day columns of one layout, once per distinct combination."""
    codes: Codes = parts[0].codes
    for part in parts[1:]:
        pairs = codes.astype(np.int64) * (len(part.vocabulary) + 1) + part.codes + 1
        codes = np.unique(pairs, return_inverse=True)[1].reshape(-1).astype(np.int32)
    sample = np.unique(codes, return_index=True)[1]
    texts = []
    for part in parts:
        at = part.codes[sample]
        texts.append(part.vocabulary.take(arrow_array(at, present=at >= 0)).to_pylist())
    said = ["-".join(text for text in triple if text) for triple in zip(*texts, strict=True)]
    forms = Forms.of([compose_date(*triple) for triple in zip(*texts, strict=True)])
    present = np.array([bool(text) for text in said], bool)
    codes = np.where(present[codes], codes, np.int32(-1)).astype(np.int32) if len(said) else codes
    return Column(codes, text_array(said), parts[0].offsets), forms
