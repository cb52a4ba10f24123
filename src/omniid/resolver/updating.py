"""What follows from changed records: classes, keys and evidence of what is touched, then who is who around it."""

import json
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from omniid.blocking import CrowdedKeys, index_keys
from omniid.copies import content_keys
from omniid.device_plans import device_kinds, names_somebody
from omniid.entity_ids import RecordKeys, carry_over
from omniid.evidence import thresholds_for
from omniid.pipeline import with_thresholds
from omniid.previous import Previous
from omniid.resolver.assembling import StoredRecord, assemble, stored_records, write_forms
from omniid.resolver.classes import PERSONAL, known_classes, met_records, stored_counts, values_held, write_counts
from omniid.resolver.deriving import KnownClasses, derive, evidence_of, made_ready
from omniid.resolver.filing import NOWHERE, Filed, filed_rows, holders_of, refile
from omniid.resolver.hashed import file_hashes, known_hashes
from omniid.resolver.incoming import part_key
from omniid.resolver.learned import Learned
from omniid.resolver.light import LightRecords, cluster_lightly, evidence_of_forms
from omniid.resolver.naming import LedgerPart, read_ledger_part
from omniid.resolver.neighborhoods import Neighborhood, find_neighborhood, left_behind
from omniid.resolver.people import signatures_of
from omniid.resolver.scoring import find_candidates, weigh_candidates
from omniid.resolver.writing import Derived, write_derived
from omniid.results import Parts
from omniid.single_record import Evidence, Forms
from omniid.stages import Stages
from omniid.store import Snapshot, Transaction
from omniid.tables import NO_TIME

__all__ = ["derive_around", "identities_of", "keys_of", "known_in", "update"]


def update(
    store: Transaction,
    learned: Learned,
    changed: Iterable[int],
    *,
    transaction: int,
    cause: str,
    decided: Iterable[int] = (),
    stages: Stages | None = None,
    speak: bool = True,
) -> int:
    """Derive what changed records touch, and write it.

    Parameters
    ----------
    store
        The store, in which the records stand as they are now.
    learned
        The declaration and the model.
    changed
        Rows of records that came, changed or went.
    transaction
        The number of this transaction.
    cause
        "record", "decision", "rule" or "model", for the change feed.
    decided
        Rows that new decisions name.
    stages
        Runs the stages.
    speak
        Whether entities count as updated because one of their records changed; not where only a declaration did.

    Returns
    -------
    int
        The cursor after the changes that follow.
    """
    stages = stages or Stages()
    changed = set(changed)
    store.remove("forms", "row", sorted(changed))
    alive = stored_records(store, sorted(changed))
    stages.run("normalize", write_forms, store, alive, learned)
    meant = stages.run("file", file_hashes, store, learned, changed, alive)
    before = former = filed_rows(store, sorted(changed | meant))
    alive = stored_records(store, sorted(changed | meant)) if meant else alive
    named = stages.run("file", identities_of, store, learned, alive)
    after = {row: before.get(row, NOWHERE)._replace(values=one.values, who=one.who) for row, one in named.items()}
    refile(store, before, after)
    flipped = stages.run("count people", _count_again, store, learned, before, after)
    touched = changed | meant | flipped
    before = filed_rows(store, sorted(touched))
    after, sought = stages.run("file", keys_of, store, learned, stored_records(store, sorted(touched)), before)
    refile(store, before, after)
    near = _replace_evidence(store, learned, touched, sought, stages) | left_behind(store, {**before, **former}, after)
    return derive_around(store, learned, touched | near | set(decided), changed if speak else set(), transaction, cause, stages)


def derive_around(
    store: Transaction,
    learned: Learned,
    rows: set[int],
    changed: set[int],
    transaction: int,
    cause: str,
    stages: Stages,
) -> int:
    """Derive the neighborhoods of some rows anew, and write what became of them."""
    near = find_neighborhood(store, rows)
    records = stored_records(store, near.rows)
    gone = sorted(rows - set(near.rows))
    part = read_ledger_part(store, [*near.rows, *gone], {one.row: one.key for one in records})
    return write_derived(store, derive_near(store, learned, near, records, part, stages), changed, transaction, cause)


