"""Fields whose values are meant to name somebody: e-mail addresses, phone numbers and identifiers of every kind."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import ClassVar

from omniid.comparison import Comparison, library
from omniid.errors import SpecError
from omniid.identifier_kinds import Kind, kind_named

__all__ = ["FIELD_KINDS", "Email", "Identifier", "IdentifierField", "Phone", "kind_of", "kinds_by_column"]

FIELD_KINDS = frozenset(
    {
        *("address", "attribute", "category", "company", "date", "email", "person_name", "phone", "text", "time"),
        *("consent", "opt_out", "verified"),
    }
)
# What a column of such values is to blocking and matching, by the normaliser of its kind; else an identifier.
COLUMN_KINDS = {"email": "email", "phone": "phone"}
HANDLES = ("handle", "telegram", "facebook", "vk")  # normal forms of names that people gave themselves


class IdentifierField(ABC):
    """What fields have in common whose values are meant to name somebody."""

    column: str
    behavior: str | None
    purposes: tuple[str, ...]

    @property
    @abstractmethod
    def kind(self) -> str:
        """The name of the kind."""

    def __post_init__(self) -> None:
        _ = self.definition  # refuses what is no kind, before it is used
        purposes: object = self.purposes
        if not isinstance(purposes, list | tuple) or not all(isinstance(purpose, str) and purpose for purpose in purposes):
            raise SpecError(f'purposes of {self.column!r} are {self.purposes!r}; give names, such as purposes=("fraud",)')
        object.__setattr__(self, "purposes", tuple(purposes))

    def __repr__(self) -> str:
        """The declaration as it may be written, without what is left at its default."""
        parts = ((part.name, getattr(self, part.name)) for part in fields(self))  # type: ignore[arg-type]  # all are dataclasses
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in parts if value)})"

    @property
    def definition(self) -> Kind:
        """The kind, with the behavior that is declared here."""
        return kind_named(self.kind, self.behavior)

    @property
    def normalizer(self) -> str:
        """Which normaliser reads the values."""
        return self.definition.normalizer

    def comparisons(self, filled: Mapping[str, str]) -> tuple[Comparison, ...]:
        """Those of the field; a device ties records to a device and is compared exactly, a proxy is not compared."""
        if self.definition.is_person:
            return self._of_person(filled)
        return (library.device(self.column),) if self.definition.behavior == "device" else ()

    @abstractmethod
    def _of_person(self, filled: Mapping[str, str]) -> tuple[Comparison, ...]:
        """The comparisons of what names a person."""


@dataclass(frozen=True, repr=False)
class Email(IdentifierField):
    """E-mail addresses; masked relay addresses go to a column of their own and are never evidence.

    Parameters
    ----------
    column
        The column that holds them.
    behavior
        How they behave, one of `omniid.identifier_kinds.BEHAVIORS`; None: strong.
    purposes
        The purposes for which they are evidence; none: for all.

    Examples
    --------
    >>> Email("email").columns()
    {'email': 'email', 'masked_email': 'attribute'}
    """

    kind: ClassVar[str] = "email"
    normalizer: ClassVar[str] = "email"
    column: str = "email"
    behavior: str | None = field(default=None, kw_only=True)
    purposes: tuple[str, ...] = field(default=(), kw_only=True)

    def columns(self) -> Mapping[str, str]:
        """Column → kind."""
        return {self.column: _column_kind(self.definition), f"masked_{self.column}": "attribute"}

    def _of_person(self, filled: Mapping[str, str]) -> tuple[Comparison, ...]:
        """Exact, same local part, nearly the same, alike."""
        return (library.email(self.column, names=_names(filled)),)


@dataclass(frozen=True, repr=False)
class Phone(IdentifierField):
    """Phone numbers, messenger numbers among them; national ones are read by the region of their source.

    Parameters
    ----------
    column
        The column that holds them.
    behavior, purposes
        As for `Email`.

    Examples
    --------
    >>> Phone("mobile").columns()
    {'mobile': 'phone'}
    """

    kind: ClassVar[str] = "phone"
    normalizer: ClassVar[str] = "phone"
    column: str = "phone"
    behavior: str | None = field(default=None, kw_only=True)
    purposes: tuple[str, ...] = field(default=(), kw_only=True)

    def columns(self) -> Mapping[str, str]:
        """Column → kind."""
        return {self.column: _column_kind(self.definition)}

    def _of_person(self, filled: Mapping[str, str]) -> tuple[Comparison, ...]:
        """Exact, one mistyped digit."""
        return (library.phone(self.column),)


@dataclass(frozen=True, repr=False)
class Identifier(IdentifierField):
    """A typed value that is meant to name somebody: a card, an account, a document, a messenger, a device.

    Parameters
    ----------
    column
        The column that holds it.
    kind
        Its kind: "loyalty", "passport", "whatsapp", "email_hash", "cookie" … as in `omniid.identifier_kinds.KINDS`, or one of
        your own, whose `behavior` must then be given. Values of one kind mean the same thing.
    behavior
        How it behaves: "unique", "strong", "weak", "device" or "proxy"; None takes the kind's.
    purposes
        The purposes for which it is evidence; none: for all. See `omniid.resolve`.

    Raises
    ------
    SpecError
        If the kind is unknown and no behavior is given, or is that of another field, such as "email".

    Examples
    --------
    >>> Identifier("card_no", kind="loyalty").columns()
    {'card_no': 'identifier'}
    >>> Identifier("visitor", kind="cookie").columns()
    {'visitor': 'device'}
    >>> Identifier("badge", kind="badge", behavior="weak").definition.links
    False
    """

    column: str
    kind: str = "identifier"
    behavior: str | None = field(default=None, kw_only=True)
    purposes: tuple[str, ...] = field(default=(), kw_only=True)

    def __post_init__(self) -> None:
        if self.kind in FIELD_KINDS:
            raise SpecError(f"identifier {self.column!r} can't be of kind {self.kind!r}, which is a field; name another kind")
        super().__post_init__()

    def columns(self) -> Mapping[str, str]:
        """Column → kind."""
        return {self.column: _column_kind(self.definition)}

    def _of_person(self, filled: Mapping[str, str]) -> tuple[Comparison, ...]:
        """Exact, one edit; a phone number as such."""
        kind = self.definition
        if _column_kind(kind) == "phone":
            return (library.phone(self.column),)
        names = _names(filled) if kind.normalizer in HANDLES else ()
        return (library.identifier(self.column, shared_by_relatives=kind.shared_by_relatives, names=names),)


def kind_of(field: object) -> Kind | None:
    """Return the kind of identifier that a field holds, with its declared behavior; None for names, dates and the like.

    Examples
    --------
    >>> kind_of(Phone(behavior="weak")).behavior, kind_of(Email()).name
    ('weak', 'email')
    """
    return field.definition if isinstance(field, IdentifierField) else None


def kinds_by_column(fields: Iterable[object]) -> dict[str, Kind]:
    """Map the columns whose values are meant to name somebody to their kinds, with the declared behaviors.

    Examples
    --------
    >>> {column: kind.behavior for column, kind in kinds_by_column([Email(), Identifier("home", kind="landline")]).items()}
    {'email': 'strong', 'home': 'weak'}
    """
    return {field.column: field.definition for field in fields if isinstance(field, IdentifierField)}


def _names(filled: Mapping[str, str]) -> tuple[str, ...]:
    """The columns of first and last names."""
    return tuple(column for column, kind in filled.items() if kind in ("first_name", "last_name"))


def _column_kind(kind: Kind) -> str:
    if kind.behavior == "device":
        return "device"
    return COLUMN_KINDS.get(kind.normalizer, "identifier") if kind.is_person else "attribute"
