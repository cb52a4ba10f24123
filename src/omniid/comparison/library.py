"""Default comparisons by kind of field, with first guesses of m.

The cuts and guesses are starting points, set by eye on public data sets; `fit` learns m and u for the data at hand.
Levels are listed closest first; guesses go from "else" to the closest level, as in `Comparison.traits`.
"""

from omniid.comparison.address_library import CODE, city, place, postcode, street, unit
from omniid.comparison.comparisons import Comparison
from omniid.comparison.contact_levels import EmailEdits, SameEnd, SameLocalPart, UnlessNumbered
from omniid.comparison.date_levels import DateParts, DayMonthExchanged, Partial, SameDate, SameYear
from omniid.comparison.levels import AnyOf, Exact, Level, Numeric
from omniid.comparison.name_library import middle_name, name_suffix, person_first_name, person_last_name
from omniid.comparison.record_levels import SpelledFromNames, Unless
from omniid.comparison.spelled_out import SpelledOut
from omniid.comparison.text_levels import DamerauLevenshtein, JaroWinkler, TokenSet

__all__ = [
    "birth_date",
    "category",
    "city",
    "device",
    "email",
    "identifier",
    "middle_name",
    "name_suffix",
    "number",
    "person_first_name",
    "person_last_name",
    "phone",
    "place",
    "postcode",
    "street",
    "text",
    "unit",
]

_LITTLE = "a little alike"


def birth_date(field: str) -> Comparison:
    """Birth date: exact, close (one edit, or day and month exchanged), two parts, partial, same year or two edits, else.

    Parameters
    ----------
    field
        Field of the date. A bare year or year and month that agrees with the other date is "partial", never "exact".

    Examples
    --------
    >>> birth_date("birth_date").traits.levels
    ('else', 'same year', 'partial', 'two parts', 'close', 'exact')
    """
    levels = (
        SameDate(),
        AnyOf((DamerauLevenshtein(1, shortest=10), DayMonthExchanged()), name="close"),
        DateParts(2),
        Partial(),
        AnyOf((SameYear(), DamerauLevenshtein(2, shortest=10)), name="same year"),
    )
    return Comparison(field, (field,), levels, (0.03, 0.02, 0.02, 0.03, 0.07, 0.83), frequency=field)


def email(field: str, *, names: tuple[str, ...] = ()) -> Comparison:
    """E-mail address: exact, same local part, at most two edits, local parts alike, else.

    Parameters
    ----------
    field
        Field of the address.
    names
        Fields of the names. Where the addresses are alike, or have one local part, only because both are spelled from a name
        that both records have, the comparison is missing: the names have told it. So it is where they are nearly the same, and
        both are spelled right from their records' names: there is no slip of the pen.

    Examples
    --------
    >>> email("email").traits.levels
    ('else', 'alike', 'few edits', 'same local part', 'exact')
    """
    same: Level = SameLocalPart()
    near: Level = UnlessNumbered(EmailEdits(2))
    alike: Level = UnlessNumbered(JaroWinkler(0.90, of="local_part"), of="local_part")
    if names:
        same, alike = Unless(same, SpelledFromNames(names)), Unless(alike, SpelledFromNames(names))
        near = Unless(near, SpelledOut(names))
    levels = (Exact(), same, near, alike)
    return Comparison(field, (field,), levels, (0.22, 0.03, 0.05, 0.03, 0.67), shared_by_relatives=True, frequency=field)


def phone(field: str) -> Comparison:
    """Phone number: exact, the same last nine digits, one edit (two from eight digits), else.

    Parameters
    ----------
    field
        Field of the number, in international form or bare digits.

    Examples
    --------
    >>> phone("phone").traits.levels
    ('else', 'alike', 'same end', 'exact')
    """
    levels = (Exact(), SameEnd(9), CODE)
    return Comparison(field, (field,), levels, (0.25, 0.05, 0.02, 0.68), shared_by_relatives=True, frequency=field)


def identifier(field: str, *, shared_by_relatives: bool = False, names: tuple[str, ...] = ()) -> Comparison:
    """An identifier such as a passport or loyalty number: exact, one edit (two from eight characters), else.

    Parameters
    ----------
    field
        Field of the identifier.
    shared_by_relatives
        Whether a household often has one together, as with loyalty cards.
    names
        Fields of the names, for handles. Where both are spelled right from their records' names, no slip of the pen lies
        between them, and the comparison is missing.

    Examples
    --------
    >>> identifier("passport").traits.levels
    ('else', 'alike', 'exact')
    """
    levels = (Exact(), Unless(CODE, SpelledOut(names)) if names else CODE)
    return Comparison(field, (field,), levels, (0.10, 0.05, 0.85), shared_by_relatives=shared_by_relatives, frequency=field)


def category(field: str, *, shared_by_relatives: bool = False) -> Comparison:
    """One of few values, such as a gender, a region or an occupation: exact, alike, else.

    Parameters
    ----------
    field
        Field of the category.
    shared_by_relatives
        Whether relatives share it, as a region or a country.

    Examples
    --------
    >>> category("gender").traits.levels
    ('else', 'alike', 'exact')
    """
    levels, guesses = (Exact(), JaroWinkler(0.88)), (0.10, 0.10, 0.80)
    return Comparison(field, (field,), levels, guesses, shared_by_relatives=shared_by_relatives, frequency=field)


def device(field: str) -> Comparison:
    """A device identifier such as a cookie: exact, else; people who live together share devices.

    Parameters
    ----------
    field
        Field of the identifier.

    Examples
    --------
    >>> device("cookie").traits.levels
    ('else', 'exact')
    """
    return Comparison(field, (field,), (Exact(),), (0.60, 0.40), shared_by_relatives=True, frequency=field)


def text(field: str) -> Comparison:
    """Longer text: exact, most words in common, some words in common, else.

    Parameters
    ----------
    field
        Field of the text.

    Examples
    --------
    >>> text("note").traits.levels
    ('else', 'a little alike', 'alike', 'exact')
    """
    levels = (Exact(), TokenSet(0.90), TokenSet(0.70, name=_LITTLE))
    return Comparison(field, (field,), levels, (0.20, 0.10, 0.15, 0.55))


def number(field: str) -> Comparison:
    """A number: equal, within one percent, within ten percent, else.

    Parameters
    ----------
    field
        Field of the number, written with a point for decimals.

    Examples
    --------
    >>> number("height").traits.levels
    ('else', 'close', 'very close', 'exact')
    """
    levels = (Exact(), Numeric(0.01, relative=True, name="very close"), Numeric(0.10, relative=True))
    return Comparison(field, (field,), levels, (0.15, 0.10, 0.15, 0.60))
