"""Profiles as a store keeps them: a text per entity, written for all entities at once, and stale where one changes after."""

import json
from collections.abc import Iterable, Mapping
from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from omniid.resolver.json_columns import json_rows
from omniid.results import Parts
from omniid.store import Transaction
from omniid.tables.arrays import arrow_array

__all__ = ["mark_stale", "profile_texts", "read_profile", "write_profiles"]

Profile = dict[str, Any]
PORTION = 1 << 16  # profiles made at once
FEW = 64  # entities up to which row by row is quicker: 64 take 4 ms either way


def mark_stale(
    store: Transaction,
    before: Mapping[int, tuple[int, ...]],
    after: Mapping[int, tuple[int, ...]],
    rows: Iterable[int],
    transaction: int,
) -> None:
    """Note whose profiles are not what they were; who asks first makes them anew.

    Parameters
    ----------
    store
        The store.
    before, after
        Row → (row, entity, votes, person) of a neighborhood.
    rows
        Rows that came, changed, went or moved.
    transaction
        The number of this transaction.
    """
    lives = {one[1] for one in after.values()}
    other = {members[row][1] for row in rows for members in (before, after) if row in members}
    store.remove("profiles", "entity", sorted({one[1] for one in before.values()} - lives))
    store.put("profiles", [(entity, "", transaction, 0) for entity in sorted(other & lives)])


def write_profiles(store: Transaction, parts: Parts, owners: npt.NDArray[np.integer], transaction: int, model: int) -> None:
    """Keep the profiles of all entities, as the stages made them.

    Parameters
    ----------
    store
        The store.
    parts
        What the stages made of all records.
    owners
        Number of the id of each record, by place.
    transaction, model
        The numbers of this transaction and of the model.
    """
    first = np.unique(parts.entity, return_index=True)[1]
    numbers = owners[first]
    order = np.argsort(numbers)
    for start in range(0, len(order), PORTION):
        some = order[start : start + PORTION]
        texts = profile_texts(parts.golden.entities.take(arrow_array(some)))
        store.put("profiles", list(zip(numbers[some].tolist(), texts, repeat(transaction), repeat(model), strict=False)))


def profile_texts(entities: pa.Table) -> list[str]:
    """Each profile as JSON, without what is missing.

    Examples
    --------
    >>> profile_texts(pa.table({"entity_id": ["e1"], "email": ["a@x.com"], "city": pa.array([None], pa.large_string())}))
    ['{"entity_id":"e1","email":"a@x.com"}']
    """
    if len(entities) <= FEW:
        return [_text(row) for row in entities.to_pylist()]
    return json_rows(entities)


def _text(row: Profile) -> str:
    kept = {name: value for name, value in row.items() if value is not None and value != []}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def read_profile(text: str, names: Mapping[str, bool]) -> Profile:
    """A profile of its text.

    Examples
    --------
    >>> read_profile('{"entity_id":"e1"}', {"entity_id": False, "email": False, "emails": True})
    {'entity_id': 'e1', 'email': None, 'emails': []}
    """
    told: Profile = json.loads(text)
    profile = {name: told.get(name, [] if many else None) for name, many in names.items()}
    profile.update(told)
    return profile
