"""Default comparisons of the parts of a person's name, with first guesses of m."""

from typing import Any

from omniid.comparison.alike_names import AlikeNames, SameFamily
from omniid.comparison.comparisons import Comparison
from omniid.comparison.given_parts import GivenParts
from omniid.comparison.levels import AnyOf, Exact, Level
from omniid.comparison.name_levels import Initial, Nickname, SharedPart
from omniid.comparison.record_levels import RecordLevel, SwappedParts
from omniid.comparison.spelling_levels import OtherSpelling
from omniid.comparison.text_levels import JaroWinkler

__all__ = ["middle_name", "name_suffix", "person_first_name", "person_last_name"]


def person_first_name(field: str, *, last: str | None = None, middle: str | None = None) -> Comparison:
    """First name: exact, other spelling, nickname or shared part, alike, swapped with the last name, initial … else.

    Parameters
    ----------
    field
        Field of the first name.
    last
        Field of the last name; None leaves out the level "swapped".
    middle
        Field of the middle name, which may be the name that somebody goes by.

    Examples
    --------
    >>> person_first_name("first_name", last="last_name").traits.levels
    ('else', 'a little alike', 'initial', 'swapped', 'alike', 'nickname or shared part', 'other spelling', 'exact')
    """
    known: tuple[Any, ...] = (Nickname(), SharedPart(), *([] if middle is None else [GivenParts(middle)]))
    levels: list[Level | RecordLevel] = [
        Exact(),
        OtherSpelling(),
        AnyOf(known, name="nickname or shared part"),
        AlikeNames(0.885),
        Initial(),
        JaroWinkler(0.76, name="a little alike"),
    ]
    guesses = [0.05, 0.02, 0.03, 0.07, 0.05, 0.02, 0.76]
    if last is not None:
        levels, guesses = [*levels[:4], SwappedParts(last), *levels[4:]], [0.05, 0.02, 0.03, 0.01, 0.07, 0.05, 0.02, 0.75]
    return Comparison(field, (field,), levels, guesses, frequency=field)


def person_last_name(field: str, *, first: str | None = None) -> Comparison:
    """Last name: exact, other spelling, shared part, alike, initial or a little alike, else; silent where names are swapped.

    Parameters
    ----------
    field
        Field of the last name.
    first
        Name of the first name's comparison, where it has the level "swapped".

    Examples
    --------
    >>> person_last_name("last_name").traits.levels
    ('else', 'a little alike', 'alike', 'shared part', 'other spelling', 'exact')
    """
    alike = AnyOf((AlikeNames(0.90), SameFamily()), name="alike")
    levels = (Exact(), OtherSpelling(), SharedPart(), alike, AnyOf((Initial(), JaroWinkler(0.80)), name="a little alike"))
    silent = {} if first is None else {first: ("swapped",)}
    guesses = (0.06, 0.03, 0.06, 0.03, 0.02, 0.80)
    return Comparison(field, (field,), levels, guesses, shared_by_relatives=True, frequency=field, silent_when=silent)


def middle_name(field: str) -> Comparison:
    """Middle name: exact, other spelling, nickname or shared part, alike, initial, a little alike, else.

    Parameters
    ----------
    field
        Field of the middle name or names.

    Examples
    --------
    >>> middle_name("middle_name").traits.prior_m[2]
    0.1
    """
    first = person_first_name(field)
    return Comparison(field, (field,), first.levels, (0.10, 0.03, 0.10, 0.04, 0.02, 0.01, 0.70), frequency=field)


def name_suffix(field: str) -> Comparison:
    """What tells people of one name apart, such as Jr, Sr and III: exact, else.

    Parameters
    ----------
    field
        Field of the suffix.

    Examples
    --------
    >>> name_suffix("name_suffix").traits.levels
    ('else', 'exact')
    """
    return Comparison(field, (field,), (Exact(),), (0.005, 0.995))
