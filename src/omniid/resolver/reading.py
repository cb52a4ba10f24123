"""Reading a store: who is who, profiles, look-ups, changes; each answer from one consistent state."""

import json
from typing import Any

import pyarrow as pa

from omniid.errors import NotFittedError
from omniid.frames import to_native
from omniid.previous import Previous
from omniid.resolution import Resolution
from omniid.resolver.assembling import all_records, assemble
from omniid.resolver.decided import all_decisions
from omniid.resolver.deriving import derive
from omniid.resolver.incoming import part_key
from omniid.resolver.learned import Learned, LearnedModels
from omniid.resolver.naming import read_ledger_part
from omniid.resolver.neighborhoods import decisions_inside
from omniid.resolver.secrets import SecretFile
from omniid.resolver.settings import last_number
from omniid.spec import Spec
from omniid.stages import Stages
from omniid.store import Snapshot, Store
from omniid.summary import summarize
from omniid.tables import Model
from omniid.tables.arrays import text_array

__all__ = ["ReadsStore"]

Key = tuple[str, str]


class ReadsStore:
    """What a `Resolver` tells."""

    store: Store
    _backend: str
    _models: LearnedModels
    _secret: SecretFile

    @property
    def spec(self) -> Spec:
        """The declaration in force."""
        with self.store.reading() as store:
            return self._ready(store).spec

    @property
    def model(self) -> Model:
        """The frozen model in force."""
        with self.store.reading() as store:
            return self._ready(store).model

    @property
    def cursor(self) -> int:
        """The cursor of the newest change; -1 before the first."""
        with self.store.reading() as store:
            return last_number(store, "changes", "cursor")

    def crosswalk(self) -> Any:
        """Record → entity: source, record_id, entity_id, entity_kind."""
        with self.store.reading() as store:
            self._ready(store)
            records = all_records(store)
            members = {row: (entity, person) for row, entity, _, person in store.span("members", "row")}
            names = {number: name for number, name, _ in store.span("entities", "number")}
        keys = [part_key(one.key) for one in records]
        table = pa.table(
            {
                "source": text_array([source for source, _ in keys]),
                "record_id": text_array([record_id for _, record_id in keys]),
                "entity_id": text_array([str(names[members[one.row][0]]) for one in records]),
                "entity_kind": text_array(["person" if members[one.row][1] else "anonymous" for one in records]),
            }
        )
        return to_native(table, self._backend)

    def changes(self, since: int = 0) -> Any:
        """What changed after a cursor."""
        with self.store.reading() as store:
            rows = store.span("changes", "cursor", since + 1)
        names = ("cursor", "transaction", "kind", "entity_id", "was", "became", "cause", "time")
        told = [dict(zip(names, row, strict=True)) for row in rows]
        return [{**one, "was": json.loads(one["was"]), "became": json.loads(one["became"])} for one in told]

    def resolution(self) -> Resolution:
        """The whole store as a batch result."""
        with self.store.reading() as store:
            learned = self._ready(store)
            records = all_records(store)
            stored = assemble(store, records, learned)
            part = read_ledger_part(store, stored.rows, {one.row: one.key for one in records})
            decided = decisions_inside(all_decisions(store), {one.key for one in records})
        previous = Previous(lambda _: part.ledger, decisions=decided, spec=learned.spec, model=learned.model)
        stages = Stages()
        parts = derive(stored.table, learned.spec, learned.model, decided=decided, previous=previous, stages=stages)
        return Resolution(parts, summarize(parts, stages), self._backend)

    def _ready(self, store: Snapshot) -> Learned:
        learned = self._models.read(store)
        if learned is None:
            raise NotFittedError("the store has no model yet; call fit() once it holds records, or open it with model=")
        return learned
