"""The small parts of a spec: what a field is, sources, and the guesses of inference."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Protocol

from omniid.authority import Authority, Permission, plain_permission, settle_names, settle_permission
from omniid.comparison import Comparison
from omniid.errors import SpecError

__all__ = ["Field", "Guess", "Source", "check_erased", "roles"]

BESIDE = ("kind", "behavior", "purposes", "of", "purpose", "opt_out")  # what a field declares beside its columns


class Field(Protocol):
    """What every field declares; one class per kind of value."""

    @property
    def normalizer(self) -> str:
        """Which normaliser reads the values."""
        ...

    def columns(self) -> Mapping[str, str]:
        """Column → kind of the value in it, for all columns that this field fills."""
        ...

    def comparisons(self, filled: Mapping[str, str]) -> tuple[Comparison, ...]:
        """Return the default comparisons of this field; `filled` maps all columns that hold anything to their kind."""
        ...


def roles(field: Field) -> dict[str, str]:
    """Role → column name of a field, leaving out the roles that it doesn't use.

    Examples
    --------
    >>> from omniid.fields import PersonName
    >>> roles(PersonName(first="given_name", last="surname"))
    {'first': 'given_name', 'last': 'surname'}
    """
    used = {part.name: getattr(field, part.name) for part in fields(field) if part.name not in BESIDE}  # type: ignore[arg-type]  # dataclasses
    return {field.normalizer if name == "column" else name: value for name, value in used.items() if value}


@dataclass(frozen=True)
class Guess:
    """What inference takes one column to be, and why.

    Parameters
    ----------
    source
        The source that holds the column.
    column
        The column's name, as the source spells it.
    field
        Canonical name of the field that the column feeds ("email", "first_name"), None where it is left out.
    kind
        What kind of value it holds.
    reason
        Why, in a few plain words.

    Examples
    --------
    >>> Guess("web", "mail", "email", "email", "header 'mail'; 98 % of values are e-mail addresses").field
    'email'
    """

    source: str
    column: str
    field: str | None
    kind: str
    reason: str


@dataclass(frozen=True)
class Source:
    """What is known of one source before its records are read.

    Parameters
    ----------
    region
        Country code ("PL") that national phone numbers and ambiguous dates are read by.
    trust
        0 to 100; counts in survivorship.
    field_trust
        Field → trust in that field, where it differs: ``{"email": 95}``.
    columns
        The source's own column name → field column. Columns not named here feed the field of the same name.
    record_id
        The column that holds the record id; None takes `record_id`, `unique_id`, `rec_id` or `id` if unique.
    accepts
        Fields into which golden values may be written back, be the cell empty or filled: ``("email", "phone")``, or "*" for all
        but identifiers and attributes, which must be named, or with the sources that the values come from:
        ``{"email": ("crm", "web")}``. None: nothing is ever overwritten.
    fills
        Fields of which only empty cells may be filled; written like `accepts`.
    owns
        Fields that this source is the owner of: never written, whatever `accepts` and `fills` say.
    accepts_shared
        Fields that take values which several people use, such as a family's phone number; others are refused.
    accepts_unverified
        Fields that take values which no record says are verified, where a `Verified` field asks for that; others are refused.

    Examples
    --------
    >>> Source(region="PL", columns={"mail": "email"}).trust
    50
    >>> crm = Source(accepts={"email": ["web"]}, fills="*", owns=["loyalty_id"])
    >>> crm.authority.may_write("phone", is_empty=True), crm.authority.may_write("phone", is_empty=False)
    (True, False)
    """

    region: str | None = None
    trust: int = 50
    columns: Mapping[str, str] = field(default_factory=dict)
    record_id: str | None = None
    field_trust: Mapping[str, float] = field(default_factory=dict)
    accepts: Permission = None
    fills: Permission = None
    owns: str | Sequence[str] | None = None
    accepts_shared: str | Sequence[str] | None = None
    accepts_unverified: str | Sequence[str] | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.field_trust, Mapping):
            raise SpecError(f'field_trust is {self.field_trust!r}; map fields to trust, such as {{"email": 95}}')
        for where, trust in [("trust", self.trust), *((f"trust in {name!r}", one) for name, one in self.field_trust.items())]:
            if not isinstance(trust, int | float) or not 0 <= trust <= 100:
                raise SpecError(f"{where} is {trust!r}; give a number from 0 to 100")
        if self.region is not None and not (len(self.region) == 2 and self.region.isalpha() and self.region.isupper()):
            raise SpecError(f"region {self.region!r} is no country code; write two capital letters such as 'PL'")
        for name in ("accepts", "fills", "owns", "accepts_shared", "accepts_unverified"):
            object.__setattr__(self, name, plain_permission(name, getattr(self, name)))

    @property
    def authority(self) -> Authority:
        """What may be written into the records of this source."""
        return Authority(
            settle_permission("accepts", self.accepts),
            settle_permission("fills", self.fills),
            frozenset(settle_names("owns", self.owns)),
            frozenset(settle_names("accepts_shared", self.accepts_shared)),
            frozenset(settle_names("accepts_unverified", self.accepts_unverified)),
        )


def check_erased(what: str) -> None:
    """Refuse what a store can't do with a record that was erased and is sent again.

    Raises
    ------
    SpecError
        If it is neither "refuse" nor "new".

    Examples
    --------
    >>> check_erased("new")
    """
    if what not in ("refuse", "new"):
        raise SpecError(f"erased is {what!r}; choose 'refuse' or 'new' for erased records that are sent again")
