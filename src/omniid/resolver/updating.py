"""What follows from changed records: classes, keys and evidence of what is touched, then who is who around it."""

from collections.abc import Iterable, Sequence

from omniid.resolver.bulk_placing import place_in_bulk
from omniid.resolver.device_placing import with_anonymous
from omniid.resolver.discovering import discover
from omniid.resolver.learned import Learned
from omniid.resolver.light_discovery import discover_lightly
from omniid.resolver.light_naming import name_lightly
from omniid.resolver.light_placing import is_plain, place_lightly
from omniid.resolver.naming import LedgerPart, read_ledger_part
from omniid.resolver.neighborhoods import Neighborhood, find_neighborhood, parts_of, together
from omniid.resolver.placing import Placed, joined, named_by_history, place_on_tables
from omniid.resolver.stored_briefs import times_of
from omniid.resolver.writing import Derived, write_members, write_names
from omniid.results import Parts
from omniid.stages import Stages
from omniid.store import Snapshot, Transaction

__all__ = ["derive_around", "of_parts", "update"]

LIGHTLY = 1000  # records of one call up to which each is read by itself: with 500 arrays take as long, with 50 thrice as long

MANY = 600  # records of plain neighborhoods from which on arrays place all of them sooner than plain Python each


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
    near = find_neighborhood(store, rows, learned.tied_from)
    gone = rows - set(near.rows)
    placed = _place(store, learned, near, stages)
    named = name_lightly(store, placed, gone)
    store.put("entities", named.new)
    before, after, names = named.before, named.after, named.names
    if named.others or named.gone:
        rest = named.others
        part = read_ledger_part(store, [*(one.row for one in rest), *named.gone], {one.row: one.key for one in rest})
        others, other_names = write_names(store, named_by_history(rest, part))
        before, after, names = before | part.members, after | others, names | other_names
    times = {one.row: one.time for one in placed}
    return write_members(store, before, after, names, times, changed, transaction, cause)


def _place(store: Snapshot, learned: Learned, near: Neighborhood, stages: Stages) -> Placed:
    """Place records: in plain Python where nothing but links and conflicts is to be heeded, else on tables."""
    plain, other = list[Neighborhood](), list[Neighborhood]()
    for part in parts_of(near) if near.rows else ():
        (plain if is_plain(learned, part) else other).append(part)
    placed = [_plainly(learned, plain)] if plain else []
    if other:
        placed.append(place_on_tables(store, learned, together(other), stages))
    return placed[0] if len(placed) == 1 else joined(placed)


def _plainly(learned: Learned, parts: Sequence[Neighborhood]) -> Placed:
    """Place the records of plain neighborhoods."""
    if sum(len(part.rows) for part in parts) > MANY:
        placed = place_in_bulk(learned, parts)
    else:
        each = [place_lightly(learned, part) for part in parts]
        placed = each[0] if len(each) == 1 else joined(each)
    return with_anonymous(learned, parts, placed) if any(part.silent for part in parts) else placed


def of_parts(rows: Sequence[int], parts: Parts, before: LedgerPart) -> Derived:
    """What the stages made of a neighborhood, as it is written."""
    return Derived(rows, before, parts.ledger, parts.placement.is_person.tolist(), times_of(parts.records))
