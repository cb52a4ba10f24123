"""Who is who in a neighborhood, in plain Python, from what a store keeps of its records in brief."""

from collections.abc import Sequence

from omniid.resolver.bulk_placing import place_in_bulk
from omniid.resolver.device_placing import one_column_each
from omniid.resolver.incoming import part_key
from omniid.resolver.learned import Learned
from omniid.resolver.light_partition import partition_lightly
from omniid.resolver.light_records import LightRecords
from omniid.resolver.neighborhoods import Neighborhood
from omniid.resolver.placing import Placed, PlacedRecord
from omniid.resolver.stored_briefs import StoredBrief

__all__ = ["is_plain", "place_lightly"]

FEW = 120  # records up to which plain Python is quicker than arrays, and no component is too large to be walked as a whole


def is_plain(learned: Learned, near: Neighborhood) -> bool:
    """Whether nothing but links, conflicts and devices is to be heeded in a neighborhood: no limit and no decision."""
    decided = any(not one.field for one in near.decisions)  # a pin says nothing of who is who
    return learned.is_light and not decided and (not near.silent or one_column_each(learned))


def place_lightly(learned: Learned, near: Neighborhood) -> Placed:
    """Place the records of a plain neighborhood; anonymous ones by what links them only.

    Parameters
    ----------
    learned
        What the store resolves by.
    near
        The neighborhood.
    """
    briefs = sorted(near.briefs.values(), key=lambda one: part_key(one.key))
    if len(briefs) > FEW:
        return place_in_bulk(learned, [near])
    labels = [0] if len(briefs) == 1 else _labels(learned, near, briefs)
    return [PlacedRecord(one.row, one.key, one.time, briefs[at].row) for one, at in zip(briefs, labels, strict=True)]


def _labels(learned: Learned, near: Neighborhood, briefs: Sequence[StoredBrief]) -> list[int]:
    place = {one.row: at for at, one in enumerate(briefs)}
    records = LightRecords(learned, [learned.briefs.ready(one.brief) for one in briefs])
    ends = (((place[one], place[other]), weight) for (one, other), weight in near.evidence.items())
    weights = {(min(pair), max(pair)): weight for pair, weight in ends}
    return partition_lightly(records, weights)
