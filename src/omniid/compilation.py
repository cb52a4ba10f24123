"""Declarations compiled for the data at hand: what the stages take instead of a spec."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from omniid.blocking import BlockingRule, CrowdedKeys
from omniid.comparison import Comparison, freeze_numbered
from omniid.decisions import decided_pairs
from omniid.errors import SpecError
from omniid.fields import Address, Field, PersonName, kind_of, kinds_by_column, roles
from omniid.frames import Inputs
from omniid.frames.naming import did_you_mean
from omniid.limit_plans import compile_limits
from omniid.limit_rules import LimitRule, unique
from omniid.matching import FellegiSunter, LinkRule, holds
from omniid.meeting import is_evidence, meeting_columns
from omniid.priorities import column_ranks
from omniid.repetition import Repeats, find_repeats, told_once
from omniid.spec import Spec
from omniid.survivorship_plans import SurvivorshipPlan, compile_survivorship
from omniid.tables import ComparisonTraits, Decision, FieldPlan, FrozenChoices, Limit, Model, RecordTable, Rows
from omniid.weak_evidence import weak_columns

__all__ = ["Plan", "compile_plan", "evidence_kinds", "field_plans", "regions_of", "separators_for", "source_columns"]

SEPARATORS = {"email": ";|,", "phone": ";|,", "identifier": ";|", "device": ";|"}
NO_EVIDENCE = ("attribute", "time", "device")  # between two records of persons; devices place anonymous records afterwards
CONTRADICTIONS = ("first_name", "last_name", "birth_date")


@dataclass(frozen=True, eq=False)
class Plan:
    """A spec compiled for the records at hand.

    Parameters
    ----------
    kinds
        Column → kind of value, for the columns that are evidence.
    rules
        The declared blocking rules, or those of the model; None: chosen from counts.
    comparisons
        The comparisons, in order.
    matcher
        The estimator.
    link_rules
        Agreements that link on their own.
    limits
        What no cluster may exceed.
    limited
        Limit's name → what its codes stand for, to be shown.
    must, cannot
        Decided pairs of rows.
    survivorship
        What profiles are made by.
    weak, ranks
        Columns of weak identifiers, which link nobody alone; column → place of its kind in the order of priority.
    several
        Columns of identifiers of which a person may have more than one: all that are not unique.
    apart
        bool per row: records that decisions or limits read one by one, so that copies of them stay apart.
    repeats
        Columns that repeat others, each with the column that it repeats first.
    profile_pass
        Whether clusters are compared with clusters.
    incremental
        Whether a pair's evidence must depend on its two records only.
    crowded
        The crowded keys of the rules, as the model froze them; None: not frozen yet, or never.
    """

    kinds: Mapping[str, str]
    rules: tuple[BlockingRule, ...] | None
    comparisons: tuple[Comparison, ...]
    matcher: FellegiSunter
    link_rules: tuple[LinkRule, ...]
    limits: tuple[Limit, ...]
    limited: Mapping[str, pa.LargeStringArray]
    must: Rows
    cannot: Rows
    survivorship: SurvivorshipPlan
    weak: frozenset[str]
    ranks: Mapping[str, int]
    several: frozenset[str]
    apart: npt.NDArray[np.bool_]
    repeats: Repeats
    profile_pass: bool = False
    incremental: bool = False
    crowded: CrowdedKeys | None = None

    @cached_property
    def traits(self) -> tuple[ComparisonTraits, ...]:
        """What the matcher must know of the comparisons."""
        return tuple(one.traits for one in self.comparisons)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that blocking, matching and limits read."""
        limited = {column for limit in self.limits for column in limit.fields}
        blocked = {column for rule in self.rules or () for key in rule.keys for column in key.fields}
        compared = {column for one in self.comparisons for column in one.fields}
        return tuple(sorted(set(self.kinds) | limited | blocked | compared))