def derive_near(
    store: Snapshot,
    learned: Learned,
    near: Neighborhood,
    records: Sequence[StoredRecord],
    before: LedgerPart,
    stages: Stages,
) -> Derived:
    """Derive a neighborhood: in plain Python where nothing but links and conflicts is to be heeded, else on tables."""
    if not records:
        return derived_lightly(store, learned, near, records, before)
    if learned.is_light and not near.decisions and not any(one.silent for one in near.filed.values()):
        return stages.run("resolve lightly", derived_lightly, store, learned, near, records, before)
    stored = assemble(store, records, learned)
    previous = Previous(lambda _: before.ledger, decisions=near.decisions, spec=learned.spec, model=learned.model)
    parts = derive(
        stored.table,
        learned.spec,
        learned.model,
        decided=near.decisions,
        previous=previous,
        known=known_in(store),
        hashes=known_hashes(store, learned),
        stages=stages,
    )
    return of_parts(stored.rows, parts, before)


def derived_lightly(
    store: Snapshot, learned: Learned, near: Neighborhood, records: Sequence[StoredRecord], before: LedgerPart
) -> Derived:
    """Derive a neighborhood in plain Python."""
    forms, evidence = read_evidence(store, learned, records, near.filed)
    place = {one.row: at for at, one in enumerate(records)}
    ends = ((place[one], place[other]) for one, other in near.evidence)
    pairs = sorted((min(pair), max(pair)) for pair in ends)
    labels = cluster_lightly(LightRecords(learned, evidence), pairs).labels if records else np.zeros(0, np.int32)
    number = np.cumsum(labels == np.arange(len(labels)), dtype=np.int32) - np.int32(1)
    keys = RecordKeys.of([part_key(one.key) for one in records])
    ledger = carry_over(before.ledger, keys, number.take(labels), np.ones(len(records), bool))
    return Derived([one.row for one in records], before, ledger, [True] * len(records), [one.time for one in forms])


def of_parts(rows: Sequence[int], parts: Parts, before: LedgerPart) -> Derived:
    """What the stages made of a neighborhood, as it is written."""
    times = [None if time == NO_TIME else time for time in parts.records.time.tolist()]
    return Derived(rows, before, parts.ledger, parts.placement.is_person.tolist(), times)


def read_evidence(
    store: Snapshot, learned: Learned, records: Sequence[StoredRecord], filed: Mapping[int, Filed]
) -> tuple[list[Forms], list[Evidence]]:
    """The normal forms of some records, and what of them is evidence."""
    held = {row: Forms(*json.loads(forms)) for row, forms in store.rows("forms", "row", [one.row for one in records])}
    keys = sorted({key for one in records for _, key in filed[one.row].values})
    classes = {key: count.class_ for key, count in stored_counts(store, keys).items()}
    forms = [held[one.row] for one in records]
    told = [evidence_of_forms(learned, said, filed[one.row], classes) for one, said in zip(records, forms, strict=True)]
    return forms, told


def known_in(store: Snapshot) -> KnownClasses:
    """What the store knows of the classes of values, as `derive` takes it."""
    return lambda classes, met: known_classes(store, classes, met)


def _count_again(store: Transaction, learned: Learned, before: Mapping[int, Filed], after: Mapping[int, Filed]) -> set[int]:
    """Count the people of all values that changed records hold or held; return the holders of those whose class flips."""
    rules = learned.value_rules
    columns = dict(enumerate(rules.at_most))
    affected = {key: column for filed in (before, after) for one in filed.values() for column, key in one.values}
    held = holders_of(store, sorted(affected))
    others = sorted({row for rows in held.values() for row in rows} - after.keys())
    everyone = {**filed_rows(store, others), **after}
    counts = {
        key: rules.count(columns[affected[key]], key, [everyone[row].who for row in rows if row in everyone])
        for key, rows in held.items()
    }
    old = stored_counts(store, sorted(affected))
    write_counts(store, old, counts)
    flips = [key for key, count in counts.items() if count.class_ != (old[key].class_ if key in old else PERSONAL)]
    return {row for key in flips for row in held[key]}


