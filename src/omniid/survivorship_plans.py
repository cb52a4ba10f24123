"""Survivorship compiled for the records at hand: every field's chain, whom to trust; and profiles made by it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa

from omniid.decisions import rows_there, standing
from omniid.errors import InputError, SpecError
from omniid.fields import Address, Field
from omniid.frames.naming import did_you_mean
from omniid.spec import Spec
from omniid.statement_fields import Verified
from omniid.statement_values import verified_rows
from omniid.survivorship import (
    Pinned,
    SurvivorshipRule,
    decision_order,
    group_fields,
    longest,
    most_frequent,
    most_recent,
    same_record_as,
    survive,
    union,
)
from omniid.tables import Codes, Decision, Profiles, RecordTable
from omniid.views import View

__all__ = [
    "SurvivorshipPlan",
    "check_fields",
    "compile_chains",
    "compile_pins",
    "compile_survivorship",
    "make_profiles",
    "plan_of_view",
]

Chain = Sequence[SurvivorshipRule]


@dataclass(frozen=True, eq=False)
class SurvivorshipPlan:
    """What profiles are made by.

    Parameters
    ----------
    chains
        Field, or the fields of a group between commas → its chain of rules; "*" for fields that have none of their own.
    trust
        Source → trust.
    field_trust
        Source → field → trust, where it differs.
    pins
        What people pinned in these records, oldest first.
    verified
        What says that values are verified.
    """

    chains: Mapping[str, Chain]
    trust: Mapping[str, float]
    field_trust: Mapping[str, Mapping[str, float]]
    pins: Sequence[Pinned] = ()
    verified: tuple[Verified, ...] = ()

    def chain_of(self, field: str) -> Chain:
        """The chain that decides a field, alone or with others."""
        return self.chains.get(self._unit.get(field, field), self.chains.get("*", ()))

    @cached_property
    def _unit(self) -> dict[str, str]:
        """Field → the group that it is decided in."""
        known = {name for name in self.chains if "," not in name}
        return {field: name for name in self.chains for field in group_fields(name, known)}


def make_profiles(
    records: RecordTable,
    entity: Codes,
    entity_ids: pa.LargeStringArray,
    plan: SurvivorshipPlan,
    *,
    entity_kind: str | pa.DictionaryArray = "person",
    traced: bool = True,
    workers: int = 1,
) -> Profiles:
    """Make golden profiles of records, as a plan says.

    Parameters
    ----------
    records
        Normalized records.
    entity
        int32 per row: the entity's position in `entity_ids`.
    entity_ids
        Ids of the entities.
    plan
        What `compile_survivorship` gave.
    entity_kind
        Kind written to every profile, or one for each entity.
    traced
        Whether provenance is wanted.
    workers
        Threads.
    """
    return survive(
        records,
        entity,
        entity_ids,
        plan.chains,
        trust=plan.trust,
        field_trust=plan.field_trust,
        pins=plan.pins,
        verified=verified_rows(records, plan.verified),
        entity_kind=entity_kind,
        traced=traced,
        workers=workers,
    )


def compile_survivorship(spec: Spec, table: RecordTable, decisions: Iterable[Decision] = ()) -> SurvivorshipPlan:
    """Take the declared chains, and the default chain of its kind for every other field.

    Raises
    ------
    SpecError
        If a chain or a source's trust names a field that is not there, or chains wait for each other.
    InputError
        If a pin names a record or a field that is not there.
    """
    kinds = {column: (kind, field) for field in spec.fields for column, kind in field.columns().items()}
    known = sorted({*table.display, *kinds})
    chains = compile_chains(spec.survivorship, known)
    grouped = {field for name in chains for field in group_fields(name, known)}
    if "*" not in chains:
        default = {name: _default_chain(name, *kind, table) for name, kind in kinds.items() if name not in {*chains, *grouped}}
        chains = default | chains
    others = {name: chains["*"] for name in known if "*" in chains and name not in {*chains, *grouped}}
    decision_order({**{name: chain for name, chain in chains.items() if name != "*"}, **others}, known)
    for source, told in spec.sources.items():
        for name in sorted(set(told.field_trust) - set(known)):
            near = did_you_mean(name, known)
            raise SpecError(f"field_trust of source {source!r} names {name!r}; the fields are {', '.join(known)}{near}")
    for name, view in spec.views.items():
        _check_view(name, view, spec, table, known)
    trust = {name: source.trust for name, source in spec.sources.items()}
    field_trust = {name: source.field_trust for name, source in spec.sources.items() if source.field_trust}
    verified = tuple(field for field in spec.fields if isinstance(field, Verified))
    return SurvivorshipPlan(chains, trust, field_trust, compile_pins(table, decisions), verified)


def _check_view(name: str, view: View, spec: Spec, table: RecordTable, known: Sequence[str]) -> None:
    """Refuse a view that names a field that is not there, or whose chains do not fit."""
    for one in view.fields:
        if one not in known:
            raise SpecError(f"view {name!r} names {one!r}; the fields are {', '.join(known)}{did_you_mean(one, known)}")
    try:
        plan_of_view(spec, view, table)
    except SpecError as error:
        raise SpecError(f"view {name!r}: {error}") from error


def plan_of_view(spec: Spec, view: View, table: RecordTable, decisions: Iterable[Decision] = ()) -> SurvivorshipPlan:
    """Compile the chains of a view over those of the spec: what the view decides the spec does not.

    Raises
    ------
    SpecError
        If a chain does not fit, as in `compile_survivorship`.

    Examples
    --------
    >>> table = RecordTable.of([{"record_id": "1", "street": "a", "city": "b", "email": "c"}])
    >>> spec = Spec(survivorship={"street, city": ["most_recent"], "email": ["union"]})
    >>> list(plan_of_view(spec, View(survivorship={"city": ["longest"]}), table).chains)
    ['street', 'email', 'city']
    """
    known = {*table.display, *(column for field in spec.fields for column in field.columns())}
    decided = {field for key in view.survivorship for field in group_fields(key, known) or (key,)}
    kept = {}
    for key, chain in spec.survivorship.items() if "*" not in decided else ():
        left = [field for field in group_fields(key, known) or (key,) if field not in decided]
        if left:
            kept[", ".join(left)] = chain  # what is left of a group stays one
    return compile_survivorship(spec.replace(survivorship={**kept, **view.survivorship}, views={}), table, decisions)


def compile_pins(table: RecordTable, decisions: Iterable[Decision]) -> tuple[Pinned, ...]:
    """Find the rows of what people pinned, oldest first.

    Parameters
    ----------
    table
        Normalized records.
    decisions
        In any order; those that pin nothing, or were withdrawn, are left out.

    Raises
    ------
    InputError
        If a pin names a record or a field that is not there.

    Examples
    --------
    >>> from omniid.decisions import pin
    >>> table = RecordTable.of([{"record_id": "1", "city": "Omsk"}])
    >>> compile_pins(table, [pin(("records", "1"), "city", author="kim", reason="she called")])
    (Pinned(row=0, field='city', said='pinned by kim: she called'),)
    """
    told = [one for one in standing(decisions) if one.field]
    known = sorted({*table.display, *table.columns})
    rows = table.rows_of({one.left[0] for one in told})
    out = []
    for one in told:
        (row,) = rows_there(one, one.left, rows, table.sources).tolist()
        _check_pin(one, known)
        said = "pinned" + (f" by {one.author}" if one.author else "") + (f": {one.reason}" if one.reason else "")
        out.append(Pinned(row, one.field, said))
    return tuple(out)


def check_fields(decisions: Iterable[Decision], fields: Sequence[Field]) -> None:
    """Refuse pins on fields that are not declared, where any are.

    Raises
    ------
    InputError
        If there is one.
    """
    known = sorted({column for field in fields for column in field.columns()})
    for one in decisions:
        if one.field and known:
            _check_pin(one, known)


def _check_pin(pin: Decision, known: Sequence[str]) -> None:
    if pin.field not in known:
        near = did_you_mean(pin.field, known) or "."
        raise InputError(f"a {pin.kind} names the field {pin.field!r}{near} Fields: {', '.join(known)}")


def compile_chains(declared: Mapping[str, Sequence[SurvivorshipRule | str]], known: Collection[str]) -> dict[str, Chain]:
    """Take the chains that are declared of fields and groups.

    Raises
    ------
    SpecError
        If one names a field that is not there.

    Examples
    --------
    >>> list(compile_chains({"street, city": (most_recent(),)}, ["city", "street"]))
    ['street, city']
    """
    chains = {name: [rule for rule in chain if isinstance(rule, SurvivorshipRule)] for name, chain in declared.items()}
    for key in chains:
        for name in group_fields(key, known) or (key,):
            if name not in known and name != "*":
                there = ", ".join(sorted(known))
                raise SpecError(f"survivorship names {name!r}; the fields are {there}{did_you_mean(name, sorted(known))}")
    return dict(chains)


def _default_chain(column: str, kind: str, field: Field, table: RecordTable) -> list[SurvivorshipRule]:
    if kind in ("email", "phone", "identifier", "device"):
        return [union(), most_recent(), most_frequent()]
    if isinstance(field, Address) and column != (street := field.street or "street") and street in table.display:
        return [same_record_as(street), most_recent(), most_frequent()]
    if kind in ("first_name", "middle_name", "last_name"):
        return [most_frequent(), longest(), most_recent()]
    if kind == "birth_date":
        return [longest(), most_frequent(), most_recent()]  # a whole date before a month or a year alone
    if kind == "category":
        return [most_frequent(), most_recent()]
    return [most_recent(), most_frequent()]
