"""Proof that a store is what its records say: everything derived anew and compared, and a check that costs less."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from omniid.frames import to_native
from omniid.linking import library_versions
from omniid.resolver.differences import feed_table
from omniid.resolver.drifting import outgrown_rules
from omniid.resolver.incoming import part_key
from omniid.resolver.learned import Learned
from omniid.resolver.popular_values import said_by_holders
from omniid.resolver.proposals import derive_all
from omniid.resolver.reading import ReadsStore
from omniid.resolver.settings import last_number, number_of, set_number, text_of
from omniid.resolver.shapes import DERIVED
from omniid.resolver.tombstones import is_swept
from omniid.resolver.trial import Trial
from omniid.stages import Stages
from omniid.store import Row, Snapshot
from omniid.tables import Progress

__all__ = ["Rebuilt", "Verifies"]

Key = tuple[str, str]
SHOWN = 5  # records named in a printed report
COMPARED = ("members", *DERIVED, "popular", "profiles")


@dataclass(frozen=True, eq=False)
class Rebuilt:
    """What a rebuild found other than it was stored; false where nothing was.

    Parameters
    ----------
    tables
        Table → number of rows that differ, of those that have any.
    records
        Keys of the records that they are about, sorted.
    told
        What became of entities, as the change feed tells it.
    backend
        The kind of frames to hand out.

    Examples
    --------
    >>> import omniid
    >>> with omniid.open(":memory:") as resolver:
    ...     told = resolver.upsert([{"id": str(n), "email": "ann@x.com"} for n in range(2)])
    ...     resolver.fit()
    ...     print(resolver.rebuild())
    no difference
    """

    tables: Mapping[str, int]
    records: tuple[Key, ...]
    told: pa.Table
    backend: str

    @property
    def changes(self) -> Any:
        """What became of entities: cursor, kind, entity_id, was, became, cause, time."""
        return to_native(self.told, self.backend)

    def __bool__(self) -> bool:
        return bool(self.tables)

    def __str__(self) -> str:
        if not self.tables:
            return "no difference"
        counts = ", ".join(f"{n:,} of {table}" for table, n in self.tables.items())
        named = ", ".join(map(str, self.records[:SHOWN])) + (" …" if len(self.records) > SHOWN else "")
        return f"rows that differ: {counts}; {self.told.num_rows:,} changes of entities; records: {named}"


class Verifies(ReadsStore):
    """How a `Resolver` proves that it is right."""

    def rebuild(self, *, progress: Progress | None = None) -> Rebuilt:
        """Derive everything anew from records, decisions, model and ids, write what differs, and tell it.

        There is no difference, unless the normalisers are of other versions than those that made the store (see `check`), or
        somebody changed the file by hand. Ids are kept. It takes about as long as a first load, and the memory of all that is
        derived.

        Parameters
        ----------
        progress
            Called with (stage, done, total); returning False cancels.

        Raises
        ------
        NotFittedError
            Before the first fit.
        StoreBusyError
            If another writer held the store for too long.
        """
        with self.store.writing() as store:
            learned, trial = self._ready(store), Trial(store)
            transaction, cursor = number_of(store, "transaction") + 1, last_number(store, "changes", "cursor")
            for table in (*DERIVED, "profiles"):
                trial.clear(table)
            derive_all(trial, learned, transaction, "model", Stages(progress))
            differing = {table: [pair for pair in trial.differing(table) if _is_told(table, *pair)] for table in COMPARED}
            rows = {
                row for table, some in differing.items() for pair in some for row in _rows_behind(table, pair[1] or pair[0])
            }
            keys = sorted(part_key(key) for _, key, *_ in store.rows("records", "row", sorted(rows)))
            told = feed_table(trial.span("changes", "cursor", cursor + 1))
            counts = {table: len(some) for table, some in differing.items() if some}
            if counts:
                set_number(trial, "transaction", transaction)
                trial.carry_out(store)
        return Rebuilt(counts, tuple(keys), told, self._backend)

    def check(self) -> list[str]:
        """Return what is wrong with the store, in words; an empty list is a clean store.

        The file itself is read whole; then it is checked that every record is resolved, that the normalisers are of the
        versions that made the store, that what was erased has left no bytes, and that no block has outgrown the model.

        Returns
        -------
        list of str
            Each says what is wrong, and what to do.
        """
        found = self.store.check()
        if found:
            return found
        with self.store.reading() as store:
            if not is_swept(store):
                found = ["records were erased, and bytes of their values can still be in the files; compact() rewrites these"]
            learned = self._models.read(store)
            if learned is None:
                return found
            found += _unresolved(store)
            return [*found, *_other_versions(store, learned), *([] if found else _drift(store, learned))]

    def backup(self, path: str | Path) -> None:
        """Copy the store, as it is at one moment, while others read and write it.

        The file of the secret that recognises erased records (see `open`) is not part of it: keep that, too.

        Parameters
        ----------
        path
            The copy, whole or not there at all.

        Raises
        ------
        InputError
            If there is a file already, or the folder can't be written.
        StoreFullError
            If there is no room.

        Examples
        --------
        >>> import omniid, pathlib, tempfile
        >>> with tempfile.TemporaryDirectory() as folder, omniid.open(":memory:") as resolver:
        ...     told = resolver.upsert({"id": "1", "email": "ann@x.com"})
        ...     copy = pathlib.Path(folder) / "people.backup"
        ...     resolver.backup(copy)
        ...     with omniid.open(copy) as other:
        ...         print(other.upsert({"id": "1", "email": "ann@x.com"}))
        1 unchanged
        """
        self.store.backup(path)


def _is_told(table: str, was: Row | None, now: Row | None) -> bool:
    """Whether it is a difference.

    A kept profile may be stale, or of a former model, and is made anew when it is asked for. What holders of a popular value
    say is kept in no order, and where it is missing it is read from the records.
    """
    if table == "popular":
        return was is not None and (now is None or said_by_holders(was[1]) != said_by_holders(now[1]))
    if table != "profiles" or was is None or now is None:
        return True
    return bool(was[1]) and was[3] == now[3] and was[1] != now[1]


def _rows_behind(table: str, row: Any) -> tuple[int, ...]:
    """The records that a row of a derived table is about, where it says so."""
    if table == "evidence":
        return row[1:3]  # type: ignore[no-any-return]  # rows are plain tuples of values
    return (row[0],) if table in ("members", "forms", "filed", "briefs") else ()


def _unresolved(store: Snapshot) -> list[str]:
    """Records without what is derived of them, and what is derived of no record."""
    alive = {row: key for row, key, _, deleted, *_ in store.span("records", "row") if not deleted}
    out = []
    for table in ("forms", "filed", "briefs", "members"):
        rows = {row for row, *_ in store.span(table, "row")}
        if missing := sorted(alive.keys() - rows):
            out.append(f"{len(missing):,} records stand in no row of {table}, such as {part_key(alive[missing[0]])}; rebuild()")
        if extra := sorted(rows - alive.keys()):
            out.append(f"{len(extra):,} rows of {table} are of records that are not there, such as row {extra[0]}; rebuild()")
    known = {number for number, *_ in store.span("entities", "number")}
    if strangers := sorted({entity for _, entity, *_ in store.span("members", "row")} - known):
        out.append(f"{len(strangers):,} entities have members and no id, such as number {strangers[0]}; restore a backup")
    return out


def _drift(store: Snapshot, learned: Learned) -> list[str]:
    return [
        f"blocks have outgrown the model's plan ({one}), and a new record is compared with many; fit() again"
        for one in outgrown_rules(store, learned)
    ]


def _other_versions(store: Snapshot, learned: Learned) -> list[str]:
    """Whether libraries that shape normal forms are of other versions than those that made them."""
    told = text_of(store, "versions")
    made: Mapping[str, str] = learned.model.versions if told is None else json.loads(told)
    now = library_versions()
    differ = [f"{name} {made[name]} (now {now[name]})" for name in sorted(made.keys() & now.keys()) if made[name] != now[name]]
    if not differ:
        return []
    return [f"normal forms were made by {', '.join(differ)}; rebuild() makes them anew and shows what that changes"]
