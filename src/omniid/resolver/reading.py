"""Reading a store: who is who, profiles, look-ups, changes; each answer from one consistent state."""

from typing import Any

from omniid.answers import EntityExplanation, PairExplanation, ValueExplanation
from omniid.errors import NotFittedError
from omniid.frames import to_native
from omniid.previous import Previous
from omniid.resolution import Resolution
from omniid.resolver.asking import Asking
from omniid.resolver.assembling import all_records, assemble
from omniid.resolver.decided import all_decisions
from omniid.resolver.deriving import derive
from omniid.resolver.explaining import explain_entity_in, explain_in
from omniid.resolver.golden import profile_of
from omniid.resolver.history import changes_since, crosswalk_at, redirects_of, state_at
from omniid.resolver.learned import Learned, LearnedModels
from omniid.resolver.looked_up import LookedUp
from omniid.resolver.looking_up import look_up
from omniid.resolver.naming import read_ledger_part
from omniid.resolver.neighborhoods import decisions_inside
from omniid.resolver.secrets import SecretFile
from omniid.resolver.settings import last_number
from omniid.spec import Spec
from omniid.stages import Stages
from omniid.store import Snapshot, Store
from omniid.summary import summarize
from omniid.tables import Model

__all__ = ["ReadsStore"]

Key = tuple[str, str]


class ReadsStore:
    """What a `Resolver` tells."""

    store: Store
    _backend: str
    _models: LearnedModels
    _secret: SecretFile
    _held_asking: Asking | None = None

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

    def crosswalk(self, as_of: int | None = None) -> Any:
        """Record → entity: source, record_id, entity_id, entity_kind, by record key.

        Parameters
        ----------
        as_of
            A cursor of the change feed: who was who then. One in the middle of a transaction means before that transaction.

        Raises
        ------
        InputError
            If there is no such cursor yet.
        """
        with self.store.reading() as store:
            self._ready(store)
            table = crosswalk_at(store, state_at(store, as_of))
        return to_native(table, self._backend)

    def lookup(self, *, limit: int = 5, **identifiers: Any) -> LookedUp:
        """Say whom identifiers name: exactly where one of them does, else who may be meant, with weights.

        Parameters
        ----------
        limit
            The most candidates to list.
        **identifiers
            By the name of their field: ``email=``, ``phone=``, ``first_name=`` …, in any spelling; a list gives several values.
            Of an e-mail address or a phone number the SHA-256 of its normal form does as well, as ``email=`` or
            ``email_hash=``. None says nothing. Values are read as those of records are; a value that too many people share
            names nobody.

        Returns
        -------
        LookedUp
            Its `entity_id` and `profile`, or `candidates`.

        Raises
        ------
        InputError
            If no field has such a name, or nothing is asked.
        NotFittedError
            If the store has no model yet.

        Examples
        --------
        >>> import omniid
        >>> with omniid.open(":memory:") as resolver:
        ...     told = resolver.upsert([{"id": "1", "email": "ann@x.com"}, {"id": "2", "email": "bo@x.com"}])
        ...     resolver.fit()
        ...     resolver.lookup(email="ANN@X.com").profile["email"]
        'ann@x.com'
        """
        with self.store.reading() as store:
            return look_up(store, self._asking(self._ready(store)), identifiers, limit)

    def get_profile(
        self,
        *,
        entity_id: str | None = None,
        record: Key | None = None,
        as_of: int | None = None,
        provenance: bool = False,
        view: str | None = None,
    ) -> dict[str, Any]:
        """Return the golden profile of an entity, or of the entity that a record belongs to.

        Parameters
        ----------
        entity_id
            Its id; a former one is followed to the id that its customer has now, and stands under ``redirected_from``.
        record
            A record key (source, record_id), in place of the id.
        as_of
            A cursor of the change feed: the profile as it stood then, by the ids of then.
        provenance
            Whether to list, under ``provenance``, every value with its record, source, time, rule, and whether it survived.
        view
            The view to show, as ``Spec(views={name: View(…)})`` declares it; None: all of the profile.

        Returns
        -------
        dict
            entity_id, entity_kind, records, sources, then all attributes; None, or an empty list, where nothing is known.

        Raises
        ------
        InputError
            If no entity has the id, its records are gone, the record is not in the store, or there is no such cursor or view.
        """
        with self.store.reading() as store:
            asking = self._asking(self._ready(store))
            named: dict[str, Any] = {"entity_id": entity_id, "record": record, "as_of": as_of}
            return profile_of(store, asking, **named, provenance=provenance, view=view)

    def changes(self, since: int = 0, limit: int | None = None) -> Any:
        """What became of entities after a cursor: cursor, kind, entity_id, was, became, cause, time.

        An entry names ids only and says what is so from then on, so that taking it twice changes nothing. Ask on from the last
        cursor that you have taken.

        Parameters
        ----------
        since
            The last cursor that was taken; 0 for all.
        limit
            The most entries to return.
        """
        with self.store.reading() as store:
            return to_native(changes_since(store, since, limit), self._backend)

    def redirects(self) -> Any:
        """Ids that name nobody now, and the id that took their place; null where the records are gone."""
        with self.store.reading() as store:
            return to_native(redirects_of(store), self._backend)

    def explain(self, a: Key, b: Key) -> PairExplanation:
        """Explain why two records are one person, or why they are not; see `Resolution.explain`.

        Raises
        ------
        InputError
            If a record is not in the store.
        """
        with self.store.reading() as store:
            return explain_in(store, self._ready(store), a, b)

    def explain_entity(self, entity_id: str, field: str | None = None) -> EntityExplanation | ValueExplanation:
        """Explain how an entity came to be, or why a field of its profile has its value.

        Raises
        ------
        InputError
            If there is no such entity, or it has no value of that field.
        """
        with self.store.reading() as store:
            return explain_entity_in(store, self._ready(store), entity_id, field)

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

    def _asking(self, learned: Learned) -> Asking:
        """What the store resolves by, ready to be asked; made anew with it, as an erasure leaves neither value nor profile."""
        held = self._held_asking
        if held is None or held.learned is not learned:
            held = self._held_asking = Asking(learned)
        return held

    def _ready(self, store: Snapshot) -> Learned:
        learned = self._models.read(store)
        if learned is None:
            raise NotFittedError("the store has no model yet; call fit() once it holds records, or open it with model=")
        return learned
