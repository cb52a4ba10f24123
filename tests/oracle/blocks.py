"""Blocking the slow, obvious way: Python predicates over all pairs of plain rows."""

from itertools import combinations

from omniid.phonetics import soundex, soundex_words


def values(row, field):
    """All present values of a field."""
    cell = row.get(field)
    return [value for value in (cell if isinstance(cell, list) else [cell]) if value]


def derived(key, value):
    """One key value of one value, None without."""
    if key.kind == "field":
        return value
    if key.kind == "soundex":
        return soundex(value)
    if key.kind == "sound_of_words":
        return soundex_words(value, key.n)
    if key.kind in ("prefix", "initial"):
        return value[: key.n or 1]
    if key.kind == "first_words":
        return " ".join(value.split()[: key.n]) or None
    if key.kind == "local_part":
        local = value.rpartition("@")[0]
        return local if len(local) >= key.n else None
    parts = value.split("-")
    if key.kind == "year":
        return parts[0]
    if key.kind == "year_month":
        return "-".join(parts[:2]) if len(parts) > 1 else None
    return "-".join(parts[1:]) if len(parts) == 3 else None


def key_values(key, row):
    """All values that a row has of a key."""
    if key.kind == "sorted_name":
        first, last = (values(row, name) for name in key.fields)
        return {" ".join(sorted(f"{a} {b}".split())) for a in first for b in last}
    return {derived(key, value) for value in values(row, key.fields[0])} - {None}


def agrees(rule, one, other):
    """Whether two rows agree on every key of a rule."""
    return all(key_values(key, one) & key_values(key, other) for key in rule.keys)


def first_rules(rules, rows):
    """(left, right) → first rule that holds, for rows in table order."""
    found = {}
    for left, right in combinations(range(len(rows)), 2):
        holding = [number for number, rule in enumerate(rules) if agrees(rule, rows[left], rows[right])]
        if holding:
            found[left, right] = holding[0]
    return found


def listed(pairs):
    """Candidate pairs as a list of (left, right, rule), in order."""
    return [triple for chunk in pairs for triple in zip(*(part.tolist() for part in chunk), strict=True)]
