"""When two given names, or two family names, agree: the tests are listed here, one line each."""

from collections.abc import Callable, Sequence

from omniid.comparison import Exact, Initial, Level, Nickname, OtherSpelling, SharedPart, level_holds

__all__ = ["family_agree", "given_agree"]

Agreement = Callable[[str, str], bool]


def _level(level: Level) -> Agreement:
    return lambda one, two: level_holds(level, one, two)


# Each takes two normal forms, in any order.
GIVEN: Sequence[Agreement] = (
    _level(Exact()),
    _level(OtherSpelling()),
    _level(Nickname()),
    _level(SharedPart()),
    _level(Initial()),
)
FAMILY: Sequence[Agreement] = (_level(Exact()), _level(OtherSpelling()), _level(SharedPart()), _level(Initial()))


def given_agree(one: str, two: str) -> bool:
    """Whether two given names may be one person's.

    Parameters
    ----------
    one, two
        Normal forms of first names; several words are several names.

    Examples
    --------
    >>> given_agree("bob", "robert"), given_agree("maria", "mario")
    (True, False)
    """
    return any(agree(one, two) for agree in GIVEN)


def family_agree(one: str, two: str) -> bool:
    """Whether two family names may be one person's.

    Parameters
    ----------
    one, two
        Normal forms of last names.

    Examples
    --------
    >>> family_agree("garcia lopez", "garcia"), family_agree("jones", "johns")
    (True, False)
    """
    return any(agree(one, two) for agree in FAMILY)
