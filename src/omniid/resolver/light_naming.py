"""Naming the entities of a neighborhood whose ids have no history to heed, in plain Python: the twin of `carry_over`."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from omniid.entity_ids import new_entity_id
from omniid.resolver.incoming import part_key
from omniid.resolver.naming import Member
from omniid.resolver.placing import Placed
from omniid.resolver.settings import last_number
from omniid.store import Row, Snapshot

__all__ = ["LightNames", "name_lightly"]


class LightNames(NamedTuple):
    """Entities that were named, and those that were left.

    Parameters
    ----------
    before, after
        Row → (row, number of the id, votes, person), of those that were named.
    names
        Number → id.
    new
        Rows of the table `entities` for ids that are new.
    others, gone
        Records of the entities that were left, in the order of their keys, and rows of deleted ones.
    """

    before: dict[int, Member]
    after: dict[int, Member]
    names: dict[int, str]
    new: list[Row]
    others: Placed
    gone: list[int]


def name_lightly(store: Snapshot, placed: Placed, gone: Iterable[int]) -> LightNames:
    """Name entities of persons; leave those where somebody is anonymous, or ids end or their history counts, to `carry_over`.

    Parameters
    ----------
    store
        The store.
    placed
        The records, in the order of their keys.
    gone
        Rows of deleted records that belonged to the neighborhood.
    """
    gone = sorted(gone)
    rows = sorted({*gone, *(one.row for one in placed)})
    before: dict[int, Member] = {one[0]: one for one in store.rows("members", "row", rows)}
    elected, others, left = _nominated(placed, before), Placed(), list[int]()
    if left_out := _left_out(store, placed, before, elected):
        others = [one for one in placed if one.first in left_out]
        placed = [one for one in placed if one.first not in left_out]
        left = [row for row in gone if row not in before or ~before[row][1] in left_out]
        before = {row: one for row, one in before.items() if ~one[1] not in left_out}
    owners = sorted({owner for _, owner, *_ in before.values()})
    winner = {elected[owner]: owner for owner in owners}
    named = {number: str(name) for number, name, _ in store.rows("entities", "number", owners)}
    fresh = [one for one in placed if one.first == one.row and one.row not in winner]
    new: list[Row] = []
    if fresh:
        start = last_number(store, "entities", "number") + 1
        new = [(start + at, entity_id, -1) for at, entity_id in enumerate(_new_ids(store, [one.key for one in fresh]))]
        winner |= {one.row: number for one, (number, *_) in zip(fresh, new, strict=True)}
        named |= {number: entity_id for number, entity_id, _ in new}
    after = {one.row: (one.row, winner[one.first], 1, 1) for one in placed}
    return LightNames(before, after, named, new, others, left)


def _nominated(placed: Placed, before: Mapping[int, Member]) -> dict[int, int]:
    """Number of each id → first row of the entity that it nominates, the one that holds most of its members."""
    ballots: dict[int, dict[int, int]] = {}  # of each id, entities in the order of their smallest keys
    for one in placed:
        if one.row in before:
            votes = ballots.setdefault(before[one.row][1], {})
            votes[one.first] = votes.get(one.first, 0) + 1
    place = {one.row: at for at, one in enumerate(placed)}
    return {owner: max(votes, key=lambda first: (votes[first], -place[first])) for owner, votes in ballots.items()}


def _left_out(store: Snapshot, placed: Placed, before: Mapping[int, Member], elected: Mapping[int, int]) -> set[int]:
    """Entities that are not to be named lightly, by their first rows, and those that were not, as ~number of the id."""
    owners = {owner for _, owner, *_ in before.values()}
    rows = sorted({*before, *(one.row for one in placed)})
    found = {one.first for one in placed if not (one.votes and one.is_person)}
    found |= {~owner for _, owner, votes, _ in before.values() if not votes}
    found |= {~into for _, _, into, _ in store.rows("past_sets", "into", sorted(owners))}
    remembered = {row for _, row in store.rows("past_members", "row", rows)}
    found |= {one.first for one in placed if one.row in remembered}
    found |= {~before[row][1] for row in remembered & before.keys()}
    nominees = Counter(elected.values())
    found |= {~owner for owner in owners if owner not in elected or nominees[elected[owner]] > 1}
    if not found:
        return found
    near: dict[int, set[int]] = {}
    for one in placed:
        if one.row in before:
            was = ~before[one.row][1]
            near.setdefault(one.first, set()).add(was)
            near.setdefault(was, set()).add(one.first)
    waiting = list(found)
    while waiting:
        new = near.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


def _new_ids(store: Snapshot, keys: Iterable[str]) -> list[str]:
    """One id per smallest key: the first that is not in use."""
    found: list[str] = []
    for key in keys:
        n = 0
        while (one := new_entity_id(*part_key(key), n)) in found or store.rows("entities", "entity_id", [one]):
            n += 1
        found.append(one)
    return found
