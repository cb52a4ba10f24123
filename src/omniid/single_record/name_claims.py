"""Comparison levels on names asked about two values, with what is known of each name worked out once."""

from collections.abc import Callable
from functools import lru_cache
from itertools import product

from rapidfuzz.distance import JaroWinkler

from omniid.comparison.name_levels import INITIALS, PARTICLES
from omniid.given_names import are_related_names, is_known_name, is_womans_form
from omniid.nicknames import are_nicknames, is_nickname
from omniid.single_record.readings import MEMO
from omniid.spellings import spellings_meet
from omniid.surnames import are_one_family

__all__ = ["alike_names", "are_forms", "differ", "initial", "nickname", "other_spelling", "same_family", "shared_part"]

Claim = Callable[[str, str], bool]


def other_spelling(one: str, two: str) -> bool:
    """Whether both are usual spellings of one name.

    Examples
    --------
    >>> other_spelling("yuliya", "julia")
    True
    """
    return one == two or spellings_meet(one, two)


def same_family(one: str, two: str) -> bool:
    """Whether both are one surname but for its spelling and the endings of men and women.

    Examples
    --------
    >>> same_family("kowalska", "kowalski")
    True
    """
    return are_one_family(one, two)


@lru_cache(MEMO)
def _nicknames(name: str) -> tuple[str, ...]:
    """The words of a name that the table of nicknames knows."""
    return tuple(word for word in name.split() if is_nickname(word))


@lru_cache(MEMO)
def are_forms(one: str, two: str) -> bool:
    """Whether two words are nicknames of each other.

    Examples
    --------
    >>> are_forms("bob", "robert")
    True
    """
    return one != two and are_nicknames(one, two)


def nickname(one: str, two: str) -> bool:
    """Whether some word of one name is a short form of one of the other.

    Examples
    --------
    >>> nickname("katya", "ekaterina maria")
    True
    """
    left, right = _nicknames(one), _nicknames(two)
    if not left or not right or one == two:
        return False
    return any(are_forms(*pair) for pair in product(left, right))


@lru_cache(MEMO)
def _initials(name: str) -> tuple[str | None, str | None]:
    """The letters of a value that may be initials, and the initials of the words of one that is a name of several."""
    words, letters = name.split(), name.replace(" ", "")
    written = len(letters) <= INITIALS and len(words) in (1, len(letters))
    several = len(words) > 1 and len(letters) > len(words)
    return letters if written else None, "".join([word[0] for word in words]) if several else None


def initial(one: str, two: str) -> bool:
    """Whether one is the other's initial or initials.

    Examples
    --------
    >>> initial("j", "john"), initial("jp", "jean pierre")
    (True, True)
    """
    if len(one) == 1 or len(two) == 1:
        return one[:1] == two[:1]
    (left, my_initials), (right, your_initials) = _initials(one), _initials(two)
    return (left is not None and left == your_initials) or (right is not None and right == my_initials)


@lru_cache(MEMO)
def _words(name: str) -> tuple[frozenset[str], frozenset[str], str]:
    """All words of a name, those that are no particles, and its letters without spaces."""
    words = frozenset(name.split())
    return words, words - PARTICLES, name.replace(" ", "")


def shared_part(shortest: int) -> Claim:
    """Whether all words of one name stand in the other, one of some letters or more, or both are equal without spaces.

    Examples
    --------
    >>> shared_part(3)("smith jones", "jones"), shared_part(3)("van dyke", "van gogh")
    (True, False)
    """

    def claim(one: str, two: str) -> bool:
        if one == two:
            return len(one.replace(" ", "")) >= shortest
        if " " not in one and " " not in two:
            return False
        (_, left, compact), (_, right, other_compact) = _words(one), _words(two)
        if compact == other_compact:
            return len(compact) >= shortest
        shared = left & right
        return len(shared) >= min(len(left), len(right)) and any(len(word) >= shortest for word in shared)

    return claim


@lru_cache(MEMO)
def differ(one: str, two: str) -> bool:
    """Whether both names are known, and neither equal nor related.

    Examples
    --------
    >>> differ("paul", "paula"), differ("paul", "pavel")
    (True, False)
    """
    return one != two and is_known_name(one) and is_known_name(two) and not are_related_names(one, two)


def alike_names(cut: float) -> Claim:
    """Whether two names are spelled alike, and not known as names of different people.

    Parameters
    ----------
    cut
        Least Jaro–Winkler similarity.

    Examples
    --------
    >>> alike_names(0.885)("martha", "marhta"), alike_names(0.885)("paul", "paula")
    (True, False)
    """

    def near(one: str, two: str) -> bool:
        return one == two or (JaroWinkler.similarity(one, two) if one < two else JaroWinkler.similarity(two, one)) >= cut

    def claim(one: str, two: str) -> bool:
        if one == two:
            return True
        if not near(one, two) or differ(one, two) or is_womans_form(one, two) or is_womans_form(two, one):
            return False
        if " " not in one or " " not in two:
            return True
        left, right = _words(one)[0], _words(two)[0]
        if not left & right or left <= right or right <= left:
            return True
        return any(near(*pair) and not differ(*pair) for pair in product(left - right, right - left))

    return claim