def compile_plan(
    spec: Spec,
    table: RecordTable,
    kinds: Mapping[str, str],
    decisions: Sequence[Decision] = (),
    rules: Sequence[BlockingRule] | None = None,
    repeats: Repeats | None = None,
    crowded: CrowdedKeys | None = None,
    numbers: Mapping[str, tuple[int, ...]] | None = None,
) -> Plan:
    """Compile a spec for normalised records, so that all that is wrong with it is said before the long work starts.

    Parameters
    ----------
    spec
        The declaration.
    table
        The records as matching sees them: values that too many people share are missing.
    kinds
        What `evidence_kinds` gave.
    decisions
        What people decided.
    rules
        Blocking rules of the spec or of a model.
    repeats
        The columns that repeat others, as a model knows them; None: found from counts.
    crowded
        The crowded keys of the rules, as a model froze them.
    numbers
        The words that go with many numbers, as a model froze them; None: counted in the table.

    Raises
    ------
    SpecError
        If a part names a field or source that is not there.
    InputError
        If a decision names a record that is not there.
    """
    repeats = find_repeats(table, kinds) if repeats is None else repeats
    comparisons = _comparisons(spec, table, kinds, repeats)
    if spec.incremental:
        comparisons = freeze_numbered(comparisons, table, numbers)
    for rule in rules or ():
        _check_columns(f"blocking rule {str(rule)!r}", [column for key in rule.keys for column in key.fields], table)
    must, cannot = decided_pairs(table, decisions)
    apart = np.zeros(len(table), bool)
    apart[np.concatenate([must.ravel(), cannot.ravel()])] = True
    limits = compile_limits(_limit_rules(spec), spec.fields, table, comparisons)
    for one in limits:
        apart |= one.apart
    return Plan(
        kinds=kinds,
        rules=None if rules is None else tuple(rules),
        comparisons=comparisons,
        matcher=spec.matcher,
        link_rules=_link_rules(spec, comparisons),
        limits=tuple(one.limit for one in limits),
        limited={one.limit.name: one.values for one in limits},
        must=must,
        cannot=cannot,
        survivorship=compile_survivorship(spec, table, decisions),
        weak=weak_columns(spec.fields, spec.link_rules or ()),
        ranks=column_ranks(spec.fields, spec.priority),
        several=frozenset(column for column, kind in kinds_by_column(spec.fields).items() if kind.behavior != "unique"),
        apart=apart,
        repeats=repeats,
        profile_pass=spec.profile_pass,
        incremental=spec.incremental,
        crowded=crowded,
    )


def _check_columns(what: str, columns: Sequence[str], table: RecordTable) -> None:
    known = sorted(table.columns)
    for column in columns:
        if column not in known:
            raise SpecError(f"{what} reads {column!r}; the fields are {', '.join(known)}{did_you_mean(column, known)}")


def source_columns(spec: Spec, inputs: Inputs) -> dict[str, dict[str, str]]:
    """Map the columns of every source to the columns that the fields read.

    Raises
    ------
    SpecError
        If a field reads a column that no source has, or a source maps one to a field that there is not; the message lists what
        there is.
    """
    needed = {column for field in spec.fields for column in roles(field).values()}
    names = [frame.name for frame in inputs.frames]
    for name, source in spec.sources.items():
        if name not in names:
            raise SpecError(f"the spec declares source {name!r}; the sources are {', '.join(names)}{did_you_mean(name, names)}")
        for column, target in source.columns.items():
            if target not in needed:
                near = did_you_mean(target, sorted(needed))
                raise SpecError(f"source {name!r} maps column {column!r} to {target!r}, which no field reads{near}")
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
            hint = did_you_mean(str(column), there) or "."
            raise SpecError(
                f"{type(field).__name__} reads column {column!r}, which no source has{hint} Columns: {', '.join(there)}. "
                f"Correct the field, or map the column in Source(columns={{...}})."
            )


def separators_for(spec: Spec) -> dict[str, str]:
    """Characters that part several values in one cell, for the columns where they can."""
    return {column: SEPARATORS[kind] for field in spec.fields for column, kind in field.columns().items() if kind in SEPARATORS}


