"""What a business does with a result: each use is one call into the room that makes it."""

import datetime as dt
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omniid.event_uses import EventUses
from omniid.frames import plain_table, to_native
from omniid.summary import Summary
from omniid.view_results import view_profiles

if TYPE_CHECKING:
    from omniid.contacting import ContactList
    from omniid.data_report import DataQuality
    from omniid.source_updates import WriteBack

__all__ = ["ResultUses"]


class ResultUses(EventUses):
    """The uses of a result; `Resolution` adds how it came to be and what changes it."""

    summary: Summary

    def contact_list(self, purpose: str | None, *, channel: str = "email", view: str | None = None) -> "ContactList":
        """Say whom to contact for a purpose, at which one value each, and who is left out and why.

        Only values for which the purpose is granted are used: unknown is not enough. Every person and every value is listed at
        most once.

        Parameters
        ----------
        purpose
            The purpose, as a `Consent` of the spec names it; None asks for no consent, for messages that need none.
        channel
            "email", "phone", "messenger" or "social".
        view
            The view that the names come from; None: the profiles.

        Returns
        -------
        ContactList
            `.allowed`, `.refused` and `.save(path)`; `print` it.

        Raises
        ------
        InputError
            If there is no such channel or view, or no consent is declared for the purpose.

        Examples
        --------
        >>> import omniid
        >>> spec = omniid.Spec(fields=[omniid.Email(), omniid.Consent("news", of="email", purpose="newsletter")])
        >>> rows = [{"id": "1", "email": "ann@example.com", "news": "yes"}, {"id": "2", "email": "bob@example.com"}]
        >>> found = omniid.resolve(rows, spec).contact_list("newsletter")
        >>> [row["value"] for row in found.allowed], [row["why"] for row in found.refused]
        (['ann@example.com'], ['unknown: nobody has said anything'])
        """
        from omniid.contacting import list_contacts  # here: few results are used so

        profiles = self.coded("profiles") if view is None else view_profiles(self.parts, view).entities
        return list_contacts(self.parts, self.contact_book, profiles, purpose, channel, self.backend)

    def data_quality(self, as_of: str | dt.datetime | None = None, *, examples: bool = True) -> "DataQuality":
        """Say how good the records are that came, per source and field, and what to fix first.

        Parameters
        ----------
        as_of
            The moment that ages count from, as ISO 8601 text or a datetime; None: the latest event time of all records.
        examples
            Whether to show values, which may be personal.

        Returns
        -------
        DataQuality
            Completeness, validity, uniqueness, agreement, staleness, placeholders and rejects as frames; `print` it.

        Raises
        ------
        InputError
            If `as_of` is no moment.
        """
        from omniid.data_report import data_quality_of  # here: resolving does not need it

        return data_quality_of(self.parts, self.backend, as_of=as_of, examples=examples)

    def report(self, path: str | Path, *, values: bool = True, title: str = "") -> Path:
        """Write the result as one HTML file that needs no network and no other file, and return its path.

        Parameters
        ----------
        path
            The file; an earlier one is replaced.
        values
            Whether people's values are shown; without them equal letters stand for equal values.
        title
            What stands on top; "" for a plain title.

        Raises
        ------
        InputError
            If the file can't be written.
        MissingExtraError
            If the libraries that draw are not installed: ``pip install 'omniid[report]'``.
        """
        from omniid.report import write_report  # here: resolving needs no page

        return write_report(self.parts, self.summary, path, values=values, title=title)

    def view(self, name: str, *, provenance: bool = False) -> Any:
        """Return the profiles as one consumer sees them: the columns and chains of a view of the spec.

        Parameters
        ----------
        name
            The view, as ``Spec(views={name: View(…)})`` declares it.
        provenance
            Whether to return where the values of the view come from instead.

        Raises
        ------
        InputError
            If there is no view of that name.
        """
        made = view_profiles(self.parts, name)
        return to_native(plain_table(made.provenance if provenance else made.entities), self.backend)

    def write_back(
        self, *, sources: Collection[str] | None = None, fields: Collection[str] | None = None, applied: Any = None
    ) -> "WriteBack":
        """Plan what each source should be told so that its records say what the golden profiles say.

        Nothing is written unless a source declares that it takes it: ``Source(accepts=…, fills=…)``.

        Parameters
        ----------
        sources, fields
            Only these; None: all.
        applied
            Plans that were carried out since the records were read, or their ledger; what ``resolve(written=…)`` was given is
            known already.

        Returns
        -------
        WriteBack
            The changes, and what was refused; `print` it.

        Raises
        ------
        InputError
            If there is no such source or field, or the records were read with what `applied` wrote as their sources' own.
        """
        from omniid.source_updates import make_write_back  # here, as most results are never written back

        return make_write_back(self.parts, self.backend, sources=sources, fields=fields, applied=applied)
