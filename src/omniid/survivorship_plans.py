"""Survivorship compiled for the records at hand: every field's chain, whom to trust; and profiles made by it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from omniid.errors import SpecError
from omniid.fields import Address, Field
from omniid.frames.naming import did_you_mean
from omniid.spec import Spec
from omniid.survivorship import (
    SurvivorshipRule,
    decision_order,
    longest,
    most_frequent,
    most_recent,
    same_record_as,
    survive,
    union,
)
from omniid.tables import Codes, Profiles, RecordTable

__all__ = ["SurvivorshipPlan", "compile_survivorship", "make_profiles"]

Chain = Sequence[SurvivorshipRule]


@dataclass(frozen=True, eq=False)
class SurvivorshipPlan:
    """What profiles are made by.

    Parameters
    ----------
    chains
        Field → its chain of rules; "*" for fields that have none of their own.
    trust
        Source → trust.
    field_trust
        Source → field → trust, where it differs.
    """

    chains: Mapping[str, Chain]
    trust: Mapping[str, float]
    field_trust: Mapping[str, Mapping[str, float]]

    def chain_of(self, field: str) -> Chain:
        """The chain that decides a field."""
        return self.chains.get(field, self.chains.get("*", ()))


def make_profiles(
    records: RecordTable,
    entity: Codes,
    entity_ids: pa.LargeStringArray,
    plan: SurvivorshipPlan,
    *,
    entity_kind: str | pa.DictionaryArray = "person",
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
    """
    return survive(
        records,
        entity,
        entity_ids,
        plan.chains,
        trust=plan.trust,
        field_trust=plan.field_trust,
        entity_kind=entity_kind,
    )


def compile_survivorship(spec: Spec, table: RecordTable) -> SurvivorshipPlan:
    """Take the declared chains, and the default chain of its kind for every other field.

    Raises
    ------
    SpecError
        If a chain or a source's trust names a field that is not there, or chains wait for each other.
    """
    kinds = {column: (kind, field) for field in spec.fields for column, kind in field.columns().items()}
    known = sorted({*table.display, *kinds})
    declared = {
        name: [rule for rule in chain if isinstance(rule, SurvivorshipRule)] for name, chain in spec.survivorship.items()
    }
    for name in sorted(set(declared) - {*known, "*"}):
        raise SpecError(f"survivorship names {name!r}; the fields are {', '.join(known)}{did_you_mean(name, known)}")
    chains: dict[str, Chain] = {}
    if "*" not in declared:
        chains |= {name: _default_chain(name, *kind, table) for name, kind in kinds.items()}
    chains |= declared
    decision_order({name: chains.get(name, chains.get("*", ())) for name in known}, known)
    for source, told in spec.sources.items():
        for name in sorted(set(told.field_trust) - set(known)):
            near = did_you_mean(name, known)
            raise SpecError(f"field_trust of source {source!r} names {name!r}; the fields are {', '.join(known)}{near}")
    trust = {name: source.trust for name, source in spec.sources.items()}
    field_trust = {name: source.field_trust for name, source in spec.sources.items() if source.field_trust}
    return SurvivorshipPlan(chains, trust, field_trust)


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
