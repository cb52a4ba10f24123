"""The rules that a table's fields allow, and which of them make the same pairs."""

from collections.abc import Mapping, Sequence

import numpy as np

from omniid.blocking.keys import (
    Key,
    field,
    first_words,
    initial,
    local_part,
    month_day,
    prefix,
    sorted_name,
    sound_of_words,
    soundex,
    spelling,
    year,
    year_month,
)
from omniid.blocking.rules import BlockingRule, block_on
from omniid.tables import RecordTable

__all__ = ["combined_rules", "implies", "single_rules", "spelling_rules"]

# Combinations tried, in the short names of `_parts`: those of the accuracy trials, each of which earned its place on some set.
COMBINATIONS = tuple(
    tuple(words.split())
    for line in (
        "dob, last dob, first dob, f1 dob, l1 dob, dob post, dob city, ls f1 y, fs l1 y, f3 l3 y, ls md, fs md, f1 ls ym",
        "first last y, first last md, first last, first l1, last f1, fs ls, fs l3, last mid, names y, names post, names city",
        "first post, last post, fs ls post, f3 l3 p3, first city, last city, fs ls city, f1 ls city, first local",
        "first street, last words, first words, f1 words post, fs sound, ls sound, sound post",
        # Where both names are misspelled or exchanged, the rest of a record still says whose it is.
        "md post, ym post, y post city, md city, ym city, y words, fs post y, ls post y, fs city y, ls city y",
        "c1 c2, c1 c3, c2 c3, c1 c2 c3, c1 md, c1 ym, c2 md, c1 c2 y, c1 post, c1 c2 post, c1 city, c1 words, c1 fs, c1 ls",
    )
    for words in line.split(", ")
)


NO_CATEGORIES = frozenset(
    [
        "email",
        "phone",
        "identifier",
        "device",
        "first_name",
        "middle_name",
        "last_name",
        "birth_date",
        "street",
        "city",
        "postcode",
    ]
)
CATEGORIES = 3  # of more, the combinations are too many to count, and three tell a few thousand people apart


def _most_telling(present: Mapping[str, str], table: RecordTable) -> list[str]:
    """The categories on which the fewest pairs of records agree, as each record without a value agrees with nobody."""
    shares = []
    for name, kind in present.items():
        if kind not in NO_CATEGORIES:
            codes = table.columns[name].codes
            counts = np.bincount(codes[codes >= 0])
            shares.append((int((counts * (counts - 1)).sum()) / max(int(counts.sum()) ** 2, 1), name))
    return [name for _, name in sorted(shares)[:CATEGORIES]]


def _parts(present: Mapping[str, str], table: RecordTable) -> dict[str, Key]:
    """Short name → key, for the first field of each kind; a field named like its kind comes first."""
    by_kind: dict[str, str] = {}
    for name, kind in present.items():
        if name == kind or kind not in by_kind:
            by_kind[kind] = name
    parts: dict[str, Key] = {f"c{place}": field(name) for place, name in enumerate(_most_telling(present, table), 1)}
    if first := by_kind.get("first_name"):
        parts |= {"first": field(first), "f1": initial(first), "f3": prefix(first, 3), "fs": soundex(first)}
    if last := by_kind.get("last_name"):
        parts |= {"last": field(last), "l1": initial(last), "l3": prefix(last, 3), "ls": soundex(last)}
    if first and last:
        parts["names"] = sorted_name(first, last)
    if birth := by_kind.get("birth_date"):
        parts |= {"dob": field(birth), "y": year(birth), "md": month_day(birth), "ym": year_month(birth)}
    if street := by_kind.get("street"):
        parts |= {"street": field(street), "words": first_words(street, 2), "sound": sound_of_words(street, 2)}
    if postcode := by_kind.get("postcode"):
        parts |= {"post": field(postcode), "p3": prefix(postcode, 3)}
    if email := by_kind.get("email"):
        parts["local"] = local_part(email)
    if city := by_kind.get("city"):
        parts["city"] = field(city)
    if middle := by_kind.get("middle_name"):
        parts["mid"] = field(middle)
    return parts


def combined_rules(present: Mapping[str, str], table: RecordTable) -> list[BlockingRule]:
    """Every rule that the fields allow, contact rules apart."""
    parts = _parts(present, table)
    rules = [block_on(*(parts[word] for word in words)) for words in COMBINATIONS if all(word in parts for word in words)]
    rules += [block_on(name) for name, kind in present.items() if kind in ("device", "street", "birth_date")]
    rules += [block_on(local_part(name)) for name, kind in present.items() if kind == "email"]
    rules += [block_on(parts["names"])] if "names" in parts else []
    return list(dict.fromkeys(rules))


def single_rules(present: Mapping[str, str], contacts: Sequence[str]) -> list[BlockingRule]:
    """Wide rules for tables of few fields or few records: each field, name sounds, birth years, all other fields together."""
    others = [name for name in present if name not in contacts]
    rules = [block_on(name) for name in others]
    rules += [block_on(year(name)) for name in others if present[name] == "birth_date"]
    rules += [block_on(soundex(name)) for name in others if present[name] in ("first_name", "last_name")]
    rules += [block_on(*others)] if len(others) > 1 else []
    return rules


def spelling_rules(present: Mapping[str, str], table: RecordTable) -> list[BlockingRule]:
    """Rules that bring usual spellings of one name together: both names, or one of them and what else there is.

    Examples
    --------
    >>> table = RecordTable.of([{"record_id": "1", "first_name": "anna", "last_name": "nowak"}])
    >>> [str(rule) for rule in spelling_rules({"first_name": "first_name", "last_name": "last_name"}, table)]
    ['spelling(first_name) & spelling(last_name)']
    """
    parts = _parts(present, table)
    names = [spelling(parts[name].fields[0]) for name in ("first", "last") if name in parts]
    others = [parts[word] for word in ("dob", "post", "city") if word in parts]
    rules = [block_on(*names)] if len(names) == 2 else []
    return rules + [block_on(name, other) for name in names for other in others]


# Key kind → kinds of key of the same field that agree wherever it does.
_IMPLIED = {
    "field": ("field", "first_words", "initial", "prefix", "sound_of_words", "soundex", "spelling", "year"),
    "first_words": ("initial",),
    "prefix": ("initial",),
    "soundex": ("initial",),
    "year_month": ("year",),
}


def implies(strong: BlockingRule, weak: BlockingRule) -> bool:
    """Whether all pairs that agree on the keys of `strong` agree on those of `weak`."""
    fields = {key.fields[0] for key in strong.keys if key.kind == "field"}

    def holds(key: Key) -> bool:
        if key.kind == "sorted_name":
            return set(key.fields) <= fields or key in strong.keys
        return any(
            key == other or (key.fields == other.fields and key.kind in _IMPLIED.get(other.kind, ())) for other in strong.keys
        )

    return all(holds(key) for key in weak.keys)
