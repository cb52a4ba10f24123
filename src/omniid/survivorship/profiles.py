"""Golden profiles: one row per entity, and provenance for every value that survived or lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from omniid.survivorship.chains import decision_order
from omniid.survivorship.entries import Entries, RecordFacts, begins_of
from omniid.survivorship.naming import profile_columns
from omniid.survivorship.provenance import SCHEMA, Provenance
from omniid.survivorship.ranking import best_first
from omniid.survivorship.rules import SurvivorshipRule, most_recent
from omniid.survivorship.trusting import most_frequent
from omniid.tables import Codes, Profiles, RecordTable, Rows, coded_column
from omniid.tables.arrays import arrow_array, text_array

__all__ = ["survive"]

DEFAULT_CHAIN = (most_frequent(), most_recent())


@dataclass(frozen=True, eq=False)
class Survivors:
    """The outcome for one field: entries ranked within their entity, and which of them survived."""

    entries: Entries
    places: npt.NDArray[np.int64]  # per entry: its position in the field's columns
    survived: npt.NDArray[np.bool_]  # per entry
    first: npt.NDArray[np.bool_]  # per entry: the primary value of its entity
    rule: npt.NDArray[np.int8]  # per entry: the rule that decided its entity's value, -1 where there was but one value


def survive(
    table: RecordTable,
    entity: Codes,
    entity_ids: Sequence[str] | pa.LargeStringArray,
    rules: Mapping[str, Sequence[SurvivorshipRule]],
    *,
    trust: Mapping[str, float] | None = None,
    field_trust: Mapping[str, Mapping[str, float]] | None = None,
    verified: Mapping[str, npt.NDArray[np.bool_]] | None = None,
    entity_kind: str | pa.DictionaryArray = "person",
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
        Field → its chain: the first rule ranks the values, ties go to the next, then to code-point order.
        Fields without a chain use ``rules["*"]``, else most frequent, then most recent.
    trust
        Source → trust, 0 to 100.
    field_trust
        Source → field → trust, where it differs from the source's.
    verified
        Field → bool per row: whether the record says that its value is verified, for `verified_first`.
    entity_kind
        Kind written to every profile, or one for each entity.

    Returns
    -------
    Profiles
        Profiles in the order of `entity_ids`; provenance by (field, entity), winners first. Text columns are dictionaries:
        codes into what the record table holds already, so that no text is made before somebody reads it.

    Raises
    ------
    SpecError
        If `same_record_as` rules wait for each other, or name a field that does not exist.

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
    chains = {field: tuple(rules.get(field, rules.get("*", DEFAULT_CHAIN))) for field in fields}
    names = profile_columns(chains)
    ids = entity_ids if isinstance(entity_ids, pa.Array) else text_array(entity_ids)
    facts = RecordFacts.of(table, entity, trust or {}, field_trust or {}, verified or {}, {})
    trace = Provenance(table, ids, {field: [rule.name for rule in chain] for field, chain in chains.items()})
    order = np.argsort(entity, kind="stable").astype(np.int32)
    winners: dict[str, Rows] = {}
    columns: dict[str, dict[str, pa.Array]] = {}
    provenance: dict[str, pa.Table] = {}
    for field in decision_order(chains, set(table.display) | set(table.columns)):
        entries, places = _entries(table, field, entity, order, facts, winners)
        survivors = _decide(entries, places, chains[field])
        winners[field] = _winners(survivors, len(ids))
        columns[field] = _attributes(survivors, names[field], chains[field], len(ids))
        provenance[field] = trace.of(field, survivors.entries, survivors.places, survivors.rule, survivors.survived)
    ordered = {name: array for field in fields for name, array in columns[field].items()}
    head = _head(table, entity, ids, entity_kind)
    rows = [provenance[field] for field in fields]
    return Profiles(pa.table({**head, **ordered}), pa.concat_tables(rows) if rows else pa.Table.from_batches([], SCHEMA))


def _entries(
    table: RecordTable, field: str, entity: Codes, order: Rows, facts: RecordFacts, winners: Mapping[str, Rows]
) -> tuple[Entries, npt.NDArray[np.int64]]:
    """The present values by entity and row, and where each stands in the field's columns."""
    display = table.display[field]
    same = table.columns.get(field, display)  # what counts as one value; a field that is only shown has no normal forms
    if display.offsets is None:
        places = order[display.codes.take(order) >= 0].astype(np.int64)
        rows = places.astype(np.int32)
    else:
        sizes = np.diff(display.offsets).take(order)
        places = np.arange(len(display.codes)) + np.repeat(display.offsets.take(order) - (np.cumsum(sizes) - sizes), sizes)
        rows = np.repeat(order, sizes)
        here = display.codes.take(places) >= 0
        places, rows = places[here], rows[here]
    codes, shown = same.codes.take(places), display.codes.take(places)
    entries = Entries(entity.take(rows), rows, codes, shown, display.vocabulary, same.vocabulary, facts, winners, field)
    return entries, places