def field_plans(spec: Spec, frozen: FrozenChoices | None = None) -> list[FieldPlan]:
    """Compile how each field is normalised; `frozen`, of a model, says how the dates of each source are read."""
    regions = regions_of(spec)
    named = [(field.normalizer, roles(field)) for field in spec.fields]
    dates = {} if frozen is None else frozen.dates
    plans = [FieldPlan(kind, columns, regions) for kind, columns in named]
    return plans if frozen is None else [replace(plan, dates=dates.get(plan.dated or "", {})) for plan in plans]


def regions_of(spec: Spec) -> dict[str, str]:
    """Source → region, for the sources that declare one.

    Examples
    --------
    >>> from omniid.declarations import Source
    >>> regions_of(Spec(sources={"web": Source(), "shop": Source(region="PL")}))
    {'shop': 'PL'}
    """
    return {name: source.region for name, source in spec.sources.items() if source.region is not None}


def evidence_kinds(spec: Spec, table: RecordTable, model: Model | None = None) -> dict[str, str]:
    """Map every column that is evidence to the kind of value in it: all that are filled, or were so when a model was fitted.

    Examples
    --------
    >>> from omniid.fields import Email, Phone
    >>> evidence_kinds(Spec(fields=[Email(), Phone()]), RecordTable.of([{"record_id": "1", "email": "a@x.com"}]))
    {'email': 'email'}
    """
    fields = [field for field in spec.fields if is_evidence(field, spec.purpose)]
    kinds = {column: kind for field in fields for column, kind in field.columns().items()}
    evidence = {column: kind for column, kind in kinds.items() if kind not in NO_EVIDENCE}
    filled = {name for name, column in table.columns.items() if len(column.vocabulary)}
    used = set(model.columns) if model is not None and model.columns else filled
    elsewhere = meeting_columns(spec.fields, spec.purpose)  # compared in the column of the kind that they meet
    return {column: kind for column, kind in evidence.items() if column in used and column not in elsewhere}


def _comparisons(spec: Spec, table: RecordTable, kinds: Mapping[str, str], repeats: Repeats) -> tuple[Comparison, ...]:
    """Return the declared comparisons, else each field's default, for the columns that are evidence; nothing is told twice."""
    if spec.comparisons is not None:
        for comparison in spec.comparisons:
            _check_columns(f"comparison {comparison.name!r}", comparison.fields, table)
        return tuple(spec.comparisons)
    default = [one for field in spec.fields for one in field.comparisons(kinds) if set(one.fields) & set(kinds)]
    return told_once(default, repeats, kinds)


def _link_rules(spec: Spec, comparisons: Sequence[Comparison]) -> tuple[LinkRule, ...]:
    """Return the declared rules, else one per strong identifier: equal values link unless names or birth dates contradict."""
    if spec.link_rules is not None:
        traits = [comparison.traits for comparison in comparisons]
        for rule in spec.link_rules:
            holds(rule, np.zeros((0, len(traits)), np.int8), traits)  # refuses what is not there, before the long work
        return tuple(spec.link_rules)
    names = {comparison.name for comparison in comparisons}
    unless = {name: ("else",) for name in CONTRADICTIONS if name in names}
    ranks = column_ranks(spec.fields, spec.priority)
    strong = {column: behavior for column, behavior in _strong_columns(spec).items() if column in names}
    return tuple(
        LinkRule(f"same {column}", {column: "exact"}, unless, strong[column])
        for column in sorted(strong, key=lambda name: (ranks[name], name))
    )


def _strong_columns(spec: Spec) -> dict[str, str]:
    """Column → its behavior, for the columns whose agreement links on its own."""
    return {column: kind.behavior for column, kind in kinds_by_column(spec.fields).items() if kind.links}


def _limit_rules(spec: Spec) -> list[LimitRule]:
    """Return the declared limits, and one for each kind of which a person has at most one."""
    here = [kind_of(field) for field in spec.fields if is_evidence(field, spec.purpose)]
    return [*spec.limits, *(unique(kind.name) for kind in here if kind is not None and kind.behavior == "unique")]
