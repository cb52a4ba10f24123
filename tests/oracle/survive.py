"""Golden profiles the slow obvious way: one entity at a time, plain Python, no arrays."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Entry(NamedTuple):
    """One present value of one record."""

    row: int
    normal: str
    shown: str
    time: int | None
    source: str
    filled: int


def rank(rule: str, entry: Entry, entries: Sequence[Entry], trust: Mapping[str, int], winners: Mapping[str, int]) -> float:
    """How high a rule, written as in specs, ranks one of the entries of an entity."""
    name, _, arguments = rule.rstrip(")").partition("(")
    never = float("-inf")
    if name == "most_recent":
        return never if entry.time is None else entry.time
    if name == "oldest":
        return never if entry.time is None else -entry.time
    if name == "source_priority":
        order = arguments.split(", ")
        return len(order) - order.index(entry.source) if entry.source in order else 0
    if name == "most_frequent":
        return sum(trust.get(source, 50) for _, source in {(e.row, e.source) for e in entries if e.normal == entry.normal})
    if name == "most_complete":
        return entry.filled
    if name in ("longest", "shortest"):
        return len(entry.shown) if name == "longest" else -len(entry.shown)
    if name == "same_record_as":
        return winners.get(arguments) == entry.row
    if name == "union":
        return 0
    raise NotImplementedError(rule)


def survive(
    entries: Sequence[Entry], chain: Sequence[str], trust: Mapping[str, int], winners: Mapping[str, int]
) -> tuple[list[Entry], str]:
    """Entries of one entity and field, best first; and the rule that decided."""
    ranks = {i: [rank(rule, entry, entries, trust, winners) for rule in chain] for i, entry in enumerate(entries)}

    def key(i: int) -> tuple[list[float], str, int, str, int]:
        entry = entries[i]
        often = sum(other.shown == entry.shown for other in entries)
        return [-r for r in ranks[i]], entry.normal, -often, entry.shown, entry.row

    order = sorted(range(len(entries)), key=key)
    best = order[0]
    alive = order
    decided = "only value" if len({entry.normal for entry in entries}) == 1 else "code-point order"
    for number, rule in enumerate(chain):
        if decided == "only value":
            break
        alive = [i for i in alive if ranks[i][number] == ranks[best][number]]
        if {entries[i].normal for i in alive} == {entries[best].normal}:
            decided = rule
            break
    return [entries[i] for i in order], decided
