"""Undoing a merge: where an id's members fall apart into the sets that had merged, each takes back its id."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from omniid.entity_ids.ledger import PastSets
from omniid.tables import Codes

__all__ = ["MergedSets", "taken_back"]


class MergedSet(NamedTuple):
    """A set that an id named before it merged into another: its id and the rows of those of its records that live."""

    owner: int
    rows: frozenset[int]


class MergedSets:
    """The sets that merged into ids, looked up by the id that they merged into.

    Parameters
    ----------
    past
        What ids named before.
    rows
        int32 per member of `past`: its row in the table at hand, -1 where it is not there.
    lives
        bool per id: whether it named an entity before this run; such an id has nothing to take back.
    """

    def __init__(self, past: PastSets, rows: Codes, lives: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> None:
        self._past, self._rows, self._lives = past, rows, lives
        self._sets_into: dict[int, list[int]] = {}
        for number in np.lexsort((past.owner, -past.ended)).tolist():  # the last merge first
            self._sets_into.setdefault(int(past.into[number]), []).append(number)
        self._starts = np.searchsorted(past.member_of, np.arange(len(past) + 1)).tolist()

    def behind(self, owner: int) -> list[MergedSet]:
        """The sets that made an id what it is, those of the last merge before those that had made them up earlier."""
        found, seen, waiting = [], {owner}, [owner]
        while waiting:
            deeper: list[int] = []
            for into in waiting:
                for number in self._sets_into.get(into, ()):
                    of = int(self._past.owner[number])
                    if of != owner and self._lives[of]:
                        continue
                    start, stop = self._starts[number], self._starts[number + 1]
                    found.append(MergedSet(of, frozenset(self._rows[start:stop].tolist()) - {-1}))
                    if of not in seen:
                        seen.add(of)
                        deeper.append(of)
            waiting = deeper
        return found


def taken_back(owner: int, merged: MergedSets, parts: Mapping[int, frozenset[int]]) -> dict[int, int]:
    """Say which id each part takes back, where an id's members fall apart into exactly the sets that had merged.

    Records that joined the entity after the merge follow whom they are with; they do not hinder.

    Parameters
    ----------
    owner
        The id whose members fall apart.
    merged
        The sets that had merged.
    parts
        Entity → rows of those members that are there now.

    Returns
    -------
    dict
        Entity → id; empty where the members fall apart otherwise.
    """
    members = frozenset[int]().union(*parts.values())
    sets = [MergedSet(one.owner, one.rows & members) for one in merged.behind(owner)]
    told = frozenset[int]().union(*(one.rows for one in sets))
    backs: dict[int, int] = {}
    for entity, rows in parts.items():
        if core := rows & told:
            back = next((one.owner for one in sets if one.rows == core), None)
            if back is None or back in backs.values():
                return {}
            backs[entity] = back
    if len(backs) < 2:
        return {}
    if owner not in backs.values() and (rest := parts.keys() - backs.keys()):  # only who came later is left to keep the id
        backs[min(rest, key=lambda entity: (-len(parts[entity]), entity))] = owner
    return backs
