"""Rules as spec files write them, read again."""

import re
from collections.abc import Callable

from omniid.errors import SpecError
from omniid.survivorship.aggregates import count, total
from omniid.survivorship.rule_words import arguments
from omniid.survivorship.rules import (
    SurvivorshipRule,
    longest,
    maximum,
    minimum,
    most_complete,
    most_recent,
    oldest,
    same_record_as,
    shortest,
    source_priority,
    union,
)
from omniid.survivorship.trusting import most_frequent, trusted, verified_first

__all__ = ["rule_from_text"]


def rule_from_text(text: str) -> SurvivorshipRule:
    """Read a rule as specs write it: ``most_recent``, ``source_priority(crm, web)``, ``trusted(half_life=180d)``.

    Raises
    ------
    SpecError
        If there is no such rule; the message lists those that exist.

    Examples
    --------
    >>> rule_from_text("same_record_as(street)").after
    'street'
    """
    makers: dict[str, Callable[..., SurvivorshipRule]] = {
        "most_recent": most_recent,
        "oldest": oldest,
        "source_priority": source_priority,
        "most_frequent": most_frequent,
        "most_complete": most_complete,
        "count": count,
        "longest": longest,
        "shortest": shortest,
        "min": minimum,
        "max": maximum,
        "same_record_as": same_record_as,
        "total": total,
        "trusted": trusted,
        "union": union,
        "verified_first": verified_first,
    }
    found = re.fullmatch(r"\s*(\w+)\s*(?:\((.*)\))?\s*", text)
    if found is None or found[1] not in makers:
        raise SpecError(f"survivorship rule {text!r} is unknown; choose from {', '.join(sorted(makers))}")
    names, options = arguments(found[2] or "")
    try:
        return makers[found[1]](*names, **options)
    except (TypeError, ValueError) as error:
        raise SpecError(f"survivorship rule {text!r} can't be read: {error}") from error
