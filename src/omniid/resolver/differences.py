"""The difference that a change makes to a store, before anything is written."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from omniid.changes import SCHEMA
from omniid.errors import InputError
from omniid.frames import to_native
from omniid.pipeline import with_thresholds
from omniid.resolver.incoming import part_key
from omniid.resolver.learned import Learned
from omniid.resolver.proposals import Proposal
from omniid.resolver.settings import last_number, number_of
from omniid.resolver.trial import Trial
from omniid.store import Row, Snapshot
from omniid.tables import BITS, Decision
from omniid.what_if import describe_difference

__all__ = ["StoreDifference", "feed_table", "find_difference", "state_of"]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PAIRS = ("change", "left_source", "left_record_id", "right_source", "right_record_id")
REDIRECTS = ("entity_id", "redirects_to")
State = tuple[int, ...]
Key = tuple[str, str]


@dataclass(frozen=True, eq=False)
class StoreDifference:
    """What a change would make of a store; nothing is written until `Resolver.apply` takes it.

    Parameters
    ----------
    told
        "changes", "pairs" and "redirects" as Arrow tables.
    decisions
        The decisions of the change, as they would be kept.
    proposal
        The change.
    state
        The state of the store that the difference was made from.
    trial
        The change, made on that state.
    backend
        The kind of frames to hand out.

    Examples
    --------
    >>> import omniid
    >>> with omniid.open(":memory:", backend="rows") as resolver:
    ...     told = resolver.upsert([{"id": str(n), "email": "ann@x.com"} for n in range(2)])
    ...     resolver.fit()
    ...     (entity,) = {row["entity_id"] for row in resolver.crosswalk()}
    ...     apart = omniid.Decision("CANNOT_LINK", (("records", "0"),), (("records", "1"),))
    ...     difference = resolver.what_if(decisions=apart)
    ...     [(row["kind"], len(row["became"])) for row in difference.changes]
    [('split', 2)]
    """

    told: Mapping[str, pa.Table]
    decisions: tuple[Decision, ...]
    proposal: Proposal
    state: State
    trial: Trial
    backend: str

    def table(self, name: str) -> pa.Table:
        """Return "changes", "pairs" or "redirects" as an Arrow table.

        Raises
        ------
        InputError
            If there is no table of that name.
        """
        if name not in self.told:
            raise InputError(f"a difference has no table {name!r}; choose from {', '.join(self.told)}")
        return self.told[name]

    @property
    def changes(self) -> Any:
        """What becomes of every entity: cursor, kind, entity_id, was, became, cause, time, as the change feed would tell it."""
        return to_native(self.told["changes"], self.backend)

    @property
    def pairs(self) -> Any:
        """Links gained and lost: pairs at or above the threshold whose records are one entity only after, or only before."""
        return to_native(self.told["pairs"], self.backend)

    @property
    def redirects(self) -> Any:
        """Ids that would lose their entity, and the id that takes their place."""
        return to_native(self.told["redirects"], self.backend)

    def __bool__(self) -> bool:
        return bool(self.told["changes"].num_rows)

    def __str__(self) -> str:
        return describe_difference(self.told["changes"], self.told["pairs"])

    def is_told_by(self, other: "StoreDifference") -> bool:
        """Whether another difference says the same, wherever in the feed it would stand."""
        return all(_said(table).equals(_said(other.told[name])) for name, table in self.told.items())


def _said(table: pa.Table) -> pa.Table:
    return table.drop_columns(["cursor"]) if "cursor" in table.column_names else table


def state_of(store: Snapshot) -> State:
    """What tells one state of a store from every other that it had."""
    lasts = (("changes", "cursor"), ("decisions", "number"), ("models", "number"), ("records", "row"))
    return (number_of(store, "transaction"), *(last_number(store, *one) for one in lasts))


def find_difference(base: Snapshot, trial: Trial, before: Learned | None, after: Learned | None) -> dict[str, pa.Table]:
    """Read off a trial what it changed.

    Parameters
    ----------
    base
        The state that it started from.
    trial
        The changes.
    before, after
        What the store resolves by before and after them.
    """
    moved = trial.differing("members")
    return {
        "changes": feed_table(trial.span("changes", "cursor", last_number(base, "changes", "cursor") + 1)),
        "pairs": _links(base, trial, moved, before, after),
        "redirects": _redirects(trial, moved),
    }


def feed_table(rows: Iterable[Row]) -> pa.Table:
    """Rows of the table `changes` as they are told."""
    told = [
        (
            cursor,
            kind,
            entity_id,
            json.loads(was),
            json.loads(became),
            cause,
            None if time is None else EPOCH + timedelta(microseconds=time),
        )
        for cursor, _, kind, entity_id, was, became, cause, time in rows
    ]
    return _table(SCHEMA, told)


def _table(schema: pa.Schema, rows: list[tuple[Any, ...]]) -> pa.Table:
    columns = zip(*rows, strict=True) if rows else ((),) * len(schema)
    return pa.table([pa.array(list(column), one.type) for column, one in zip(columns, schema, strict=True)], schema)


def _texts(names: Iterable[str]) -> pa.Schema:
    return pa.schema([(name, pa.large_string()) for name in names])


def _links(
    base: Snapshot,
    trial: Trial,
    moved: list[tuple[Row | None, Row | None]],
    before: Learned | None,
    after: Learned | None,
) -> pa.Table:
    """Links of moved records within one entity before or after, and not both times."""
    rows = sorted({one[0] for pair in moved for one in pair if one is not None})
    together = {
        change: _linked(store, rows, learned) for change, store, learned in (("lost", base, before), ("gained", trial, after))
    }
    told: list[tuple[str, ...]] = []
    for change, other in (("lost", trial), ("gained", base)):
        pairs = sorted(together[change])
        ends = sorted({row for pair in pairs for row in pair})
        entity = {row: of for row, of, *_ in other.rows("members", "row", ends)}
        keys = {row: part_key(key) for row, key, *_ in base.rows("records", "row", ends)}
        apart = [pair for pair in pairs if pair[0] not in entity or entity[pair[0]] != entity.get(pair[1])]
        named = sorted(sorted((keys[left], keys[right])) for left, right in apart)
        told += [(change, *left, *right) for left, right in named]
    return _table(_texts(PAIRS), told)


def _linked(store: Snapshot, rows: list[int], learned: Learned | None) -> set[tuple[int, int]]:
    """Links with one end among the rows, both of whose ends are of one entity."""
    if learned is None:
        return set()
    link_at = round(with_thresholds(learned.model, learned.spec).link_at * BITS)
    pairs = {
        (left, right)
        for by in ("left", "right")
        for _, left, right, weight in store.rows("evidence", by, rows)
        if weight >= link_at
    }
    entity = {row: of for row, of, *_ in store.rows("members", "row", sorted({row for pair in pairs for row in pair}))}
    return {(left, right) for left, right in pairs if left in entity and entity[left] == entity.get(right)}


def _redirects(trial: Trial, moved: list[tuple[Row | None, Row | None]]) -> pa.Table:
    """Entities that have no member any more, and where their ids lead."""
    owners = sorted({was[1] for was, _ in moved if was is not None})
    alive = {of for _, of, *_ in trial.rows("members", "entity", owners)}
    gone = trial.rows("entities", "number", [one for one in owners if one not in alive])
    return _table(_texts(REDIRECTS), [(name, _leads_to(trial, to)) for _, name, to in gone])


def _leads_to(store: Snapshot, number: int) -> str | None:
    """The id of the living entity at the end of redirects."""
    while number >= 0 and not store.rows("members", "entity", [number]):
        ((_, _, number),) = store.rows("entities", "number", [number])
    if number < 0:
        return None
    return str(store.rows("entities", "number", [number])[0][1])
