"""Neighborhoods: sets of records that nothing ties to a record outside, so that they can be resolved alone."""

from collections import deque
from collections.abc import Container, Iterable, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from omniid.decisions import standing
from omniid.resolver.decided import decisions_on
from omniid.resolver.filing import NOWHERE, Devices, Filed, devices_of, holders_of
from omniid.resolver.incoming import join_key
from omniid.resolver.stored_briefs import StoredBrief, briefs_of
from omniid.store import Snapshot
from omniid.tables import Decision

__all__ = ["Neighborhood", "decisions_inside", "find_neighborhood", "left_behind", "parts_of", "together"]


class Neighborhood(NamedTuple):
    """Rows of living records that belong together for all that is derived, and the decisions on them.

    Parameters
    ----------
    rows
        Row numbers, ascending.
    decisions
        Standing decisions of which both sides have a record among them.
    evidence
        (left, right) → weight of those of the scored pairs among them that tie records, as the store has them.
    briefs
        Row → what is kept of the record in brief.
    silent
        Those that name nobody.
    devices
        Row → its devices, of those of the records that have any.
    ties
        Sets of rows, of deleted records too, that something else ties together.
    """

    rows: tuple[int, ...]
    decisions: tuple[Decision, ...]
    evidence: dict[tuple[int, int], int]
    briefs: dict[int, StoredBrief]
    silent: frozenset[int]
    devices: dict[int, list[int]]
    ties: list[set[int]]


def find_neighborhood(store: Snapshot, rows: Iterable[int], tied_from: int) -> Neighborhood:
    """Close a set of rows under links, decisions, shared devices and entities.

    A device ties its records only where one of them names nobody: between records of persons it says nothing.

    Parameters
    ----------
    store
        The store.
    rows
        Row numbers; those of deleted records are left out.
    tied_from
        The weight from which a scored pair ties its two records; see `Learned.tied_from`.
    """
    decides = bool(store.span("decisions", "number", limit=1))
    seen: set[int] = set(rows)
    waiting, alive = deque([sorted(seen)]), dict[int, StoredBrief]()
    evidence: dict[tuple[int, int], int] = {}
    devices: set[int] = set()
    silent: set[int] = set()
    devices_of_row: dict[int, list[int]] = {}
    told: dict[int, Decision] = {}
    ties: list[set[int]] = []
    while waiting:
        batch = waiting.popleft()
        here = briefs_of(store, batch)
        alive |= here
        tied = {
            (left, right): weight
            for by in ("left", "right")
            for _, left, right, weight in store.rows("evidence", by, batch)
            if weight >= tied_from
        }
        evidence |= tied
        held = devices_of(store, batch)
        silent.update(row for row, one in held.items() if one.silent)
        devices_of_row |= {row: one.keys for row, one in held.items() if one.keys and row in here}
        found = [*_companions(store, batch), *_by_devices(store, held.values(), devices)]
        if decides:
            found += _decided(store, [one.key for one in here.values()], told)
        ties += found
        if new := sorted(set(chain.from_iterable((*tied, *found))) - seen):
            seen.update(new)
            waiting.append(new)
    both = decisions_inside(told.values(), {one.key for one in alive.values()})
    inside = {pair: what for pair, what in evidence.items() if pair[0] in alive and pair[1] in alive}
    return Neighborhood(tuple(sorted(alive)), both, inside, alive, frozenset(silent), devices_of_row, ties)


def parts_of(near: Neighborhood) -> list[Neighborhood]:
    """Part what was found around several records into neighborhoods that nothing ties together."""
    first: dict[int, int] = {}

    def find(row: int) -> int:
        while (above := first.setdefault(row, row)) != row:
            first[row] = first[above]
            row = first[row]
        return row

    for one, *others in (*near.evidence, *(some for some in near.ties if some)):
        for other in others:
            first[find(other)] = find(one)
    rows: dict[int, list[int]] = {}
    for row in near.rows:
        rows.setdefault(find(row), []).append(row)
    if len(rows) < 2:
        return [near]
    evidence: dict[int, dict[tuple[int, int], int]] = {}
    for pair, weight in near.evidence.items():
        evidence.setdefault(find(pair[0]), {})[pair] = weight
    parts = []
    for name, some in rows.items():
        briefs = {row: near.briefs[row] for row in some}
        decided = decisions_inside(near.decisions, {one.key for one in briefs.values()}) if near.decisions else ()
        silent = near.silent.intersection(some)
        devices = {row: near.devices[row] for row in some if row in near.devices}
        parts.append(Neighborhood(tuple(some), decided, evidence.get(name, {}), briefs, silent, devices, []))
    return parts


