"""The whole pipeline in about a hundred plain lines of standard library: normalise, compare all pairs, link, profile.

Slow and obvious: the package must agree with it on small inputs. It knows three kinds of field, exact agreement only, fixed
weights, no limits and no decisions.
"""

from collections import Counter
from fractions import Fraction
from itertools import combinations
from math import log2

Record = dict[str, str | None]
Key = tuple[str, str]

FIELDS = ("email", "first_name", "last_name", "birth_date")
M = {"email": 0.75, "first_name": 0.875, "last_name": 0.875, "birth_date": 0.75}
U = {"email": 2**-8, "first_name": 2**-5, "last_name": 2**-6, "birth_date": 2**-8}
PRIOR = 1 / (1 + 2**6)  # −6 bits
NAMES_AND_DATE = ("first_name", "last_name", "birth_date")


def normalize(field: str, value: str | None) -> str | None:
    """A normal form, or None where nothing usable was said."""
    text = (value or "").strip().lower()
    if not text or text in ("n/a", "null", "-"):
        return None
    if field == "email":
        return text if "@" in text else None
    if field == "birth_date":
        year, month, day = text.split("-")
        return text if 1 <= int(day) <= 28 else f"{year}-{month}"
    return text


def micro(bits: float) -> int:
    """Millionths of a bit: sums of integers never depend on their order."""
    return round(1_000_000 * bits)


def terms(a: Record, b: Record) -> list[int]:
    """What each field says on whether two records are one person; nothing where a value is missing."""
    pairs = [(field, a[field], b[field]) for field in FIELDS if a[field] is not None and b[field] is not None]
    return [micro(log2(M[f]) - log2(U[f]) if x == y else log2(1 - M[f]) - log2(1 - U[f])) for f, x, y in pairs]


def link(a: Record, b: Record) -> tuple[int, int] | None:
    """(tier, match weight) of a link: at least 0 bits, or the same e-mail and nothing that contradicts; else None."""
    weight = micro(log2(PRIOR / (1 - PRIOR))) + sum(terms(a, b))
    said = [(a[field], b[field]) for field in NAMES_AND_DATE]
    contradicts = any(x is not None and y is not None and x != y for x, y in said)
    if a["email"] is not None and a["email"] == b["email"] and not contradicts:
        return 1, max(weight, 0)
    return (0, weight) if weight >= 0 else None


def partition(records: dict[Key, Record]) -> set[frozenset[Key]]:
    """Join the two groups with the best link, weakened by 3/2 of the mean conflict between them, again and again."""
    links = {pair: link(records[pair[0]], records[pair[1]]) for pair in combinations(sorted(records), 2)}
    same = {(a, b) for a, b in links if records[a] == records[b] and links[a, b]}
    groups = {frozenset(b for b in records if a == b or (min(a, b), max(a, b)) in same) for a in records}
    while True:
        choices = []
        for here, there in combinations(groups, 2):
            pairs = [(min(a, b), max(a, b)) for a in here for b in there]
            if best := max((found for pair in pairs if (found := links[pair])), default=None):
                against = sum(min(term, 0) for a, b in pairs if not links[a, b] for term in terms(records[a], records[b]))
                value = best[1] + Fraction(3 * against, 2 * len(pairs))
                if value >= 0:
                    choices.append(((-best[0], -value, *sorted([min(here), min(there)])), here, there))
        if not choices:
            return groups
        _, here, there = min(choices)
        groups = (groups - {here, there}) | {here | there}


def survivor(values: list[str]) -> str | None:
    """The most frequent value, the smallest of equals."""
    if not values:
        return None
    counts = Counter(values)
    return min(counts, key=lambda value: (-counts[value], value))


def resolve(raw: dict[Key, Record]) -> dict[frozenset[Key], Record]:
    """Cluster → golden profile."""
    records = {key: {field: normalize(field, record.get(field)) for field in FIELDS} for key, record in raw.items()}
    out = {}
    for group in partition(records):
        members = [records[key] for key in sorted(group)]
        out[group] = {field: survivor([m[field] for m in members if m[field] is not None]) for field in FIELDS}
    return out
