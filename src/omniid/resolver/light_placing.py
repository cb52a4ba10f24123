"""Who is who in a neighborhood, in plain Python, from what a store keeps of its records in brief."""

from typing import NamedTuple

import numpy as np

from omniid.entity_ids import RecordKeys, carry_over
from omniid.resolver.incoming import part_key
from omniid.resolver.learned import Learned
from omniid.resolver.light import cluster_lightly
from omniid.resolver.light_partition import partition_lightly
from omniid.resolver.light_records import LightRecords
from omniid.resolver.naming import LedgerPart
from omniid.resolver.neighborhoods import Neighborhood
from omniid.resolver.writing import Derived

__all__ = ["Placed", "named_by_history", "place_lightly"]

FEW = 40  # records up to which plain Python is quicker than arrays, which take some milliseconds for any number


class Placed(NamedTuple):
    """Records of persons, in the order of their keys, each with its row, key and event time, and the first of its cluster."""

    rows: list[int]
    keys: list[str]
    times: list[int | None]
    labels: list[int]

    @property
    def groups(self) -> list[list[int]]:
        """The rows of each cluster, those of the smallest keys first."""
        found: dict[int, list[int]] = {}
        for row, label in zip(self.rows, self.labels, strict=True):
            found.setdefault(label, []).append(row)
        return list(found.values())


def place_lightly(learned: Learned, near: Neighborhood) -> Placed:
    """Cluster the records of a neighborhood that no limit, decision or silent record concerns.

    Parameters
    ----------
    learned
        What the store resolves by.
    near
        The neighborhood.
    """
    briefs = sorted(near.briefs.values(), key=lambda one: part_key(one.key))
    labels = [0] * len(briefs) if len(briefs) < 2 else _labels(learned, near, {one.row: at for at, one in enumerate(briefs)})
    return Placed([one.row for one in briefs], [one.key for one in briefs], [one.time for one in briefs], labels)


def _labels(learned: Learned, near: Neighborhood, place: dict[int, int]) -> list[int]:
    records = LightRecords(learned, [learned.briefs.ready(near.briefs[row].brief) for row in place])
    ends = (((place[one], place[other]), weight) for (one, other), weight in near.evidence.items())
    weights = {(min(pair), max(pair)): weight for pair, weight in ends}
    if len(place) <= FEW:
        return partition_lightly(records, weights)
    return [int(label) for label in cluster_lightly(records, sorted(weights)).labels]


def named_by_history(placed: Placed, before: LedgerPart) -> Derived:
    """Name clusters by all that their ids have been through."""
    labels = np.array(placed.labels, np.int32)
    number = np.cumsum(labels == np.arange(len(labels)), dtype=np.int32) - np.int32(1)
    keys, all_vote = RecordKeys.of([part_key(key) for key in placed.keys]), np.ones(len(labels), bool)
    ledger = carry_over(before.ledger, keys, number.take(labels) if len(labels) else number, all_vote)
    return Derived(placed.rows, before, ledger, all_vote.tolist(), placed.times)
