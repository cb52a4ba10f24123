"""What became of records that were sent to a store."""

from collections.abc import Sequence
from dataclasses import dataclass

from omniid.resolver.records import Accepted
from omniid.store import Snapshot

__all__ = ["Upserted"]


@dataclass(frozen=True)
class Upserted:
    """What became of the records of one call.

    Parameters
    ----------
    new, changed, deleted
        Records that came, that say something else now, and that went.
    unchanged, late
        Changes that say what is known already, and those that a newer version overrules.
    refused
        Records that were erased, and that the spec does not let come back (`Spec.erased`).
    entity_ids
        For each record, in the order in which they were sent, the entity that it belongs to now; None where it is deleted,
        refused, or nothing is resolved yet.
    cursor
        The change feed's cursor after this call.

    Examples
    --------
    >>> import omniid
    >>> with omniid.open(":memory:") as resolver:
    ...     print(resolver.upsert([{"id": "1", "email": "ann@x.com"}, {"id": "2", "email": "ann@x.com"}]))
    2 new
    """

    new: int
    changed: int
    deleted: int
    unchanged: int
    late: int
    entity_ids: tuple[str | None, ...]
    cursor: int
    refused: int = 0

    @classmethod
    def of(cls, store: Snapshot, accepted: Accepted, cursor: int) -> "Upserted":
        """Read off the store what the entities are called now."""
        names = entity_names(store, accepted.rows)
        sizes = (len(accepted.new), len(accepted.changed), len(accepted.deleted))
        entity_ids = tuple(names.get(row) for row in accepted.rows)
        return cls(*sizes, accepted.unchanged, accepted.late, entity_ids, cursor, accepted.refused)

    def __str__(self) -> str:
        told = ("new", "changed", "deleted", "unchanged", "late", "refused")
        return ", ".join(f"{getattr(self, name):,} {name}" for name in told if getattr(self, name)) or "nothing"


def entity_names(store: Snapshot, rows: Sequence[int]) -> dict[int, str]:
    """Row → the id of its entity."""
    owner = {row: entity for row, entity, *_ in store.rows("members", "row", rows)}
    names = {number: name for number, name, _ in store.rows("entities", "number", sorted(set(owner.values())))}
    return {row: names[entity] for row, entity in owner.items()}
