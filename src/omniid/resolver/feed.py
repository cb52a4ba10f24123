"""The change feed: what became of entities, told with the ids before and after, and never with values."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from omniid.resolver.settings import last_number
from omniid.store import Transaction

__all__ = ["KINDS", "Change", "changes_between", "tell"]

KINDS = ("erased", "split", "merged", "created", "extended", "updated")


class Change(NamedTuple):
    """What became of one entity: its kind (one of `KINDS`), the id it is about, the ids before and after, by number of issue.

    `time` is the latest event time of the records that it has now, in microseconds, None where none is known.
    """

    kind: str
    about: int
    was: tuple[int, ...]
    became: tuple[int, ...]
    time: int | None = None


def changes_between(
    before: Mapping[int, int], after: Mapping[int, int], changed: Collection[int], times: Mapping[int, int | None]
) -> list[Change]:
    """Tell what became of the entities of some records, as `Resolution.changes` tells it of two results.

    Parameters
    ----------
    before, after
        Row → number of its id.
    changed
        Rows of records that say something else than before.
    times
        Row → event time of the records that live.

    Examples
    --------
    >>> [one.kind for one in changes_between({1: 7, 2: 8}, {1: 7, 2: 7, 3: 7}, [], {})]
    ['merged']
    """
    went_to, came_from = defaultdict[int, set[int]](set), defaultdict[int, set[int]](set)
    old, new = defaultdict[int, set[int]](set), defaultdict[int, set[int]](set)
    for row, number in before.items():
        old[number].add(row)
    for row, number in after.items():
        new[number].add(row)
        if row in before:
            went_to[before[row]].add(number)
            came_from[number].add(before[row])
    told = [Change("erased", one, (one,), ()) for one in old if not went_to[one]]
    told += [Change("split", one, (one,), tuple(sorted(went_to[one]))) for one in old if len(went_to[one]) > 1]
    for one, rows in new.items():
        sources, latest = tuple(sorted(came_from[one])), _latest(rows, times)
        if len(sources) > 1:
            told.append(Change("merged", one, sources, (one,), latest))
        elif not sources:
            told.append(Change("created", one, (), (one,), latest))
        elif any(row not in before for row in rows):
            told.append(Change("extended", one, sources, (one,), latest))
        elif len(went_to[sources[0]]) == 1 and (len(rows) < len(old[sources[0]]) or not rows.isdisjoint(changed)):
            told.append(Change("updated", one, sources, (one,), latest))
    return sorted(told, key=lambda change: (KINDS.index(change.kind), change.about))


def _latest(rows: Iterable[int], times: Mapping[int, int | None]) -> int | None:
    return max((time for row in rows if (time := times.get(row)) is not None), default=None)


def tell(store: Transaction, changes: Iterable[Change], names: Mapping[int, str], transaction: int, cause: str) -> int:
    """Append changes to the feed and return the cursor after them."""
    cursor = max(last_number(store, "changes", "cursor"), 0)
    rows = []
    for one in changes:
        cursor += 1
        was, became = (json.dumps([names[number] for number in ids]) for ids in (one.was, one.became))
        rows.append((cursor, transaction, one.kind, names[one.about], was, became, cause, one.time))
    store.put("changes", rows)
    return cursor
