"""What follows from changed records: classes, keys and evidence of what is touched, then who is who around it."""

from collections.abc import Iterable, Sequence

import numpy as np

from omniid.entity_ids import RecordKeys, carry_over
from omniid.previous import Previous
from omniid.resolver.assembling import StoredRecord, assemble, stored_records
from omniid.resolver.deriving import derive
from omniid.resolver.discovering import discover, known_in
from omniid.resolver.hashed import known_hashes
from omniid.resolver.incoming import part_key
from omniid.resolver.learned import Learned
from omniid.resolver.light import LightRecords, cluster_lightly
from omniid.resolver.light_discovery import discover_lightly, read_evidence
from omniid.resolver.naming import LedgerPart, read_ledger_part
from omniid.resolver.neighborhoods import Neighborhood, find_neighborhood
from omniid.resolver.writing import Derived, write_derived
from omniid.results import Parts
from omniid.stages import Stages
from omniid.store import Snapshot, Transaction
from omniid.tables import NO_TIME

__all__ = ["derive_around", "derived_lightly", "of_parts", "update"]

LIGHTLY = 200  # records of one call up to which each is read and compared by itself; more make arrays pay


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
    lightly = learned.is_light and len(changed) <= LIGHTLY
    near = discover_lightly(store, learned, changed) if lightly else discover(store, learned, changed, stages)
    return derive_around(store, learned, near | set(decided), changed if speak else set(), transaction, cause, stages)


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
    decided = any(not one.field for one in near.decisions)  # a pin says nothing of who is who
    if learned.is_light and not decided and not any(one.silent for one in near.filed.values()):
        return derived_lightly(store, learned, near, records, before)
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
