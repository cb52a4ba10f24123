"""Limits compiled for the records at hand: entries of values, and which values may not meet."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid import similarity
from omniid.comparison import AnyOf, Comparison, Level, PairComparer
from omniid.comparison.record_levels import is_value_level
from omniid.errors import SpecError
from omniid.fields import Field, Identifier, tells_time
from omniid.frames.naming import did_you_mean
from omniid.limit_rules import AtMost, Disagree, LimitRule, OnePerSource
from omniid.tables import NO_TIME, Codes, Column, CountLimit, Limit, PairLimit, RecordTable
from omniid.tables.arrays import arrow_array, numpy_array, text_objects

__all__ = ["CompiledLimit", "compile_limits"]

NO_KINDS = frozenset({"attribute", "time", "identifier", "device"})  # of columns that share nothing but how they are treated
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class CompiledLimit:
    """A limit, what its codes stand for, and whom copies may not stand for.

    Parameters
    ----------
    limit
        As clustering takes it.
    values
        Code → the value, to be shown.
    apart
        bool per row: records of which the limit reads more than the columns that it names, such as the event time, so that a
        copy doesn't stand for them.
    """

    limit: Limit
    values: pa.LargeStringArray
    apart: Bools


def compile_limits(
    rules: Sequence[LimitRule], fields: Sequence[Field], table: RecordTable, comparisons: Sequence[Comparison]
) -> tuple[CompiledLimit, ...]:
    """Compile limits, each once.

    Parameters
    ----------
    rules
        The declared limits.
    fields
        What the columns hold.
    table
        The records as matching sees them.
    comparisons
        The comparisons of the run: `disagree` reads their levels.

    Raises
    ------
    SpecError
        If a limit names a kind, field or source that is not there, a window where no record has an event time, or a field
        that no comparison reads.

    Examples
    --------
    >>> from omniid.limit_rules import at_most
    >>> table = RecordTable.of([{"record_id": "1", "passport": "P1"}, {"record_id": "2", "passport": "P2"}])
    >>> (compiled,) = compile_limits([at_most("passport", 1)], [Identifier("passport", kind="passport")], table, [])
    >>> compiled.limit.codes.tolist(), compiled.values.to_pylist()
    ([0, 1], ['P1', 'P2'])
    """
    return tuple(_compile(rule, fields, table, comparisons) for rule in dict.fromkeys(rules))


def _compile(rule: LimitRule, fields: Sequence[Field], table: RecordTable, comparisons: Sequence[Comparison]) -> CompiledLimit:
    if isinstance(rule, OnePerSource):
        return _one_record(rule, table)
    name, free = str(rule), np.zeros(len(table), bool)
    if isinstance(rule, Disagree):
        columns = (rule.field,) if rule.field in table.columns else _columns_of(name, rule.field, fields, table)
    else:
        columns = _columns_of(name, rule.kind, fields, table)
    rows, codes, values = _one_vocabulary([table.columns[column] for column in columns])
    if isinstance(rule, Disagree):
        levels = _levels_of(name, columns, comparisons)
        return CompiledLimit(PairLimit(name, columns, rows, codes, apart=disagreement(values, levels)), values, free)
    if not isinstance(rule, AtMost):
        return CompiledLimit(PairLimit(name, columns, rows, codes, apart=more_than_one_edit(values)), values, free)
    if rule.per is None:
        return CompiledLimit(CountLimit(name, columns, rows, codes, n=rule.n), values, free)
    if (table.time == NO_TIME).all() and not tells_time(fields):
        raise SpecError(
            f"{name} needs event times, and no record has one: declare Timestamp(column), or leave per out to count all values"
        )
    free[rows] = True
    window = rule.per // timedelta(microseconds=1)
    return CompiledLimit(
        CountLimit(name, columns, rows, codes, n=rule.n, times=table.time.take(rows), window=window), values, free
    )


def _one_record(rule: OnePerSource, table: RecordTable) -> CompiledLimit:
    """No two records of one source: the record id is the value."""
    if rule.source not in table.sources:
        near = did_you_mean(rule.source, table.sources)
        raise SpecError(f"{rule} names no source; the sources are {', '.join(table.sources)}{near}")
    mine = table.source == table.sources.index(rule.source)
    rows = np.flatnonzero(mine).astype(np.int32)
    return CompiledLimit(CountLimit(str(rule), (), rows, rows, n=1), table.record_id, mine)


def _columns_of(limit: str, what: str, fields: Sequence[Field], table: RecordTable) -> tuple[str, ...]:
    """The columns of an identifier kind or of a kind of field, else the column of that name."""
    identifiers = {field.column: field.kind for field in fields if isinstance(field, Identifier)}
    kinds = {column: kind for field in fields for column, kind in field.columns().items() if kind not in NO_KINDS} | identifiers
    named = [column for column, kind in kinds.items() if kind == what] or [what]
    found = tuple(column for column in named if column in table.columns)
    if not found:
        known = sorted(
            {*identifiers.values(), *(kind for column, kind in kinds.items() if column in table.columns), *table.columns}
        )
        raise SpecError(f"{limit} names no field or identifier kind; there are {', '.join(known)}{did_you_mean(what, known)}")
    return found


def _one_vocabulary(columns: Sequence[Column]) -> tuple[Codes, Codes, pa.LargeStringArray]:
    """Entries of several columns as codes of one sorted vocabulary."""
    values = pc.unique(pa.chunked_array([column.vocabulary for column in columns]))
    values = values.take(pc.array_sort_indices(values))
    parts = [column.present() for column in columns]
    places = [numpy_array(pc.index_in(column.vocabulary, value_set=values)).astype(np.int32) for column in columns]
    codes = [place[of] for place, (_, of) in zip(places, parts, strict=True)]
    return np.concatenate([rows for rows, _ in parts]), np.concatenate(codes), values


def _levels_of(limit: str, columns: Sequence[str], comparisons: Sequence[Comparison]) -> list[Level]:
    """The levels on values of the field's comparison; those on whole records say nothing of two values."""
    for comparison in comparisons:
        levels = [level for _, level, field in comparison.parts() if is_value_level(level) and field in columns]
        if levels:
            return levels
    compared = sorted({field for comparison in comparisons for field in comparison.fields})
    raise SpecError(f"{limit}: no comparison reads {' or '.join(columns)}; compared are {', '.join(compared)}")


