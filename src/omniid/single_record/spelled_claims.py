"""Whether addresses are spelled right from names, asked about two records: the twin of `SpelledOut`."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import permutations, product

from omniid.comparison.spelled_out import LONGEST, MARKS, NUMBER, STEM, WHOLE
from omniid.single_record.readings import MEMO
from omniid.single_record.value_levels import local_part

__all__ = ["spelled_out"]

Texts = tuple[str, ...]
Values = Mapping[str, Texts]

NO_LETTERS, NO_DIGITS, NOTHING = re.compile(MARKS), re.compile("[^0-9]+"), ()


def spelled_out(names: Texts, own: str) -> Callable[[Values, Values], bool]:
    """What says whether two records' addresses are both spelled right from the names of their records.

    Parameters
    ----------
    names
        Fields of the names.
    own
        Field of the addresses.

    Examples
    --------
    >>> names = {"first": ("jan",), "last": ("nowak",)}
    >>> claim = spelled_out(("first", "last"), "mail")
    >>> claim({"mail": ("jan.nowak@x.pl",), **names}, {"mail": ("jan_nowak2@x.pl",), **names})
    True
    """

    def claim(one: Values, two: Values) -> bool:
        mine, yours = one.get(own, NOTHING), two.get(own, NOTHING)
        if not mine or not yours:
            return False
        left = _spelled(mine, tuple([one.get(name, NOTHING) for name in names]))
        right = left and _spelled(yours, tuple([two.get(name, NOTHING) for name in names]))
        if not left or not right:
            return False
        whole = left == right == WHOLE
        return any(
            (whole or letters == others) and (len(digits) < NUMBER or digits != numbers)
            for (letters, digits), (others, numbers) in product(map(_parts, mine), map(_parts, yours))
        )

    return claim


@lru_cache(MEMO)
def _parts(address: str) -> tuple[str, str]:
    """The letters of an address before the @, and its digits there."""
    local = local_part(address)
    return NO_LETTERS.sub("", local), NO_DIGITS.sub("", local)


@lru_cache(MEMO)
def _spelled(addresses: Texts, names: tuple[Texts, ...]) -> int:
    """How much of an address a record's names spell: 0, `STEM` or `WHOLE`."""
    words = {_parts(address)[0] for address in addresses}
    fields = [[NO_LETTERS.sub("", name) for name in field] for field in names]
    for first, second in permutations(fields, 2):
        for one, two in product(first, second):
            if not words.isdisjoint((one + two, one[:1] + two, one + two[:1])):
                return WHOLE
    stems = [name[:4] for field in fields for name in field if len(name) > 2]
    return STEM if any(stem in word[:LONGEST] for stem in stems for word in words) else 0
