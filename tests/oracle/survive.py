"""Golden profiles the slow obvious way: one entity at a time, plain Python, no arrays."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, NamedTuple

DAY = 86_400_000_000


class Entry(NamedTuple):
    """One present value of one record; `normal` is what counts as one value, and sorts."""

    row: int
    normal: Any
    shown: str
    time: int | None
    source: str
    filled: int
    verified: bool = False
    pinned: int = 0


class Known(NamedTuple):
    """What is known beside the records: trust by source, rows that won other fields, the latest time of the entity."""

    trust: Mapping[str, float] = {}
    winners: Mapping[str, int] = {}
    now: int | None = None


def rank(rule: str, entry: Entry, entries: Sequence[Entry], known: Known) -> Any:
    """How high a rule, written as in specs, ranks one of the entries of an entity."""
    name, _, arguments = rule.rstrip(")").partition("(")
    never = float("-inf")
    if name in ("pinned", "verified_first", "most_complete", "longest", "shortest"):
        length = len(entry.shown)
        return (entry.pinned, entry.verified, entry.filled, length, -length)[
            ("pinned", "verified_first", "most_complete", "longest", "shortest").index(name)
        ]
    if name == "most_recent":
        return never if entry.time is None else entry.time
    if name == "oldest":
        return never if entry.time is None else -entry.time
    if name == "source_priority":
        order = arguments.split(", ")
        return len(order) - order.index(entry.source) if entry.source in order else 0
    if name == "most_frequent":
        return sum(
            known.trust.get(source, 50) for _, source in {(e.row, e.source) for e in entries if e.normal == entry.normal}
        )
    if name == "trusted":  # without logarithms: trust to the power of days, times two to the power of the days passed
        days = int(arguments.removeprefix("half_life=").removesuffix("d"))
        now = known.now or 0
        age = days if entry.time is None else Fraction(now - entry.time, DAY)
        assert age.denominator == 1
        return Fraction(known.trust.get(entry.source, 50)) ** days / Fraction(2) ** int(age)
    if name in ("min", "max"):
        place = _magnitude(entry, [e.normal for e in entries])
        return place if name == "max" else -place
    if name == "same_record_as":
        return known.winners.get(arguments) == entry.row
    if name in ("union", "total", "count"):
        return 0
    raise NotImplementedError(rule)


def is_number(text: str) -> bool:
    """Whether a text is a plain number."""
    try:
        Decimal(text)
    except InvalidOperation:
        return False
    return True


def _magnitude(entry: Entry, forms: Sequence[str]) -> int:
    """Place among the forms: of numbers where all are, else of texts."""
    read: Any = Decimal if all(map(is_number, forms)) else str
    return sorted({read(form) for form in forms}).index(read(entry.normal))


def survive(entries: Sequence[Entry], chain: Sequence[str], known: Known) -> tuple[list[Entry], str]:
    """Entries of one entity and field, best first; and the rule that decided."""
    ranks = {i: [rank(rule, entry, entries, known) for rule in chain] for i, entry in enumerate(entries)}

    def key(i: int) -> tuple[list[Any], Any, int, str, int]:
        entry = entries[i]
        often = sum((other.normal, other.shown) == (entry.normal, entry.shown) for other in entries)
        return [-r for r in ranks[i]], entry.normal, -often, entry.shown, entry.row

    order = sorted(range(len(entries)), key=key)
    best = order[0]
    alive = order
    decided = "only value" if len({entry.normal for entry in entries}) == 1 else "code-point order"
    if entries[best].pinned:
        return [entries[i] for i in order], "pinned"
    for number, rule in enumerate(chain):
        if decided == "only value":
            break
        alive = [i for i in alive if ranks[i][number] == ranks[best][number]]
        if {entries[i].normal for i in alive} == {entries[best].normal}:
            decided = rule
            break
    return [entries[i] for i in order], decided
