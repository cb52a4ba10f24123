"""Explaining: the neighborhood of what is asked about, derived again for reading, and explained as a batch result is."""

from collections.abc import Iterable

from omniid.answers import EntityExplanation, PairExplanation, ValueExplanation
from omniid.errors import InputError
from omniid.explanation import explain_cluster, explain_records, explain_value
from omniid.resolver.golden import entity_named
from omniid.resolver.incoming import join_key
from omniid.resolver.learned import Learned
from omniid.resolver.looking import parts_around
from omniid.results import Parts
from omniid.store import Snapshot

__all__ = ["explain_entity_in", "explain_in"]

Key = tuple[str, str]


def explain_in(store: Snapshot, learned: Learned, a: Key, b: Key) -> PairExplanation:
    """Explain why two records are one person, or why they are not.

    Raises
    ------
    InputError
        If a record is not in the store.
    """
    return explain_records(_parts(store, learned, [_row_of(store, key) for key in (a, b)]), a, b)


def explain_entity_in(
    store: Snapshot, learned: Learned, entity_id: str, field: str | None
) -> EntityExplanation | ValueExplanation:
    """Explain how an entity came to be, or why a field of its profile has its value.

    Raises
    ------
    InputError
        If there is no such entity, or it has no value of that field.
    """
    entity = entity_named(store, entity_id, None)
    parts = _parts(store, learned, [row for row, *_ in store.rows("members", "entity", [entity.number])])
    if field is None:
        return explain_cluster(parts, entity.entity_id)
    return explain_value(parts, entity.entity_id, field)


def _parts(store: Snapshot, learned: Learned, rows: Iterable[int]) -> Parts:
    parts = parts_around(store, learned, rows)
    if parts is None:
        raise InputError("none of its records lives any more; ids stand in crosswalk()")
    return parts


def _row_of(store: Snapshot, key: Key) -> int:
    if isinstance(key, str) or len(key) != 2:
        raise InputError(f"{key!r} is no record key; write (source, record_id), for example ('crm', '17')")
    found = store.rows("records", "key", [join_key(str(key[0]), str(key[1]))])
    if not found or found[0][3]:
        raise InputError(f"record {tuple(key)} is not in the store; keys are (source, record_id) as in crosswalk()")
    return int(found[0][0])
