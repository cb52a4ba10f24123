"""Survivorship: which of an entity's values stands in its golden profile, and why.

Every field has a chain of rules. The first rule ranks the values that the member records hold; where it leaves a tie the next
one decides, and at the end code-point order does, never the order of rows. Losing values are not thrown away: provenance
lists every value of every member record with its source, its time, the rule that decided and whether it survived. So a
profile can be made again from provenance alone, and an unmerge costs nothing.
"""

from omniid.survivorship.aggregates import count, total
from omniid.survivorship.chains import decision_order
from omniid.survivorship.entries import Candidate, Entries
from omniid.survivorship.groups import group_fields
from omniid.survivorship.naming import plural, profile_columns
from omniid.survivorship.pinning import Pinned
from omniid.survivorship.profiles import survive
from omniid.survivorship.rule_texts import rule_from_text
from omniid.survivorship.rules import (
    SurvivorshipRule,
    chosen_by,
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

__all__ = [
    "Candidate",
    "Entries",
    "Pinned",
    "SurvivorshipRule",
    "chosen_by",
    "count",
    "decision_order",
    "group_fields",
    "longest",
    "maximum",
    "minimum",
    "most_complete",
    "most_frequent",
    "most_recent",
    "oldest",
    "plural",
    "profile_columns",
    "rule_from_text",
    "same_record_as",
    "shortest",
    "source_priority",
    "survive",
    "total",
    "trusted",
    "union",
    "verified_first",
]
