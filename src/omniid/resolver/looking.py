"""Looking closer: some records with all that is tied to them, as a small batch result; nothing is written."""

from collections.abc import Iterable, Sequence

from omniid.previous import Previous
from omniid.resolver.assembling import StoredRecord, all_records, assemble, stored_records
from omniid.resolver.classes import known_classes
from omniid.resolver.decided import all_decisions
from omniid.resolver.deriving import derive
from omniid.resolver.hashed import known_hashes
from omniid.resolver.learned import Learned
from omniid.resolver.naming import read_ledger_part
from omniid.resolver.neighborhoods import decisions_inside, find_neighborhood
from omniid.results import Parts
from omniid.stages import Stages
from omniid.store import Snapshot
from omniid.tables import Decision

__all__ = ["parts_around", "parts_of_all"]


def parts_around(store: Snapshot, learned: Learned, rows: Iterable[int]) -> Parts | None:
    """Derive the neighborhoods of some rows, with the ids that they have, and return what the stages made of them.

    Parameters
    ----------
    store
        A state of the store.
    learned
        The declaration and the model.
    rows
        Rows of records; None is returned where none of them lives.
    """
    near = find_neighborhood(store, rows, learned.tied_from)
    records = stored_records(store, near.rows)
    return _looked_at(store, learned, records, near.decisions) if records else None


def parts_of_all(store: Snapshot, learned: Learned) -> Parts | None:
    """Derive the whole store, with the ids that it has; None where it holds no records."""
    records = all_records(store)
    decided = decisions_inside(all_decisions(store), {one.key for one in records})
    return _looked_at(store, learned, records, decided) if records else None


def _looked_at(store: Snapshot, learned: Learned, records: Sequence[StoredRecord], decisions: tuple[Decision, ...]) -> Parts:
    part = read_ledger_part(store, [one.row for one in records], {one.row: one.key for one in records})
    previous = Previous(lambda _: part.ledger, decisions=decisions, spec=learned.spec, model=learned.model)
    return derive(
        assemble(store, records, learned).table,
        learned.spec,
        learned.model,
        decided=decisions,
        previous=previous,
        known=lambda classes, met: known_classes(store, classes, met),
        hashes=known_hashes(store, learned),
        stages=Stages(),
    )
