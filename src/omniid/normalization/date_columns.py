"""Dates and event times onto a record table: the order of day and month is decided per source and column."""

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omniid.normalization.date import compose_date, normalize_date
from omniid.normalization.day_order import date_order
from omniid.normalization.event_time import microseconds, normalize_time
from omniid.normalization.forms import Entries, Forms, aligned, by_context
from omniid.normalization.results import Results, known_only
from omniid.tables import Codes, Column, FieldPlan, NormalForm

__all__ = ["apply_date", "apply_time"]

EPOCH_DAY = "1970-01-01"
# 1970-01-01 is a default where it is far more frequent than any birthday can be by chance.
EPOCH_SHARE, EPOCH_COUNT, EPOCH_LEAD = 0.01, 5, 3


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
    column, forms = _read_column(results, field, columns["date"], normalize_date)
    forms = _without_epoch(results, column, forms)
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
    column, forms = _read_column(results, field, results.column(name), normalize_time)
    results.reject(name, column, forms.reason)
    results.set_time(column, microseconds(forms.value))
    results.show(name, Entries.of(column, forms))


def _read_column(
    results: Results, field: FieldPlan, column: Column, scalar: Callable[[str, str], NormalForm]
) -> tuple[Column, Forms]:
    """Read a column source by source, each in its own order of day and month."""
    table = results.table
    column, contexts = by_context(column, table.source)
    values = column.vocabulary.to_pylist()
    orders = []
    for place, source in enumerate(table.sources):
        mine = [values[at] for at in np.flatnonzero(contexts == place).tolist()]
        orders.append(date_order(mine, region=field.regions.get(source)))
    memo: dict[tuple[str, str], NormalForm] = {}
    forms = []
    for value, context in zip(values, contexts.tolist(), strict=True):
        key = (value, orders[context].for_value(value))
        if key not in memo:
            memo[key] = scalar(*key)
        forms.append(memo[key])
    return column, Forms.of(forms)


def _without_epoch(results: Results, column: Column, forms: Forms) -> Forms:
    """Reject 1970-01-01 in a source where it is far more frequent than any other day."""
    table = results.table
    rows, codes = column.present()
    of_day = pc.equal(forms.value, EPOCH_DAY).fill_null(False)
    if not pc.any(of_day).as_py():
        return forms
    dates = forms.value.dictionary_encode()
    day = dates.indices.fill_null(-1).to_numpy(zero_copy_only=False)[codes]
    epoch = dates.dictionary.to_pylist().index(EPOCH_DAY)
    bad = np.zeros(len(column.vocabulary), bool)
    reasons: list[str | None] = forms.reason.to_pylist()
    for place, source in enumerate(table.sources):
        days = day[(table.source[rows] == place) & (day >= 0)]
        if not len(days):
            continue
        counts = np.bincount(days, minlength=len(dates.dictionary))
        often, others = int(counts[epoch]), int(np.delete(counts, epoch).max(initial=0))
        if often < EPOCH_COUNT or often <= EPOCH_SHARE * len(days) or often < EPOCH_LEAD * others:
            continue
        here = np.zeros(len(bad), bool)
        here[codes[(table.source[rows] == place) & (day == epoch)]] = True
        bad |= here
        for at in np.flatnonzero(here).tolist():
            reasons[at] = f"placeholder date: {EPOCH_DAY} stands in {often} of {len(days)} dates of {source}"
    value = pc.if_else(pa.array(~bad), forms.value, pa.scalar(None, pa.large_string()))
    return Forms(value, forms.display, pa.array(reasons, pa.large_string()))


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
        texts.append(part.vocabulary.take(pa.array(at, mask=at < 0)).to_pylist())
    said = ["-".join(text for text in triple if text) for triple in zip(*texts, strict=True)]
    forms = Forms.of([compose_date(*triple) for triple in zip(*texts, strict=True)])
    present = np.array([bool(text) for text in said], bool)
    codes = np.where(present[codes], codes, np.int32(-1)).astype(np.int32) if len(said) else codes
    return Column(codes, pa.array(said, pa.large_string()), parts[0].offsets), forms
