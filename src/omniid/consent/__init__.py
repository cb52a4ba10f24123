"""Consent: whether somebody may be contacted at a value, for a purpose, and which statement says so.

Records make *statements*: at a time, a grant or a denial of a purpose for the contact values that stand beside it. Every
contact value of an entity is in one of three states per purpose (`decide`): granted, denied, unknown. Unknown is not
contactable. What counts is the newest statement (`newest`): at equal times a denial wins, a denial at an unknown time counts as
the newest and a grant at an unknown time as the oldest.

A later grant lifts a denial only for the same contact value, or under a unique identifier that both records hold (`lifting`).
Everything else is derived again from who is one entity with whom, so that a statement never sticks to the wrong person. And an
entity is never contactable at a value on which the newest word of anybody is a denial: that is a property of the value, the
same under every merge and split.
"""

from omniid.consent.deciding import (
    DENIED,
    GRANTED,
    OTHER_DENIAL,
    REASONS,
    STATES,
    UNKNOWN,
    WHOLE_DENIAL,
    Points,
    States,
    decide,
)
from omniid.consent.lifting import UniqueValues, lifted_denials
from omniid.consent.newest import Newest, Ranks, Statements, newest_of, rank_statements

__all__ = [
    "DENIED",
    "GRANTED",
    "OTHER_DENIAL",
    "REASONS",
    "STATES",
    "UNKNOWN",
    "WHOLE_DENIAL",
    "Newest",
    "Points",
    "Ranks",
    "Statements",
    "States",
    "UniqueValues",
    "decide",
    "lifted_denials",
    "newest_of",
    "rank_statements",
]
