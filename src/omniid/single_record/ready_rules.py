"""Link rules by numbers, ready to be asked about one pair while its levels are being worked out."""

from collections.abc import Sequence
from typing import NamedTuple

from omniid.matching import LinkRule
from omniid.tables import TIERS

__all__ = ["BELOW", "UNSEEN", "ReadyRule"]

UNSEEN, BELOW = -2, -3  # in place of a level: it has to be worked out, and is below the closest


class ReadyRule(NamedTuple):
    """A link rule by numbers: what must agree, what contradicts, and the fields whose values must be personal."""

    agree: tuple[tuple[int, int, int], ...]
    unless: tuple[tuple[int, int], ...]
    names: frozenset[str]
    tier: int

    @classmethod
    def of(cls, rule: LinkRule, names: Sequence[str], levels: Sequence[Sequence[str]]) -> "ReadyRule":
        """A rule, given the names of the comparisons and of their levels.

        Examples
        --------
        >>> rule = ReadyRule.of(LinkRule("same e-mail", {"email": "exact"}), ["email"], [("else", "exact")])
        >>> rule.agree, rule.may_hold([UNSEEN], frozenset(), frozenset()), rule.may_hold([0], frozenset(), frozenset())
        (((0, 1, 1),), True, False)
        """
        numbers = {name: names.index(name) for name in rule.agree}
        agree = tuple((at, levels[at].index(rule.agree[name]), len(levels[at]) - 1) for name, at in numbers.items())
        unless = tuple(
            (names.index(name), levels[names.index(name)].index(level)) for name, said in rule.unless.items() for level in said
        )
        return cls(agree, unless, frozenset(rule.agree), TIERS.index(rule.tier))

    def may_hold(self, levels: Sequence[int], shared: frozenset[str], other_shared: frozenset[str]) -> bool:
        """Whether it holds as far as levels are known.

        Parameters
        ----------
        levels
            Level per comparison, or `UNSEEN` or `BELOW`.
        shared, other_shared
            Fields of which either record has a value that others use, too.
        """
        if not self.may_agree(levels):
            return False
        for number, level in self.unless:
            if levels[number] == level:
                return False
        return self.names.isdisjoint(shared) and self.names.isdisjoint(other_shared)

    def may_agree(self, levels: Sequence[int]) -> bool:
        """Whether all that must agree does as far as levels are known; where not, no further level makes up for it."""
        for number, least, top in self.agree:
            level = levels[number]
            if level < least and level != UNSEEN and (level != BELOW or least == top):
                return False
        return True
