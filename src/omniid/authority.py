"""Who may write what: which fields of a source take golden values, from which sources, and which are its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from omniid.errors import SpecError

__all__ = ["Authority", "Permission", "plain_permission", "settle_names", "settle_permission"]

ALL = "*"
Permission = str | Sequence[str] | Mapping[str, Sequence[str]] | None


@dataclass(frozen=True)
class Authority:
    """What may be written into the records of one source; all false and empty unless the source declares it.

    Parameters
    ----------
    accepts, fills
        Field → the sources whose values it takes, None for all of them; "*" stands for all other fields. `accepts` lets a
        value be corrected and an empty cell be filled, `fills` only lets empty cells be filled.
    owns
        Fields that are never written, whatever else is declared.
    shared
        Fields that take values which several people use, too.
    unverified
        Fields that take values which nobody says are verified, too.

    Examples
    --------
    >>> crm = Authority(accepts={"email": ("web",)}, fills={"*": None}, owns=frozenset({"loyalty_id"}))
    >>> crm.sources_for("email", is_empty=False), crm.sources_for("phone", is_empty=True)
    (('web',), None)
    >>> crm.may_write("phone", is_empty=False), crm.may_write("loyalty_id", is_empty=True)
    (False, False)
    """

    accepts: Mapping[str, tuple[str, ...] | None]
    fills: Mapping[str, tuple[str, ...] | None]
    owns: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()
    unverified: frozenset[str] = frozenset()

    def may_write(self, field: str, *, is_empty: bool) -> bool:
        """Whether a cell of the field may be written at all."""
        return not self.is_own(field) and self._rule(field, is_empty=is_empty) is not None

    def sources_for(self, field: str, *, is_empty: bool) -> tuple[str, ...] | None:
        """The sources whose values a cell of the field takes, None for all; () where it takes none."""
        rule = self._rule(field, is_empty=is_empty)
        if rule is None or self.is_own(field):
            return ()
        found = [part[_key(part, field)] for part in rule]
        return None if None in found else tuple(sorted({name for names in found if names for name in names}))

    def for_names(self) -> "Authority":
        """The same without what goes for all fields: accounts, documents and facts of a record must be named."""
        accepts, fills = ({name: one for name, one in part.items() if name != ALL} for part in (self.accepts, self.fills))
        return replace(self, accepts=accepts, fills=fills)

    def is_own(self, field: str) -> bool:
        """Whether the source is the owner of the field."""
        return bool({field, ALL} & self.owns)

    def takes_shared(self, field: str) -> bool:
        """Whether the field takes values that several people use."""
        return bool({field, ALL} & self.shared)

    def takes_unverified(self, field: str) -> bool:
        """Whether the field takes values that nobody says are verified."""
        return bool({field, ALL} & self.unverified)

    def _rule(self, field: str, *, is_empty: bool) -> list[Mapping[str, tuple[str, ...] | None]] | None:
        parts = [self.accepts, self.fills] if is_empty else [self.accepts]
        return [part for part in parts if _key(part, field) in part] or None


def _key(part: Mapping[str, Any], field: str) -> str:
    return field if field in part else ALL


def settle_permission(what: str, value: Permission) -> dict[str, tuple[str, ...] | None]:
    """Read `accepts` or `fills` of a source.

    Raises
    ------
    SpecError
        If it is neither "*", nor a list of fields, nor a mapping of fields to sources.

    Examples
    --------
    >>> settle_permission("accepts", ["email"]), settle_permission("fills", "*")
    ({'email': None}, {'*': None})
    >>> settle_permission("accepts", {"email": ["crm", "web"]})
    {'email': ('crm', 'web')}
    """
    if isinstance(value, Mapping):
        for field, sources in value.items():
            if isinstance(sources, str) and sources != ALL:
                raise SpecError(f"{what} of {field!r} is {sources!r}; give a list of sources, even of one, or '*' for all")
        return {field: None if sources == ALL else tuple(map(str, sources)) for field, sources in value.items()}
    return dict.fromkeys(settle_names(what, value))


def plain_permission(what: str, value: Any) -> Any:
    """Check what a source declares, and keep it as it may be written to a file: "*", a tuple of fields, or a mapping.

    Raises
    ------
    SpecError
        As `settle_permission` and `settle_names`.

    Examples
    --------
    >>> plain_permission("accepts", {"email": ["web"], "phone": "*"}), plain_permission("owns", ["loyalty_id"])
    ({'email': ('web',), 'phone': '*'}, ('loyalty_id',))
    """
    if isinstance(value, Mapping):
        if what not in ("accepts", "fills"):
            raise SpecError(f"{what} is {value!r}; give a list of fields, even of one, or '*' for all")
        return {field: ALL if sources is None else sources for field, sources in settle_permission(what, value).items()}
    return value if value is None or value == ALL else settle_names(what, value)


def settle_names(what: str, value: Any) -> tuple[str, ...]:
    """Read a list of fields, "*" for all of them.

    Raises
    ------
    SpecError
        If it is no list of names.

    Examples
    --------
    >>> settle_names("owns", ["loyalty_id"]), settle_names("owns", "*"), settle_names("owns", None)
    (('loyalty_id',), ('*',), ())
    """
    if value is None:
        return ()
    if value == ALL:
        return (ALL,)
    if isinstance(value, str) or not isinstance(value, Sequence) or not all(isinstance(name, str) and name for name in value):
        raise SpecError(f"{what} is {value!r}; give a list of fields, even of one, or '*' for all")
    return tuple(value)
