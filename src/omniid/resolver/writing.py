"""Writing what was derived: who is who now, under which ids, and what changed."""

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from omniid.changes import changes_table
from omniid.entity_ids import RecordKeys, carry_over
from omniid.resolver.naming import LedgerPart, write_ledger_part
from omniid.resolver.settings import last_number
from omniid.resolver.shapes import FOREVER
from omniid.results import Parts
from omniid.store import Transaction

__all__ = ["Derived", "write_derived", "write_erased"]


class Derived(NamedTuple):
    """A neighborhood as it was derived.

    Parameters
    ----------
    rows
        Row numbers of its living records, by place.
    parts
        What the stages made of them.
    before
        Their ids before.
    changed
        Rows of records that came, changed or went in this transaction.
    """

    rows: tuple[int, ...]
    parts: Parts
    before: LedgerPart
    changed: set[int]


def write_derived(store: Transaction, derived: Derived, transaction: int, cause: str) -> int:
    """Write members, ids and changes of a neighborhood, and return the cursor after them."""
    parts, before = derived.parts, derived.before
    numbers = write_ledger_part(store, before, parts.ledger)
    placed = zip(
        derived.rows,
        parts.ledger.owner.tolist(),
        parts.ledger.votes.tolist(),
        parts.placement.is_person.tolist(),
        strict=True,
    )
    after = {row: (row, numbers[owner], int(votes), int(person)) for row, owner, votes, person in placed}
    gone = sorted(before.members.keys() - after.keys())
    store.remove("members", "row", gone)
    moved = [row for row, one in after.items() if before.members.get(row) != one]
    store.put("members", [after[row] for row in sorted(moved)])
    _remember(store, before.members, after, {*gone, *moved}, transaction)
    return _tell(store, _events(derived, cause), transaction)


def write_erased(store: Transaction, before: LedgerPart, transaction: int, cause: str) -> int:
    """Write that no record of some entities lives any more, and return the cursor after that."""
    none = np.zeros(0, np.int32)
    write_ledger_part(store, before, carry_over(before.ledger, RecordKeys.of([]), none, np.zeros(0, bool)))
    store.remove("members", "row", sorted(before.members))
    _remember(store, before.members, {}, before.members, transaction)
    owners = sorted({int(owner) for owner in before.ledger.owner})
    names = [before.ledger.entity_ids[owner].as_py() for owner in owners]
    told = [{"kind": "erased", "entity_id": name, "was": [name], "became": [], "cause": cause, "time": None} for name in names]
    return _tell(store, told, transaction)


def _remember(
    store: Transaction,
    before: dict[int, tuple[int, int, int, int]],
    after: dict[int, tuple[int, int, int, int]],
    moved: Iterable[int],
    transaction: int,
) -> None:
    """Keep who was where until now."""
    rows = sorted(row for row in moved if before.get(row, ())[1::2] != after.get(row, ())[1::2])
    open_ = [one for one in store.rows("memberships", "row", rows) if one[2] == FOREVER]
    ended = [(row, since, transaction, entity, person) for row, since, _, entity, person in open_ if since != transaction]
    store.put("memberships", ended)
    store.put("memberships", [(row, transaction, FOREVER, after[row][1], after[row][3]) for row in rows if row in after])


def _events(derived: Derived, cause: str) -> list[dict[str, Any]]:
    """What to tell of the neighborhood: the changes of a batch run, and profiles whose records say something else now."""
    told: list[dict[str, Any]] = changes_table(derived.parts).to_pylist()
    spoken = {entity_id for one in told for entity_id in (one["entity_id"], *one["became"])}
    parts = derived.parts
    places = [place for place, row in enumerate(derived.rows) if row in derived.changed]
    names = {parts.ledger.entity_ids[int(parts.ledger.owner[place])].as_py() for place in places}
    told += [
        {"kind": "updated", "entity_id": name, "was": [name], "became": [name], "time": None} for name in sorted(names - spoken)
    ]
    return [{**one, "cause": cause} for one in told]


def _tell(store: Transaction, events: list[dict[str, Any]], transaction: int) -> int:
    """Append events to the feed and return the cursor after them."""
    cursor = last_number(store, "changes", "cursor") + 1
    store.put(
        "changes",
        [
            (
                max(cursor, 1) + n,
                transaction,
                one["kind"],
                one["entity_id"],
                json.dumps(one["was"]),
                json.dumps(one["became"]),
                one["cause"],
                None if one["time"] is None else int(one["time"].timestamp() * 1_000_000),
            )
            for n, one in enumerate(events)
        ],
    )
    return max(cursor, 1) + len(events) - 1
