"""Looking closer: some records with all that is tied to them, as a small batch result; nothing is written."""

from collections.abc import Iterable

from omniid.previous import Previous
from omniid.resolver.assembling import assemble, stored_records
from omniid.resolver.classes import known_classes
from omniid.resolver.deriving import derive
from omniid.resolver.hashed import known_hashes
from omniid.resolver.learned import Learned
from omniid.resolver.naming import read_ledger_part
from omniid.resolver.neighborhoods import find_neighborhood
from omniid.results import Parts
from omniid.stages import Stages
from omniid.store import Snapshot

__all__ = ["parts_around"]


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
    near = find_neighborhood(store, rows)
    records = stored_records(store, near.rows)
    if not records:
        return None
    part = read_ledger_part(store, near.rows, {one.row: one.key for one in records})
    previous = Previous(lambda _: part.ledger, decisions=near.decisions, spec=learned.spec, model=learned.model)
    return derive(
        assemble(store, records, learned).table,
        learned.spec,
        learned.model,
        decided=near.decisions,
        previous=previous,
        known=lambda classes, met: known_classes(store, classes, met),
        hashes=known_hashes(store, learned),
        stages=Stages(),
    )
