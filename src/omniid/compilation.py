"""Declarations compiled for the data at hand: what the stages take instead of a spec."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from omniid.comparison import Comparison
from omniid.decisions import decided_pairs
from omniid.errors import SpecError
from omniid.fields import Address, Field, Identifier, PersonName, roles
from omniid.frames import Inputs
from omniid.matching import FellegiSunter, LinkRule
from omniid.spec import Spec
from omniid.survivorship import SurvivorshipRule, longest, most_frequent, most_recent, same_record_as, union
from omniid.tables import Codes, Column, ComparisonTraits, Decision, FieldPlan, Limit, RecordTable, Rows

__all__ = ["Plan", "compile_plan", "field_plans", "separators_for", "source_columns"]

SEPARATORS = {"email": ";|,", "phone": ";|,", "identifier": ";|", "device": ";|"}
CONTRADICTIONS = ("first_name", "last_name", "birth_date")


@dataclass(frozen=True, eq=False)
class Plan:
    """A spec compiled for the records at hand.

    Parameters
    ----------
    kinds
        Column → kind of value, for the columns that are evidence.
    comparisons
        The comparisons, in order.
    matcher
        The estimator.
    link_rules
        Agreements that link on their own.
    limits
        What no cluster may exceed.
    must, cannot
        Decided pairs of rows.
    survivorship
        Field → chain of rules.
    trust
        Source → trust.
    apart
        bool per row: records that decisions or one_per_source read one by one, so that copies of them stay apart.
    """

    kinds: Mapping[str, str]
    comparisons: tuple[Comparison, ...]
    matcher: FellegiSunter
    link_rules: tuple[LinkRule, ...]
    limits: tuple[Limit, ...]
    must: Rows
    cannot: Rows
    survivorship: Mapping[str, Sequence[SurvivorshipRule]]
    trust: Mapping[str, int]
    apart: npt.NDArray[np.bool_]

    @property
    def traits(self) -> tuple[ComparisonTraits, ...]:
        """What the matcher must know of the comparisons."""
        return tuple(comparison.traits for comparison in self.comparisons)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that matching and limits read."""
        limited = {limit.field for limit in self.limits}
        return tuple(sorted(set(self.kinds) | limited | {column for one in self.comparisons for column in one.fields}))


def compile_plan(spec: Spec, table: RecordTable, decisions: Sequence[Decision]) -> Plan:
    """Compile a spec for normalised records, so that all that is wrong with it is said before the long work starts.

    Raises
    ------
    SpecError
        If a part names a field or source that is not there.
    InputError
        If a decision names a record that is not there.
    """
    comparisons = _comparisons(spec, table)
    must, cannot = decided_pairs(table, decisions)
    apart = np.zeros(len(table), bool)
    apart[np.concatenate([must.ravel(), cannot.ravel()])] = True
    for rule in spec.limits:
        if rule.n == 0 and rule.what in table.sources:
            apart |= table.source == table.sources.index(rule.what)
    return Plan(
        _column_kinds(spec, table),
        comparisons,
        spec.matcher,
        _link_rules(spec, comparisons),
        tuple(_limit(str(rule), rule.what, rule.n, spec, table) for rule in spec.limits),
        must,
        cannot,
        _survivorship(spec, table),
        {name: source.trust for name, source in spec.sources.items()},
        apart,
    )


def source_columns(spec: Spec, inputs: Inputs) -> dict[str, dict[str, str]]:
    """Map the columns of every source to the columns that the fields read.

    Raises
    ------
    SpecError
        If a field reads a column that no source has; the message lists the columns that there are.
    """
    needed = {column for field in spec.fields for column in roles(field).values()}
    maps: dict[str, dict[str, str]] = {}
    for frame in inputs.frames:
        declared = dict(spec.sources[frame.name].columns) if frame.name in spec.sources else {}
        same = {name: name for name in frame.table.column_names if name in needed and name not in declared}
        maps[frame.name] = {**declared, **same}
    fed = {column for columns in maps.values() for column in columns.values()}
    for field in spec.fields:
        _check_fed(field, fed, inputs)
    return maps