def together(parts: Sequence[Neighborhood]) -> Neighborhood:
    """Neighborhoods as one."""
    rows, evidence, briefs, silent = list[int](), dict[tuple[int, int], int](), dict[int, StoredBrief](), set[int]()
    devices: dict[int, list[int]] = {}
    for part in parts:
        rows += part.rows
        evidence |= part.evidence
        briefs |= part.briefs
        silent |= part.silent
        devices |= part.devices
    decisions = standing(one for part in parts for one in part.decisions)
    return Neighborhood(tuple(sorted(rows)), decisions, evidence, briefs, frozenset(silent), devices, [])


def decisions_inside(decisions: Iterable[Decision], keys: Container[str]) -> tuple[Decision, ...]:
    r"""Those that stand, and of which both sides have one of some records.

    Examples
    --------
    >>> told = Decision("MUST_LINK", (("crm", "1"),), (("web", "2"),))
    >>> decisions_inside([told], {"crm\x1f1"}), decisions_inside([told], {"crm\x1f1", "web\x1f2"}) == (told,)
    ((), True)
    """
    return tuple(one for one in standing(decisions) if all(_meets(side, keys) for side in (one.left, one.right) if side))


def _meets(side: Sequence[tuple[str, str]], keys: Container[str]) -> bool:
    return any(join_key(*key) in keys for key in side)


def _companions(store: Snapshot, rows: Sequence[int]) -> list[set[int]]:
    """All members of each of the entities that some rows are of."""
    entities: dict[int, set[int]] = {entity: set() for _, entity, *_ in store.rows("members", "row", rows)}
    for row, entity, *_ in store.rows("members", "entity", sorted(entities)):
        entities[entity].add(row)
    return list(entities.values())


def left_behind(store: Snapshot, before: Mapping[int, Filed], after: Mapping[int, Filed]) -> set[int]:
    """Records on a device that some records no longer have, where one of those that stay names nobody.

    Parameters
    ----------
    store
        The store, in which the records are filed anew already.
    before, after
        Row → as it was filed, and as it is now; a row that is not in `after` is filed nowhere any more.
    """
    keys = {key for row, one in before.items() for key in {*one.devices} - {*after.get(row, NOWHERE).devices}}
    return set[int]().union(*_holders(store, keys))


def _by_devices(store: Snapshot, held: Iterable[Devices], known: set[int]) -> list[set[int]]:
    """Records that share each of the devices of some records, where one of them names nobody."""
    keys = {key for one in held for key in one.keys} - known
    known |= keys
    return _holders(store, keys)


def _holders(store: Snapshot, keys: Iterable[int]) -> list[set[int]]:
    """Records on each of some devices, where one of them names nobody."""
    together = [set(rows) for rows in holders_of(store, sorted(keys)).values() if len(rows) > 1]
    silent = {row for row, one in devices_of(store, sorted(set[int]().union(*together))).items() if one.silent}
    return [rows for rows in together if not silent.isdisjoint(rows)]


def _decided(store: Snapshot, keys: Iterable[str], told: dict[int, Decision]) -> list[set[int]]:
    """Rows that each of the decisions on some records names."""
    new = decisions_on(store, keys, told)
    named = {number: [join_key(*key) for key in (*one.left, *one.right)] for number, one in new.items()}
    rows = {key: row for row, key, *_ in store.rows("records", "key", sorted({key for some in named.values() for key in some}))}
    told |= new
    return [{rows[key] for key in some if key in rows} for some in named.values()]
