"""Fields: what a column holds, and with it how it is normalised, compared, blocked on and survives.

::

    Email("email")                        PersonName("first_name", "last_name")
    Phone("phone")                        Address("street", "city", "postcode")
    Date("birth_date")                    Identifier("loyalty_id", kind="loyalty")
    Category("gender")                    Company("company")
    Text("occupation")                    Identifier("site", kind="website")
    Timestamp("updated_at")               Attribute("segment")         kept on the profile, never evidence
    Verified("email_ok", of="email")      Consent("newsletter_ok", of="email", purpose="newsletter")
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from omniid.comparison import Comparison, library
from omniid.declarations import Field, roles
from omniid.identifier_fields import FIELD_KINDS, Email, Identifier, IdentifierField, Phone, kind_of, kinds_by_column
from omniid.statement_fields import Consent, Verified

__all__ = [
    "FIELD_KINDS",
    "Address",
    "Attribute",
    "Category",
    "Company",
    "Consent",
    "Date",
    "Email",
    "Field",
    "Identifier",
    "IdentifierField",
    "PersonName",
    "Phone",
    "Text",
    "Timestamp",
    "Verified",
    "kind_of",
    "kinds_by_column",
    "roles",
    "tells_time",
]


@dataclass(frozen=True)
class PersonName:
    """A person's name, in parts or as one text.

    Parameters
    ----------
    first, last
        Columns of the parts; where `full` is given they are filled from it.
    middle, suffix, title, full
        Columns of further parts, and of the whole name in one text.

    Examples
    --------
    >>> sorted(PersonName("first_name", "last_name", middle="patronymic").columns())
    ['first_name', 'last_name', 'name_suffix', 'patronymic']
    """

    normalizer: ClassVar[str] = "person_name"
    first: str | None = "first_name"
    last: str | None = "last_name"
    middle: str | None = None
    suffix: str | None = None
    title: str | None = None
    full: str | None = None

    def columns(self) -> Mapping[str, str]:
        """Column → kind."""
        named = {"first_name": self.first, "last_name": self.last, "middle_name": self._middle()}
        out = {column: kind for kind, column in named.items() if column}
        return {**out, self.suffix or "name_suffix": "name_suffix"} if self.first or self.full else out

    def comparisons(self, filled: Mapping[str, str]) -> tuple[Comparison, ...]:
        """First, last and middle name, and suffix; crosswise agreement counts once."""
        out: list[Comparison] = []
        first, last, middle = (part if part in filled else None for part in (self.first, self.last, self._middle()))
        if first:
            out.append(library.person_first_name(first, last=last, middle=middle))
        if last:
            out.append(library.person_last_name(last, first=first))
        if middle:
            out.append(library.middle_name(middle))
        if (suffix := self.suffix or "name_suffix") in filled and (self.first or self.full):
            out.append(library.name_suffix(suffix))
        return tuple(out)

    def _middle(self) -> str | None:
        return self.middle or ("middle_name" if self.full or self.first else None)


@dataclass(frozen=True)
class Date:
    """A calendar date, in one column or in three.

    Examples
    --------
    >>> roles(Date("birth_date", year="by", month="bm", day="bd"))
    {'date': 'birth_date', 'year': 'by', 'month': 'bm', 'day': 'bd'}
    """

    normalizer: ClassVar[str] = "date"
    column: str = "birth_date"
    year: str | None = None
    month: str | None = None
    day: str | None = None

    def columns(self) -> Mapping[str, str]:
        """Column → kind."""
        return {self.column: "birth_date"}

    def comparisons(self, filled: Mapping[str, str]) -> tuple[Comparison, ...]:
        """Exact, one edit or day and month exchanged, two of three parts, same year."""
        return (library.birth_date(self.column),)


@dataclass(frozen=True)
class Address:
    """A postal address in parts, or as one text.

    Examples
    --------
    >>> Address("street", "city", "postcode").columns()
    {'street': 'street', 'city': 'city', 'postcode': 'postcode'}
    """

    normalizer: ClassVar[str] = "address"
    street: str | None = None
    city: str | None = None
    postcode: str | None = None
    house_number: str | None = None
    unit: str | None = None
    region: str | None = None
    country: str | None = None
    full: str | None = None

    def columns(self) -> Mapping[str, str]:
        """Column → kind."""
        street = self.street or ("street" if self.full or self.house_number else None)
        postcode = self.postcode or ("postcode" if self.full else None)
        named = {"street": street, "city": self.city, "postcode": postcode, "unit": self.unit}
        more = {"category": self.region, "attribute": self.country}
        return {column: kind for part in (named, more) for kind, column in part.items() if column}

    def comparisons(self, filled: Mapping[str, str]) -> tuple[Comparison, ...]:
        """Street with its number, the unit, then postcode and city as one, which count only where the street does not agree."""
        have = {kind: column for column, kind in self.columns().items() if column in filled}
        out: list[Comparison] = []
        street = have.get("street")
        if street:
            out.append(library.street(street))
        if "unit" in have:
            out.append(library.unit(have["unit"]))
        if "postcode" in have and "city" in have:
            out.append(library.place(have["postcode"], have["city"], street=street))
        elif "postcode" in have:
            out.append(library.postcode(have["postcode"], street=street))
        elif "city" in have:
            out.append(library.city(have["city"], street=street))
        if self.region in filled:
            out.append(library.category(have["category"], shared_by_relatives=True))
        return tuple(out)


@dataclass(frozen=True)
class Category:
    """One of few values, such as gender or nationality.

    Examples
    --------
    >>> Category("gender").columns()
    {'gender': 'category'}
    """

    normalizer: ClassVar[str] = "category"
    column: str

    def columns(self) -> Mapping[str, str]:
        """Column → kind."""
        return {self.column: "category"}

    def comparisons(self, filled: Mapping[str, str]) -> tuple[Comparison, ...]:
        """Exact, alike."""
        return (library.category(self.column),)


@dataclass(frozen=True)
class Company:
    """The name of an organization: a person's employer, or, where no column names persons, whom a record is about.

    Examples
    --------
    >>> Company().columns()
    {'company': 'company'}
    """

    normalizer: ClassVar[str] = "company"
    column: str = "company"

    def columns(self) -> Mapping[str, str]:
        """Column → kind."""
        return {self.column: "company"}

    def comparisons(self, filled: Mapping[str, str]) -> tuple[Comparison, ...]:
        """Exact without the legal form, most words in common, some words in common; a rare name weighs more."""
        return (replace(library.text(self.column), frequency=self.column),)


@dataclass(frozen=True)
class Text:
    """Free text that says something about the person, such as an occupation.

    Examples
    --------
    >>> Text("occupation").columns()
    {'occupation': 'text'}
    """

    normalizer: ClassVar[str] = "text"
    column: str

    def columns(self) -> Mapping[str, str]:
        """Column → kind."""
        return {self.column: "text"}

    def comparisons(self, filled: Mapping[str, str]) -> tuple[Comparison, ...]:
        """Exact, same words, alike."""
        return (library.text(self.column),)


@dataclass(frozen=True)
class Attribute:
    """A value that stands on the profile but is never evidence.

    Examples
    --------
    >>> Attribute("newsletter").comparisons({})
    ()
    """

    normalizer: ClassVar[str] = "attribute"
    column: str

    def columns(self) -> Mapping[str, str]:
        """Column → kind."""
        return {self.column: "attribute"}

    def comparisons(self, filled: Mapping[str, str]) -> tuple[Comparison, ...]:
        """Return nothing: an attribute is not compared."""
        return ()


@dataclass(frozen=True)
class Timestamp:
    """When the record was last changed: its event time, which `most_recent` reads.

    Examples
    --------
    >>> Timestamp("updated_at").columns()
    {'updated_at': 'time'}
    """

    normalizer: ClassVar[str] = "time"
    column: str

    def columns(self) -> Mapping[str, str]:
        """Column → kind."""
        return {self.column: "time"}

    def comparisons(self, filled: Mapping[str, str]) -> tuple[Comparison, ...]:
        """Return nothing: times are not compared."""
        return ()


def tells_time(fields: Iterable[Field]) -> bool:
    """Whether a field holds event times; some records, or all of a part, may still have none.

    Examples
    --------
    >>> tells_time([Timestamp("updated_at")]), tells_time([])
    (True, False)
    """
    return any(isinstance(field, Timestamp) for field in fields)
