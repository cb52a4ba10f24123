"""Which entities a report shows: the largest, the most doubtful and those of the most sources, however many there are."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.expectation import Doubts, find_doubts
from omniid.quality import Bonds, find_bonds
from omniid.results import Parts
from omniid.tables.arrays import arrow_array, distinct

__all__ = ["Choice", "choose_entities"]

LISTED = 8  # entities of each list; a card takes some 20 kB, so that three lists stay far below the 5 MB of a whole report

Counts = npt.NDArray[np.int64]


class Choice(NamedTuple):
    """Entities to show, by number, each list by its own principle, and what the choice rests on.

    `doubtful` are those with the most pairs expected to be wrong, `largest` those with the most records, `widest` people
    known to the most sources. Equals go by entity id. `wrong_pairs` and `weakest` (a position in `bonds`) are by entity.
    """

    largest: tuple[int, ...]
    doubtful: tuple[int, ...]
    widest: tuple[int, ...]
    records: Counts
    sources: Counts
    wrong_pairs: dict[int, float]
    weakest: dict[int, int]
    bonds: Bonds

    @property
    def shown(self) -> tuple[int, ...]:
        """All of them, each once: the doubtful, the largest, then the widest."""
        return tuple(dict.fromkeys((*self.doubtful, *self.largest, *self.widest)))


def choose_entities(parts: Parts, listed: int = LISTED) -> Choice:
    """Choose the entities that a report shows.

    Parameters
    ----------
    parts
        The result.
    listed
        How many of each list.
    """
    bonds = find_bonds(parts)
    doubts = find_doubts(bonds.forest, bonds.probability, parts.clustering.labels)
    records, sources, is_person = _counts(parts)
    several = np.flatnonzero(records > 1)
    people = np.flatnonzero(is_person)
    rows = doubts.label[: _with_ties(doubts, listed)]
    wrong = {int(parts.entity[row]): float(pairs) for row, pairs in zip(rows, doubts.wrong_pairs, strict=False)}
    largest = _first(parts, several, (records,), listed)
    doubtful = sorted(
        (one for one, pairs in wrong.items() if pairs >= 0.05), key=lambda one: (-round(wrong[one], 9), _id(parts, one))
    )
    widest = _first(parts, people, (sources, records), listed)
    of = dict(zip(parts.entity[doubts.label].tolist(), range(len(doubts.label)), strict=True))
    shown = {*largest, *doubtful[:listed], *widest} & of.keys()
    return Choice(
        largest,
        tuple(doubtful[:listed]),
        widest,
        records,
        sources,
        {one: float(doubts.wrong_pairs[of[one]]) for one in shown},
        {one: int(doubts.link[of[one]]) for one in shown},
        bonds,
    )


def _counts(parts: Parts) -> tuple[Counts, Counts, npt.NDArray[np.bool_]]:
    """Records and sources of every entity, and whether it is a person."""
    n, width = len(parts.entity_ids), max(len(parts.records.sources), 1)
    records = np.bincount(parts.entity, minlength=n).astype(np.int64)
    known = distinct(parts.entity.astype(np.int64) * width + parts.records.source)
    sources = np.bincount(known // width, minlength=n).astype(np.int64)
    is_person = np.zeros(n, bool)
    is_person[parts.entity[parts.placement.is_person]] = True
    return records, sources, is_person


def _with_ties(doubts: Doubts, listed: int) -> int:
    """How many doubts stand in the first places, those level with the last of them included."""
    if len(doubts.label) <= listed:
        return len(doubts.label)
    return int(np.searchsorted(-doubts.wrong_pairs, -doubts.wrong_pairs[listed - 1] + 1e-9))


def _first(parts: Parts, entities: npt.NDArray[np.integer], keys: tuple[Counts, ...], listed: int) -> tuple[int, ...]:
    """The entities with the greatest keys, then the smallest ids; only those level with the last place have their ids read."""
    order = np.lexsort([-key[entities] for key in reversed(keys)])
    if len(order) > listed:
        last = entities[order[listed - 1]]
        level = np.all([key[entities[order]] == key[last] for key in keys], axis=0)
        order = order[: int(np.flatnonzero(level)[-1]) + 1]
    near = entities[order].tolist()
    ids = dict(zip(near, parts.entity_ids.take(arrow_array(np.array(near, np.int64))).to_pylist(), strict=True))
    return tuple(sorted(near, key=lambda one: (*(-int(key[one]) for key in keys), ids[one]))[:listed])


def _id(parts: Parts, entity: int) -> str:
    return str(parts.entity_ids[entity].as_py())