def _check_fed(field: Field, fed: set[str], inputs: Inputs) -> None:
    """Refuse a field whose columns no source has; the parts that a full text fills may be absent."""
    filled_by_whole = isinstance(field, PersonName | Address) and field.full is not None
    wanted = [field.full] if filled_by_whole and isinstance(field, PersonName | Address) else list(roles(field).values())
    if getattr(field, "year", None):
        wanted = [part for part in wanted if part != field.column]  # type: ignore[attr-defined]  # only Date has a year
    for column in wanted:
        if column not in fed:
            there = sorted({name for frame in inputs.frames for name in frame.table.column_names})
            near = difflib.get_close_matches(str(column), there, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise SpecError(
                f"{type(field).__name__} reads column {column!r}, which no source has{hint} Columns: {', '.join(there)}. "
                f"Correct the field, or map the column in Source(columns={{...}})."
            )


def separators_for(spec: Spec) -> dict[str, str]:
    """Characters that part several values in one cell, for the columns where they can."""
    return {column: SEPARATORS[kind] for field in spec.fields for column, kind in field.columns().items() if kind in SEPARATORS}


def field_plans(spec: Spec) -> list[FieldPlan]:
    """Compile how each field is normalised."""
    regions = {name: source.region for name, source in spec.sources.items() if source.region is not None}
    return [FieldPlan(field.normalizer, roles(field), regions) for field in spec.fields]


def _column_kinds(spec: Spec, table: RecordTable) -> dict[str, str]:
    """Map every filled column that is evidence to the kind of value in it."""
    kinds = {column: kind for field in spec.fields for column, kind in field.columns().items()}
    evidence = {column: kind for column, kind in kinds.items() if kind not in ("attribute", "time")}
    return {
        column: kind for column, kind in evidence.items() if column in table.columns and len(table.columns[column].vocabulary)
    }


def _comparisons(spec: Spec, table: RecordTable) -> tuple[Comparison, ...]:
    """Return the declared comparisons, else each field's default, for the columns that hold anything."""
    if spec.comparisons is not None:
        for comparison in spec.comparisons:
            for column in comparison.fields:
                if column not in table.columns:
                    known = ", ".join(sorted(table.columns))
                    raise SpecError(f"comparison {comparison.name!r} reads {column!r}; the fields are {known}")
        return tuple(spec.comparisons)
    filled = _column_kinds(spec, table)
    return tuple(one for field in spec.fields for one in field.comparisons(filled) if set(one.fields) & set(filled))


def _link_rules(spec: Spec, comparisons: Sequence[Comparison]) -> tuple[LinkRule, ...]:
    """One rule per strong identifier: equal values link on their own unless names or birth dates contradict."""
    names = {comparison.name for comparison in comparisons}
    unless = {name: ("else",) for name in CONTRADICTIONS if name in names}
    strong = [
        column for field in spec.fields for column, kind in field.columns().items() if kind in ("email", "phone", "identifier")
    ]
    return tuple(LinkRule(f"same {column}", {column: "exact"}, unless) for column in strong if column in names)


def _limit(name: str, what: str, n: int, spec: Spec, table: RecordTable) -> Limit:
    if n == 0:
        if what not in table.sources:
            raise SpecError(f"{name} names no source; the sources are {', '.join(table.sources)}")
        rows = np.flatnonzero(table.source == table.sources.index(what)).astype(np.int32)
        return Limit(name, "record_id", 1, rows, rows)
    columns = [field.column for field in spec.fields if isinstance(field, Identifier) and field.kind == what] or [what]
    found = [table.columns[column] for column in columns if column in table.columns]
    if not found:
        raise SpecError(f"{name} names no field or identifier kind; the fields are {', '.join(sorted(table.columns))}")
    rows, codes = _one_vocabulary(found)
    return Limit(name, columns[0], n, rows, codes)


def _one_vocabulary(columns: Sequence[Column]) -> tuple[Rows, Codes]:
    """Entries of several columns as codes of one vocabulary; for one column its own codes."""
    if len(columns) == 1:
        return columns[0].present()
    values = sorted({value for column in columns for value in column.vocabulary.to_pylist()})
    code = {value: i for i, value in enumerate(values)}
    parts = [
        (rows, np.array([code[v] for v in c.vocabulary.to_pylist()], np.int32)[codes])
        for c in columns
        for rows, codes in [c.present()]
    ]
    return np.concatenate([rows for rows, _ in parts]), np.concatenate([codes for _, codes in parts])


def _survivorship(spec: Spec, table: RecordTable) -> Mapping[str, Sequence[SurvivorshipRule]]:
    """Return the declared chains, and the default chain of its kind for every other field."""
    kinds = {column: (kind, field) for field in spec.fields for column, kind in field.columns().items()}
    declared = {
        name: [rule for rule in chain if isinstance(rule, SurvivorshipRule)] for name, chain in spec.survivorship.items()
    }
    unknown = sorted(set(declared) - set(table.display) - set(kinds) - {"*"})
    if unknown:
        raise SpecError(f"survivorship names {unknown[0]!r}; the fields are {', '.join(sorted(table.display))}")
    if "*" in declared:
        return declared
    return {column: _default_chain(column, *kind) for column, kind in kinds.items()} | declared


def _default_chain(column: str, kind: str, field: Field) -> list[SurvivorshipRule]:
    if kind in ("email", "phone", "identifier", "device"):
        return [union(), most_recent(), most_frequent()]
    if isinstance(field, Address) and column != (field.street or "street") and (field.street or field.full):
        return [same_record_as(field.street or "street"), most_recent(), most_frequent()]
    if kind in ("first_name", "middle_name", "last_name"):
        return [most_frequent(), longest(), most_recent()]
    if kind in ("birth_date", "category"):
        return [most_frequent(), most_recent()]
    return [most_recent(), most_frequent()]
