"""Fields whose values are meant to name somebody: e-mail addresses, phone numbers and identifiers of every kind."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from omniid.comparison import Comparison, library
from omniid.errors import SpecError
from omniid.identifier_kinds import Kind, kind_named

__all__ = ["FIELD_KINDS", "Email", "Identifier", "Phone", "kind_of"]

FIELD_KINDS = frozenset({"address", "attribute", "category", "date", "email", "person_name", "phone", "text", "time"})
# What a column of such values is to blocking and matching, by the normaliser of its kind; else an identifier.
COLUMN_KINDS = {"email": "email", "phone": "phone"}


@dataclass(frozen=True, repr=False)
class Email:
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

    normalizer: ClassVar[str] = "email"
    column: str = "email"
    behavior: str | None = field(default=None, kw_only=True)
    purposes: tuple[str, ...] = field(default=(), kw_only=True)

    def __post_init__(self) -> None:
        _settle(self)

    def __repr__(self) -> str:
        return _shown(self)

    @property
    def definition(self) -> Kind:
        """The kind, with the behavior that is declared here."""
        return kind_named("email", self.behavior)

    def columns(self) -> Mapping[str, str]:
        """Column → kind."""
        return {self.column: _column_kind(self.definition), f"masked_{self.column}": "attribute"}

    def comparisons(self, filled: Mapping[str, str]) -> tuple[Comparison, ...]:
        """Exact, same local part, nearly the same, alike."""
        names = tuple(column for column, kind in filled.items() if kind in ("first_name", "last_name"))
        return (library.email(self.column, names=names),) if self.definition.is_person else _of_no_person(self)


@dataclass(frozen=True, repr=False)
class Phone:
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

    normalizer: ClassVar[str] = "phone"
    column: str = "phone"
    behavior: str | None = field(default=None, kw_only=True)
    purposes: tuple[str, ...] = field(default=(), kw_only=True)

    def __post_init__(self) -> None:
        _settle(self)

    def __repr__(self) -> str:
        return _shown(self)

    @property
    def definition(self) -> Kind:
        """The kind, with the behavior that is declared here."""
        return kind_named("phone", self.behavior)

    def columns(self) -> Mapping[str, str]:
        """Column → kind."""
        return {self.column: _column_kind(self.definition)}

    def comparisons(self, filled: Mapping[str, str]) -> tuple[Comparison, ...]:
        """Exact, one mistyped digit."""
        return (library.phone(self.column),) if self.definition.is_person else _of_no_person(self)


@dataclass(frozen=True, repr=False)
class Identifier:
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
        _settle(self)

    def __repr__(self) -> str:
        return _shown(self)

    @property
    def definition(self) -> Kind:
        """The kind, with the behavior that is declared here."""
        return kind_named(self.kind, self.behavior)

    @property
    def normalizer(self) -> str:
        """Which normaliser reads the values."""
        return self.definition.normalizer

    def columns(self) -> Mapping[str, str]:
        """Column → kind."""
        return {self.column: _column_kind(self.definition)}

    def comparisons(self, filled: Mapping[str, str]) -> tuple[Comparison, ...]:
        """Exact, one edit; a phone number as such; a device ties records to a device and is compared exactly."""
        kind = self.definition
        if not kind.is_person:
            return _of_no_person(self)
        if _column_kind(kind) == "phone":
            return (library.phone(self.column),)
        return (library.identifier(self.column, shared_by_relatives=kind.shared_by_relatives),)


def kind_of(field: object) -> Kind | None:
    """Return the kind of identifier that a field holds, with its declared behavior; None for names, dates and the like.

    Examples
    --------
    >>> kind_of(Phone(behavior="weak")).behavior, kind_of(Email()).name
    ('weak', 'email')
    """
    return field.definition if isinstance(field, Email | Phone | Identifier) else None


def _column_kind(kind: Kind) -> str:
    if kind.behavior == "device":
        return "device"
    return COLUMN_KINDS.get(kind.normalizer, "identifier") if kind.is_person else "attribute"


def _of_no_person(one: Email | Phone | Identifier) -> tuple[Comparison, ...]:
    """Return the comparisons of what says nothing about a person: a device's own, and none of a proxy."""
    return (library.device(one.column),) if one.definition.behavior == "device" else ()


def _shown(one: Email | Phone | Identifier) -> str:
    """The declaration as it may be written, without what is left at its default."""
    parts = ((name, getattr(one, name, None)) for name in ("column", "kind", "behavior", "purposes"))
    return f"{type(one).__name__}({', '.join(f'{name}={value!r}' for name, value in parts if value)})"


def _settle(one: Email | Phone | Identifier) -> None:
    """Refuse what no kind or purpose can be, before it is used."""
    _ = one.definition
    purposes: object = one.purposes
    if not isinstance(purposes, list | tuple) or not all(isinstance(purpose, str) and purpose for purpose in purposes):
        raise SpecError(f'purposes of {one.column!r} are {one.purposes!r}; give names, such as purposes=("fraud",)')
    object.__setattr__(one, "purposes", tuple(purposes))
