"""Results as Arrow tables, in the columns that the contract fixes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.compilation import Plan
from omniid.devices import Placement
from omniid.entity_ids import IdLedger, RecordKeys, ledger_tables, read_saved
from omniid.errors import InputError
from omniid.evidence import Classes
from omniid.frames import plain_table
from omniid.households import Households
from omniid.previous import Previous
from omniid.source_cells import SourceCells, cells_table
from omniid.spec import Spec
from omniid.tables import (
    BITS,
    TIERS,
    Clustering,
    Column,
    Decision,
    Model,
    Profiles,
    RecordTable,
    Refusal,
    Rows,
    ScoredPairs,
    Weights,
    coded_column,
)
from omniid.tables.arrays import arrow_array, text_array, text_scalar
from omniid.tables.events import EventTable

__all__ = [
    "Parts",
    "conflicts_table",
    "crosswalk_table",
    "entity_kinds",
    "kept_tables",
    "members_of",
    "overridden_table",
    "pair_keys",
    "pairs_table",
    "records_table",
    "refusals_table",
]

TEXT = pa.large_string()
ENTITY_KINDS = ("person", "anonymous")


@dataclass(frozen=True, eq=False)
class Parts:
    """What the stages of one run made.

    Parameters
    ----------
    sent
        Records as the sources sent them.
    records
        Normalised records.
    evidence
        The same records as matching saw them: values that too many people share are missing.
    spec, model, plan
        The declaration, the learned numbers, and the declaration compiled for these records.
    decisions
        What people decided.
    classes
        Column → how many people use each value.
    scores
        Scored pairs, those to review included.
    clustering
        The partition, and what it refused.
    placement
        Whose the anonymous records are, and why.
    entity, entity_ids
        Entity number per record row, and the ids.
    ledger
        All ids ever issued, and what they named before.
    golden
        Profiles and provenance.
    households
        Who lives with whom, and how they may be related.
    previous
        The earlier result that ids were carried over from.
    weighed_by
        The classifier that weighed the pairs anew; "" where the model did.
    told
        Changes that were told already, where the result was saved and opened again.
    alone
        The weights of the scored pairs before those between sources without duplicates were weighed beside their rivals; None
        where there are none.
    events
        What customers did; None where no events were passed.
    cells
        What stands in the sources' own cells; None where only the records are known, as in a store.
    """

    sent: RecordTable
    records: RecordTable
    evidence: RecordTable
    spec: Spec
    model: Model
    plan: Plan
    decisions: Sequence[Decision]
    classes: Classes
    scores: ScoredPairs
    clustering: Clustering
    placement: Placement
    entity: Rows
    entity_ids: pa.LargeStringArray
    ledger: IdLedger
    golden: Profiles
    households: Households
    previous: Previous | None = None
    weighed_by: str = ""
    told: pa.Table | None = None
    alone: Weights | None = None
    events: EventTable | None = None
    cells: SourceCells | None = None

    @property
    def link_at(self) -> int:
        """The threshold in millionths of a bit."""
        return round(self.model.link_at * BITS)

    @property
    def scored_alone(self) -> ScoredPairs:
        """The scored pairs, each weighed alone."""
        return self.scores if self.alone is None else replace(self.scores, weight=self.alone)

    def as_previous(self) -> Previous:
        """What a later run carries over; it does not hold what came before this one."""
        ledger, golden, sent = self.ledger, self.golden, self.sent
        return Previous(
            lambda _: ledger,
            lambda: plain_table(golden.entities),
            lambda: plain_table(records_table(sent)),
            self.decisions,
            self.spec,
            self.model,
        )

    def reopened(self, spec: Spec, folder: Path) -> "Parts":
        """The same with the spec as it was saved; where all is as it was, the saved changes are those of this result too."""
        before = self.previous.ledger_for(RecordKeys.of_table(self.records)) if self.previous is not None else IdLedger.empty()
        same = len(before.owner) == len(self.ledger.owner) and bool((before.owner == self.ledger.owner).all())
        if not same or len(before.entity_ids) != len(self.ledger.entity_ids):
            return replace(self, spec=spec)
        return replace(self, spec=spec, previous=None, told=read_saved(folder, "changes"))


def crosswalk_table(parts: Parts) -> pa.Table:
    """source, record_id, entity_id, entity_kind: one row per record, sorted by record key."""
    table, entity, entity_ids = parts.records, parts.entity, parts.entity_ids
    return pa.table(
        {
            "source": _sources(table, np.arange(len(table))),
            "record_id": table.record_id,
            "entity_id": coded_column(entity, entity_ids),
            "entity_kind": coded_column(np.where(parts.placement.is_person, 0, 1), text_array(ENTITY_KINDS)),
        }
    )


def entity_kinds(placement: Placement, entity: Rows) -> pa.DictionaryArray:
    """Return the kind of every entity: person, or anonymous where none of its records belongs to a person."""
    anonymous = np.zeros(int(entity.max(initial=-1)) + 1, np.int32)
    anonymous[entity[~placement.is_person]] = 1
    return coded_column(anonymous, text_array(ENTITY_KINDS))


def records_table(table: RecordTable) -> pa.Table:
    """source, record_id, then what the sources sent, field by field: enough to resolve the records again."""
    columns = {name: _raw_values(table.raw[name]) for name in sorted(table.raw)}
    return pa.table({"source": _sources(table, np.arange(len(table))), "record_id": table.record_id, **columns})


def _raw_values(column: Column) -> pa.Array:
    values = coded_column(column.codes, column.vocabulary)
    return values if column.offsets is None else pa.LargeListArray.from_arrays(arrow_array(column.offsets), values)


def pairs_table(parts: Parts) -> pa.Table:
    """Keys of both records, match_weight (bits), match_probability, tier, rule, then one level per comparison."""
    table, scores = parts.records, parts.scores
    bits = scores.weight / BITS
    levels = {name: arrow_array(scores.levels[:, i]) for i, name in enumerate(scores.comparisons)}
    return pa.table(
        {
            **pair_keys(table, scores.left, scores.right),
            "match_weight": arrow_array(bits),
            "match_probability": arrow_array(1 / (1 + np.exp2(-bits))),
            "tier": coded_column(scores.tier, text_array(TIERS)),
            "rule": coded_column(scores.rule, text_array(scores.rules)),
            **levels,
        }
    )


def refusals_table(parts: Parts, refusals: Sequence[Refusal]) -> pa.Table:
    """Links that a limit or decision forbade, with the values on both sides."""
    left, right = (np.array([getattr(one, side) for one in refusals], np.int32) for side in ("left", "right"))
    limited = {name: values.to_pylist() for name, values in parts.plan.limited.items()} if refusals else {}
    held = {side: [_held(limited, one.limit, getattr(one, side)) for one in refusals] for side in ("left_codes", "right_codes")}
    return pa.table(
        {
            **pair_keys(parts.records, left, right),
            "match_weight": arrow_array(np.array([one.weight for one in refusals], np.float64) / BITS),
            "conflict": arrow_array(np.array([one.conflict for one in refusals], np.float64) / BITS),
            "limit": text_array([one.limit for one in refusals]),
            "left_value": text_array(held["left_codes"]),
            "right_value": text_array(held["right_codes"]),
            "ambiguous": arrow_array(np.array([one.ambiguous for one in refusals], bool)),
        }
    )


def _held(limited: Mapping[str, Sequence[str]], limit: str, codes: Sequence[int]) -> str | None:
    """The limited values that a cluster holds, as text."""
    return "; ".join(limited[limit][code] for code in codes) if codes else None


def pair_keys(table: RecordTable, left: Rows, right: Rows) -> dict[str, pa.Array]:
    """left_source, left_record_id, right_source, right_record_id."""
    return {
        "left_source": _sources(table, left),
        "left_record_id": coded_column(left, table.record_id),
        "right_source": _sources(table, right),
        "right_record_id": coded_column(right, table.record_id),
    }


def _sources(table: RecordTable, rows: npt.NDArray[np.signedinteger]) -> pa.Array:
    return coded_column(table.source.take(rows), text_array(table.sources))


def _constant(text: str, n: int) -> pa.Array:
    return coded_column(np.zeros(n, np.int32), text_array([text]))


def conflicts_table(parts: Parts) -> pa.Table:
    """MUST_LINKs that were not followed: keys of both records, and the path that shows why.

    Each step of ``path`` is a MUST_LINK, and a CANNOT_LINK parts its first record from its last.
    """
    found = parts.clustering.conflicts
    left, right = (np.array([getattr(one, side) for one in found], np.int32) for side in ("left", "right"))
    paths = [_texts(parts, one.path) for one in found]
    offsets = np.cumsum([0, *map(len, paths)]).astype(np.int64)
    path = pa.LargeListArray.from_arrays(arrow_array(offsets), text_array([key for one in paths for key in one]))
    return pa.table({**pair_keys(parts.records, left, right), "path": path})


def overridden_table(parts: Parts) -> pa.Table:
    """Sets that exceed a limit on their own, by decisions or as one record: entity_id, source, record_id of their smallest."""
    rows = np.array(parts.clustering.overridden, np.int32)
    table = parts.records
    return pa.table(
        {
            "entity_id": coded_column(parts.entity[rows], parts.entity_ids).dictionary_decode(),
            "source": coded_column(table.source[rows], text_array(table.sources)).dictionary_decode(),
            "record_id": table.record_id.take(arrow_array(rows)),
        }
    )


def members_of(parts: Parts, entity_id: str) -> list[tuple[str, str]]:
    """Return the record keys of an entity.

    Raises
    ------
    InputError
        If there is no such entity.
    """
    entity = int(pc.index(parts.entity_ids, text_scalar(entity_id)).as_py())
    if entity < 0:
        raise InputError(f"there is no entity {entity_id!r}; ids stand in .crosswalk and .profiles, former ones in .redirects")
    return parts.records.keys(np.flatnonzero(parts.entity == entity))


def _texts(parts: Parts, rows: tuple[int, ...]) -> list[str]:
    return [f"{source}:{record_id}" for source, record_id in parts.records.keys(np.array(rows, np.int32))]


def kept_tables(parts: Parts) -> dict[str, Callable[[], pa.Table]]:
    """Return makers of what a saved result rests on, by name: records, ids and what they named before, cells of the sources."""
    ledger = {name: partial(_itself, table) for name, table in ledger_tables(parts.ledger).items()}
    records, cells = partial(records_table, parts.sent), partial(cells_table, parts.cells)
    return {"records": records, **ledger, "unread": lambda: parts.sent.rejects, "source_cells": cells}


def _itself(table: pa.Table) -> pa.Table:
    return table
