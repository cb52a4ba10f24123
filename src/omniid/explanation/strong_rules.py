"""Agreements that link on their own: which of them hold for a pair, and what keeps the others from counting."""

from dataclasses import replace
from typing import NamedTuple

from omniid.explanation.silence import who_uses
from omniid.matching import LinkRule, holds
from omniid.results import Parts
from omniid.tables import Levels

__all__ = ["StrongRules", "read_strong_rules"]


class StrongRules(NamedTuple):
    """The rule by which a pair links on its own, None where there is none, and why other agreements don't."""

    linking: str | None
    notes: tuple[str, ...]


def read_strong_rules(parts: Parts, levels: Levels, rows: tuple[int, int]) -> StrongRules:
    """Read the link rules for one pair.

    Parameters
    ----------
    parts
        The result.
    levels
        int8 of shape (1, comparisons).
    rows
        The two records.
    """
    linking, notes = list[str](), list[str]()
    for rule in parts.plan.link_rules:
        if not holds(replace(rule, unless={}), levels, parts.plan.traits)[0]:
            continue
        against = _contradicting(parts, rule, levels)
        crowded = _shared(parts, rule, rows)
        if not against and not crowded:
            linking.append(rule.name)
        elif against:
            notes.append(
                f"{rule.name} would link on its own, but {' and '.join(against)} contradict{'s' * (len(against) == 1)}"
            )
        else:
            notes.append(f"{rule.name} does not link on its own, as {crowded}")
    return StrongRules(linking[0] if linking else None, tuple(notes))


def _contradicting(parts: Parts, rule: LinkRule, levels: Levels) -> list[str]:
    return [
        name
        for name, contradicting in rule.unless.items()
        if not holds(replace(rule, unless={name: contradicting}), levels, parts.plan.traits)[0]
    ]


def _shared(parts: Parts, rule: LinkRule, rows: tuple[int, int]) -> str:
    """Which value of a rule several people use, in words."""
    for name in rule.agree:
        fields = next((one.fields for one in parts.plan.comparisons if one.name == name), ())
        for field in fields[:1]:
            if field not in parts.evidence.columns:
                continue
            for row in rows:
                for value in parts.evidence.columns[field].entries_of(row):
                    if value is not None and (why := who_uses(parts, field, value)):
                        return why
    return ""
