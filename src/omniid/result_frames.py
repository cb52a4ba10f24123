"""Results as frames of the kind that went in, made when they are asked for."""

from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from omniid.changes import changes_table, redirects_table
from omniid.errors import InputError
from omniid.frames import plain_table, to_native
from omniid.household_results import HouseholdIds, household_ids, households_table, profiles_table, relations_table
from omniid.labels import read_labels
from omniid.results import Parts, conflicts_table, crosswalk_table, overridden_table, pairs_table, refusals_table
from omniid.review import review_table
from omniid.sharing import value_classes_table
from omniid.view_results import view_profiles
from omniid.worth_judging import worth_judging_table

if TYPE_CHECKING:
    from omniid.contacting import ContactBook

__all__ = ["ResultFrames"]

# The tables that are saved, the longest to write first.
SAVED = (
    *("provenance", "scored_pairs", "profiles", "crosswalk", "contacts", "consent"),
    *("value_classes", "refusals", "review", "rejects", "changes", "relations", "households"),
)


class ResultFrames:
    """The tables of a result; `Resolution` adds what can be done with it."""

    parts: Parts
    backend: str

    def table(self, name: str) -> pa.Table:
        """Return one of the results as an Arrow table, its text as plain text.

        Parameters
        ----------
        name
            crosswalk, profiles, provenance, scored_pairs, refusals, review, value_classes, rejects, changes, redirects,
            conflicts, overridden, households, relations, contacts or consent; or "view_" and the name of a view.

        Raises
        ------
        InputError
            If there is no result of that name.
        """
        return plain_table(self.coded(name))

    def coded(self, name: str) -> pa.Table:
        """One of the results with its text as codes into what the run holds already."""
        makers = {
            "crosswalk": lambda: crosswalk_table(self.parts),
            "profiles": lambda: profiles_table(self.parts, self._homes),
            "provenance": lambda: self.parts.golden.provenance,
            "scored_pairs": lambda: pairs_table(self.parts),
            "refusals": lambda: refusals_table(self.parts, self.parts.clustering.refusals),
            "review": lambda: review_table(self.parts),
            "value_classes": lambda: value_classes_table(self.parts.evidence, self.parts.classes),
            "rejects": lambda: self.parts.records.rejects,
            "households": lambda: households_table(self.parts, self._homes),
            "relations": lambda: relations_table(self.parts, self._homes),
            "contacts": lambda: self._of_contacts("contacts"),
            "consent": lambda: self._of_contacts("consent"),
            "changes": lambda: self.told_changes,
            "conflicts": lambda: conflicts_table(self.parts),
            "overridden": lambda: overridden_table(self.parts),
            "redirects": lambda: redirects_table(self.parts.ledger),
        }
        makers |= {f"view_{one}": partial(self._view, one) for one in self.parts.spec.views}
        if name not in makers:
            raise InputError(f"there is no result {name!r}; choose from {', '.join(makers)}")
        return makers[name]()

    @property
    def saved(self) -> list[str]:
        """The tables that are saved, those of the views included."""
        return [*SAVED, *(f"view_{name}" for name in self.parts.spec.views)]

    def _view(self, name: str) -> pa.Table:
        return view_profiles(self.parts, name).entities

    @cached_property
    def crosswalk(self) -> Any:
        """Record → entity: source, record_id, entity_id, entity_kind."""
        return to_native(self.table("crosswalk"), self.backend)

    @cached_property
    def profiles(self) -> Any:
        """One golden row per entity."""
        return to_native(self.table("profiles"), self.backend)

    @cached_property
    def provenance(self) -> Any:
        """Where every value comes from, surviving and losing ones."""
        return to_native(self.table("provenance"), self.backend)

    @cached_property
    def scored_pairs(self) -> Any:
        """Pairs with their match weight and agreement levels, those to review included."""
        return to_native(self.table("scored_pairs"), self.backend)

    @cached_property
    def refusals(self) -> Any:
        """Links that a limit or a decision forbade."""
        return to_native(self.table("refusals"), self.backend)

    @cached_property
    def review(self) -> Any:
        """Pairs that a person should decide."""
        return to_native(self.table("review"), self.backend)

    @cached_property
    def value_classes(self) -> Any:
        """Values that are not one person's own: field, value, class, people, records, reason."""
        return to_native(self.table("value_classes"), self.backend)

    @cached_property
    def households(self) -> Any:
        """Who lives together: household_id, entity_id, size; people who live alone are households of one."""
        return to_native(self.table("households"), self.backend)

    @cached_property
    def relations(self) -> Any:
        """Hints how people may be related (twin, parent and child, spouse …), and what speaks for them; they merge nobody."""
        return to_native(self.table("relations"), self.backend)

    @cached_property
    def contacts(self) -> Any:
        """By what every entity can be reached: e-mail addresses, phones, messenger and social accounts, the best of each first.

        One row per entity, kind and value: rank, is_best, valid, verified, value_class, last_seen, records, sources, and the
        reason of its place.
        """
        return to_native(self.table("contacts"), self.backend)

    @cached_property
    def consent(self) -> Any:
        """May every entity be contacted: one row per contact value and purpose, with the statement that decided.

        `state` is granted, denied or unknown, and unknown is not contactable; see `contact_list`.
        """
        return to_native(self.table("consent"), self.backend)

    @cached_property
    def contact_book(self) -> "ContactBook":
        """Contact points and consent as arrays, worked out once."""
        from omniid.contacting import make_contact_book  # here: resolving does not need it

        return make_contact_book(self.parts)

    def _of_contacts(self, name: str) -> pa.Table:
        from omniid.contacting import consent_table, contacts_table  # as above

        return (consent_table if name == "consent" else contacts_table)(self.parts, self.contact_book)

    @cached_property
    def rejects(self) -> Any:
        """Values and rows that could not be used, each with its reason."""
        return to_native(self.table("rejects"), self.backend)

    @cached_property
    def changes(self) -> Any:
        """What became of every entity since `previous`: kind, entity_id, the ids before and after, and the cause.

        An entity is "created", "extended" (records came), "merged", "split", "updated" (its profile changed, or records went)
        or "erased" (its records are gone). Without `previous` there is nothing to tell.
        """
        return to_native(self.table("changes"), self.backend)

    @cached_property
    def redirects(self) -> Any:
        """Ids that name nobody now, and the id that took their place; null where the records are gone."""
        return to_native(self.table("redirects"), self.backend)

    @cached_property
    def told_changes(self) -> pa.Table:
        """The changes as an Arrow table, made once: what they compare with may be overwritten."""
        return changes_table(self.parts)

    @cached_property
    def _homes(self) -> HouseholdIds:
        """The household of every entity, named once for the three tables that hold it."""
        return household_ids(self.parts)

    @cached_property
    def conflicts(self) -> Any:
        """MUST_LINKs that were not followed, as a CANNOT_LINK forbids it, each with the path that shows it."""
        return to_native(self.table("conflicts"), self.backend)

    @cached_property
    def overridden(self) -> Any:
        """Sets that exceed a limit because decisions say so, or that are one record; they are left as they are."""
        return to_native(self.table("overridden"), self.backend)

    def worth_judging(self, n: int, *, known: Any = None) -> Any:
        """Return the pairs most worth judging by a person, for a model to learn from, the best first.

        Doubtful pairs of frequent agreement patterns, where much depends on the answer, and not a hundred times the same.
        Fill the column `same` with yes or no, and pass it as ``labels=`` to `resolve`.

        Parameters
        ----------
        n
            At most so many.
        known
            Labels so far, as `read_labels` takes them; their pairs are not asked again.

        Returns
        -------
        frame
            Keys of both records, an empty `same`, match_weight and match_probability.

        Raises
        ------
        InputError
            If n is below 1, or `known` names records that are not there.
        """
        table = worth_judging_table(self.parts, n, None if known is None else read_labels(known))
        return to_native(plain_table(table), self.backend)
