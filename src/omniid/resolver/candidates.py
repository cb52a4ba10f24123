"""Candidates for a person of whom a part is known: the records that share a key with it, weighed as a batch run weighs them."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np

from omniid.resolver.asking import Asked, Asking
from omniid.resolver.classes import stored_counts
from omniid.resolver.filing import holders_of
from omniid.resolver.incoming import part_key
from omniid.resolver.keyed_values import value_key
from omniid.resolver.looked_up import Candidate
from omniid.resolver.stored_briefs import StoredBrief, briefs_of
from omniid.sharing import VALUE_CLASSES
from omniid.single_record import LEAST, Evidence, Forms, ScoredPair
from omniid.store import Snapshot
from omniid.tables import BITS

__all__ = ["MOST", "WeighedCandidates", "weigh_asked"]

MOST = 1_000  # records that are weighed, those of the rarest keys first: 40 ms
Values = Mapping[str, tuple[str, ...]]


class WeighedCandidates(NamedTuple):
    """Entities that may be meant, the most likely first.

    Parameters
    ----------
    candidates
        One per entity.
    numbers
        Id → number of the entity.
    link_at
        The threshold in bits from which on it is a link.
    notes
        What was left out.
    """

    candidates: list[Candidate]
    numbers: dict[str, int]
    link_at: float
    notes: list[str]


def weigh_asked(store: Snapshot, asking: Asking, asked: Asked, near: Iterable[int]) -> WeighedCandidates:
    """Weigh what was asked as a record that is not in the store, against the records that share a key with it.

    Parameters
    ----------
    store
        The store.
    asking
        What it resolves by.
    asked
        What was asked.
    near
        Rows that hold one of the identifiers.
    """
    link_at = asking.learned.scorer.link_at / BITS
    mine = asking.learned.evidence_reader.met(asked.forms)
    rows, notes = _sharing(store, asking, asking.learned.evidence_reader.read(asked.forms), set(near))
    briefs = sorted(briefs_of(store, rows).values(), key=lambda one: part_key(one.key))
    scorer, held = asking.learned.scorer, dict[int, Forms]()
    if asking.learned.hash_families or any(one.is_hash for one in asked.named):  # what a hash is weighed as depends on who asks
        held = {row: Forms(*json.loads(text)) for row, text in store.rows("forms", "row", [one.row for one in briefs])}
        mine = _with_hashed(asking, asked, mine, held.values())
    class_of = _Classes(store, asking, mine, held.values())
    me = scorer.ready(class_of.evidence(_plain(mine)))
    scored: list[tuple[StoredBrief, ScoredPair]] = []
    for one in briefs:
        other = scorer.ready(class_of.evidence(held[one.row])) if held else asking.learned.briefs.ready(one.brief)
        pair = scorer.score(me, other, cut=LEAST)
        if pair is not None and any(level > 0 for level in pair.levels):
            scored.append((one, pair))
    candidates, numbers = _best(store, asking, scored)
    return WeighedCandidates(candidates, numbers, link_at, notes)


class _Classes:
    """The classes of the values that decide between what was asked and some records: those of the fields asked by."""

    def __init__(self, store: Snapshot, asking: Asking, mine: Values, others: Iterable[Forms]) -> None:
        self._reader, self._counted = asking.learned.evidence_reader, asking.counted & mine.keys()
        values = {(name, text) for name in self._counted for text in mine[name]}
        for forms in others:
            met = self._reader.met(forms)
            values |= {(name, text) for name in self._counted for text in met.get(name, ())}
        keys = {(name, text): value_key(name, text) for name, text in values}
        self._keys, self._counts = keys, stored_counts(store, sorted(keys.values()))

    def evidence(self, forms: Forms) -> Evidence:
        """What of a record is evidence."""
        return self._reader.read(forms, self._class_of)

    def _class_of(self, name: str, text: str) -> str:
        found = self._counts.get(self._keys.get((name, text), 0))
        return VALUE_CLASSES[0 if found is None else found.class_]


def _with_hashed(asking: Asking, asked: Asked, mine: Values, others: Iterable[Forms]) -> dict[str, tuple[str, ...]]:
    """What was asked, with the values whose hash was asked by, where a record says them."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for one in asked.named:
        if one.is_hash:
            wanted[one.column].add(one.key)
    out = dict(mine)
    for forms in others if wanted else ():
        met = asking.learned.evidence_reader.met(forms)
        for column, keys in wanted.items():
            known = {text for text in met.get(column, ()) if value_key(column, text) in keys}
            out[column] = tuple(sorted({*out.get(column, ()), *known}))
    return {column: texts for column, texts in out.items() if texts}


def _sharing(store: Snapshot, asking: Asking, mine: Evidence, near: set[int]) -> tuple[list[int], list[str]]:
    """Rows that share a key, those of the rarest keys first, and what was left out."""
    keys = {key for key, _ in asking.keys.keys_of(mine).sought}
    held = holders_of(store, sorted(keys))
    found, left_out = set(sorted(near)[:MOST]), max(len(near) - MOST, 0)
    for _, key in sorted((len(rows), key) for key, rows in held.items()):
        new = set(held[key]) - found
        if len(found) + len(new) > MOST:
            left_out += len(new)
            continue
        found |= new
    notes = [f"{left_out:,} records that share only a frequent value were not weighed"] if left_out else []
    return sorted(found), notes


def _plain(values: Values) -> Forms:
    """Values as the forms of a record that came with them."""
    return Forms(None, {name: list(texts) for name, texts in values.items()}, [])


def _best(
    store: Snapshot, asking: Asking, scored: list[tuple[StoredBrief, ScoredPair]]
) -> tuple[list[Candidate], dict[str, int]]:
    """The best record of every entity, the most likely first, and the numbers of the entities by id."""
    members = {row: (entity, person) for row, entity, _, person in store.rows("members", "row", [one.row for one, _ in scored])}
    best: dict[int, tuple[StoredBrief, ScoredPair]] = {}
    for one, pair in scored:
        entity = members[one.row][0]
        if entity not in best or pair.weight > best[entity][1].weight:
            best[entity] = one, pair
    names = {number: entity_id for number, entity_id, _ in store.rows("entities", "number", sorted(best))}
    out = []
    for entity, (one, pair) in best.items():
        bits = pair.weight / BITS
        agreed = tuple(name for name, level in zip(asking.comparisons, pair.levels, strict=True) if level > 0)
        kind = "person" if members[one.row][1] else "anonymous"
        out.append(Candidate(names[entity], kind, bits, float(1 / (1 + np.exp2(-bits))), agreed, part_key(one.key)))
    return sorted(out, key=lambda one: (-one.match_weight, one.entity_id)), {names[entity]: entity for entity in best}
