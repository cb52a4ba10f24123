"""Why a value survived or lost, in words."""

from collections.abc import Sequence

from omniid.survivorship.deciding import LOST, ONLY, TIED

__all__ = ["AGREEING", "BY_NAME", "PINNED", "kept_words", "loser_words", "rule_name", "winner_words"]

PINNED, AGREEING = "pinned", "agreeing record"
BY_NAME = {ONLY: "only value", TIED: "code-point order"}

# Rule → why a value won by it, and why one lost by it.
WORDS = {
    "only value": ("no record says otherwise", "it says the same"),
    "code-point order": (
        "nothing tells the values apart, so the alphabet decides",
        "nothing tells it apart from the first, and the alphabet puts it behind",
    ),
    "most_recent": ("the latest record that says anything says so", "a later record says otherwise"),
    "oldest": ("the earliest record that says anything says so", "an earlier record says otherwise"),
    "most_frequent": ("most records say so, each by the trust of its source", "more records, each by trust, say otherwise"),
    "trusted": ("it is trusted most, by source and age", "another is trusted more, by source and age"),
    "verified_first": ("its source says that it is verified", "another is verified"),
    "longest": ("it is the longest", "another is longer"),
    "shortest": ("it is the shortest", "another is shorter"),
    "most_complete": ("its record fills most fields", "another's record fills more fields"),
    "min": ("it is the smallest", "another is smaller"),
    "max": ("it is the largest", "another is larger"),
    "union": ("all values are kept, and this one comes first", "another comes first"),
    "total": ("it is added", "it is not added: told already, of another source, or no plain number"),
    "count": ("it counts", "it does not count: told already, or of another source"),
    PINNED: ("a person pinned it", "a person pinned another"),
    AGREEING: (
        "the record that gives the others of its group has none, and this one agrees with it",
        "its record does not agree with the one that gives the others of its group",
    ),
}


def rule_name(chain: Sequence[str], place: int) -> str:
    """The name of the rule that decided.

    Examples
    --------
    >>> rule_name(["most_recent"], 0), rule_name(["most_recent"], -1)
    ('most_recent', 'only value')
    """
    return BY_NAME[place] if place < 0 else chain[place]


def winner_words(rule: str) -> str:
    """Say why a value won by a rule.

    Examples
    --------
    >>> winner_words("source_priority(crm, web)")
    'it comes first by source_priority(crm, web)'
    """
    name, _, told = rule.partition("(")
    if name == "same_record_as":
        return f"it is of the record that won {told.rstrip(')')}"
    return WORDS[name][0] if name in WORDS else f"it comes first by {rule}"


def loser_words(chain: Sequence[str], place: int) -> str:
    """Say why a value lost by the rule at a place of the chain, or that it did not.

    Examples
    --------
    >>> loser_words(["most_recent"], 0), loser_words(["most_recent"], LOST)
    ('a later record says otherwise', 'it says the same')
    """
    if place == LOST:
        return WORDS["only value"][1]
    rule = rule_name(chain, place)
    name, _, told = rule.partition("(")
    if name == "same_record_as":
        return f"it is not of the record that won {told.rstrip(')')}"
    return WORDS[name][1] if name in WORDS else f"another comes first by {rule}"


def kept_words(chain: Sequence[str], place: int) -> str:
    """Say why a value survived beside the first.

    Examples
    --------
    >>> kept_words(["union", "most_recent"], 1), kept_words(["total"], 0)
    ('kept too: a later record says otherwise', 'it is added')
    """
    rule = rule_name(chain, place) if place != LOST else ""
    return (
        WORDS[name][0] if (name := rule.partition("(")[0]) in ("total", "count") else f"kept too: {loser_words(chain, place)}"
    )
