"""Naming the entities of a neighborhood whose ids have no history to heed, in plain Python: the twin of `carry_over`."""

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
    """The members of a neighborhood before and after, and the ids that they have or had.

    Parameters
    ----------
    before, after
        Row → (row, number of the id, votes, person).
    names
        Number → id.
    new
        Rows of the table `entities` for ids that are new.
    """

    before: dict[int, Member]
    after: dict[int, Member]
    names: dict[int, str]
    new: list[Row]


def name_lightly(store: Snapshot, placed: Placed, gone: Iterable[int]) -> LightNames | None:
    """Name entities of persons, where all former ids live on and none has taken part in a merge that might be undone.

    Parameters
    ----------
    store
        The store.
    placed
        The records, in the order of their keys.
    gone
        Rows of deleted records that belonged to the neighborhood.

    Returns
    -------
    LightNames or None
        None where somebody is anonymous, or ids end or their history counts, so that `carry_over` has to look at it.
    """
    if not all(one.votes and one.is_person for one in placed):
        return None
    rows = sorted({*gone, *(one.row for one in placed)})
    before: dict[int, Member] = {one[0]: one for one in store.rows("members", "row", rows)}
    owners = sorted({owner for _, owner, *_ in before.values()})
    if not all(votes for *_, votes, _ in before.values()):
        return None
    if store.rows("past_members", "row", rows) or store.rows("past_sets", "into", owners):
        return None
    winner = _nominated(placed, before)
    if len(winner) < len(owners):
        return None
    named = {number: str(name) for number, name, _ in store.rows("entities", "number", owners)}
    fresh = [one for one in placed if one.first == one.row and one.row not in winner]
    new: list[Row] = []
    if fresh:
        start = last_number(store, "entities", "number") + 1
        new = [(start + at, entity_id, -1) for at, entity_id in enumerate(_new_ids(store, [one.key for one in fresh]))]
        winner |= {one.row: number for one, (number, *_) in zip(fresh, new, strict=True)}
        named |= {number: entity_id for number, entity_id, _ in new}
    after = {one.row: (one.row, winner[one.first], 1, 1) for one in placed}
    return LightNames(before, after, named, new)


def _nominated(placed: Placed, before: Mapping[int, Member]) -> dict[int, int]:
    """First row of the entity → the id that names it: each id nominates the entity that holds most of its members."""
    ballots: dict[int, dict[int, int]] = {}  # of each id, entities in the order of their smallest keys
    for one in placed:
        if one.row in before:
            votes = ballots.setdefault(before[one.row][1], {})
            votes[one.first] = votes.get(one.first, 0) + 1
    place = {one.row: at for at, one in enumerate(placed)}
    return {max(votes, key=lambda first: (votes[first], -place[first])): owner for owner, votes in ballots.items()}


def _new_ids(store: Snapshot, keys: Iterable[str]) -> list[str]:
    """One id per smallest key: the first that is not in use."""
    found: list[str] = []
    for key in keys:
        n = 0
        while (one := new_entity_id(*part_key(key), n)) in found or store.rows("entities", "entity_id", [one]):
            n += 1
        found.append(one)
    return found
