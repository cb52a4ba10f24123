"""The small parts of a spec: sources, limits, and the guesses of inference."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from omniid.errors import SpecError

__all__ = ["Guess", "LimitRule", "Source", "at_most", "one_per_source"]


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
    columns
        The source's own column name → field column. Columns not named here feed the field of the same name.
    record_id
        The column that holds the record id; None takes `record_id`, `unique_id`, `rec_id` or `id` if unique.

    Examples
    --------
    >>> Source(region="PL", columns={"mail": "email"}).trust
    50
    """

    region: str | None = None
    trust: int = 50
    columns: Mapping[str, str] = field(default_factory=dict)
    record_id: str | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.trust <= 100:
            raise SpecError(f"trust {self.trust} is outside 0 to 100")
        if self.region is not None and not (len(self.region) == 2 and self.region.isalpha() and self.region.isupper()):
            raise SpecError(f"region {self.region!r} is no country code; write two capital letters such as 'PL'")


@dataclass(frozen=True)
class LimitRule:
    """A declared limit; see `at_most` and `one_per_source`.

    Parameters
    ----------
    what
        A field or identifier kind, or a source's name.
    n
        Largest number of distinct values in one cluster; 0 stands for one record per source.

    Examples
    --------
    >>> str(at_most("passport", 1)), str(one_per_source("crm"))
    ('at_most(passport, 1)', 'one_per_source(crm)')
    """

    what: str
    n: int

    def __str__(self) -> str:
        return f"at_most({self.what}, {self.n})" if self.n else f"one_per_source({self.what})"

    def to_dict(self) -> dict[str, str | int]:
        """Return the limit as plain data.

        Examples
        --------
        >>> one_per_source("crm").to_dict()
        {'one_per_source': 'crm'}
        """
        return {"at_most": self.what, "n": self.n} if self.n else {"one_per_source": self.what}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "LimitRule":
        """Make a limit of plain data.

        Raises
        ------
        SpecError
            If it is neither an `at_most` nor a `one_per_source`.

        Examples
        --------
        >>> LimitRule.from_dict({"at_most": "passport", "n": 2}).n
        2
        """
        if set(data) == {"one_per_source"}:
            return one_per_source(data["one_per_source"])
        if set(data) == {"at_most", "n"}:
            return at_most(data["at_most"], int(data["n"]))
        raise SpecError(f'limit {dict(data)} is unknown; write at_most = "passport", n = 1 or one_per_source = "crm"')


def at_most(kind: str, n: int) -> LimitRule:
    """Let no cluster hold more than `n` distinct values of a field or identifier kind.

    Raises
    ------
    SpecError
        If `n` is below 1.

    Examples
    --------
    >>> at_most("passport", 1).n
    1
    """
    if n < 1:
        raise SpecError(f"at_most({kind!r}, {n}) would allow nothing; n must be 1 or more")
    return LimitRule(kind, n)


def one_per_source(source: str) -> LimitRule:
    """Let no cluster hold two records of a source that has no duplicates.

    Examples
    --------
    >>> one_per_source("crm").what
    'crm'
    """
    return LimitRule(source, 0)
