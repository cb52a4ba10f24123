"""Whether two whole names may be one person's."""

import re

from omniid.names.agreement import family_agree, given_agree
from omniid.normalization import split_full_name

__all__ = ["same_name"]


def same_name(left: str, right: str) -> bool:
    """Tell whether two whole names may be one person's: the same name, however it is written.

    Given name and family name must both agree, as they stand or crosswise. A name of one word agrees with a given name or a
    family name of the other side.

    Parameters
    ----------
    left, right
        Whole names in any script, in any order of their parts.

    Returns
    -------
    bool
        True if they may be one person's. False where one of them is no name.

    Examples
    --------
    >>> same_name("Bob Smith", "Smith, Robert"), same_name("Maria Rossi", "Mario Rossi")
    (True, False)
    """
    (one_given, one_family), (two_given, two_family) = (_parts(name) for name in (left, right))
    if not one_given or not two_given:
        return False
    if not one_family or not two_family:
        lone, given, family = (one_given, two_given, two_family) if not one_family else (two_given, one_given, one_family)
        return given_agree(lone, given) or bool(family and family_agree(lone, family))
    straight = given_agree(one_given, two_given) and family_agree(one_family, two_family)
    return straight or (given_agree(one_given, two_family) and family_agree(one_family, two_given))


# Two words that are one name: "servant of", and "of the faith" behind a name.
_SERVANT = re.compile(
    r"\b(?:(عبد) (?=ال)|(ab(?:d|doul|du[lr]?|de[lr]?|dal|dol))[ -](?:(?:al|el|ul|ol|ur|ar)[ -])?(?=\w))", re.IGNORECASE
)
_OF_FAITH = re.compile(r"(?<=\w)[ -](?=الدين|الدین|(?:[aeu][ld][- ]?)?d[ie]+ne?\b)", re.IGNORECASE)


def _parts(name: str) -> tuple[str, str]:
    """Given and family name in normal form, empty where there is none."""
    joined = _OF_FAITH.sub("", _SERVANT.sub(lambda found: found[1] or "abdul", name))
    parts = split_full_name(joined)
    return parts.first.value or "", parts.last.value or ""
