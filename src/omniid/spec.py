"""The declaration: what the sources and fields are, how to block, compare, match, limit and survive."""

from dataclasses import dataclass

__all__ = ["Guess"]


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
