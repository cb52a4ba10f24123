"""Fields that repeat each other: found from counts, and told once.

A postcode names its city, a street with a number its postcode, a city its region, a first name a gender. Where two strangers
who share the one share the other anyhow, the second agreement is no second piece of evidence. Whether it is so differs from
data to data, so it is counted: among strangers who agree on one column, how often do they agree on the other?
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow.compute as pc

from omniid.comparison import Comparison, library
from omniid.hashing import mix
from omniid.phonetics import soundex_all
from omniid.tables import Codes, Column, RecordTable, Rows
from omniid.tables.arrays import numpy_array

__all__ = ["Repeats", "find_repeats", "told_once"]

# (column, another that repeats it): agreement on the second says nothing new where the first agrees.
Repeats = tuple[tuple[str, str], ...]

ADDRESS = ("street", "postcode", "city")  # kinds of which each is known to follow from the one before
PERSONAL = ("email", "phone", "identifier", "first_name", "middle_name", "last_name", "birth_date")  # strangers share none
COARSE = ("postcode", "city", "category", "unit")  # kinds of columns that may follow from others
SHARED = (
    "street",
    "postcode",
    "city",
    "category",
    "unit",
    "first_name",
)  # kinds that strangers share: others may follow from them
FEWEST = 100  # pairs of strangers; a share among fewer is off by a tenth or more
LOOKED_AT = 20_000  # records of which pairs are made, per column
NEAR = 3  # each record is paired with so many of its block: blocks of any size then count alike
NO_STRANGERS = 0.25  # supposed strangers who may be one person; a fifth were, where names were all that could tell
USUAL_M = 0.8  # how often records of one person agree on a column, before anything is known of it


def find_repeats(table: RecordTable, kinds: Mapping[str, str]) -> Repeats:
    """Find the columns that repeat others, by how often strangers agree on both.

    Two records count as strangers when no name, birth date, contact value or identifier that both have is the same, and at
    least one differs. If strangers agree on b with share u, and those of them who agree on a with share v, taking both
    agreements for independent overstates the evidence by log2(v/u) bits, and leaving b out understates it by log2(m/v).
    So b repeats a where v² > m·u. Some supposed strangers are one person whose names were mistaken, hence v must exceed a
    quarter, too. A column repeats only columns that tell more than it does.

    An address is known to lie in one place, so its columns count as repeating each other unless 100 pairs of strangers say
    otherwise; any other two columns only if so many say so.

    Parameters
    ----------
    table
        Normal forms.
    kinds
        Column → kind.

    Returns
    -------
    tuple of (str, str)
        Sorted pairs of a column and one that repeats it.

    Examples
    --------
    >>> rows = [
    ...     {"record_id": f"{i}", "phone": f"{i}", "city": f"c{i % 40}", "region": f"r{i % 8}", "team": f"t{i % 7}"}
    ...     for i in range(400)
    ... ]
    >>> kinds = {"phone": "phone", "city": "city", "region": "category", "team": "category"}
    >>> find_repeats(RecordTable.of(rows), kinds)
    (('city', 'region'),)
    """
    single = [name for name in sorted(kinds) if name in table.columns and table.columns[name].offsets is None]
    shares = {name: _share(table.columns[name].codes) for name in single}
    coarse = [name for name in single if kinds[name] in COARSE]
    personal = [name for name in single if kinds[name] in PERSONAL]
    found = []
    heads = {name: _heads(table.columns[name], kinds[name]) for name in personal}
    for name in single:
        others = [other for other in coarse if other != name and (shares[other], other) > (shares[name], name)]
        if not others or kinds[name] not in SHARED:
            continue
        left, right = _strangers(table.columns[name].codes, [codes for column, codes in heads.items() if column != name])
        for other in others:
            codes = table.columns[other].codes
            one, two = codes.take(left), codes.take(right)
            both = (one >= 0) & (two >= 0)
            agree, pairs = int((one[both] == two[both]).sum()), int(both.sum())
            enough = max(math.sqrt(USUAL_M * shares[other]), NO_STRANGERS) * pairs
            told = _known(kinds[name], kinds[other]) if pairs < FEWEST else agree > enough
            if told:
                found.append((name, other))
    return _with_followers(found)


def _with_followers(found: list[tuple[str, str]]) -> Repeats:
    """What follows from what follows from a column follows from it."""
    every = set(found)
    while more := {(one, last) for one, middle in every for again, last in every if middle == again} - every:
        every |= more
    return tuple(sorted(every))


def _share(codes: Codes) -> float:
    """How often two records with a value have the same one."""
    counts = np.bincount(codes[codes >= 0]).astype(np.int64)
    present = int(counts.sum())
    return int((counts * (counts - 1)).sum()) / max(present * (present - 1), 1)


def _known(kind: str, other: str) -> bool:
    """Whether the one kind is known to follow from the other."""
    return kind in ADDRESS and other in ADDRESS and kind != other


def _heads(column: Column, kind: str) -> Codes:
    """Codes of a personal column under which most spellings of one value are one: how names sound, years of dates, values."""
    if kind.endswith("name"):
        heads = soundex_all(column.vocabulary)
    elif kind == "birth_date":
        heads = pc.utf8_slice_codeunits(column.vocabulary, 0, 4)
    else:
        return column.codes
    codes: Codes = numpy_array(heads.dictionary_encode().indices, null=-1).astype(np.int32)
    return np.append(codes, np.int32(-1)).take(column.codes)


def _strangers(codes: Codes, personal: Sequence[Codes]) -> tuple[Rows, Rows]:
    """Pairs of records that agree on one column and on nothing personal, and differ in something personal."""
    left, right = _near_pairs(codes)
    same, differ = np.zeros(len(left), bool), np.zeros(len(left), bool)
    for mine in personal:
        one, two = mine.take(left), mine.take(right)
        both = (one >= 0) & (two >= 0)
        same |= both & (one == two)
        differ |= both & (one != two)
    keep = np.flatnonzero(differ & ~same)
    return left.take(keep), right.take(keep)


def _near_pairs(codes: Codes) -> tuple[Rows, Rows]:
    """Each record with a value, beside the next few that have the same; of a large table, those of a share of the values."""
    one_in = max(int((codes >= 0).sum()) // LOOKED_AT, 1)
    chosen = mix(np.arange(int(codes.max(initial=-1)) + 1, dtype=np.uint64)) % np.uint64(one_in) == 0
    rows = np.flatnonzero((codes >= 0) & np.append(chosen, False)[codes]).astype(np.int32)
    rows = rows[np.argsort(codes.take(rows), kind="stable")]
    mine = codes.take(rows)
    ends = [(step, np.flatnonzero(mine[step:] == mine[:-step])) for step in range(1, NEAR + 1)]
    left, right = np.concatenate([at for _, at in ends]), np.concatenate([at + step for step, at in ends])
    return rows.take(left), rows.take(right)


def told_once(comparisons: Sequence[Comparison], repeats: Repeats, kinds: Mapping[str, str]) -> tuple[Comparison, ...]:
    """Change default comparisons so that what repeats an agreement is missing where that agreement is told.

    A comparison of postcode and city together is taken apart where neither repeats the other.

    Parameters
    ----------
    comparisons
        The default comparisons of all fields.
    repeats
        What `find_repeats` found.
    kinds
        Column → kind.

    Examples
    --------
    >>> kinds = {"street": "street", "post": "postcode", "city": "city"}
    >>> default = (library.street("street"), library.place("post", "city", street="street"))
    >>> for one in told_once(default, (("street", "city"),), kinds):
    ...     print(one.name, dict(one.silent_when))
    street {}
    post {}
    city {'street': ('exact', 'alike')}
    """
    apart = [part for comparison in comparisons for part in _taken_apart(comparison, repeats)]
    agreeing = {column: (one.name, levels) for one in apart for column, levels in _agreements(one, kinds)}
    settled = []
    for one in apart:
        silent = {name: tuple(levels) for name, levels in one.silent_when.items() if kinds.get(name) != "street"}
        for column, other in repeats:
            if other in one.fields and column not in one.fields and column in agreeing:
                name, levels = agreeing[column]
                silent[name] = tuple(dict.fromkeys([*silent.get(name, ()), *levels]))
        settled.append(replace(one, silent_when=silent))
    return tuple(settled)


def _taken_apart(comparison: Comparison, repeats: Repeats) -> tuple[Comparison, ...]:
    """Postcode and city, each for itself where neither repeats the other; any other comparison as it is."""
    if comparison.name != "place" or {tuple(comparison.fields), tuple(reversed(comparison.fields))} & set(repeats):
        return (comparison,)
    postcode, city = comparison.fields
    return library.postcode(postcode), library.city(city)


def _agreements(comparison: Comparison, kinds: Mapping[str, str]) -> list[tuple[str, tuple[str, ...]]]:
    """The columns that a comparison reads, each with the levels at which it agrees."""
    if comparison.name == "place":
        return [(field, (kinds[field],)) for field in comparison.fields]
    closest = comparison.traits.levels[-1]
    return [(comparison.fields[0], (closest, "alike") if kinds.get(comparison.fields[0]) == "street" else (closest,))]
