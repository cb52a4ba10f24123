"""The resolver: identities that live in a store, and stay what a batch run of the same records would say."""

import json
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from omniid.errors import InputError, NotFittedError, SpecError
from omniid.pipeline import Gathered, resolve_records, trained_by, with_fields
from omniid.resolver.assembling import inputs_of, sent_table
from omniid.resolver.incoming import Incoming, join_key, part_key, read_incoming
from omniid.resolver.reading import ReadsStore
from omniid.resolver.rebuilding import rederive
from omniid.resolver.records import accept_changes
from omniid.resolver.settings import last_number, number_of, set_number, set_text, text_of
from omniid.resolver.shapes import SHAPES
from omniid.resolver.updating import Learned, update
from omniid.resolver.upserted import Upserted
from omniid.spec import Spec
from omniid.stages import Stages
from omniid.store import Snapshot, SqliteStore, Store, Transaction
from omniid.tables import Model, Progress

__all__ = ["Resolver", "open_resolver"]

Key = tuple[str, str]
SCHEMA = 1


class Resolver(ReadsStore):
    """Records, decisions and ids in a store, and who is who by them at any moment.

    Use `omniid.open`. One resolver may be shared by the threads of a service; other processes open the same path.

    Parameters
    ----------
    store
        Where all is kept.
    backend
        The kind of frame that tables are handed out as.
    """

    def __init__(self, store: Store, backend: str = "pandas") -> None:
        self._store, self._backend = store, backend
        self._known: tuple[int, Spec, Model] | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> "Resolver":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the store; nothing is lost by leaving it open."""
        self._store.close()

    def fit(self, data: Any = None, *, labels: Any = None, progress: Progress | None = None) -> None:
        """Learn a model from the stored records, or from `data`, and resolve the stored records by it."""
        stages = Stages(progress)
        with self._store.writing() as store:
            spec = self._declared(store)
            spec, model = learn(store, spec, labels, stages)
            number = last_number(store, "models", "number") + 1
            store.put("models", [(number, model.to_text(), json.dumps(spec.to_dict()), self._cursor(store))])
            set_number(store, "model", number)
            self._resolve_all(store, Learned(spec, model, self._sources(store)), "model", stages)

    def upsert(
        self, data: Any, *, source: str | None = None, version: str | None = None, progress: Progress | None = None
    ) -> Upserted:
        """Keep records, new or changed, and resolve what they touch."""
        return self._change(read_incoming(data, source=source, version=version, progress=progress), Stages(progress))

    def delete(self, keys: Key | Iterable[Key], *, version: int | None = None) -> Upserted:
        """Delete records."""
        some = [keys] if isinstance(keys, tuple) and len(keys) == 2 and isinstance(keys[0], str) else list(keys)  # type: ignore[list-item]  # told apart
        return self._change([Incoming(join_key(*key), version, None) for key in some], Stages())  # type: ignore[misc]  # told apart

    def sync(self, source: str, data: Any, *, version: str | None = None, progress: Progress | None = None) -> Upserted:
        """Take all that a source holds now: records that are absent are deleted."""
        changes = read_incoming(data, source=source, version=version, progress=progress)
        there = {one.key for one in changes}
        return self._change(changes, Stages(progress), absent=(source, there))

    def _change(
        self, changes: list[Incoming], stages: Stages, absent: tuple[str, set[str]] | None = None
    ) -> Upserted:
        with self._store.writing() as store:
            transaction = number_of(store, "transaction") + 1
            if absent is not None:
                low, high = join_key(absent[0], ""), absent[0] + "\x20"
                known = store.span("records", "key", low, high)
                changes = [*changes, *(Incoming(str(key), None, None) for _, key, _, deleted, *_ in known if not deleted and key not in absent[1])]
            accepted = accept_changes(store, changes, transaction)
            self._note_sources(store, changes)
            learned = self._learned(store)
            if accepted.touched:
                set_number(store, "transaction", transaction)
                if learned is not None:
                    update(store, learned, accepted.touched, transaction=transaction, cause="record", stages=stages)
            return Upserted.of(store, changes, accepted, self._cursor(store))

    def _resolve_all(self, store: Transaction, learned: Learned, cause: str, stages: Stages) -> None:
        transaction = number_of(store, "transaction") + 1
        set_number(store, "transaction", transaction)
        rederive(store, learned, transaction=transaction, cause=cause, stages=stages)

    def _note_sources(self, store: Transaction, changes: Iterable[Incoming]) -> None:
        known = set(self._sources(store))
        new = known | {part_key(one.key)[0] for one in changes}
        if new != known:
            set_text(store, "sources", json.dumps(sorted(new)))

    def _sources(self, store: Snapshot) -> tuple[str, ...]:
        return tuple(json.loads(text_of(store, "sources") or "[]"))

    def _declared(self, store: Snapshot) -> Spec:
        number = number_of(store, "model") if text_of(store, "model") else None
        if number is None:
            return Spec.from_dict(json.loads(text_of(store, "spec") or "{}"))
        return self._model_of(store, number)[0]

    def _learned(self, store: Snapshot) -> Learned | None:
        """What the store resolves by, None before the first fit."""
        told = text_of(store, "model")
        return None if told is None else Learned(*self._model_of(store, int(told)), self._sources(store))

    def _model_of(self, store: Snapshot, number: int) -> tuple[Spec, Model]:
        with self._lock:
            if self._known is None or self._known[0] != number:
                ((_, model, spec, _),) = store.rows("models", "number", [number])
                self._known = number, Spec.from_dict(json.loads(str(spec))), Model.from_text(str(model), place="the store's model")
            return self._known[1:]

    def _ready(self, store: Snapshot) -> Learned:
        learned = self._learned(store)
        if learned is None:
            raise NotFittedError("the store has no model yet; call fit() once it holds records, or open it with model=")
        return learned


def learn(store: Snapshot, spec: Spec, labels: Any, stages: Stages) -> tuple[Spec, Model]:
    """Learn a model from all records of a store."""
    from omniid.inference import spec_from_inputs

    records = stored_all(store)
    if not records:
        raise InputError("the store holds no records to learn from; upsert some first")
    contents = [(one.key, json.loads(one.content)) for one in records]
    if not spec.fields:
        spec = with_fields(spec, stages.run("infer", spec_from_inputs, inputs_of(contents)))
    sent = stages.run("read", sent_table, contents, spec)
    found = resolve_records(Gathered(sent, spec, (), "rows"), None, (), None, 1, stages, trained_by(labels, None))
    return found.spec, found.model


def stored_all(store: Snapshot):
    """All living records, in the order of their keys."""
    from omniid.resolver.assembling import StoredRecord

    found = (StoredRecord(*row) for row in store.span("records", "row"))
    return sorted((one for one in found if not one.deleted), key=lambda one: part_key(one.key))


def open_resolver(
    path: str | Path,
    spec: Spec | None = None,
    *,
    model: Model | None = None,
    wait: float = 5.0,
    synchronous: str = "normal",
    backend: str = "pandas",
) -> Resolver:
    """Open a store, made where there is none."""
    store = SqliteStore(path, SHAPES, wait=wait, synchronous=synchronous)
    resolver = Resolver(store, backend)
    ...
    return resolver
