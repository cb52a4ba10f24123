"""Who is who where nobody was known before, written by arrays: the same rows that `write_derived` writes."""

import json
from collections.abc import Sequence
from itertools import repeat

import numpy as np
import numpy.typing as npt

from omniid.resolver.naming import LedgerPart
from omniid.resolver.settings import last_number, set_number
from omniid.resolver.shapes import FOREVER
from omniid.results import Parts
from omniid.store import Transaction
from omniid.tables import NO_TIME

__all__ = ["is_first", "write_first"]

Int64s = npt.NDArray[np.int64]


def is_first(before: LedgerPart, parts: Parts) -> bool:
    """Whether nobody had an id before, and no id that was given ended."""
    ledger = parts.ledger
    return not before.numbers and not before.sets and not len(ledger.past) and bool((ledger.redirects < 0).all())


def write_first(store: Transaction, parts: Parts, rows: Sequence[int], transaction: int, cause: str) -> int:
    """Write members, ids and changes; return the cursor after them.

    Parameters
    ----------
    store
        A store without ids.
    parts
        What the stages made of all records.
    rows
        Row numbers of the records, by place.
    transaction, cause
        Its number and cause.
    """
    ledger = parts.ledger
    names = ledger.entity_ids.to_pylist()
    store.put("entities", zip(range(len(names)), names, repeat(-1), strict=False))
    order = np.argsort(np.array(rows, np.int64))
    placed = np.array(rows, np.int64)[order], ledger.owner[order], parts.placement.is_person[order].astype(int)
    row, owner, person = (column.tolist() for column in placed)
    store.put("members", zip(row, owner, ledger.votes[order].astype(int).tolist(), person, strict=True))
    store.put("memberships", zip(row, repeat(transaction), repeat(FOREVER), owner, person, strict=False))
    lives, latest = _latest(ledger.owner.astype(np.int64), parts.records.time)
    told = [names[number] for number in lives.tolist()]
    times = (None if time == NO_TIME else time for time in latest.tolist())
    became = (json.dumps([name]) for name in told)
    columns = (repeat(transaction), repeat("created"), told, repeat("[]"), became, repeat(cause), times)
    start = max(last_number(store, "changes", "cursor"), 0)  # of entities that were erased since, too
    store.put("changes", zip(range(start + 1, start + len(told) + 1), *columns, strict=False))
    if ledger.run:
        set_number(store, "run", ledger.run)
    return start + len(told)


def _latest(owner: Int64s, time: Int64s) -> tuple[Int64s, Int64s]:
    """Who owns any record, ascending, and the latest time of each one's records."""
    order = np.lexsort((time, owner))
    last = np.append(owner[order][1:] != owner[order][:-1], True)[: len(owner)]
    return owner[order][last], time[order][last]
