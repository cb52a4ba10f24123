"""Deterministic rules beside the weights: agreements that link a pair unless something contradicts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from omniid.errors import SpecError
from omniid.tables import TIERS, ComparisonTraits, Levels

__all__ = ["LinkRule", "holds"]


@dataclass(frozen=True)
class LinkRule:
    """Pairs that agree well enough on some comparisons are links, unless others contradict.

    Parameters
    ----------
    name
        How the rule is named in results.
    agree
        Comparison → the lowest level that counts as agreement. All must agree; missing does not.
    unless
        Comparison → levels that contradict. One is enough; missing does not contradict.
    tier
        "strong" or "unique".

    Raises
    ------
    SpecError
        If `agree` is empty or the tier unknown.

    Examples
    --------
    >>> LinkRule("same e-mail", {"email": "exact"}, unless={"first_name": ("else",), "birth_date": ("else",)}).tier
    'strong'
    """

    name: str
    agree: Mapping[str, str]
    unless: Mapping[str, Sequence[str]] = field(default_factory=dict)
    tier: str = "strong"

    def __post_init__(self) -> None:
        object.__setattr__(self, "unless", {name: tuple(levels) for name, levels in self.unless.items()})
        if not self.agree:
            raise SpecError(
                f"link rule {self.name!r} names no comparison that must agree; without one it would link every pair"
            )
        if self.tier not in TIERS[1:]:
            raise SpecError(f"link rule {self.name!r} has the tier {self.tier!r}; use {' or '.join(TIERS[1:])}")


def holds(rule: LinkRule, levels: Levels, traits: Sequence[ComparisonTraits]) -> npt.NDArray[np.bool_]:
    """Find the pairs for which a rule holds.

    Parameters
    ----------
    rule
        The rule.
    levels
        int8 of shape (pairs, comparisons).
    traits
        The comparisons, one per column of `levels`.

    Returns
    -------
    numpy.ndarray
        bool per pair.

    Raises
    ------
    SpecError
        If the rule names a comparison or level that does not exist.

    Examples
    --------
    >>> email = ComparisonTraits("email", ("else", "exact"), (0.3, 0.7))
    >>> holds(LinkRule("same e-mail", {"email": "exact"}), np.array([[1], [0], [-1]], np.int8), [email]).tolist()
    [True, False, False]
    """
    result = np.ones(len(levels), np.bool_)
    for name, lowest in rule.agree.items():
        number, level = _find(rule, name, lowest, traits)
        result &= levels[:, number] >= level
    for name, contradicting in rule.unless.items():
        for text in contradicting:
            number, level = _find(rule, name, text, traits)
            result &= levels[:, number] != level
    return result


def _find(rule: LinkRule, name: str, level: str, traits: Sequence[ComparisonTraits]) -> tuple[int, int]:
    """Positions of a comparison and of one of its levels."""
    names = [trait.name for trait in traits]
    if name not in names:
        raise SpecError(f"link rule {rule.name!r} names the comparison {name!r}; there are {', '.join(names) or 'none'}")
    number = names.index(name)
    if level not in traits[number].levels:
        raise SpecError(
            f"link rule {rule.name!r} names the level {level!r} of comparison {name!r}; "
            f"its levels are {', '.join(traits[number].levels)}"
        )
    return number, traits[number].levels.index(level)
