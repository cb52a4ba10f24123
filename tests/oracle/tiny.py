"""The whole pipeline in about a hundred plain lines of standard library: normalise, compare all pairs, link, profile.

Slow and obvious: the package must agree with it on small inputs. It knows three kinds of field, exact agreement only, fixed
weights, no limits and no decisions.
"""

from collections import Counter
from itertools import combinations

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
        return text if 1 <= int(month) <= 12 and 1 <= int(day) <= 28 else None
    return text


def weight(a: Record, b: Record) -> float:
    """Match weight in bits, prior included."""
    from math import log2

    total = log2(PRIOR / (1 - PRIOR))
    for field in FIELDS:
        x, y = a[field], b[field]
        if x is None or y is None:
            continue
        total += log2(M[field] / U[field]) if x == y else log2((1 - M[field]) / (1 - U[field]))
    return total


def is_link(a: Record, b: Record) -> bool:
    """At least 0 bits, or the same e-mail and nothing that contradicts."""
    if weight(a, b) >= 0:
        return True
    said = [(a[field], b[field]) for field in NAMES_AND_DATE]
    contradicts = any(x is not None and y is not None and x != y for x, y in said)
    return a["email"] is not None and a["email"] == b["email"] and not contradicts


def partition(records: dict[Key, Record]) -> set[frozenset[Key]]:
    """Connected components of the links."""
    groups = {key: {key} for key in records}
    for a, b in combinations(sorted(records), 2):
        if is_link(records[a], records[b]) and groups[a] is not groups[b]:
            groups[a] |= groups[b]
            for key in groups[b]:
                groups[key] = groups[a]
    return {frozenset(group) for group in groups.values()}


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