def identities_of(store: Snapshot, learned: Learned, records: Sequence[StoredRecord]) -> dict[int, Filed]:
    """Row → the values that it holds and who it says it is; the keys of its blocks are worked out later."""
    if not records:
        return {}
    stored = assemble(store, records, learned)
    met = met_records(stored.table, learned.spec, known_hashes(store, learned))
    who = signatures_of(met, learned.spec, thresholds_for(learned.spec, learned.model).names)
    values: list[set[tuple[int, int]]] = [set() for _ in records]
    for number, column in enumerate(learned.value_rules.at_most):
        for place, key in zip(*(part.tolist() for part in values_held(met, [column])), strict=True):
            values[place].add((number, key))
    return {row: Filed(values=tuple(sorted(values[at])), who=who[at]) for at, row in enumerate(stored.rows)}


def keys_of(
    store: Snapshot, learned: Learned, records: Sequence[StoredRecord], identities: Mapping[int, Filed]
) -> tuple[dict[int, Filed], dict[int, list[int]]]:
    """Row → all keys under which it is filed, and those under which it looks for others, by the classes of its values."""
    if not records:
        return {}, {}
    spec, model = learned.spec, learned.model
    stored = assemble(store, records, learned)
    found = evidence_of(stored.table, spec, model, known_in(store), Stages(), known_hashes(store, learned))
    ready = made_ready(found, spec, model)
    rules, crowded = ready.plan.rules or (), ready.plan.crowded or CrowdedKeys((), ())
    filed, sought = (index_keys(found.table, rules, crowded, looking_up=looks) for looks in (False, True))
    copies = content_keys(found.table, ready.plan.columns)
    keys, looked_up = (
        _by_place(np.concatenate([copies[0], one.rows]), np.concatenate([copies[1], one.keys]), len(records))
        for one in (filed, sought)
    )
    devices = _by_place(*values_held(found.table, device_kinds(spec)), len(records))
    silent = ~names_somebody(found.table, spec, ready.plan.kinds)
    places = dict(enumerate(stored.rows))
    return {
        row: identities[row]._replace(keys=tuple(keys[at]), devices=tuple(devices[at]), silent=bool(silent[at]))
        for at, row in places.items()
    }, {row: looked_up[at] for at, row in places.items()}


def _by_place(places: npt.NDArray[np.signedinteger], keys: npt.NDArray[np.int64], n: int) -> list[list[int]]:
    """The distinct keys of each place, ascending."""
    out: list[set[int]] = [set() for _ in range(n)]
    for place, key in zip(places.tolist(), keys.tolist(), strict=True):
        out[place].add(key)
    return [sorted(one) for one in out]


def _replace_evidence(
    store: Transaction, learned: Learned, touched: set[int], sought: Mapping[int, Sequence[int]], stages: Stages
) -> set[int]:
    """Weigh touched records against their candidates anew, and return the rows that they had or have evidence with."""
    pairs = find_candidates(store, sought)
    wanted = sorted({*sought, *pairs.other})
    records = stored_records(store, wanted)
    weighed: dict[tuple[int, int], int] = {}
    if pairs.touched:
        stored = assemble(store, records, learned)
        hashes = known_hashes(store, learned)
        found = evidence_of(stored.table, learned.spec, learned.model, known_in(store), Stages(), hashes)
        ready = made_ready(found, learned.spec, learned.model)
        model = with_thresholds(learned.model, learned.spec)
        weighed = stages.run("match", weigh_candidates, ready, model, pairs, stored.place_of)
    old = {pair: weight for by in ("left", "right") for pair, _, _, weight in store.rows("evidence", by, sorted(touched))}
    new = {left << 32 | right: weight for (left, right), weight in weighed.items()}
    store.remove("evidence", "pair", sorted(old.keys() - new.keys()))
    differ = sorted(pair for pair, weight in new.items() if old.get(pair) != weight)
    store.put("evidence", [(pair, pair >> 32, pair & 0xFFFFFFFF, new[pair]) for pair in differ])
    return {row for pair in (*old, *new) for row in (pair >> 32, pair & 0xFFFFFFFF)}
