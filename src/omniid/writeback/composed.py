"""Texts composed of several values: a whole name or address in one column, in the order that the source itself uses."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

__all__ = ["ADDRESSES", "NAMES", "compose", "told_template"]

# A text with its parts in braces; a part in brackets is left out, with what stands beside it, where it is missing.
NAMES = ("{first}[ {middle}] {last}", "{last} {first}[ {middle}]", "{last}, {first}[ {middle}]")
ADDRESSES = tuple(
    body + tail
    for tail in ("[, {country}]", "")
    for body in (
        "{street}, {postcode} {city}",
        "{street}, {city} {postcode}",
        "{street}, {city}, {postcode}",
        "{street}, {postcode}, {city}",
        "{street}, {city}, {region} {postcode}",
        "{street}; {postcode} {city}",
        "{street} {postcode} {city}",
        "{postcode} {city}, {street}",
        "{postcode}, {city}, {street}",
        "{city}, {street}, {postcode}",
        "{city}, {postcode}, {street}",
        "{street}, {city}",
        "{city}, {street}",
    )
)
MAY_LACK = frozenset({"unit", "region", "country"})  # parts of an address that a text may leave to other columns
MOSTLY = 0.8


class Parsed(NamedTuple):
    """A template in pieces: what is written in front, the part, what follows; and whether it may be missing."""

    before: str
    part: str
    after: str
    is_optional: bool


def compose(template: str, parts: Mapping[str, str | None]) -> str | None:
    """Fill a template; None where a part that it needs is missing, or where it has no place for one that must be said.

    Examples
    --------
    >>> compose("{last}, {first}[ {middle}]", {"first": "Ann", "last": "Lee", "middle": None})
    'Lee, Ann'
    >>> compose("{street}, {city}", {"street": "12 High St", "city": "York", "postcode": "YO1 1AA"}) is None
    True
    """
    pieces = _parsed(template)
    if {name for name, value in parts.items() if value} - {piece.part for piece in pieces} - MAY_LACK:
        return None
    out = []
    for before, part, after, is_optional in pieces:
        value = parts.get(part)
        if value:
            out.append(f"{before}{value}{after}")
        elif not is_optional:
            return None
    return "".join(out)


def told_template(texts: Iterable[tuple[str, Mapping[str, str | None]]], templates: Sequence[str]) -> str | None:
    """Find the template that a source's own texts follow; None where they don't tell.

    Parameters
    ----------
    texts
        Pairs of (text in the source, the parts that were read from it).
    templates
        Those to choose from, the more usual first.

    Examples
    --------
    >>> ann, bob = {"first": "Ann", "last": "Lee"}, {"first": "Bob", "last": "Ray"}
    >>> told_template([("LEE, Ann", ann), ("Ray, Bob", bob), ("Cher", {"first": "Cher", "last": None})], NAMES)
    '{last}, {first}[ {middle}]'
    >>> told_template([("Ann Lee", ann), ("Ray Bob", bob)], NAMES) is None
    True
    """
    found: Counter[str] = Counter()
    told = 0
    for text, parts in texts:
        if len([value for value in parts.values() if value]) < 2:  # one part has no order
            continue
        wanted = _plain(text)
        given = [one for one in templates if (made := compose(one, parts)) is not None and _plain(made) == wanted]
        told += bool(given)
        found.update(given)
    best = max(templates, key=lambda one: (found[one], -templates.index(one)))
    return best if told and found[best] >= MOSTLY * told else None


@cache
def _parsed(template: str) -> tuple[Parsed, ...]:
    """Cut a template into pieces, one per part.

    Examples
    --------
    >>> [tuple(piece) for piece in _parsed("{last}, {first}[ {middle}]")[1:]]
    [(', ', 'first', '', False), (' ', 'middle', '', True)]
    """
    pieces = []
    for chunk in template.replace("[", "\0[").replace("]", "\0").split("\0"):
        rest, is_optional = chunk.removeprefix("["), chunk.startswith("[")
        while "{" in rest:
            before, _, rest = rest.partition("{")
            part, _, rest = rest.partition("}")
            after = rest if "{" not in rest else ""
            pieces.append(Parsed(before, part, after, is_optional))
    return tuple(pieces)


def _plain(text: str) -> str:
    """Text without what its typist may do either way: case, and more blanks than one."""
    return " ".join(text.casefold().split())
