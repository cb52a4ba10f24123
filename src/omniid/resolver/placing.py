"""Who is who in neighborhoods, before the entities get their names."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from omniid.device_plans import place_records
from omniid.entity_ids import RecordKeys, carry_over
from omniid.resolver.assembling import assemble, stored_records
from omniid.resolver.deriving import cluster_records
from omniid.resolver.discovering import known_in
from omniid.resolver.hashed import known_hashes
from omniid.resolver.incoming import part_key
from omniid.resolver.learned import Learned
from omniid.resolver.naming import LedgerPart
from omniid.resolver.neighborhoods import Neighborhood
from omniid.resolver.stored_briefs import times_of
from omniid.resolver.writing import Derived
from omniid.stages import Stages
from omniid.store import Snapshot

__all__ = ["Placed", "PlacedRecord", "joined", "named_by_history", "place_on_tables"]


class PlacedRecord(NamedTuple):
    """A record and the entity that it belongs to.

    Parameters
    ----------
    row, key, time
        The record, and when it was made.
    first
        The row of the entity's record of the smallest key.
    votes
        Whether it counts for the entity's name, as visits that a device gives to a person don't.
    is_person
        Whether it belongs to a person.
    """

    row: int
    key: str
    time: int | None
    first: int
    votes: bool = True
    is_person: bool = True


Placed = list[PlacedRecord]  # in the order of their keys


def joined(parts: Iterable[Placed]) -> Placed:
    """The records of neighborhoods that nothing ties together, in the order of their keys."""
    return sorted((one for part in parts for one in part), key=lambda one: part_key(one.key))


def place_on_tables(store: Snapshot, learned: Learned, near: Neighborhood, stages: Stages) -> Placed:
    """Place the records of neighborhoods by the stages of a batch run, heeding limits, decisions and devices.

    Parameters
    ----------
    store
        The store.
    learned
        The declaration and the model.
    near
        The neighborhoods.
    stages
        Runs the stages.
    """
    stored = assemble(store, stored_records(store, near.rows), learned)
    found = cluster_records(
        stored.table,
        learned.spec,
        learned.model,
        decided=near.decisions,
        known=known_in(store),
        hashes=known_hashes(store, learned),
        stages=stages,
    )
    plan, labels = found.ready.plan, found.clustering.labels
    where = stages.run("place", place_records, found.ready.table, learned.spec, plan.kinds, plan.limits, plan.cannot, labels)
    firsts = [stored.rows[at] for at in where.labels.tolist()]
    keys = [near.briefs[row].key for row in stored.rows]
    columns = (stored.rows, keys, times_of(stored.table), firsts, where.votes.tolist(), where.is_person.tolist())
    return [PlacedRecord(*one) for one in zip(*columns, strict=True)]


def named_by_history(placed: Placed, before: LedgerPart) -> Derived:
    """Name entities by all that their ids have been through."""
    place = {one.row: at for at, one in enumerate(placed)}
    labels = np.array([place[one.first] for one in placed], np.int32)
    number = np.cumsum(labels == np.arange(len(labels)), dtype=np.int32) - np.int32(1)
    votes = np.array([one.votes for one in placed], bool)
    ledger = carry_over(before.ledger, RecordKeys.of([part_key(one.key) for one in placed]), number[labels], votes)
    told = ([one.row for one in placed], [one.is_person for one in placed], [one.time for one in placed])
    return Derived(told[0], before, ledger, *told[1:])
