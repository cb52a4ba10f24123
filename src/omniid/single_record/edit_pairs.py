"""Whether a rule of `one_edit` makes two records a pair under a frozen plan: the twin of `find_frozen_edits`."""

from collections.abc import Iterator, Sequence
from itertools import product
from typing import NamedTuple

from rapidfuzz.distance import OSA

from omniid.blocking import BlockingRule
from omniid.blocking.crowded import CrowdedKeys
from omniid.blocking.edits import BASE, FROZEN_BITS, LONGEST
from omniid.single_record.grading import Values
from omniid.single_record.hashes import WORD, hash_text, mix_one, signed

__all__ = ["EditPairs"]


class EditPairs:
    """The rules of `one_edit` among some, with their frozen plan.

    Parameters
    ----------
    rules
        The rules.
    crowded
        The frozen plan of these rules; None: nothing is crowded.

    Examples
    --------
    >>> from omniid.blocking.rules import one_edit
    >>> pairs = EditPairs([one_edit("email")])
    >>> pairs.hold({"email": ("ann@x.com",)}, {"email": ("anne@x.com",)}), pairs.hold({"email": ("ann@x.com",)}, {})
    (True, False)
    """

    def __init__(self, rules: Sequence[BlockingRule], crowded: CrowdedKeys | None = None) -> None:
        self._rules: list[_Rule] = []
        for number, rule in enumerate(rules):
            if rule.strategy == "one_edit":
                deletions, common, *_ = *(() if crowded is None else crowded.rules[number]), (), ()
                named = rule.keys[0].fields[0], int(rule.option("shortest"))
                self._rules.append(_Rule(*named, frozenset(deletions), frozenset(common)))

    def hold(self, one: Values, two: Values) -> bool:
        """Whether one of the rules makes two records a pair."""
        for rule in self._rules:
            for left, right in product(one.get(rule.field, ()), two.get(rule.field, ())):
                fits = rule.shortest <= min(len(left), len(right)) and max(len(left), len(right)) <= LONGEST
                if fits and OSA.distance(left, right, score_cutoff=1) == 1 and _meet(left, right, rule):
                    return True
        return False


class _Rule(NamedTuple):
    """A rule's field, the least letters of a value, crowded deletions, and values that too many records have."""

    field: str
    shortest: int
    deletions: frozenset[int]
    common: frozenset[int]


def _meet(one: str, two: str, rule: _Rule) -> bool:
    """Whether two values one edit apart share a deletion that is not crowded, and neither has too many records."""
    if rule.common and any(signed(hash_text(value)) in rule.common for value in (one, two)):
        return False
    if not rule.deletions:
        return True
    longest = max(len(one), len(two))
    mine, yours = (set(_deletions(value)) if len(value) == longest else {_hash(value)} for value in (one, two))
    return not (mine & yours) <= rule.deletions


def _deletions(value: str) -> Iterator[int]:
    """The value without each of its characters, as frozen plans know it."""
    return (_hash(value[:at] + value[at + 1 :]) for at in range(len(value)))


def _hash(value: str) -> int:
    """H = Σ cᵢ·Bⁱ modulo 2⁶⁴, of which the highest bits are kept."""
    found = 0
    for letter in reversed(value):
        found = (found * BASE + mix_one(ord(letter) + 1)) & WORD
    return found >> (64 - FROZEN_BITS)
