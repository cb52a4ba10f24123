"""Anonymous records of plain neighborhoods given to the persons whom their devices name, without tables."""

from collections.abc import Sequence

import numpy as np

from omniid.clustering import connected_components
from omniid.device_plans import device_kinds
from omniid.devices import DeviceValues, place_anonymous, policy_from_plain
from omniid.resolver.learned import Learned
from omniid.resolver.neighborhoods import Neighborhood
from omniid.resolver.placing import Placed, PlacedRecord
from omniid.tables import NO_TIME
from omniid.tables.arrays import text_array

__all__ = ["one_column_each", "with_anonymous"]


def one_column_each(learned: Learned) -> bool:
    """Whether no two columns hold devices of one kind, which would mean the same by one value under keys of their own."""
    kinds = list(device_kinds(learned.spec).values())
    return len(set(kinds)) == len(kinds)


def with_anonymous(learned: Learned, parts: Sequence[Neighborhood], placed: Placed) -> Placed:
    """Move the anonymous records of clustered neighborhoods, as `place_records` does.

    Parameters
    ----------
    learned
        What the store resolves by.
    parts
        The neighborhoods.
    placed
        Their records by cluster, in the order of their keys.
    """
    silent = set[int]().union(*(part.silent for part in parts))
    devices = {row: keys for part in parts for row, keys in part.devices.items()}
    place = {one.row: at for at, one in enumerate(placed)}
    held = [(at, key) for at, one in enumerate(placed) for key in devices.get(one.row, ())]
    keys = sorted({key for _, key in held})
    code = {key: at for at, key in enumerate(keys)}
    found = place_anonymous(
        np.array([place[one.first] for one in placed], np.int32),
        np.array([one.row not in silent for one in placed], bool),
        DeviceValues(
            np.array([at for at, _ in held], np.int32),
            np.array([code[key] for _, key in held], np.int32),
            text_array([str(key) for key in keys]),
            ("",),
            (0,),
        ),
        np.array([NO_TIME if one.time is None else one.time for one in placed], np.int64),
        connected_components,
        policy=policy_from_plain(learned.spec.devices),
    )
    return _moved(placed, found.labels.tolist(), found.votes.tolist(), found.is_person.tolist())


def _moved(placed: Placed, labels: Sequence[int], votes: Sequence[bool], persons: Sequence[bool]) -> Placed:
    columns = zip(placed, labels, votes, persons, strict=True)
    return [PlacedRecord(one.row, one.key, one.time, placed[at].row, counts, person) for one, at, counts, person in columns]
