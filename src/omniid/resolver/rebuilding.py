"""Everything derived anew from what is primary: after a fit, for a first load, and to prove that nothing differs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from omniid.changed_rows import differing_rows
from omniid.frames import Inputs
from omniid.pipeline import Evidence
from omniid.previous import Previous
from omniid.resolver.assembling import StoredRecord, StoredRecords, all_records, normalized
from omniid.resolver.bulk_filing import file_in_bulk
from omniid.resolver.bulk_forms import as_stored, forms_rows
from omniid.resolver.bulk_writing import is_first, write_first
from omniid.resolver.classes import met_records, shared_values, write_counts
from omniid.resolver.copied_evidence import pairs_of_all
from omniid.resolver.decided import all_decisions
from omniid.resolver.deriving import derive, evidence_of, made_ready
from omniid.resolver.hashed import file_all_hashes, known_hashes
from omniid.resolver.learned import Learned
from omniid.resolver.naming import LedgerPart, read_ledger_part
from omniid.resolver.neighborhoods import decisions_inside
from omniid.resolver.placing import named_by_history
from omniid.resolver.profiles import write_profiles
from omniid.resolver.stored_briefs import brief_rows
from omniid.resolver.updating import of_parts
from omniid.resolver.writing import write_derived
from omniid.results import Parts
from omniid.stages import Stages
from omniid.store import Row, Transaction, later, writing_behind
from omniid.tables import RecordTable, Weights
from omniid.threads import threads_for

__all__ = ["FirstRecords", "rederive"]

CLEARED = ("forms", "briefs", "contacts", "evidence", "postings", "filed", "popular")
PORTION = 1 << 17  # scored pairs made rows at once


@dataclass
class FirstRecords:
    """The first records of a store, to be written, in the order of their keys, and the frames in which they came, if known."""

    each: list[StoredRecord]
    sent: Inputs | None = None

    def take(self) -> tuple[list[StoredRecord], Inputs | None]:
        """Hand them over: whoever takes them holds them alone, and lets them go as soon as they are written."""
        taken = self.each, self.sent
        self.each, self.sent = [], None
        return taken


def rederive(
    store: Transaction,
    learned: Learned,
    *,
    transaction: int,
    cause: str,
    changed: Iterable[int] = (),
    stages: Stages | None = None,
    profiles: pa.Table | None = None,
    known: Parts | None = None,
    first: FirstRecords | None = None,
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
    known
        What the stages made of these records and decisions under this declaration and model, where that is known.
    first
        All records, where they are the first.
    """
    stages = stages or Stages()
    records, sent = (all_records(store), None) if first is None else first.take()
    rows, keys = [one.row for one in records], [one.key for one in records]
    part = _ledger_before(store, rows, dict(zip(rows, keys, strict=True)))
    parts = known if known is not None and records and _goes_on(store, part, known) else None
    decided = decisions_inside(all_decisions(store), set(keys))
    with writing_behind(store, threads_for(len(records))) as late:
        if first is not None:
            late.put("records", sorted(records))
        for name in CLEARED:
            late.clear(name)
        table = None if not records else stages.run("normalize", _write_forms, late, records, learned, sent)
        stages.run("file", file_all_hashes, late, learned, records)
        if table is None:
            return write_derived(late, named_by_history([], part), set(changed), transaction, cause)
        del records, sent
        found = evidence_of(table, learned.spec, learned.model, None, stages)
        filing = partial(_file, learned=learned, rows=rows, keys=keys, table=table, found=found)
        stages.run("file", later, late, filing)
        if parts is None:
            previous = Previous(lambda _: part.ledger, decisions=decided, spec=learned.spec, model=learned.model)
            parts = derive(table, learned.spec, learned.model, decided=decided, previous=previous, stages=stages, found=found)
        late.put("evidence", _evidence_rows(rows, parts))
        if is_first(part, parts):
            stages.run("survive", write_profiles, late, parts, parts.ledger.owner, transaction, learned.number)
            return write_first(late, parts, rows, transaction, cause)
        other = set() if profiles is None else _with_other_profiles(rows, parts, profiles)
        cursor = write_derived(late, of_parts(rows, parts, part), {*changed, *other}, transaction, cause)
        stages.run("survive", write_profiles, late, parts, _owners(late, rows), transaction, learned.number)
        return cursor


def _ledger_before(store: Transaction, rows: Sequence[int], living: Mapping[int, str]) -> LedgerPart:
    """All that the ids may depend on."""
    if not store.count("entities"):  # no id was given yet
        rows = []
    return read_ledger_part(store, [*rows, *(row for row, *_ in store.span("members", "row"))], living)


def _owners(store: Transaction, rows: Sequence[int]) -> npt.NDArray[np.int64]:
    """The number of the id of each row."""
    held = {row: entity for row, entity, *_ in store.span("members", "row")}
    return np.array([held[row] for row in rows], np.int64)


def _write_forms(store: Transaction, records: Sequence[StoredRecord], learned: Learned, sent: Inputs | None) -> RecordTable:
    """Normalise all records, keep their normal forms, and return them as a table."""
    table = normalized(records, learned, sent=sent)
    store.put("forms", forms_rows(table, np.array([one.row for one in records], np.int64)))
    return as_stored(table, learned)


def _file(
    store: Transaction, learned: Learned, rows: Sequence[int], keys: Sequence[str], table: RecordTable, found: Evidence
) -> None:
    """Count the people behind all values, and file all records."""
    store.put("briefs", sorted(brief_rows(StoredRecords(tuple(rows), table), keys, found, learned.briefs)))
    met = met_records(table, learned.spec)
    write_counts(store, {}, shared_values(met, found.classes))
    if learned.hash_families:
        met = met_records(table, learned.spec, known_hashes(store, learned))
    file_in_bulk(store, learned, np.array(rows, np.int64), met, made_ready(found, learned.spec, learned.model))


def _goes_on(store: Transaction, part: LedgerPart, known: Parts) -> bool:
    """Whether the ids of a result go on from all those of the store, number by number."""
    whole = len(part.numbers) == store.count("entities") and len(part.sets) == store.count("past_sets")
    return whole and known.ledger.entity_ids.slice(0, len(part.numbers)).equals(part.ledger.entity_ids)


def _with_other_profiles(rows: Sequence[int], parts: Parts, profiles: pa.Table) -> set[int]:
    """Rows of the entities whose profile is not what it was."""
    now = parts.golden.entities
    differs = differing_rows(now, np.arange(now.num_rows), profiles, parts.entity_ids, name="entity_id")
    return {rows[place] for place in np.flatnonzero(differs[parts.entity]).tolist()}


def _evidence_rows(rows: Sequence[int], parts: Parts) -> Iterator[Row]:
    """The scored pairs of all records as rows of the table `evidence`, sorted now and made when they are asked for."""
    found = pairs_of_all(parts)
    number = np.array(rows, np.int64)
    one, other = number[found.left], number[found.right]
    pair = np.minimum(one, other) << 32 | np.maximum(one, other)
    order = np.argsort(pair)
    return _made(pair[order], found.weight[order])


def _made(pair: npt.NDArray[np.int64], weight: Weights) -> Iterator[Row]:
    for start in range(0, len(pair), PORTION):
        some = pair[start : start + PORTION]
        columns = (some, some >> 32, some & 0xFFFFFFFF, weight[start : start + PORTION])
        yield from zip(*(column.tolist() for column in columns), strict=True)