def _decide(entries: Entries, places: npt.NDArray[np.int64], chain: Sequence[SurvivorshipRule]) -> Survivors:
    """Rank the entries of every entity by the chain, then by what is shown most, then by code point and row."""
    ranks = [np.asarray(rule.rank(entries)) for rule in chain]
    order = best_first(entries, ranks)
    entries, places = _take(entries, order), places.take(order)
    mixed = np.flatnonzero(entries.are_mixed(entries.value))
    rule = np.full(len(order), -1, np.int8)
    rule[mixed] = _deciding_rule(_take(entries, mixed), [rank.take(order.take(mixed)) for rank in ranks])
    survived = entries.begins.copy()
    if any(one.keeps_all for one in chain):
        survived[mixed[_first_of_value(_take(entries, mixed))]] = True
    return Survivors(entries, places, survived, entries.begins, rule)


def _take(entries: Entries, order: npt.NDArray[np.int64]) -> Entries:
    return replace(
        entries,
        entity=entries.entity.take(order),
        row=entries.row.take(order),
        value=entries.value.take(order),
        shown=entries.shown.take(order),
    )


def _first_of_value(entries: Entries) -> npt.NDArray[np.intp]:
    """Positions of the best-ranked entry of each distinct value of each entity."""
    key = entries.entity.astype(np.int64) * (int(entries.value.max(initial=0)) + 1) + entries.value
    firsts: npt.NDArray[np.intp] = np.unique(key, return_index=True)[1]
    return firsts


def _deciding_rule(entries: Entries, ranks: Sequence[npt.NDArray[np.generic]]) -> npt.NDArray[np.int8]:
    """The first rule after which only the winner's value was left, len(ranks) for code-point order; all entities are mixed."""
    segment, starts = entries.segment, np.flatnonzero(entries.begins)
    decided = np.full(len(starts), len(ranks), np.int8)
    loses = entries.value != entries.value.take(starts).take(segment)
    alive = np.ones(len(entries), bool)
    for i, rank in enumerate(ranks):
        alive &= rank == rank.take(starts).take(segment)
        open_ = np.zeros(len(starts), bool)
        open_[segment[alive & loses]] = True
        decided[~open_ & (decided == len(ranks))] = i
    return decided.take(segment)


def _winners(survivors: Survivors, n: int) -> Rows:
    rows = np.full(n, -1, np.int32)
    rows[survivors.entries.entity[survivors.first]] = survivors.entries.row[survivors.first]
    return rows


def _attributes(survivors: Survivors, names: tuple[str, str], chain: Sequence[SurvivorshipRule], n: int) -> dict[str, pa.Array]:
    """The primary value per entity, and the list of all of them where they are kept."""
    entries = survivors.entries
    primary = np.full(n, -1, np.int32)
    primary[entries.entity[survivors.first]] = entries.shown[survivors.first]
    out: dict[str, pa.Array] = {names[0]: coded_column(primary, entries.display)}
    if any(rule.keeps_all for rule in chain):
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
    pairs = pairs[begins_of(pairs)]
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
