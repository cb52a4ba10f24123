"""The resolver: identities that live in a store, and stay what a batch run of the same records would say."""

import json
from collections.abc import Iterable
from typing import Any, Self

from omniid.memory import collecting_later
from omniid.resolver.deciding import TakesDecisions
from omniid.resolver.erasing import Erases
from omniid.resolver.exporting import Exports
from omniid.resolver.incoming import Changes, Incoming, join_key, part_key, read_changes
from omniid.resolver.learned import LearnedModels, known_sources
from omniid.resolver.proposals import adopt_model
from omniid.resolver.rebuilding import FirstRecords, rederive
from omniid.resolver.reconsidering import Reconsiders
from omniid.resolver.records import accept_changes
from omniid.resolver.reviewing import AsksPeople
from omniid.resolver.secrets import SecretFile
from omniid.resolver.settings import last_number, number_of, set_number, set_text
from omniid.resolver.tombstones import barred_keys
from omniid.resolver.updating import update
from omniid.resolver.upserted import Upserted
from omniid.resolver.verifying import Verifies
from omniid.results import Parts
from omniid.spec import Spec
from omniid.stages import Stages
from omniid.store import Store, Transaction
from omniid.tables import Model, Progress

__all__ = ["Resolver"]

Key = tuple[str, str]
ALL_AT_ONCE = 0.2  # share of the records from which on everything is derived anew at once, instead of what each one touches


class Resolver(TakesDecisions, AsksPeople, Reconsiders, Verifies, Exports, Erases):
    """Records, decisions and ids in a store, and who is who by them at any moment.

    Use `omniid.open`. One resolver may be shared by the threads of a service; other processes open the same path.

    Parameters
    ----------
    store
        Where all is kept.
    backend
        The kind of frame that tables are handed out as: "pandas", "polars", "pyarrow" or "rows" (a list of dicts).
    secret
        Makes keyed hashes of erased records; None keeps it in memory.

    Examples
    --------
    >>> import omniid
    >>> with omniid.open(":memory:", backend="rows") as resolver:
    ...     told = resolver.upsert([{"id": "1", "email": "ann@x.com"}, {"id": "2", "email": "ANN@x.com"}])
    ...     resolver.fit()
    ...     late = resolver.upsert({"id": "3", "email": "ann@x.com"})
    ...     len({row["entity_id"] for row in resolver.crosswalk()})
    1
    """

    def __init__(self, store: Store, backend: str = "pandas", secret: SecretFile | None = None) -> None:
        self.store, self._backend, self._models, self._secret = store, backend, LearnedModels(), secret or SecretFile(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the store; nothing is lost by leaving it open."""
        self.store.close()

    def upsert(
        self, data: Any, *, source: str | None = None, version: str | None = None, progress: Progress | None = None
    ) -> Upserted:
        """Keep records, new or changed, and resolve what they touch."""
        return self._change(read_changes(data, source=source, version=version, progress=progress), Stages(progress))

    def delete(self, keys: Key | Iterable[Key], *, version: int | None = None) -> Upserted:
        """Delete records."""
        return self._change(Changes([Incoming(join_key(*key), version, None) for key in _each_key(keys)]), Stages())

    def sync(self, source: str, data: Any, *, version: str | None = None, progress: Progress | None = None) -> Upserted:
        """Take all that a source holds now: records that are absent are deleted."""
        return self._change(read_changes(data, source=source, version=version, progress=progress), Stages(progress), source)

    def _change(self, came: Changes, stages: Stages, all_of: str | None = None) -> Upserted:
        """Let changes count; of the source `all_of` they are all there is."""
        with collecting_later(len(came.each)), self.store.writing() as store:
            changes, sent = came
            if all_of is not None:
                changes = [*changes, *_absent(store, all_of, {one.key for one in changes})]
            transaction = number_of(store, "transaction") + 1
            accepted = accept_changes(store, changes, transaction, barred_keys(store, changes, self._secret))
            if accepted.touched:
                _note_sources(store, changes)
                set_number(store, "transaction", transaction)
                first = None if accepted.first is None else FirstRecords(accepted.first, sent)
                accepted.first = None
                del came, changes, sent  # of a million records half a GiB, for the time until they are written
                self._derive(store, accepted.touched, transaction, stages, first)
            return Upserted.of(store, accepted, last_number(store, "changes", "cursor"))

    def _derive(
        self, store: Transaction, touched: set[int], transaction: int, stages: Stages, first: FirstRecords | None = None
    ) -> None:
        learned = self._models.read(store)
        if learned is None:
            if first is not None:
                store.put("records", sorted(first.each))
            return
        if first is not None or len(touched) > ALL_AT_ONCE * (last_number(store, "records", "row") + 1):
            rederive(store, learned, transaction=transaction, cause="record", changed=touched, stages=stages, first=first)
        else:
            update(store, learned, touched, transaction=transaction, cause="record", stages=stages)

    def adopt(
        self, store: Transaction, spec: Spec, model: Model, cause: str, stages: Stages, found: Parts | None = None
    ) -> None:
        """Resolve by another spec and model from now on; `found` is what they made of the records, where that is known."""
        adopt_model(store, self._models, spec, model, cause, stages, found)


def _each_key(keys: Any) -> list[Key]:
    """One key or several as a list."""
    if isinstance(keys, tuple) and len(keys) == 2 and all(isinstance(part, str) for part in keys):
        return [keys]
    return [(str(source), str(record_id)) for source, record_id in keys]


def _absent(store: Transaction, source: str, there: set[str]) -> list[Incoming]:
    """Deletions of the records of a source that are not there."""
    low = join_key(source, "")
    known = store.span("records", "key", low, low[:-1] + " ")
    return [Incoming(str(key), None, None) for _, key, _, deleted, *_ in known if not deleted and key not in there]


def _note_sources(store: Transaction, changes: Iterable[Incoming]) -> None:
    known = set(known_sources(store))
    new = known | {part_key(one.key)[0] for one in changes}
    if new != known:
        set_text(store, "sources", json.dumps(sorted(new)))
