"""Golden profiles: one row per entity, and provenance for every value that survived or lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from omniid.survivorship.chains import decision_order
from omniid.survivorship.entries import Entries
from omniid.survivorship.naming import profile_columns
from omniid.survivorship.rules import SurvivorshipRule, most_frequent, most_recent
from omniid.tables import Codes, Profiles, RecordTable, Rows

__all__ = ["survive"]

DEFAULT_CHAIN = (most_frequent(), most_recent())


@dataclass(frozen=True, eq=False)
class Survivors:
    """The outcome for one field: entries ranked within their entity, and which of them survived."""

    entries: Entries
    survived: npt.NDArray[np.bool_]  # per entry
    first: npt.NDArray[np.bool_]  # per entry: the primary value of its entity
    rule: npt.NDArray[np.int8]  # per entry: the rule that decided its entity's value, -1 where there was but one value


def survive(
    table: RecordTable,
    entity: Codes,
    entity_ids: Sequence[str],
    rules: Mapping[str, Sequence[SurvivorshipRule]],
    *,
    trust: Mapping[str, int] | None = None,
    entity_kind: str = "person",
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
    entity_kind
        Kind written to every profile.

    Returns
    -------
    Profiles
        Profiles in the order of `entity_ids`; provenance by (field, entity), winners first.

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
    filled = _filled(table, fields)
    winners: dict[str, Rows] = {}
    columns: dict[str, dict[str, pa.Array]] = {}
    provenance: dict[str, pa.Table] = {}
    for field in decision_order(chains, set(table.display) | set(table.columns)):
        entries = _entries(table, field, entity, dict(trust or {}), filled, winners)
        survivors = _decide(entries, chains[field])
        winners[field] = _winners(survivors, len(entity_ids))
        columns[field] = _attributes(survivors, names[field], chains[field], len(entity_ids))
        provenance[field] = _provenance(table, field, survivors, chains[field], entity_ids)
    ordered = {name: array for field in fields for name, array in columns[field].items()}
    head = _head(table, entity, entity_ids, entity_kind)
    rows = [provenance[field] for field in fields]
    return Profiles(pa.table({**head, **ordered}), pa.concat_tables(rows) if rows else _no_provenance())


def _filled(table: RecordTable, fields: Sequence[str]) -> npt.NDArray[np.int64]:
    """How many fields each record fills."""
    filled = np.zeros(len(table), np.int64)
    for field in fields:
        filled[np.unique(table.display[field].present()[0])] += 1
    return filled


def _entries(
    table: RecordTable,
    field: str,
    entity: Codes,
    trust: Mapping[str, int],
    filled: npt.NDArray[np.int64],
    winners: Mapping[str, Rows],
) -> Entries:
    display = table.display[field]
    here = np.flatnonzero(display.codes >= 0)
    rows = display.rows[here]
    here = here[np.argsort(entity[rows], kind="stable")]
    rows = display.rows[here]
    same = table.columns.get(field, display)  # what counts as one value; a field that is only shown has no normal forms
    return Entries(
        entity[rows],
        rows,
        same.codes[here],
        display.codes[here],
        display.vocabulary,
        same.vocabulary,
        table.time[rows],
        table.source[rows],
        table.sources,
        trust,
        filled[rows],
        winners,
    )


def _decide(entries: Entries, chain: Sequence[SurvivorshipRule]) -> Survivors:
    """Rank the entries of every entity by the chain, then by what is shown most, then by code point and row."""
    ranks = [np.asarray(rule.rank(entries)) for rule in chain]
    shown_often = entries.support(entries.shown, np.ones(len(entries), np.int64)) if len(entries) else np.zeros(0, np.int64)
    keys: list[npt.NDArray[np.signedinteger]] = [
        entries.row,
        entries.shown,
        -shown_often,
        entries.value,
        *(-_descending(r) for r in reversed(ranks)),
        entries.entity,
    ]
    order = np.lexsort(keys)
    entries = _take(entries, order)
    starts = np.flatnonzero(np.r_[True, entries.entity[1:] != entries.entity[:-1]]) if len(order) else np.zeros(0, np.intp)
    first = np.zeros(len(order), bool)
    first[starts] = True
    segment = np.cumsum(first) - 1
    rule = _deciding_rule(entries, [r[order] for r in ranks], starts, segment)
    survived = first.copy()
    if any(r.keeps_all for r in chain):
        survived |= _first_of_value(entries)
    return Survivors(entries, survived, first, rule)


def _descending(rank: npt.NDArray[np.generic]) -> npt.NDArray[np.int64]:
    """Ranks as dense integers, so that negating the smallest int64 can't overflow."""
    _, dense = np.unique(rank, return_inverse=True)
    return np.asarray(dense, np.int64)


def _take(entries: Entries, order: npt.NDArray[np.intp]) -> Entries:
    return Entries(
        entries.entity[order],
        entries.row[order],
        entries.value[order],
        entries.shown[order],
        entries.display,
        entries.normal,
        entries.time[order],
        entries.source[order],
        entries.sources,
        entries.trust,
        entries.filled[order],
        entries.winners,
    )


def _first_of_value(entries: Entries) -> npt.NDArray[np.bool_]:
    """The best-ranked entry of each distinct value of each entity."""
    key = entries.entity.astype(np.int64) * (int(entries.value.max(initial=0)) + 1) + entries.value
    out = np.zeros(len(entries), bool)
    out[np.unique(key, return_index=True)[1]] = True
    return out


