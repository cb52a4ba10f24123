"""Statements: columns that say something of a contact value of the same record, and are no evidence of who somebody is.

::

    Verified("email_verified", of="email")
    Consent("newsletter_ok", of="email", purpose="newsletter", time="consent_at")
    Consent("unsubscribed", of="email", purpose="newsletter", opt_out=True)      yes: denied; no: nothing said
    Consent("do_not_contact", opt_out=True)                                      yes: every address, every purpose

A statement belongs to the value that stands beside it and not to the person: it stands on no profile, but in `contacts` and
`consent` of a result, where it stays with its value through every merge and split.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from omniid.comparison import Comparison
from omniid.declarations import Field, roles
from omniid.errors import SpecError
from omniid.frames.naming import did_you_mean
from omniid.identifier_fields import IdentifierField

__all__ = [
    "CHANNEL_OF",
    "STATEMENT_KINDS",
    "Consent",
    "Verified",
    "check_statements",
    "contact_columns",
    "purposes_of",
    "statement_from_dict",
    "statement_to_dict",
]

STATEMENT_KINDS = frozenset({"consent", "opt_out", "verified"})
Names = tuple[str, ...]
# Kind of identifier → the channel by which its values reach somebody.
CHANNEL_OF: Mapping[str, str] = {
    **dict.fromkeys(("email", "masked_email"), "email"),
    **dict.fromkeys(("phone", "landline", "proxy_phone"), "phone"),
    **dict.fromkeys(("whatsapp", "viber", "telegram", "messenger"), "messenger"),
    **dict.fromkeys(("facebook", "instagram", "vk", "social"), "social"),
}


@dataclass(frozen=True)
class Verified:
    """Whether the record's value of a contact field is verified: yes or no, or the time when it was.

    Parameters
    ----------
    column
        The column that says so.
    of
        The field whose value it speaks of.

    Examples
    --------
    >>> Verified("email_verified", of="email").comparisons({})
    ()
    """

    normalizer: ClassVar[str] = "verified"
    column: str
    of: str

    @property
    def meaning(self) -> str:
        """What it says, in words."""
        return f"verified, of {self.of}"

    def columns(self) -> Mapping[str, str]:
        """Return nothing: a statement is neither compared nor shown on a profile."""
        return {}

    def comparisons(self, filled: Mapping[str, str]) -> tuple[Comparison, ...]:
        """Return nothing: a statement is not compared."""
        return ()


@dataclass(frozen=True)
class Consent:
    """Whether somebody agrees to be contacted for a purpose at the record's contact values, and since when.

    Parameters
    ----------
    column
        The column that says so: yes or no, granted or denied, opted in, unsubscribed, withdrawn …
    of
        The field, or the fields, whose values it speaks of; None: all contact values of the record, and where an opt-out has no
        purpose either, all of the person.
    purpose
        The purpose, or the purposes; None, of an opt-out only: all of them.
    time
        The column that says when; None: the time of the record. Where it is declared and empty, the time is unknown.
    opt_out
        Whether the column says that somebody objected: yes is a denial, no says nothing.

    Raises
    ------
    SpecError
        If no purpose is given and it is no opt-out, or a name is no text.

    Examples
    --------
    >>> Consent("newsletter_ok", of="email", purpose="newsletter").for_purposes
    ('newsletter',)
    >>> Consent("unsubscribed_at", of="email", purpose=["newsletter", "offers"], opt_out=True).normalizer
    'opt_out'
    """

    column: str
    of: str | Names | None = None
    purpose: str | Names | None = None
    time: str | None = None
    opt_out: bool = False

    def __post_init__(self) -> None:
        for name in ("of", "purpose"):
            object.__setattr__(self, name, _settled(f"{name} of Consent({self.column!r})", getattr(self, name)))
        if self.purpose is None and not self.opt_out:
            raise SpecError(
                f'Consent({self.column!r}) says for no purpose; name it, such as purpose="newsletter". '
                "Only an opt-out may go for all purposes"
            )

    @property
    def normalizer(self) -> str:
        """Which normaliser reads the values."""
        return "opt_out" if self.opt_out else "consent"

    @property
    def of_fields(self) -> Names | None:
        """The fields whose values it speaks of; None: all contact values."""
        return _names(self.of)

    @property
    def for_purposes(self) -> Names | None:
        """The purposes; None: all."""
        return _names(self.purpose)

    @property
    def meaning(self) -> str:
        """What it says, in words."""
        what, of, purposes = ("opt-out" if self.opt_out else "consent"), self.of_fields, self.for_purposes
        values = " and ".join(of) if of else "all contact values"
        return f"{what}, of {values}, for {' and '.join(purposes) if purposes else 'all purposes'}"

    def columns(self) -> Mapping[str, str]:
        """Return nothing: a statement is neither compared nor shown on a profile."""
        return {}

    def comparisons(self, filled: Mapping[str, str]) -> tuple[Comparison, ...]:
        """Return nothing: a statement is not compared."""
        return ()


def _settled(what: str, given: Any) -> str | Names | None:
    """One name as text, several as a tuple."""
    if given is None or (isinstance(given, str) and given):
        return given
    if isinstance(given, list | tuple) and given and all(isinstance(one, str) and one for one in given):
        return given[0] if len(given) == 1 else tuple(given)
    raise SpecError(f'{what} is {given!r}; give a name such as "email", or a list of names')


def _names(given: str | Names | None) -> Names | None:
    return (given,) if isinstance(given, str) else given


def contact_columns(fields: Iterable[object]) -> dict[str, IdentifierField]:
    """Column → field, for the fields by whose values somebody can be reached: e-mail, phone, messenger and social accounts.

    Examples
    --------
    >>> from omniid.identifier_fields import Email, Identifier
    >>> sorted(contact_columns([Email(), Identifier("wa", kind="whatsapp"), Identifier("card", kind="loyalty")]))
    ['email', 'wa']
    """
    return {field.column: field for field in fields if isinstance(field, IdentifierField) and field.kind in CHANNEL_OF}


def purposes_of(fields: Iterable[object]) -> Names:
    """All purposes that fields speak of, sorted.

    Examples
    --------
    >>> purposes_of([Consent("sms_ok", purpose="sms"), Consent("mail_ok", purpose=["offers", "newsletter"])])
    ('newsletter', 'offers', 'sms')
    """
    return tuple(sorted({name for field in fields if isinstance(field, Consent) for name in field.for_purposes or ()}))


def check_statements(fields: Iterable[Field]) -> None:
    """Refuse statements of a field that there is not, of a time that another field reads, and purposes in two spellings.

    Raises
    ------
    SpecError
        With the fields that there are.

    Examples
    --------
    >>> from omniid.identifier_fields import Email
    >>> check_statements([Email(), Verified("email_verified", of="email")])
    """
    fields = list(fields)
    known = sorted(spoken_of(fields))
    for field in fields:
        if not isinstance(field, Verified | Consent):
            continue
        for name in (field.of,) if isinstance(field, Verified) else field.of_fields or ():
            if name not in known:
                raise SpecError(
                    f"{type(field).__name__}({field.column!r}) speaks of {name!r}, which is no field that somebody can be "
                    f"reached by; those are {', '.join(known) or 'none'}{did_you_mean(str(name), known)}"
                )
        _check_columns(field, fields)
    _check_purposes(purposes_of(fields))


def _check_purposes(purposes: Names) -> None:
    """Refuse a purpose in two spellings: what is denied for the one would stay granted for the other."""
    spelled: dict[str, str] = {}
    for name in purposes:
        other = spelled.setdefault("".join(filter(str.isalnum, name)).casefold() or name, name)
        if other != name:
            raise SpecError(f"consent is declared for {other!r} and for {name!r}; write one purpose in one way")


def _check_columns(field: Verified | Consent, fields: Iterable[Field]) -> None:
    """Refuse a statement whose column, or whose time, another field reads; statements may share a time."""
    when = field.time if isinstance(field, Consent) else None
    for other in fields:
        taken = {*other.columns(), *roles(other).values()}
        if other != field and field.column in taken:
            raise SpecError(f"column {field.column!r} is read by {other} and by {field}; leave one out")
        if when in taken and not (isinstance(other, Consent) and other.time == when):
            raise SpecError(
                f"Consent({field.column!r}) takes its time from {when!r}, which {other} reads; leave time= out, and the time "
                "of the record counts"
            )


def spoken_of(fields: Iterable[object]) -> set[str]:
    """The columns that statements may speak of: contact values, and hashes that stand for some."""
    fields = list(fields)
    hashes = {field.column for field in fields if isinstance(field, IdentifierField) and field.normalizer == "hash"}
    return {*contact_columns(fields), *hashes}


def statement_to_dict(field: Verified | Consent) -> dict[str, Any]:
    """Return a statement as plain data.

    Examples
    --------
    >>> statement_to_dict(Consent("ok", of="email", purpose="newsletter", time="ok_at"))
    {'kind': 'consent', 'columns': {'consent': 'ok', 'time': 'ok_at'}, 'of': 'email', 'purpose': 'newsletter'}
    """
    if isinstance(field, Verified):
        return {"kind": "verified", "columns": [field.column], "of": field.of}
    columns = {field.normalizer: field.column, "time": field.time} if field.time else [field.column]
    names = {"of": field.of, "purpose": field.purpose}
    plain = {name: list(value) if isinstance(value, tuple) else value for name, value in names.items() if value is not None}
    return {"kind": field.normalizer, "columns": columns, **plain}


def statement_from_dict(data: Mapping[str, Any]) -> Verified | Consent:
    """Make a statement of plain data; the inverse of `statement_to_dict`.

    Raises
    ------
    SpecError
        If a part is missing or unknown.

    Examples
    --------
    >>> statement_from_dict({"kind": "verified", "columns": ["email_ok"], "of": "email"})
    Verified(column='email_ok', of='email')
    """
    kind, columns = data.get("kind"), data.get("columns")
    unknown = sorted(set(data) - {"kind", "columns", "of", "purpose"})
    example = 'kind = "consent", columns = ["newsletter_ok"], of = "email", purpose = "newsletter"'
    if unknown or isinstance(columns, str) or not columns:
        raise SpecError(f"field {dict(data)!r} can't be read; write it as {example}")
    roles = dict(columns) if isinstance(columns, Mapping) else dict(zip((str(kind), "time"), columns, strict=False))
    column, said = roles.pop(str(kind), None), {name: data[name] for name in ("of", "purpose") if name in data}
    try:
        if kind == "verified":
            return Verified(column, **roles, **said)
        return Consent(column, **roles, **said, opt_out=kind == "opt_out")
    except TypeError as error:
        raise SpecError(f"field {dict(data)!r} can't be read: {error}; write it as {example}") from error
