"""Decisions of people on a live store: kept for ever, in force at once, and told in the feed."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa

from omniid.decisions import pin, read_decisions, standing, undo
from omniid.entity_decisions import merge_decisions, split_decisions
from omniid.errors import InputError
from omniid.frames import plain_table, to_native
from omniid.resolver.decided import all_decisions, decided_rows, pending_decisions, to_withdraw
from omniid.resolver.incoming import part_key
from omniid.resolver.learned import declared_spec
from omniid.resolver.looking import parts_around
from omniid.resolver.proposals import Proposal, make_changes
from omniid.resolver.reading import ReadsStore
from omniid.resolver.renaming import without_erased_keys
from omniid.results import conflicts_table
from omniid.stages import Stages
from omniid.store import Snapshot
from omniid.survivorship_plans import check_fields
from omniid.tables import Decision

__all__ = ["TakesDecisions"]

Key = tuple[str, str]
Told = Decision | Iterable[Decision] | str | Path
CONFLICTS = ("left_source", "left_record_id", "right_source", "right_record_id", "path")


class TakesDecisions(ReadsStore):
    """What people tell a `Resolver`."""

    def decide(self, decisions: Told, *, author: str = "", time: str = "") -> tuple[Decision, ...]:
        """Keep decisions, and resolve anew what they touch.

        A decision is kept for ever, whatever is upserted, deleted, fitted or rebuilt later; `undo` withdraws it. One about a
        record that is not there yet waits for it, see `pending`.

        Parameters
        ----------
        decisions
            What `read_decisions` takes: one `Decision`, several, a file of JSON lines, or the filled review file.
        author, time
            Who decided and when, for rows of a review file that don't say it themselves.

        Returns
        -------
        tuple of Decision
            As they are kept: one without a time is given the next moment after the newest decision of the store, so that the
            one that came last counts.

        Raises
        ------
        InputError
            If the file can't be read, an UNDO finds nothing to withdraw, or a time is no time; nothing is written then.
        StoreBusyError
            If another writer held the store for too long.

        Examples
        --------
        >>> import omniid
        >>> with omniid.open(":memory:", backend="rows") as resolver:
        ...     told = resolver.upsert([{"id": str(n), "email": "ann@x.com"} for n in range(2)])
        ...     resolver.fit()
        ...     (kept,) = resolver.decide(omniid.Decision("CANNOT_LINK", (("records", "0"),), (("records", "1"),)))
        ...     len({row["entity_id"] for row in resolver.crosswalk()})
        2
        """
        told = read_decisions(decisions, author=author, time=time)
        with self.store.writing() as store:
            check_fields(told, declared_spec(store).fields)
            told = without_erased_keys(store, told, self._secret)
            return make_changes(store, self._models, Proposal(told), Stages())

    def split(
        self, entity_id: str, parts: Iterable[Iterable[Key]], *, author: str = "", reason: str = "", time: str = ""
    ) -> tuple[Decision, ...]:
        """Split an entity: CANNOT_LINK across the parts, MUST_LINK within each.

        Parameters
        ----------
        entity_id
            The entity.
        parts
            Two parts or more, each of record keys of the entity. Records that no part names follow the evidence.
        author, reason, time
            Who decided, why, and when as ISO 8601 text.

        Returns
        -------
        tuple of Decision
            As they are kept; `undo` takes them.

        Raises
        ------
        InputError
            If there is no such entity, or a part names a record that is not of it or stands in another part too.
        """
        sides = [list(part) for part in parts]
        with self.store.writing() as store:
            members = self._members(store, entity_id)
            told = split_decisions(members, sides, author=author, reason=reason, time=time)
            return make_changes(store, self._models, Proposal(told), Stages())

    def merge(self, entity_id: str, other: str, *, author: str = "", reason: str = "", time: str = "") -> tuple[Decision, ...]:
        """Make two entities one: a MUST_LINK between all their records.

        Returns
        -------
        tuple of Decision
            As they are kept; `undo` takes them.

        Raises
        ------
        InputError
            If there is no such entity, or both are the same.
        """
        if entity_id == other:
            raise InputError(f"merge names entity {entity_id!r} twice; name two different ones")
        with self.store.writing() as store:
            sides = [self._members(store, one) for one in (entity_id, other)]
            told = merge_decisions(*sides, author=author, reason=reason, time=time)
            return make_changes(store, self._models, Proposal(told), Stages())

    def undo(self, decisions: Told, *, author: str = "", reason: str = "", time: str = "") -> tuple[Decision, ...]:
        """Withdraw decisions: each is kept, with an UNDO beside it, and the one before it on the same records counts again.

        Parameters
        ----------
        decisions
            Standing ones, as `decide`, `split` and `merge` returned them; one without a time means the newest of its kind on
            the same records.
        author, reason, time
            Who withdraws them, why and when; without a time each UNDO takes that of its decision.

        Returns
        -------
        tuple of Decision
            The UNDOs.

        Raises
        ------
        InputError
            If one of them doesn't stand; nothing is written then.
        """
        told = read_decisions(decisions)
        with self.store.writing() as store:
            told = without_erased_keys(store, told, self._secret)
            back = undo(to_withdraw(store, told), author=author, reason=reason, time=time)
            return make_changes(store, self._models, Proposal(back), Stages())

    def pin(self, record: Key, field: str, *, author: str = "", reason: str = "", time: str = "") -> Decision:
        """Pin the value that a record has in a field: it stands in the profile of whomever the record belongs to, see `pin`.

        Parameters
        ----------
        record
            Key (source, record_id); a pin about a record that is not there yet waits for it, see `pending`.
        field
            The field.
        author, reason, time
            Who pinned it, why, and when as ISO 8601 text.

        Returns
        -------
        Decision
            As it is kept; `undo` takes it, as does `unpin` its record and field.

        Raises
        ------
        InputError
            If there is no such field, or the time is no time; nothing is written then.

        Examples
        --------
        >>> import omniid
        >>> with omniid.open(":memory:", backend="rows") as people:
        ...     told = people.upsert([{"id": str(n), "email": "ann@x.com", "city": c} for n, c in enumerate("AAB")])
        ...     people.fit()
        ...     kept = people.pin(("records", "2"), "city", author="kim", reason="she moved")
        ...     people.get_profile(record=("records", "0"))["city"]
        'B'
        """
        (kept,) = self.decide(pin(record, field, author=author, reason=reason, time=time))
        return kept

    def unpin(self, record: Key, field: str, *, author: str = "", reason: str = "", time: str = "") -> Decision:
        """Withdraw the newest pin on a field of a record, so that the one before it, or else the rules, decide again.

        Returns
        -------
        Decision
            The UNDO.

        Raises
        ------
        InputError
            If nothing is pinned there.
        """
        (kept,) = self.undo(pin(record, field), author=author, reason=reason, time=time)
        return kept

    def decisions(self) -> tuple[Decision, ...]:
        """Return all decisions that stand, oldest first."""
        with self.store.reading() as store:
            return standing(all_decisions(store))

    def pending(self) -> tuple[Decision, ...]:
        """Return the standing decisions that wait for a record: none of one side is there, or it was deleted."""
        with self.store.reading() as store:
            return pending_decisions(store)

    def conflicts(self) -> Any:
        """Return the MUST_LINKs that are not followed, as a CANNOT_LINK forbids it, each with the path that shows it."""
        with self.store.reading() as store:
            learned = self._ready(store)
            rows = decided_rows(store, standing(all_decisions(store))).values()
            parts = parts_around(store, learned, rows)
        if parts is None:
            text = pa.large_string()
            table = pa.table([pa.array([], text)] * 4 + [pa.array([], pa.large_list(text))], CONFLICTS)
        else:
            table = plain_table(conflicts_table(parts))
        return to_native(table, self._backend)

    def overridden(self) -> Any:
        """Return the sets that exceed a limit because decisions say so, or that are one record; they are left as they are.

        This looks at the whole store.
        """
        return self.resolution().overridden

    def _members(self, store: Snapshot, entity_id: str) -> list[Key]:
        """The records of an entity."""
        self._ready(store)
        named = store.rows("entities", "entity_id", [entity_id])
        rows = [row for number, *_ in named for row, *_ in store.rows("members", "entity", [number])]
        if not rows:
            where = "ids stand in crosswalk(), and changes() tells what became of former ones"
            raise InputError(f"there is no entity {entity_id!r}; {where}")
        return [part_key(key) for _, key, *_ in store.rows("records", "row", rows)]