def _deciding_rule(
    entries: Entries, ranks: Sequence[npt.NDArray[np.generic]], starts: npt.NDArray[np.intp], segment: npt.NDArray[np.intp]
) -> npt.NDArray[np.int8]:
    """The first rule after which only the winner's value was left: -1 for a lone value, len(ranks) for code-point order."""
    decided = np.full(len(starts), len(ranks), np.int8)
    if not len(starts):
        return decided[segment]
    alive = np.ones(len(entries), bool)
    for i, rank in [(-1, None), *enumerate(ranks)]:
        if rank is not None:
            alive &= rank == rank[starts][segment]
        others = np.add.reduceat(alive & (entries.value != entries.value[starts][segment]), starts)
        decided = np.where((others == 0) & (decided == len(ranks)), np.int8(i), decided).astype(np.int8)
    return decided[segment]


def _winners(survivors: Survivors, n: int) -> Rows:
    rows = np.full(n, -1, np.int32)
    rows[survivors.entries.entity[survivors.first]] = survivors.entries.row[survivors.first]
    return rows


def _attributes(survivors: Survivors, names: tuple[str, str], chain: Sequence[SurvivorshipRule], n: int) -> dict[str, pa.Array]:
    """The primary value per entity, and the list of all of them where they are kept."""
    entries = survivors.entries
    primary = np.full(n, -1, np.int64)
    primary[entries.entity[survivors.first]] = entries.shown[survivors.first]
    out = {names[0]: entries.display.take(pa.array(primary, mask=primary < 0))}
    if any(rule.keeps_all for rule in chain):
        kept = survivors.survived
        offsets = np.concatenate([[0], np.cumsum(np.bincount(entries.entity[kept], minlength=n))])
        shown = entries.display.take(pa.array(entries.shown[kept]))
        out[names[1]] = pa.LargeListArray.from_arrays(pa.array(offsets, pa.int64()), shown)
    return out


def _provenance(
    table: RecordTable, field: str, survivors: Survivors, chain: Sequence[SurvivorshipRule], entity_ids: Sequence[str]
) -> pa.Table:
    entries = survivors.entries
    n = len(entries)
    names = pa.array([*(rule.name for rule in chain), "code-point order", "only value"], pa.large_string())
    ids = pa.array(entity_ids, pa.large_string())
    sources = pa.array(table.sources, pa.large_string())
    time = pa.array(entries.time, pa.timestamp("us", tz="UTC"), mask=entries.time == np.iinfo(np.int64).min)
    rule = np.where(survivors.rule < 0, len(chain) + 1, survivors.rule)
    return pa.table(
        {
            "entity_id": ids.take(pa.array(entries.entity)),
            "field": pa.array([field], pa.large_string()).take(pa.array(np.zeros(n, np.int32))),
            "value": entries.display.take(pa.array(entries.shown)),
            "raw": _raw_of(table, field, entries),
            "source": sources.take(pa.array(entries.source)),
            "record_id": table.record_id.take(pa.array(entries.row)),
            "time": time,
            "rule": names.take(pa.array(rule.astype(np.int32))),
            "survived": pa.array(survivors.survived),
        }
    )


def _raw_of(table: RecordTable, field: str, entries: Entries) -> pa.Array:
    """What the source sent, entry by entry; the shown form for fields that no source sent as such."""
    raw, display = table.raw.get(field), table.display[field]
    if raw is None or len(raw.codes) != len(display.codes):
        return entries.display.take(pa.array(entries.shown))
    order = np.lexsort((display.codes, display.rows))
    key = display.rows[order].astype(np.int64) * (len(display.vocabulary) + 1) + display.codes[order] + 1
    wanted = entries.row.astype(np.int64) * (len(display.vocabulary) + 1) + entries.shown + 1
    codes = raw.codes[order[np.searchsorted(key, wanted)]]
    return raw.vocabulary.take(pa.array(codes, mask=codes < 0))


def _head(table: RecordTable, entity: Codes, entity_ids: Sequence[str], entity_kind: str) -> dict[str, pa.Array]:
    """entity_id, entity_kind, records, sources of every profile."""
    n = len(entity_ids)
    pairs = np.unique(entity.astype(np.int64) * len(table.sources) + table.source)
    offsets = np.concatenate([[0], np.cumsum(np.bincount(pairs // len(table.sources), minlength=n))])
    names = pa.array(table.sources, pa.large_string()).take(pa.array(pairs % len(table.sources)))
    return {
        "entity_id": pa.array(entity_ids, pa.large_string()),
        "entity_kind": pa.array([entity_kind], pa.large_string()).take(pa.array(np.zeros(n, np.int32))),
        "records": pa.array(np.bincount(entity, minlength=n).astype(np.int64)),
        "sources": pa.LargeListArray.from_arrays(pa.array(offsets, pa.int64()), names),
    }


def _no_provenance() -> pa.Table:
    text = ("entity_id", "field", "value", "raw", "source", "record_id")
    schema = [(name, pa.large_string()) for name in text]
    return pa.schema(
        [*schema, ("time", pa.timestamp("us", tz="UTC")), ("rule", pa.large_string()), ("survived", pa.bool_())]
    ).empty_table()
