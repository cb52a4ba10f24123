"""The change feed: what became of every entity since an earlier result, with the ids before and after and the cause."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.changed_rows import differing_rows
from omniid.entity_ids import IdLedger, RecordKeys
from omniid.frames.text import column_text, is_list
from omniid.previous import Previous
from omniid.results import Parts, records_table
from omniid.tables import NO_TIME, Codes, coded_column
from omniid.tables.arrays import arrow_array, distinct, numpy_array, text_array

__all__ = ["CAUSES", "KINDS", "SCHEMA", "changes_table", "redirects_table"]

Flags = npt.NDArray[np.bool_]
Positions = npt.NDArray[np.intp]

KINDS = ("erased", "split", "merged", "created", "extended", "updated")
CAUSES = ("decision", "record", "rule", "model")
UNKNOWN = len(CAUSES)
SCHEMA = pa.schema(
    [
        ("cursor", pa.int64()),
        ("kind", pa.large_string()),
        ("entity_id", pa.large_string()),
        ("was", pa.large_list(pa.large_string())),
        ("became", pa.large_list(pa.large_string())),
        ("cause", pa.large_string()),
        ("time", pa.timestamp("us", "UTC")),
    ]
)


def _as_told(saved: pa.Table) -> pa.Table:
    """Saved changes as they were told; CSV files hold text, lists joined by ";"."""
    columns = []
    for field in SCHEMA:
        column = saved[field.name]
        if pa.types.is_large_list(field.type):
            text = column_text(column)
            lists = text if is_list(text.type) else pc.split_pattern(text, ";")
            sizes = numpy_array(pc.list_value_length(lists), null=0)
            offsets = arrow_array(np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64))
            column = pa.LargeListArray.from_arrays(offsets, lists.flatten().cast(pa.large_string()))
        columns.append(column.cast(field.type))
    return pa.table(columns, SCHEMA)


class _Moves(NamedTuple):
    """Who is where: old records with their old id and new row, and the (old id, new id) pairs that share a record."""

    old: IdLedger
    new: IdLedger
    rows: Codes
    was: Codes
    became: Codes

    @property
    def n_ids(self) -> int:
        return len(self.new.entity_ids)


def changes_table(parts: Parts) -> pa.Table:
    """Tell what became of every entity since the earlier result.

    Parameters
    ----------
    parts
        A result, with `previous`.

    Returns
    -------
    pyarrow.Table
        cursor, kind, entity_id, was, became, cause, time; by kind in the order of `KINDS`, then by order of issue. ``was``
        and ``became`` list the ids before and after. An entity that a split and a merge change stands in both. ``cause`` is
        "decision", "record" (one came, went or changed), "rule" (another spec), "model" or null where a bare crosswalk does
        not tell; ``time`` is the latest event time of the records concerned. Without `previous` there is nothing to tell.
    """
    if parts.told is not None:
        return _as_told(parts.told)
    if parts.previous is None:
        return pa.Table.from_batches([], SCHEMA)
    moves = _moves(parts.previous.ledger_for(RecordKeys.of_table(parts.records)), parts.ledger)
    events = _events(moves, parts)
    marks = _Marks(moves, parts, parts.previous)
    n, ids = len(events.kind), parts.ledger.entity_ids
    time = marks.times(events)
    return pa.table(
        {
            "cursor": arrow_array(np.arange(1, n + 1)),
            "kind": coded_column(events.kind, text_array(KINDS)).dictionary_decode(),
            "entity_id": ids.take(arrow_array(events.about)),
            "was": _id_lists(events.was, n, ids),
            "became": _id_lists(events.became, n, ids),
            "cause": coded_column(marks.causes(events), text_array(CAUSES)).dictionary_decode(),
            "time": pa.array(time, pa.int64(), mask=time == NO_TIME).cast(pa.timestamp("us", "UTC")),
        },
        SCHEMA,
    )


def redirects_table(ledger: IdLedger) -> pa.Table:
    """entity_id, redirects_to: every id that names nobody now, and the id that its customer has now; null where there is none.

    Examples
    --------
    >>> redirects_table(IdLedger.empty()).column_names
    ['entity_id', 'redirects_to']
    """
    gone = np.flatnonzero(~ledger.lives)
    now = ledger.current()[gone]
    return pa.table(
        {
            "entity_id": ledger.entity_ids.take(arrow_array(gone)),
            "redirects_to": coded_column(now, ledger.entity_ids).dictionary_decode(),
        }
    )


class _Lists(NamedTuple):
    """Ids per event: `of` is the event, ascending, `ids` an id."""

    of: Positions
    ids: Codes


class _Events(NamedTuple):
    """Changes in canonical order: position in `KINDS`, the id it is about, and the ids before and after."""

    kind: Codes
    about: Codes
    was: _Lists
    became: _Lists


def _moves(old: IdLedger, new: IdLedger) -> _Moves:
    rows = new.keys.rows_of(old.keys)
    here = np.flatnonzero(rows >= 0)
    pairs = distinct((old.owner[here].astype(np.int64) << 32) | new.owner[rows[here]])
    return _Moves(old, new, rows, (pairs >> 32).astype(np.int32), (pairs & 0xFFFFFFFF).astype(np.int32))


def _events(moves: _Moves, parts: Parts) -> _Events:
    """Read every change off the ids that share records."""
    n = moves.n_ids
    parted, joined = np.bincount(moves.was, minlength=n), np.bincount(moves.became, minlength=n)
    lived, lives = np.zeros(n, bool), moves.new.lives
    lived[: len(moves.old.entity_ids)] = moves.old.lives
    come, gone = _came_and_went(moves)
    alone = np.zeros(n, bool)  # all that there was of one entity, and of no other
    alone[moves.became[(parted[moves.was] == 1) & (joined[moves.became] == 1)]] = True
    same = np.flatnonzero(alone & ~come).astype(np.int32)
    former = np.full(n, -1, np.int32)
    former[moves.became] = moves.was
    shrunk = gone[former[same]]
    unlike = _other_profiles(same, former[same], parts)
    about: list[Positions] = [
        np.flatnonzero(lived & (parted == 0)),
        np.flatnonzero(parted > 1),
        np.flatnonzero(joined > 1),
        np.flatnonzero(lives & (joined == 0)),
        np.flatnonzero((joined == 1) & come),
        np.asarray(same[shrunk | unlike], np.intp),
    ]
    kind = np.repeat(np.arange(len(KINDS), dtype=np.int32), [len(one) for one in about])
    concerned = np.concatenate(about).astype(np.int32)
    is_old = kind < KINDS.index("merged")
    befores, afters = _links_of(moves.became, moves.was), _links_of(moves.was, moves.became)
    own = _Lists(np.arange(n), np.arange(n, dtype=np.int32))
    return _Events(kind, concerned, _gathered(concerned, is_old, own, befores), _gathered(concerned, is_old, afters, own))


def _came_and_went(moves: _Moves) -> tuple[Flags, Flags]:
    """Per id: whether it has records that are new to the data, and whether it had some that are gone."""
    come, gone = np.zeros(moves.n_ids, bool), np.zeros(moves.n_ids, bool)
    known = np.zeros(len(moves.new.keys), bool)
    known[moves.rows[moves.rows >= 0]] = True
    come[moves.new.owner[~known]] = True
    gone[moves.old.owner[moves.rows < 0]] = True
    return come, gone


def _other_profiles(now: Codes, before: Codes, parts: Parts) -> Flags:
    """Which entities have another profile than before, given their ids then and now."""
    if parts.previous is None or parts.previous.profiles is None or not len(now):
        return np.zeros(len(now), bool)
    place = np.full(len(parts.ledger.entity_ids), -1, np.int64)
    number = np.flatnonzero(np.diff(parts.entity[np.argsort(parts.entity, kind="stable")], prepend=-1))
    first = np.argsort(parts.entity, kind="stable")[number]
    place[parts.ledger.owner[first]] = np.arange(len(first))
    return differing_rows(
        parts.golden.entities,
        place[now],
        parts.previous.profiles(),
        parts.ledger.entity_ids.take(arrow_array(before)),
        name="entity_id",
    )


def _links_of(side: Codes, other: Codes) -> _Lists:
    """For each id on one side, the ids on the other side, ascending."""
    order = np.lexsort((other, side))
    return _Lists(side[order].astype(np.intp), other[order])


def _gathered(concerned: Codes, is_old: Flags, of_old: _Lists, of_new: _Lists) -> _Lists:
    """The lists of the concerned ids, event by event: old ids look in `of_old`, new ones in `of_new`."""
    events, ids = [], []
    for chosen, lists in ((is_old, of_old), (~is_old, of_new)):
        at = np.flatnonzero(chosen)
        start = np.searchsorted(lists.of, concerned[at])
        size = np.searchsorted(lists.of, concerned[at], side="right") - start
        within = np.arange(size.sum()) - np.repeat(np.cumsum(size) - size, size)
        events.append(np.repeat(at, size))
        ids.append(lists.ids[np.repeat(start, size) + within])
    order = np.argsort(np.concatenate(events), kind="stable")
    return _Lists(np.concatenate(events)[order], np.concatenate(ids)[order].astype(np.int32))


def _id_lists(lists: _Lists, n: int, ids: pa.LargeStringArray) -> pa.LargeListArray:
    offsets = np.searchsorted(lists.of, np.arange(n + 1)).astype(np.int64)
    return pa.LargeListArray.from_arrays(arrow_array(offsets), ids.take(arrow_array(lists.ids)))


class _Marks:
    """What happened to the records behind the events: who is named by a decision that is new, who changed, and when."""

    def __init__(self, moves: _Moves, parts: Parts, previous: Previous) -> None:
        self._moves, self._parts, self._previous = moves, parts, previous
        came, went = _came_and_went(moves)
        self._record = came, went
        self._of_old = np.full(len(parts.records), -1, np.int32)  # old id per row
        here = np.flatnonzero(moves.rows >= 0)
        self._of_old[moves.rows[here]] = moves.old.owner[here]

    def causes(self, events: _Events) -> Codes:
        """Position in `CAUSES` per event, -1 where nobody can tell."""
        n = len(events.kind)
        decided, changed = self._per_id(self._decided()), self._per_id(self._changed(events))
        came, went = self._record
        parts, previous = self._parts, self._previous
        known = previous.spec is not None
        fallback = "record"
        if previous.model is not None and previous.model != parts.model:
            fallback = "model"
        if previous.spec is not None and previous.spec != parts.spec:
            fallback = "rule"
        cause = np.full(n, CAUSES.index(fallback) if known else -1, np.int32)
        by_record = self._any(events, came | changed[1], went | changed[0])
        cause[by_record] = CAUSES.index("record")
        cause[self._any(events, decided[1], decided[0])] = CAUSES.index("decision")
        return cause

    def times(self, events: _Events) -> npt.NDArray[np.int64]:
        """The latest event time of the records that an event is about."""
        latest = [np.full(self._moves.n_ids, NO_TIME) for _ in range(2)]
        if len(events.kind):
            time = self._parts.records.time
            for ids, target in ((self._of_old, latest[0]), (self._moves.new.owner, latest[1])):
                here = np.flatnonzero((ids >= 0) & (time != NO_TIME))
                np.maximum.at(target, ids[here], time[here])
        return np.where(events.kind < KINDS.index("merged"), latest[0][events.about], latest[1][events.about])

    def _any(self, events: _Events, of_new: Flags, of_old: Flags) -> Flags:
        """Whether what an event is about is flagged: the entity of now, or one of the entities before."""
        found = np.zeros(len(events.kind), bool)
        is_old = events.kind < KINDS.index("merged")
        found[~is_old] = of_new[events.about[~is_old]]
        found[events.was.of[of_old[events.was.ids]]] = True
        return found

    def _per_id(self, rows: Positions) -> tuple[Flags, Flags]:
        """Old ids and new ids that hold one of the rows."""
        out = np.zeros(self._moves.n_ids, bool), np.zeros(self._moves.n_ids, bool)
        out[0][self._of_old[rows[self._of_old[rows] >= 0]]] = True
        out[1][self._moves.new.owner[rows]] = True
        return out

    def _decided(self) -> Positions:
        """Rows that decisions name which are not those of before."""
        if self._previous.decisions is None:
            return np.zeros(0, np.intp)
        differ = set(self._previous.decisions) ^ set(self._parts.decisions)
        keys: Sequence[tuple[str, str]] = [key for one in differ for key in (*one.left, *one.right)]
        return np.array(sorted(self._parts.records.rows_of(keys).values()), np.intp)

    def _changed(self, events: _Events) -> Positions:
        """Rows of the entities concerned whose record says something else than before."""
        if self._previous.records is None or not len(events.kind):
            return np.zeros(0, np.intp)
        concerned = np.zeros(self._moves.n_ids, bool)
        concerned[events.was.ids] = True
        rows = np.flatnonzero((self._of_old >= 0) & concerned[self._of_old])
        old_row = np.full(len(self._of_old), -1, np.int64)
        here = np.flatnonzero(self._moves.rows >= 0)
        old_row[self._moves.rows[here]] = here
        before = self._previous.records()
        return rows[differing_rows(records_table(self._parts.sent), rows, before, old_row[rows], name="record_id")]
