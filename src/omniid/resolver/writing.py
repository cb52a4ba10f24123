"""Writing what was derived: who is who now, under which ids, and what changed."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from omniid.entity_ids import IdLedger
from omniid.resolver.feed import changes_between, tell
from omniid.resolver.naming import LedgerPart, Member, write_ledger_part
from omniid.resolver.profiles import mark_stale
from omniid.resolver.shapes import FOREVER
from omniid.store import Transaction

__all__ = ["Derived", "write_derived", "write_members", "write_names"]

Members = Mapping[int, Member]


class Derived(NamedTuple):
    """A neighborhood as it was derived.

    Parameters
    ----------
    rows
        Row numbers of its living records, by place.
    before
        Their ids before.
    ledger
        Their ids now, by place.
    is_person
        By place: whether the record belongs to a person.
    times
        By place: event time in microseconds, None where unknown.
    """

    rows: Sequence[int]
    before: LedgerPart
    ledger: IdLedger
    is_person: Sequence[bool]
    times: Sequence[int | None]


def write_derived(store: Transaction, derived: Derived, changed: set[int], transaction: int, cause: str) -> int:
    """Write members, ids and changes of a neighborhood, and return the cursor after them.

    Parameters
    ----------
    store
        The store.
    derived
        What was derived.
    changed
        Rows of records that came, changed or went in this transaction.
    transaction, cause
        Its number and cause.
    """
    after, names = write_names(store, derived)
    times = dict(zip(derived.rows, derived.times, strict=True))
    return write_members(store, derived.before.members, after, names, times, changed, transaction, cause)


def write_names(store: Transaction, derived: Derived) -> tuple[dict[int, Member], dict[int, str]]:
    """Write what became of ids; return row → (row, number of the id, votes, person), and number → id."""
    numbers = write_ledger_part(store, derived.before, derived.ledger)
    owners, votes = derived.ledger.owner.tolist(), derived.ledger.votes.tolist()
    placed = zip(derived.rows, owners, votes, derived.is_person, strict=True)
    after = {row: (row, numbers[owner], int(voting), int(person)) for row, owner, voting, person in placed}
    return after, dict(zip(numbers.values(), derived.ledger.entity_ids.to_pylist(), strict=True))


def write_members(
    store: Transaction,
    before: Members,
    after: Members,
    names: Mapping[int, str],
    times: Mapping[int, int | None],
    changed: set[int],
    transaction: int,
    cause: str,
) -> int:
    """Write who belongs where, and tell what changed; return the cursor after that."""
    gone = sorted(before.keys() - after.keys())
    moved = sorted(row for row, one in after.items() if before.get(row) != one)
    store.remove("members", "row", gone)
    store.put("members", [after[row] for row in moved])
    _remember(store, before, after, [*gone, *moved], transaction)
    mark_stale(store, before, after, {*gone, *moved, *changed}, transaction)
    old, new = ({row: one[1] for row, one in members.items()} for members in (before, after))
    known = {row for row in moved if row in before and before[row][3] != after[row][3]}  # a person now, or none any more
    return tell(store, changes_between(old, new, changed | known, times), names, transaction, cause)


def _remember(store: Transaction, before: Members, after: Members, rows: Iterable[int], transaction: int) -> None:
    """Keep who was where until now."""
    told = sorted(row for row in rows if before.get(row, ())[1::2] != after.get(row, ())[1::2])
    open_ = [
        one
        for one in store.rows("memberships", "row", [row for row in told if row in before])
        if one[2] == FOREVER and one[1] != transaction
    ]
    store.put("memberships", [(row, since, transaction, entity, person) for row, since, _, entity, person in open_])
    store.put("memberships", [(row, transaction, FOREVER, after[row][1], after[row][3]) for row in told if row in after])
