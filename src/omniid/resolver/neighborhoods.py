"""Neighborhoods: sets of records that nothing ties to a record outside, so that they can be resolved alone."""

from collections import deque
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import NamedTuple

from omniid.decisions import standing
from omniid.resolver.decided import decisions_on
from omniid.resolver.filing import NOWHERE, Devices, Filed, devices_of, holders_of
from omniid.resolver.incoming import join_key
from omniid.resolver.stored_briefs import StoredBrief, briefs_of
from omniid.store import Snapshot
from omniid.tables import Decision

__all__ = ["Neighborhood", "decisions_inside", "find_neighborhood", "left_behind"]


class Neighborhood(NamedTuple):
    """Rows of living records that belong together for all that is derived, and the decisions on them.

    Parameters
    ----------
    rows
        Row numbers, ascending.
    decisions
        Standing decisions of which both sides have a record among them.
    evidence
        (left, right) → weight of the scored pairs among them, as the store has them.
    briefs
        Row → what is kept of the record in brief.
    silent
        Whether one of them names nobody.
    """

    rows: tuple[int, ...]
    decisions: tuple[Decision, ...]
    evidence: dict[tuple[int, int], int]
    briefs: dict[int, StoredBrief]
    silent: bool


def find_neighborhood(store: Snapshot, rows: Iterable[int]) -> Neighborhood:
    """Close a set of rows under scored pairs, decisions, shared devices and entities.

    A device ties its records only where one of them names nobody: between records of persons it says nothing.

    Parameters
    ----------
    store
        The store.
    rows
        Row numbers; those of deleted records are left out.
    """
    decides = bool(store.span("decisions", "number", limit=1))
    seen: set[int] = set(rows)
    waiting, alive = deque([sorted(seen)]), dict[int, StoredBrief]()
    evidence: dict[tuple[int, int], int] = {}
    devices: set[int] = set()
    silent = False
    told: dict[int, Decision] = {}
    while waiting:
        batch = waiting.popleft()
        here = briefs_of(store, batch)
        alive |= here
        found: set[int] = set()
        for by in ("left", "right"):
            for _, left, right, weight in store.rows("evidence", by, batch):
                evidence[left, right] = weight
                found |= {left, right}
        found |= _companions(store, batch)
        held = devices_of(store, batch)
        silent = silent or any(one.silent for one in held.values())
        found |= _by_devices(store, held.values(), devices)
        if decides:
            found |= _decided(store, [one.key for one in here.values()], told)
        if new := sorted(found - seen):
            seen.update(new)
            waiting.append(new)
    both = decisions_inside(told.values(), {one.key for one in alive.values()})
    inside = {pair: what for pair, what in evidence.items() if pair[0] in alive and pair[1] in alive}
    return Neighborhood(tuple(sorted(alive)), both, inside, alive, silent)


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


def _companions(store: Snapshot, rows: Sequence[int]) -> set[int]:
    """All members of the entities that some rows are of."""
    entities = {entity for _, entity, *_ in store.rows("members", "row", rows)}
    return {row for row, *_ in store.rows("members", "entity", sorted(entities))}


def left_behind(store: Snapshot, before: Mapping[int, Filed], after: Mapping[int, Filed]) -> set[int]:
    """Records on a device that some records no longer have, where one of those that stay names nobody.

    Parameters
    ----------
    store
        The store, in which the records are filed anew already.
    before, after
        Row → as it was filed, and as it is now; a row that is not in `after` is filed nowhere any more.
    """
    return _holders(store, {key for row, one in before.items() for key in {*one.devices} - {*after.get(row, NOWHERE).devices}})


def _by_devices(store: Snapshot, held: Iterable[Devices], known: set[int]) -> set[int]:
    """Records that share a device with some records, where one of them names nobody."""
    keys = {key for one in held for key in one.keys} - known
    known |= keys
    return _holders(store, keys)


def _holders(store: Snapshot, keys: Iterable[int]) -> set[int]:
    """Records on devices, each where one of them names nobody."""
    found: set[int] = set()
    for together in holders_of(store, sorted(keys)).values():
        if len(together) > 1 and any(silent for *_, silent in store.rows("filed", "row", together)):
            found.update(together)
    return found


def _decided(store: Snapshot, keys: Iterable[str], told: dict[int, Decision]) -> set[int]:
    """Rows that decisions name beside some records."""
    new = decisions_on(store, keys, told)
    partners = sorted({join_key(*key) for one in new.values() for key in (*one.left, *one.right)})
    told |= new
    return {row for row, *_ in store.rows("records", "key", partners)}
