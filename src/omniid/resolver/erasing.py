"""Erasing: records leave with all that they alone supported, history keeps its shape under keyed hashes."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

from omniid.errors import InputError, StoreBusyError, StoreFullError
from omniid.resolver.assembling import assemble, stored_records
from omniid.resolver.classes import met_records
from omniid.resolver.decided import decisions_on
from omniid.resolver.erased import Erased
from omniid.resolver.filing import holders_of
from omniid.resolver.hashed import known_hashes
from omniid.resolver.incoming import part_key
from omniid.resolver.keyed_values import value_keys
from omniid.resolver.learned import Learned, LearnedModels, let_rule
from omniid.resolver.persons_records import entity_number, rows_of_entity, rows_of_records
from omniid.resolver.reading import ReadsStore
from omniid.resolver.renaming import renamed
from omniid.resolver.secrets import SecretFile
from omniid.resolver.settings import last_number, number_of, set_number, set_text, text_of
from omniid.resolver.tombstones import UNSWEPT, bury, erased_key, erased_names, is_swept
from omniid.resolver.updating import update
from omniid.store import Snapshot, Transaction
from omniid.tables.arrays import text_array

__all__ = ["Erases"]

Key = tuple[str, str]
NOTHING = "{}"  # the content of a record without values


class Erasing(NamedTuple):
    """What an erasure is about: (row, key) of the records, how many were erased before, and the numbers of their entities."""

    records: tuple[tuple[int, str], ...]
    before: int
    entities: tuple[int, ...]


class Erases(ReadsStore):
    """How a `Resolver` forgets."""

    def erase(
        self,
        *,
        entity_id: str | None = None,
        record: Key | None = None,
        records: Iterable[Key] | None = None,
        reason: str = "",
    ) -> Erased:
        """Erase a person or some records: what was sent, all versions, and every value that nothing else supports.

        What remains is derived again, as if the records had never been there. Where history must keep its shape (who was with
        whom, decisions) a keyed hash takes the place of a record's key; the key for it lies outside the store's file. The same
        records are then refused when they are sent again, or make new ones, as `Spec.erased` says. At last the store's files
        are rewritten, so that no byte of the values is left in them.

        Copies elsewhere are not reached: backups, exports, results that were saved, the sources themselves.

        Parameters
        ----------
        entity_id
            The person: all records of the entity, and deleted ones that were of it when they went.
        record, records
            One record or several, by (source, record_id), whether they live or were deleted.
        reason
            Why, kept with the tombstones; name nobody in it.

        Returns
        -------
        Erased
            How many records and entities are gone.

        Raises
        ------
        InputError
            If there is no such entity or record, or not exactly one of the three is given; nothing is erased then.
        StoreBusyError
            If another writer held the store for too long: nothing is erased then. Or if somebody still read it: the records
            are erased then, and `compact` or erasing them again finishes it; the message says which.
        StoreFullError
            If there is no room: nothing is erased then, or only the files are not rewritten yet; the message says which.

        Examples
        --------
        >>> import omniid
        >>> with omniid.open(":memory:", backend="rows") as resolver:
        ...     told = resolver.upsert([{"id": str(n), "email": f"ann{n}@x.com"} for n in range(2)])
        ...     resolver.fit()
        ...     print(resolver.erase(record=("records", "0"), reason="asked on 2026-05-01"))
        ...     print(resolver.upsert({"id": "0", "email": "ann0@x.com"}))
        1 record erased, 1 entity gone
        1 refused
        """
        if [entity_id, record, records].count(None) != 2:
            raise InputError("erase takes one of entity_id, record and records")
        keys = None if entity_id is not None else [record] if record is not None else list(records or ())
        with self.store.writing() as store:
            learned = self._models.read(store)
            named = _named_entity(store, entity_id) if keys is None else _named_records(store, keys, self._secret)
            if named.records:
                _erase(store, learned, named.records, self._secret.made(), reason)
            told = _told(store, named)
        self._models = LearnedModels()
        self._sweep(f"{told}: no answer holds them any more. But ")
        return told

    def compact(self) -> None:
        """Give back unused room, and leave no byte of removed values in the store's files.

        `erase` does this by itself; call it where that found the store busy.

        Raises
        ------
        StoreBusyError
            If somebody read or wrote for longer than the stated wait; bytes of removed values can then still be in the files.
        StoreFullError
            If there is no room for the work, about the size of the store; the store is as it was.
        """
        self._sweep("")

    def _sweep(self, so_far: str) -> None:
        try:
            self.store.compact()
        except (StoreBusyError, StoreFullError) as error:
            raise type(error)(f"{so_far}{error}; compact() does the rest") from error
        with self.store.writing() as store:
            store.remove("settings", "name", [UNSWEPT])


def _named_entity(store: Snapshot, entity_id: str | None) -> Erasing:
    number = entity_number(store, str(entity_id))
    rows = rows_of_entity(store, number)
    if not rows and is_swept(store):
        raise InputError(f"entity {entity_id!r} holds no records any more")
    found = tuple((int(row), str(key)) for row, key, *_ in store.rows("records", "row", rows))
    return Erasing(found, 0, (number,))


def _named_records(store: Snapshot, keys: Iterable[Key], secret: SecretFile) -> Erasing:
    rows, found, before = rows_of_records(store, keys), [], 0
    erased = erased_names(store, rows, secret)
    for key, row in rows.items():
        if row is not None:
            found.append((row, key))
        elif key in erased:
            before += 1
        else:
            raise InputError(f"there is no record {part_key(key)}; nothing was erased")
    if not found and not before:
        raise InputError("records names none; nothing was erased")
    members = store.rows("members", "row", [row for row, _ in found])
    return Erasing(tuple(found), before, tuple(sorted({int(entity) for _, entity, *_ in members})))


def _told(store: Snapshot, named: Erasing) -> Erased:
    names = {number: str(name) for number, name, _ in store.rows("entities", "number", named.entities)}
    gone = [number for number in named.entities if not store.rows("members", "entity", [number])]
    return Erased(
        len(named.records),
        named.before,
        tuple(sorted(names.values())),
        tuple(sorted(names[number] for number in gone)),
        last_number(store, "changes", "cursor"),
    )


def _erase(
    store: Transaction, learned: Learned | None, records: Sequence[tuple[int, str]], secret: SecretFile, reason: str
) -> None:
    """Take records out of all tables, and derive what remains."""
    transaction = number_of(store, "transaction") + 1
    set_number(store, "transaction", transaction)
    rows = [row for row, _ in records]
    if learned is not None:
        _forget_declared(store, learned, rows)
    new_keys = {key: erased_key(row, key, secret) for row, key in records}
    bury(store, records, secret, transaction, reason)
    _rename_decided(store, new_keys)
    _empty_versions(store, rows, transaction)
    store.put("records", [(row, new_keys[key], 0, 1, b"", "", transaction) for row, key in records])
    set_text(store, UNSWEPT, "1")
    if learned is not None:
        update(store, learned, rows, transaction=transaction, cause="erase")


def _empty_versions(store: Transaction, rows: Sequence[int], transaction: int) -> None:
    """Leave of all versions when they held, so that who was with whom can still be read as of then."""
    former = [(row, since, until) for row, since, until, *_ in store.rows("versions", "row", rows)]
    living = [(row, since, transaction) for row, _, _, deleted, *_, since in store.rows("records", "row", rows) if not deleted]
    store.put("versions", [(*spell, 0, NOTHING) for spell in (*former, *living)])


def _rename_decided(store: Transaction, new_keys: dict[str, str]) -> None:
    """Let decisions name erased records by keyed hashes, and say no longer why they were taken."""
    told = decisions_on(store, new_keys)
    cursors = {number: cursor for number, _, cursor in store.rows("decisions", "number", sorted(told))}
    changed = {number: json.dumps(asdict(renamed(one, new_keys)), ensure_ascii=False) for number, one in told.items()}
    store.put("decisions", [(number, content, cursors[number]) for number, content in sorted(changed.items())])
    named = store.rows("decided", "key", sorted(new_keys))
    store.remove("decided", "key", sorted(new_keys))
    store.put("decided", sorted((new_keys[key], number) for key, number in named))


def _forget_declared(store: Transaction, learned: Learned, rows: Sequence[int]) -> None:
    """Drop value classes that people declared for values which only these records hold, from all specs of the store."""
    declared = learned.spec.value_classes
    alive = stored_records(store, rows)
    if not declared or not alive:
        return
    met = met_records(assemble(store, alive, learned).table, learned.spec, known_hashes(store, learned))
    alone: dict[str, set[str]] = {}
    for name in declared.keys() & met.columns.keys():
        held = met.columns[name].vocabulary.to_pylist()
        values = [value for value in declared[name] if value in held]
        keys = value_keys(name, text_array(values)).tolist()
        holders = holders_of(store, keys)
        alone[name] = {value for value, key in zip(values, keys, strict=True) if set(holders.get(key, ())) <= set(rows)}
    specs = [(number, model, _without(spec, alone), cursor) for number, model, spec, cursor in store.span("models", "number")]
    store.put("models", specs)
    let_rule(store, learned.number)
    set_text(store, "spec", _without(text_of(store, "spec") or "{}", alone))


def _without(spec: str, values: dict[str, set[str]]) -> str:
    """A spec as text without the declared classes of some values."""
    data: dict[str, Any] = json.loads(spec)
    classes = {name: dict(some) for name, some in data.pop("value_classes", {}).items()}
    kept = {
        name: left
        for name, some in classes.items()
        if (left := {value: told for value, told in some.items() if value not in values.get(name, ())})
    }
    return json.dumps({**data, "value_classes": kept} if kept else data)
