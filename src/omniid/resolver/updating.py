"""What follows from changed records: classes, keys and evidence of what is touched, then who is who around it."""

from collections.abc import Iterable, Sequence

from omniid.previous import Previous
from omniid.resolver.assembling import assemble, stored_records
from omniid.resolver.deriving import derive
from omniid.resolver.discovering import discover, known_in
from omniid.resolver.hashed import known_hashes
from omniid.resolver.learned import Learned
from omniid.resolver.light_discovery import discover_lightly
from omniid.resolver.light_naming import name_lightly
from omniid.resolver.light_placing import named_by_history, place_lightly
from omniid.resolver.naming import LedgerPart, read_ledger_part
from omniid.resolver.neighborhoods import Neighborhood, find_neighborhood
from omniid.resolver.stored_briefs import times_of
from omniid.resolver.writing import Derived, write_derived, write_members
from omniid.results import Parts
from omniid.stages import Stages
from omniid.store import Snapshot, Transaction

__all__ = ["derive_around", "of_parts", "update"]

LIGHTLY = 200  # records of one call up to which each is read and compared by itself; more make arrays pay


def update(
    store: Transaction,
    learned: Learned,
    changed: Iterable[int],
    *,
    transaction: int,
    cause: str,
    decided: Iterable[int] = (),
    stages: Stages | None = None,
    speak: bool = True,
) -> int:
    """Derive what changed records touch, and write it.

    Parameters
    ----------
    store
        The store, in which the records stand as they are now.
    learned
        The declaration and the model.
    changed
        Rows of records that came, changed or went.
    transaction
        The number of this transaction.
    cause
        "record", "decision", "rule" or "model", for the change feed.
    decided
        Rows that new decisions name.
    stages
        Runs the stages.
    speak
        Whether entities count as updated because one of their records changed; not where only a declaration did.

    Returns
    -------
    int
        The cursor after the changes that follow.
    """
    stages = stages or Stages()
    changed = set(changed)
    lightly = learned.is_light and len(changed) <= LIGHTLY
    near = discover_lightly(store, learned, changed) if lightly else discover(store, learned, changed, stages)
    return derive_around(store, learned, near | set(decided), changed if speak else set(), transaction, cause, stages)


def derive_around(
    store: Transaction,
    learned: Learned,
    rows: set[int],
    changed: set[int],
    transaction: int,
    cause: str,
    stages: Stages,
) -> int:
    """Derive the neighborhoods of some rows anew, and write what became of them."""
    near = find_neighborhood(store, rows)
    gone = sorted(rows - set(near.rows))
    keys = {row: one.key for row, one in near.briefs.items()}
    decided = any(not one.field for one in near.decisions)  # a pin says nothing of who is who
    if near.rows and (decided or near.silent or not learned.is_light):
        part = read_ledger_part(store, [*near.rows, *gone], keys)
        return write_derived(store, _derive_near(store, learned, near, part, stages), changed, transaction, cause)
    placed = place_lightly(learned, near)
    named = name_lightly(store, placed.groups, gone, keys)
    if named is None:
        part = read_ledger_part(store, [*near.rows, *gone], keys)
        return write_derived(store, named_by_history(placed, part), changed, transaction, cause)
    store.put("entities", named.new)
    times = dict(zip(placed.rows, placed.times, strict=True))
    return write_members(store, named.before, named.after, named.names, times, changed, transaction, cause)


def _derive_near(store: Snapshot, learned: Learned, near: Neighborhood, before: LedgerPart, stages: Stages) -> Derived:
    """Derive a neighborhood on tables, heeding limits, decisions and devices."""
    stored = assemble(store, stored_records(store, near.rows), learned)
    previous = Previous(lambda _: before.ledger, decisions=near.decisions, spec=learned.spec, model=learned.model)
    parts = derive(
        stored.table,
        learned.spec,
        learned.model,
        decided=near.decisions,
        previous=previous,
        known=known_in(store),
        hashes=known_hashes(store, learned),
        stages=stages,
    )
    return of_parts(stored.rows, parts, before)


def of_parts(rows: Sequence[int], parts: Parts, before: LedgerPart) -> Derived:
    """What the stages made of a neighborhood, as it is written."""
    return Derived(rows, before, parts.ledger, parts.placement.is_person.tolist(), times_of(parts.records))
