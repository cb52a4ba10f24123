"""Default comparisons of the parts of an address, with first guesses of m."""

from omniid.comparison.comparisons import Comparison
from omniid.comparison.levels import AnyOf, Exact, On
from omniid.comparison.street_levels import AlikeWithoutDifferingNumber, SameStreet
from omniid.comparison.text_levels import DamerauLevenshtein, JaroWinkler

__all__ = ["CODE", "city", "place", "postcode", "street", "unit"]

# A code of 5 characters says something when one is wrong, one of 8 still does when two are.
CODE = AnyOf((DamerauLevenshtein(1, shortest=5), DamerauLevenshtein(2, shortest=8)), name="alike")
_CITY = JaroWinkler(0.88)
_STREET_AGREES = ("exact", "alike")


def street(field: str) -> Comparison:
    """Street and house number: exact, alike without a differing number, same street, else.

    Parameters
    ----------
    field
        Field of the street line.

    Examples
    --------
    >>> street("street").traits.levels
    ('else', 'same street', 'alike', 'exact')
    """
    levels = (Exact(), AlikeWithoutDifferingNumber(), SameStreet())
    return Comparison(field, (field,), levels, (0.20, 0.08, 0.17, 0.55), shared_by_relatives=True, frequency=field)


def place(postcode: str, city: str, *, street: str | None = None) -> Comparison:
    """Postcode and city as one comparison, since one follows from the other: postcode, city, alike, else.

    Parameters
    ----------
    postcode, city
        Their fields.
    street
        Name of the street's comparison: where it is exact or alike, the place says nothing new and is missing.

    Examples
    --------
    >>> place("postcode", "city").traits.levels
    ('else', 'alike', 'city', 'postcode')
    """
    levels = (
        On(postcode, Exact(name="postcode")),
        On(city, Exact(name="city")),
        AnyOf((On(postcode, CODE), On(city, _CITY)), name="alike"),
    )
    return Comparison(
        "place",
        (postcode, city),
        levels,
        (0.20, 0.08, 0.17, 0.55),
        shared_by_relatives=True,
        frequency=postcode,
        silent_when=_silent_when_street(street),
    )


def postcode(field: str, *, street: str | None = None) -> Comparison:
    """Postcode on its own: exact, one edit, else.

    Parameters
    ----------
    field
        Field of the postcode.
    street
        Name of the street's comparison: where it is exact or alike, the postcode is missing.

    Examples
    --------
    >>> postcode("postcode", street="street").silent_when
    {'street': ('exact', 'alike')}
    """
    silent = _silent_when_street(street)
    levels, guesses = (Exact(), CODE), (0.15, 0.05, 0.80)
    return Comparison(field, (field,), levels, guesses, shared_by_relatives=True, frequency=field, silent_when=silent)


def city(field: str, *, street: str | None = None) -> Comparison:
    """City on its own: exact, alike, else.

    Parameters
    ----------
    field
        Field of the city.
    street
        Name of the street's comparison: where it is exact or alike, the city is missing.

    Examples
    --------
    >>> city("city").traits.levels
    ('else', 'alike', 'exact')
    """
    silent = _silent_when_street(street)
    levels, guesses = (Exact(), _CITY), (0.15, 0.10, 0.75)
    return Comparison(field, (field,), levels, guesses, shared_by_relatives=True, frequency=field, silent_when=silent)


def _silent_when_street(street: str | None) -> dict[str, tuple[str, ...]]:
    return {} if street is None else {street: _STREET_AGREES}


def unit(field: str) -> Comparison:
    """Flat, floor or building, as the second line of an address: exact, alike, else; people who live together share it.

    Parameters
    ----------
    field
        Field of the unit.

    Examples
    --------
    >>> unit("unit").shared_by_relatives
    True
    """
    return Comparison(
        field, (field,), (Exact(), JaroWinkler(0.88)), (0.15, 0.10, 0.75), shared_by_relatives=True, frequency=field
    )
