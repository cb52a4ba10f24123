"""Everything derived anew from what is primary: after a fit, for a first load, and to prove that nothing differs."""

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from omniid.changed_rows import differing_rows
from omniid.previous import Previous
from omniid.resolver.assembling import StoredRecords, all_records, assemble, write_forms
from omniid.resolver.classes import count_values, met_records, write_counts
from omniid.resolver.copied_evidence import pairs_of_all
from omniid.resolver.decided import all_decisions
from omniid.resolver.deriving import derive
from omniid.resolver.discovering import identities_of, keys_of
from omniid.resolver.filing import file_all
from omniid.resolver.hashed import file_all_hashes
from omniid.resolver.learned import Learned
from omniid.resolver.naming import read_ledger_part
from omniid.resolver.neighborhoods import Neighborhood, decisions_inside
from omniid.resolver.profiles import write_profiles
from omniid.resolver.updating import derived_lightly, of_parts
from omniid.resolver.writing import write_derived
from omniid.results import Parts
from omniid.stages import Stages
from omniid.store import Row, Transaction

__all__ = ["rederive"]


def rederive(
    store: Transaction,
    learned: Learned,
    *,
    transaction: int,
    cause: str,
    changed: Iterable[int] = (),
    stages: Stages | None = None,
    profiles: pa.Table | None = None,
) -> int:
    """Derive all that can be derived from the records, decisions and ids, and write it; return the cursor after the changes.

    Parameters
    ----------
    store
        The store.
    learned
        The declaration and the model in force from now on.
    transaction
        The number of this transaction.
    cause
        What made it necessary, for the change feed.
    changed
        Rows of records that came, changed or went in this transaction.
    stages
        Runs the stages.
    profiles
        The profiles before, where entities count as updated if theirs is another now.
    """
    stages = stages or Stages()
    records = all_records(store)
    alive = {one.row for one in records}
    store.remove("forms", "row", [row for row, *_ in store.span("forms", "row") if row not in alive])
    stages.run("normalize", write_forms, store, records, learned)
    stages.run("file", file_all_hashes, store, learned, records)
    stored = assemble(store, records, learned)
    met = met_records(stored.table, learned.spec)
    _, counts = stages.run("count people", count_values, met, learned.spec, learned.model)
    store.remove("contacts", "key", [key for key, *_ in store.span("contacts", "key")])
    write_counts(store, {}, counts)
    filed, _ = keys_of(store, learned, records, identities_of(store, learned, records))
    stages.run("file", file_all, store, filed)
    members = [row for row, *_ in store.span("members", "row")]
    part = read_ledger_part(store, [*stored.rows, *members], {one.row: one.key for one in records})
    store.remove("evidence", "pair", [pair for pair, *_ in store.span("evidence", "pair")])
    if not records:
        empty = Neighborhood((), (), {}, {})
        return write_derived(store, derived_lightly(store, learned, empty, records, part), set(changed), transaction, cause)
    decided = decisions_inside(all_decisions(store), {one.key for one in records})
    previous = Previous(lambda _: part.ledger, decisions=decided, spec=learned.spec, model=learned.model)
    parts = derive(stored.table, learned.spec, learned.model, decided=decided, previous=previous, stages=stages)
    store.put("evidence", _evidence_rows(stored, parts))
    other = set() if profiles is None else _with_other_profiles(stored, parts, profiles)
    cursor = write_derived(store, of_parts(stored.rows, parts, part), {*changed, *other}, transaction, cause)
    stages.run("survive", write_profiles, store, parts, stored.rows, transaction, learned.number)
    return cursor


def _with_other_profiles(stored: StoredRecords, parts: Parts, profiles: pa.Table) -> set[int]:
    """Rows of the entities whose profile is not what it was."""
    now = parts.golden.entities
    differs = differing_rows(now, np.arange(now.num_rows), profiles, parts.entity_ids, name="entity_id")
    return {stored.rows[place] for place in np.flatnonzero(differs[parts.entity]).tolist()}


def _evidence_rows(stored: StoredRecords, parts: Parts) -> list[Row]:
    """The scored pairs of all records as rows of the table `evidence`."""
    found = pairs_of_all(parts)
    number = np.array(stored.rows, np.int64)
    one, other = number[found.left], number[found.right]
    left, right = np.minimum(one, other), np.maximum(one, other)
    pair = left << 32 | right
    order = np.argsort(pair)
    columns = (pair[order], left[order], right[order], found.weight[order])
    return list(zip(*(column.tolist() for column in columns), strict=True))
