"""Carrying ids over from one run to the next: which id each entity gets, and what the ledger keeps of the others."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from omniid.entity_ids.ledger import IdLedger, PastSets
from omniid.entity_ids.new_ids import new_entity_ids
from omniid.entity_ids.record_keys import RecordKeys, join_keys
from omniid.entity_ids.taking_back import MergedSets, taken_back
from omniid.tables import Codes

__all__ = ["carry_over"]

Flags = npt.NDArray[np.bool_]


class Ballots(NamedTuple):
    """How many members of each id are in each entity now, by (id, entity)."""

    owner: Codes
    entity: Codes
    members: npt.NDArray[np.int64]


def carry_over(old: IdLedger, keys: RecordKeys, entity: Codes, votes: Flags | None = None) -> IdLedger:
    """Name entities after those of an earlier run.

    Records vote, each for the id that it had. Where an id's members fall apart into exactly the sets that had merged, each
    takes back its id. Else each old id nominates the entity that holds most of its members (tie: smallest key). An entity
    takes the first-issued of the ids that nominate it, and the others redirect to it until revived. An entity that nobody
    nominates revives the first-issued retired id whose last member set equals its own, else it gets a new one. An id is
    never issued again to other members.

    Parameters
    ----------
    old
        The ledger of the earlier run; an empty one gives new ids to all.
    keys
        The records of this run, sorted by (source, record_id), unique.
    entity
        int32 per record: number of its entity, in the order of the entities' smallest keys.
    votes
        bool per record: whether it votes and counts as a member; at least one of each entity does. None: all do.

    Returns
    -------
    IdLedger
        The ledger after this run. The same for any order in which the earlier records were listed.

    Examples
    --------
    >>> keys = RecordKeys.of([("crm", "1"), ("crm", "2"), ("web", "3")])
    >>> first = carry_over(IdLedger.empty(), keys, np.array([0, 1, 1], np.int32))
    >>> merged = carry_over(first, keys, np.array([0, 0, 0], np.int32))
    >>> merged.owner.tolist(), merged.redirects.tolist()
    ([0, 0, 0], [-1, 0])
    >>> undone = carry_over(merged, keys, np.array([0, 1, 1], np.int32))
    >>> undone.owner.tolist(), undone.redirects.tolist()
    ([0, 1, 1], [-1, -1])
    """
    votes = np.ones(len(keys), bool) if votes is None else votes
    n_entities = int(entity.max(initial=-1)) + 1
    rows = keys.rows_of(old.keys)
    past_rows = keys.rows_of(old.past.keys)
    nominations = _nominate(old, rows, past_rows, entity, votes)
    winner = np.full(n_entities, len(old.entity_ids), np.int32)
    np.minimum.at(winner, nominations.entity, nominations.owner)
    unnamed = winner == len(old.entity_ids)
    revived = _equal_sets(old, past_rows, entity, votes, nominations.owner, unnamed)
    winner = np.where(unnamed, revived, winner)
    fresh = np.flatnonzero(winner < 0)
    smallest = np.full(n_entities, len(keys), np.int32)
    voting = np.flatnonzero(votes)[::-1].astype(np.int32)
    smallest[entity[voting]] = voting  # the last one written is the smallest
    first = keys.take(smallest[fresh])
    new = new_entity_ids(first.sources, first.source, first.record_id, old.entity_ids)
    winner[fresh] = len(old.entity_ids) + np.arange(len(fresh), dtype=np.int32)
    named = replace(
        old,
        entity_ids=pa.concat_arrays([old.entity_ids, new]),
        redirects=np.concatenate([old.redirects, np.full(len(fresh), -1, np.int32)]),
        keys=keys,
        owner=winner[entity],
        votes=votes,
    )
    return _with_history(old, named, nominations, winner, _whereabouts(old, rows, entity))


def _count(owner: Codes, entity: Codes) -> Ballots:
    key, count = np.unique((owner.astype(np.int64) << 32) | entity, return_counts=True)
    return Ballots((key >> 32).astype(np.int32), (key & 0xFFFFFFFF).astype(np.int32), count)


def _majority(ballots: Ballots) -> Ballots:
    """For each id the entity that holds most of its members; of equals, the one with the smallest key."""
    repeated = np.append(ballots.owner[1:] == ballots.owner[:-1], False)
    if not repeated.any():
        return ballots
    order = np.lexsort((ballots.entity, -ballots.members, ballots.owner))
    firsts = order[np.flatnonzero(np.diff(ballots.owner[order], prepend=-1))]
    return Ballots(ballots.owner[firsts], ballots.entity[firsts], ballots.members[firsts])


def _nominate(old: IdLedger, rows: Codes, past_rows: Codes, entity: Codes, votes: Flags) -> Ballots:
    """Which entities each id of before is nominated for: its majority, or those that take it back."""
    here = np.flatnonzero((rows >= 0) & old.votes)
    here = here[votes[rows[here]]]
    owner, now = old.owner[here], entity[rows[here]]
    ballots = _count(owner, now)
    chosen = _majority(ballots)
    if not len(old.past):
        return chosen
    several = np.bincount(ballots.owner, minlength=len(old.entity_ids)) > 1
    merged_once = np.zeros(len(old.entity_ids), bool)
    merged_once[old.past.into[old.past.into >= 0]] = True
    doubtful = several & merged_once
    if not doubtful.any():
        return chosen
    at = np.flatnonzero(doubtful[owner])
    parts: dict[int, dict[int, set[int]]] = {}
    for of, there, row in zip(owner[at].tolist(), now[at].tolist(), rows[here[at]].tolist(), strict=True):
        parts.setdefault(of, {}).setdefault(there, set()).add(row)
    voting_past = np.where((past_rows >= 0) & votes[np.maximum(past_rows, 0)], past_rows, -1) if len(votes) else past_rows
    merged = MergedSets(old.past, voting_past, old.lives)
    undone = {
        of: backs
        for of, fallen in parts.items()
        if (backs := taken_back(of, merged, {there: frozenset(members) for there, members in fallen.items()}))
    }
    kept = np.flatnonzero(~np.isin(chosen.owner, list(undone)))
    told = sorted((of, there) for backs in undone.values() for there, of in backs.items())
    back = np.array(told, np.int32).reshape(-1, 2)
    return Ballots(
        np.concatenate([chosen.owner[kept], back[:, 0]]),
        np.concatenate([chosen.entity[kept], back[:, 1]]),
        np.concatenate([chosen.members[kept], np.zeros(len(back), np.int64)]),
    )


def _equal_sets(old: IdLedger, past_rows: Codes, entity: Codes, votes: Flags, nominated: Codes, unnamed: Flags) -> Codes:
    """Per entity the first-issued retired id whose last member set equals the entity, -1 where there is none."""
    revived = np.full(len(unnamed), -1, np.int32)
    past = old.past
    if not len(past) or not unnamed.any():
        return revived
    size = np.bincount(past.member_of, minlength=len(past))
    there = (past_rows >= 0) & votes[np.maximum(past_rows, 0)] if len(votes) else np.zeros(len(past_rows), bool)
    now = np.where(there, entity[np.maximum(past_rows, 0)], -1) if len(entity) else past_rows
    starts = np.searchsorted(past.member_of, np.arange(len(past)))
    lowest, highest = np.minimum.reduceat(now, starts), np.maximum.reduceat(now, starts)
    sizes = np.bincount(entity[votes], minlength=len(unnamed))
    is_equal = (past.into != past.owner) & (lowest >= 0) & (lowest == highest) & (size == sizes[lowest]) & unnamed[lowest]
    is_equal &= ~np.isin(past.owner, nominated)
    for number in np.flatnonzero(is_equal)[np.argsort(-past.owner[is_equal])].tolist():  # the first-issued is written last
        revived[lowest[number]] = past.owner[number]
    return revived


def _whereabouts(old: IdLedger, rows: Codes, entity: Codes) -> Ballots:
    """Where most records of each id are now, whether or not they vote."""
    here = np.flatnonzero(rows >= 0)
    return _majority(_count(old.owner[here], entity[rows[here]]))


def _with_history(old: IdLedger, named: IdLedger, nominations: Ballots, winner: Codes, whereabouts: Ballots) -> IdLedger:
    """Note which sets ended in this run, and what the ids that lost their place redirect to."""
    n_old = len(old.entity_ids)
    lived, lives = old.lives, named.lives[:n_old]
    goes_to = np.full(n_old, -1, np.int32)
    goes_to[whereabouts.owner] = winner[whereabouts.entity]
    goes_to[nominations.owner] = winner[nominations.entity]
    merged = np.zeros(n_old, bool)  # ids that took in others
    taken = goes_to[nominations.owner]
    merged[taken[taken != nominations.owner]] = True
    redirects = named.redirects.copy()
    ended = lived & ~lives
    redirects[:n_old][ended] = goes_to[ended]
    lost = np.zeros(n_old, bool)  # taken back, and lost again to an id that was issued before
    lost[nominations.owner] = True
    lost &= ~lived & ~lives
    redirects[:n_old][lost] = goes_to[lost]
    redirects[:n_old][lives] = -1
    past, run = _past_of_others(old.past, lives, lost, merged & ~lived, goes_to, old.run), old.run
    voted = np.bincount(old.owner[old.votes], minlength=n_old) > 0
    owners = np.flatnonzero((ended | (merged & lived)) & voted).astype(np.int32)
    into = np.where(ended[owners], goes_to[owners], owners).astype(np.int32)
    past = _joined(past, _ended_sets(old, owners, into))
    past = past.take(_meaningful(past))
    if len(owners) or lost.any() or (merged & ~lived).any():
        run += 1
    return replace(named, redirects=redirects, past=past, run=run)


def _past_of_others(past: PastSets, lives: Flags, lost: Flags, merged_back: Flags, goes_to: Codes, run: int) -> PastSets:
    """Past sets without those of revived ids; sets that were taken back and merged again in this run say so."""
    own = past.into == past.owner
    kept = np.flatnonzero(own | ~lives[past.owner] | merged_back[past.owner])
    past = past.take(kept)
    own = past.into == past.owner
    again, back = ~own & lost[past.owner], ~own & merged_back[past.owner]
    into = np.where(again, goes_to[past.owner], np.where(back, past.owner, past.into)).astype(np.int32)
    return replace(past, into=into, ended=np.where(again | back, run, past.ended).astype(np.int32))


def _ended_sets(old: IdLedger, owners: Codes, into: Codes) -> PastSets:
    """The voting members that some ids had in the earlier run."""
    place = np.full(len(old.entity_ids), -1, np.int32)
    place[owners] = np.arange(len(owners), dtype=np.int32)
    of = np.where(old.votes, place[old.owner], -1)
    members = np.flatnonzero(of >= 0)
    members = members[np.argsort(of[members], kind="stable")]
    return PastSets(owners, into, np.full(len(owners), old.run, np.int32), of[members].astype(np.int32), old.keys.take(members))


def _joined(one: PastSets, other: PastSets) -> PastSets:
    """Both, the first ones first."""
    if not len(one) or not len(other):
        return one if len(one) else other
    return PastSets(
        np.concatenate([one.owner, other.owner]),
        np.concatenate([one.into, other.into]),
        np.concatenate([one.ended, other.ended]),
        np.concatenate([one.member_of, other.member_of + np.int32(len(one))]),
        join_keys([one.keys, other.keys]),
    )


def _meaningful(past: PastSets) -> npt.NDArray[np.intp]:
    """Sets to keep, in canonical order: an id's own set says nothing once none that merged with it is left."""
    own = past.into == past.owner
    merge = (past.into.astype(np.int64) << 32) | past.ended
    has_partner = np.isin(merge, merge[~own])
    return np.flatnonzero(~own | has_partner)
