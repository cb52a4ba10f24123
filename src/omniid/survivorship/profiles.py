"""Golden profiles: one row per entity, and provenance for every value that survived or lost."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from omniid.survivorship.aggregates import combine
from omniid.survivorship.chains import decision_order
from omniid.survivorship.deciding import Survivors, decide, entries_of
from omniid.survivorship.entries import RecordFacts
from omniid.survivorship.groups import Group, decide_member, groups_among, lead
from omniid.survivorship.naming import profile_columns
from omniid.survivorship.pinning import Pinned, pinned_first, that_hold
from omniid.survivorship.provenance import SCHEMA, Provenance
from omniid.survivorship.reasons import AGREEING
from omniid.survivorship.rules import SurvivorshipRule, most_recent
from omniid.survivorship.trusting import most_frequent
from omniid.tables import Codes, Profiles, RecordTable, Rows, coded_column
from omniid.tables.arrays import arrow_array, new_values, text_array
from omniid.threads import in_order

__all__ = ["survive"]

Chain = Sequence[SurvivorshipRule]
DEFAULT_CHAIN = (most_frequent(), most_recent())


def survive(
    table: RecordTable,
    entity: Codes,
    entity_ids: Sequence[str] | pa.LargeStringArray,
    rules: Mapping[str, Chain],
    *,
    trust: Mapping[str, float] | None = None,
    field_trust: Mapping[str, Mapping[str, float]] | None = None,
    verified: Mapping[str, npt.NDArray[np.bool_]] | None = None,
    pins: Sequence[Pinned] = (),
    entity_kind: str | pa.DictionaryArray = "person",
    traced: bool = True,
    workers: int = 1,
) -> Profiles:
    """Make golden profiles: per entity and field the value that wins the field's chain of rules.

    Parameters
    ----------
    table
        Normalised records.
    entity
        int32 per row: the entity's position in `entity_ids`.
    entity_ids
        Ids of the entities.
    rules
        Field → its chain: the first rule ranks the values, ties go to the next, then to code-point order. A key may name a
        group, "street, city", whose fields one record gives. Fields without a chain use ``rules["*"]``, else most frequent,
        then most recent.
    trust
        Source → trust, 0 to 100.
    field_trust
        Source → field → trust, where it differs from the source's.
    verified
        Field → bool per row: whether the record says that its value is verified, for `verified_first`.
    pins
        Values that people pinned, oldest first: of those that an entity holds the newest comes before all rules.
    entity_kind
        Kind written to every profile, or one for each entity.
    traced
        Whether provenance is wanted; without it none is made.
    workers
        Threads; fields that wait for no other and have no rule of the caller's own making are decided side by side.

    Returns
    -------
    Profiles
        Profiles in the order of `entity_ids`; provenance by (field, entity), winners first. Text columns are dictionaries:
        codes into what the record table holds already, so that no text is made before somebody reads it.

    Raises
    ------
    SpecError
        If `same_record_as` rules wait for each other, a rule names a field that does not exist, or a field is decided twice.

    Examples
    --------
    >>> import numpy as np
    >>> table = RecordTable.of([{"record_id": "1", "city": "Kazan"}, {"record_id": "2", "city": "Kazan"},
    ...                         {"record_id": "3", "city": "Omsk"}])
    >>> profiles = survive(table, np.zeros(3, np.int32), ["e1"], {})
    >>> profiles.entities["city"].to_pylist(), profiles.provenance["survived"].to_pylist()
    (['Kazan'], [True, False, False])
    """
    fields = [name for name, column in table.display.items() if len(column.vocabulary)]
    known = {*table.display, *table.columns}
    groups = {group.name: group for group in groups_among(rules, known)}
    of_group = {field: group for group in groups.values() for field in group.fields}
    chains = {field: tuple(rules.get(field, rules.get("*", DEFAULT_CHAIN))) for field in fields if field not in of_group}
    names = profile_columns({field: chains.get(field, ()) for field in fields})
    ids = entity_ids if isinstance(entity_ids, pa.Array) else text_array(entity_ids)
    facts = RecordFacts.of(table, entity, trust or {}, field_trust or {}, verified or {})
    here = Members(table, entity, np.argsort(entity, kind="stable").astype(np.int32), facts, len(ids), that_hold(table, pins))
    trace = Provenance(table, ids, fields)
    winners: dict[str, Rows] = {}
    columns: dict[str, dict[str, pa.Array]] = {}
    provenance: dict[str, pa.Table | None] = {}
    units = decision_order({**chains, **{name: group.chain for name, group in groups.items()}}, known)
    waiting = {unit for unit in units if unit in groups or any(rule.after or not rule.is_saved for rule in chains[unit])}

    def outcome(unit: str) -> list[Outcome]:
        decided = here.together(groups[unit], winners) if unit in groups else [here.alone(unit, chains[unit], winners)]
        made = []
        for one in decided:
            rows = trace.of(one.field, one.survivors, one.rules, here.said(one.field, of_group)) if traced else None
            made.append(Outcome(one.field, one.survivors.winners(len(ids)), _attributes(one, names[one.field], len(ids)), rows))
        return made

    beside = in_order((partial(outcome, unit) for unit in units if unit not in waiting), workers)
    for outcomes in itertools.chain(beside, map(outcome, (unit for unit in units if unit in waiting))):
        for one in outcomes:
            winners[one.field], columns[one.field], provenance[one.field] = one.winners, one.attributes, one.provenance
    ordered = {name: array for field in fields for name, array in columns[field].items()}
    head = _head(table, entity, ids, entity_kind)
    rows = [found for field in fields if (found := provenance[field]) is not None]
    return Profiles(pa.table({**head, **ordered}), pa.concat_tables(rows) if rows else pa.Table.from_batches([], SCHEMA))


class Decided(NamedTuple):
    """A field decided: which entries survive, the names of the rules, and the values where they are made of several."""

    field: str
    survivors: Survivors
    rules: Sequence[str]
    values: pa.DictionaryArray | None = None


class Outcome(NamedTuple):
    """What profiles take of a field that was decided: the row that won per entity, columns, and provenance if it is wanted."""

    field: str
    winners: Rows
    attributes: dict[str, pa.Array]
    provenance: pa.Table | None


class Members(NamedTuple):
    """The member records of all entities, and what is known of them."""

    table: RecordTable
    entity: Codes
    order: Rows
    facts: RecordFacts
    n: int
    pins: Sequence[Pinned]

    def said(self, field: str, of_group: Mapping[str, Group]) -> list[tuple[int, str]]:
        """Why values of a field were pinned; of a group, each field is."""
        fields = of_group[field].fields if field in of_group else (field,)
        return [(pin.row, pin.said) for pin in self.pins if pin.field in fields]

    def alone(self, field: str, chain: Chain, winners: Mapping[str, Rows]) -> Decided:
        """Decide a field by itself."""
        first = pinned_first(self.pins, (field,))
        chain = (*first, *chain)
        entries, places = entries_of(self.table, field, self.entity, self.order, self.facts, winners)
        found = decide(entries, places, chain)
        rule, pinned = found.rule, np.zeros(self.n, bool)
        if first:
            pinned[found.entries.entity[found.primary[np.isin(found.entries.row[found.primary], self._pinned((field,)))]]] = (
                True
            )
            rule = np.where(pinned.take(found.entries.entity), np.int8(0), rule)
        values = None
        for place, one in enumerate(chain):
            if one.combines:
                found, values = combine(found, one, self.table, self.n, pinned)
                rule = np.where(pinned.take(found.entries.entity), rule, np.int8(place))
                found = replace(found, lost_by=np.full(len(rule), place, np.int8))
                break
        return Decided(field, replace(found, rule=rule), [one.name for one in chain], values)

    def together(self, group: Group, winners: Mapping[str, Rows]) -> list[Decided]:
        """Decide the fields of a group, of which any is filled."""
        there = tuple(
            field for field in group.fields if field in self.table.display and len(self.table.display[field].vocabulary)
        )
        if not there:
            return []
        first = pinned_first(self.pins, group.fields)
        group = Group(group.name, there, (*first, *group.chain))
        leader = lead(self.table, group, self.entity, self.order, self.facts, winners, self.n)
        if first:
            leader.rule[np.isin(leader.row, self._pinned(group.fields))] = 0
        names = [*(rule.name for rule in group.chain), AGREEING]
        return [
            Decided(field, decide_member(self.table, field, leader, self.entity, self.order, self.facts), names)
            for field in there
        ]

    def _pinned(self, fields: Sequence[str]) -> list[int]:
        return [pin.row for pin in self.pins if pin.field in fields]


def _attributes(decided: Decided, names: tuple[str, str], n: int) -> dict[str, pa.Array]:
    """The primary value per entity, and the list of all of them where they are kept."""
    survivors, entries = decided.survivors, decided.survivors.entries
    if decided.values is not None:
        return {names[0]: decided.values}
    primary = np.full(n, -1, np.int32)
    primary[entries.entity[survivors.primary]] = entries.shown[survivors.primary]
    out: dict[str, pa.Array] = {names[0]: coded_column(primary, entries.display)}
    if names[1]:
        kept = survivors.survived
        offsets = np.concatenate([[0], np.cumsum(np.bincount(entries.entity[kept], minlength=n))])
        shown = coded_column(entries.shown[kept], entries.display)
        out[names[1]] = pa.LargeListArray.from_arrays(arrow_array(offsets.astype(np.int64, copy=False)), shown)
    return out


def _head(
    table: RecordTable, entity: Codes, entity_ids: pa.LargeStringArray, entity_kind: str | pa.DictionaryArray
) -> dict[str, pa.Array]:
    """entity_id, entity_kind, records, sources of every profile."""
    n, n_sources = len(entity_ids), max(len(table.sources), 1)
    pairs = np.sort(entity.astype(np.int64) * n_sources + table.source)
    pairs = pairs[new_values(pairs)]
    offsets = np.concatenate([[0], np.cumsum(np.bincount(pairs // n_sources, minlength=n))])
    if isinstance(entity_kind, str):
        entity_kind = coded_column(np.zeros(n, np.int32), text_array([entity_kind]))
    names = coded_column((pairs % n_sources).astype(np.int32), text_array(table.sources))
    return {
        "entity_id": entity_ids,
        "entity_kind": entity_kind,
        "records": arrow_array(np.bincount(entity, minlength=n).astype(np.int64)),
        "sources": pa.LargeListArray.from_arrays(arrow_array(offsets.astype(np.int64, copy=False)), names),
    }