def disagreement(values: pa.LargeStringArray, levels: Sequence[Level]) -> Callable[[Codes, Codes], Bools]:
    """Tell of which pairs of values no level holds.

    Examples
    --------
    >>> from omniid.comparison import JaroWinkler
    >>> apart = disagreement(pa.array(["anna", "boris", "hanna"], pa.large_string()), [JaroWinkler(0.8)])
    >>> apart(np.array([0, 0], np.int32), np.array([1, 2], np.int32)).tolist()
    [True, False]
    """
    codes = np.arange(len(values), dtype=np.int32)
    column = Column(codes, values)
    empty = RecordTable.of([])
    table = RecordTable((), codes, values, {}, {"value": column}, {}, np.full(len(values), NO_TIME), empty.rejects)
    comparer = PairComparer(table, [Comparison("value", ("value",), [AnyOf(levels, name="agree")])])
    return lambda left, right: comparer.levels(left, right)[:, 0] == 0


def more_than_one_edit(values: pa.LargeStringArray) -> Callable[[Codes, Codes], Bools]:
    """Tell which pairs of values are more than one edit apart.

    Examples
    --------
    >>> apart = more_than_one_edit(pa.array(["12345678", "12345687", "87654321"], pa.large_string()))
    >>> apart(np.array([0, 0], np.int32), np.array([1, 2], np.int32)).tolist()
    [False, True]
    """

    def apart(left: Codes, right: Codes) -> Bools:
        texts = (text_objects(values.take(arrow_array(side))) for side in (left, right))
        return np.asarray(similarity.edits("damerau", *texts) > 1, np.bool_)

    return apart
