"""The names of nine cultures with their weights and spellings, read once from the data files."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import product
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.datasets.spelling import feminine, mishear, romanize, strip_accents
from omniid.datasets.strings import Codes, choose, join
from omniid.tables.arrays import distinct

__all__ = [
    "CULTURES",
    "HEARD",
    "INITIAL",
    "NATIVE",
    "NICKNAME",
    "PLAIN",
    "PLAIN_NICKNAME",
    "VARIANT",
    "NameTable",
    "first_names",
    "read_rows",
    "surnames",
]

CULTURES: Final = ("en", "pl", "ru", "de", "es", "fa", "zh", "ka", "el")
# Spellings of a name. PLAIN is in Latin letters without accents; NICKNAME of a surname is its short form (one of two).
NATIVE, PLAIN, VARIANT, NICKNAME, PLAIN_NICKNAME, HEARD, INITIAL = range(7)
_STORED: Final = 5  # HEARD and INITIAL are made from NATIVE where they are asked for
# Share of people whose surname stands in the list of frequent ones; the rest bear one put together from parts.
_FREQUENT_SHARE: Final = {"en": 0.4, "pl": 0.25, "ru": 0.4, "de": 0.3, "es": 0.1, "fa": 0.5, "zh": 1.0, "ka": 0.5, "el": 0.5}
_SPANISH_PAIRS: Final = 70  # the most frequent surnames that pair up: 70² Spanish double surnames


@dataclass(frozen=True)
class NameTable:
    """Names by code, drawn by weight and spelled in seven ways.

    Parameters
    ----------
    spellings
        Strings of length 5 × size: all names in the first spelling, then all in the second, and so on.
    size
        Number of names.
    starts
        The code at which each group (culture, or culture × gender) starts, and the end.
    cumulative
        Cumulative share of each name within its group.
    """

    spellings: pa.Array
    size: int
    starts: tuple[int, ...]
    cumulative: npt.NDArray[np.float64]

    def draw(self, groups: Codes, rng: np.random.Generator) -> Codes:
        """Draw one name code per entry of `groups`, by weight within that group."""
        chance = rng.random(len(groups))
        codes = np.zeros(len(groups), np.int64)
        for group in distinct(groups):
            rows = np.flatnonzero(groups == group)
            start, end = self.starts[group], self.starts[group + 1]
            codes[rows] = start + np.searchsorted(self.cumulative[start : end - 1], chance[rows], side="right")
        return codes

    def next_in_group(self, codes: Codes, groups: Codes) -> Codes:
        """Give another name of the same group: the next one, and the first after the last."""
        starts = np.asarray(self.starts)
        return np.where(codes + 1 < starts[groups + 1], codes + 1, starts[groups])

    def spell(self, codes: Codes, form: Codes | int) -> pa.Array:
        """Spell names; `form` is one spelling for all or one per name."""
        forms = np.broadcast_to(np.asarray(form), codes.shape)
        cells = self.spellings.take(pa.array(np.where(forms < _STORED, forms, NATIVE) * self.size + codes))
        initial, heard = forms == INITIAL, forms == HEARD
        if initial.any():
            cells = choose(initial, join(pc.utf8_slice_codeunits(cells, 0, 1), "."), cells)
        if heard.any():
            distinct = cells.filter(pa.array(heard)).dictionary_encode()
            misheard = pa.array([mishear(name) for name in distinct.dictionary.to_pylist()], pa.string())
            cells = pc.replace_with_mask(cells, pa.array(heard), misheard.take(distinct.indices))
        return cells


def read_rows(name: str) -> Iterator[list[str]]:
    """Yield the tab-separated rows of one of the data files."""
    text = (resources.files("omniid.datasets") / "data" / f"{name}.txt").read_text("utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def _zipf(count: int, flat: float) -> npt.NDArray[np.float64]:
    """Shares that fall with the rank (Zipf–Mandelbrot with exponent 1)."""
    weights = 1 / (np.arange(count) + 1 + flat)
    return np.asarray(weights / weights.sum())


def _latin(name: str, romanized: list[str], culture: str) -> tuple[str, str]:
    """Return the plain Latin spelling and another habit of it."""
    if romanized:
        return romanized[0], romanized[-1]
    if culture in ("ru", "ka", "el"):
        return romanize(name, culture), romanize(name, culture, variant=True)
    plain = strip_accents(name)
    return plain, _umlauts(name) if culture == "de" else plain


def _umlauts(name: str) -> str:
    """Write umlauts with an e, as German speakers do where the letter is missing."""
    for letter, pair in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("Ä", "Ae"), ("Ö", "Oe"), ("Ü", "Ue"), ("ß", "ss")):
        name = name.replace(letter, pair)
    return strip_accents(name)


def _table(rows: list[tuple[str, ...]], starts: list[int], shares: list[npt.NDArray[np.float64]]) -> NameTable:
    columns = [text for form in range(_STORED) for text in (row[form] for row in rows)]
    cumulative = np.concatenate([np.cumsum(share) for share in shares])
    return NameTable(pa.array(columns, pa.string()), len(rows), tuple(starts), cumulative)


@cache
def first_names() -> NameTable:
    """Return the first names; group = 2 × culture + gender (0 man, 1 woman)."""
    lists = {(culture, gender): names.split() for culture, gender, names in read_rows("first_names")}
    rows: list[tuple[str, ...]] = []
    starts, shares = [0], []
    for culture, gender in product(CULTURES, "mf"):
        entries = lists[culture, gender]
        for entry in entries:
            spelled, _, nicknames = entry.partition(":")
            name, *romanized = spelled.split("/")
            plain, variant = _latin(name, romanized, culture)
            short = nicknames.split(",")[0] or name
            plain_short = _latin(short, [], culture)[0] if nicknames else plain
            rows.append((name, plain, variant, short, plain_short))
        starts.append(len(rows))
        shares.append(_zipf(len(entries), 5.0))
    return _table(rows, starts, shares)


def _rare(culture: str, parts: dict[str, tuple[list[str], list[str]]], frequent: list[str]) -> list[str]:
    """Put surnames together: stem and ending, in Spain the father's and the mother's surname."""
    if culture == "es":
        pairs = product(frequent[:_SPANISH_PAIRS], repeat=2)
        return [
            "/".join(f"{a} {b}" for a, b in zip(_spellings(father), _spellings(mother), strict=True))
            for father, mother in pairs
        ]
    stems, endings = parts.get(culture, ([], []))
    known = {entry.split("/")[0] for entry in frequent}
    made: dict[str, None] = {}
    for stem, ending in product(stems, endings):
        name = "/".join(a + b for a, b in zip(stem.split("/"), ending.split("/"), strict=True))
        if name.split("/")[0] not in known:
            made[name] = None
    return list(made)


def _spellings(entry: str) -> tuple[str, str]:
    name, _, plain = entry.partition("/")
    return name, plain or name


def _surname_row(entry: str, culture: str) -> tuple[str, ...]:
    name, *romanized = entry.split("/")
    plain, variant = _latin(name, romanized, culture)
    short, plain_short = (name.split(" ")[0], plain.split(" ")[0]) if culture == "es" else (name, plain)
    return name, plain, variant, short, plain_short


def _of_woman(row: tuple[str, ...], entry: str, culture: str) -> tuple[str, ...]:
    name, *romanized = entry.split("/")
    changed = feminine(name, culture)
    if changed == name:
        return row
    return _surname_row("/".join([changed, *(latin + "a" for latin in romanized if culture == "ru")]), culture)


@cache
def surnames() -> NameTable:
    """Return the surnames; group = culture; a woman's spelling of code c has the code c + size / 2."""
    frequent = {culture: names.split() for culture, names in read_rows("surnames")}
    parts = {culture: (stems.split(), endings.split()) for culture, stems, endings in read_rows("surname_parts")}
    entries: list[tuple[str, str]] = []
    starts, shares = [0], []
    for culture in CULTURES:
        rare = _rare(culture, parts, frequent[culture])
        share = _FREQUENT_SHARE[culture] if rare else 1.0
        entries += [(entry, culture) for entry in frequent[culture] + rare]
        starts.append(len(entries))
        shares.append(
            np.concatenate([_zipf(len(frequent[culture]), 12.0) * share, np.full(len(rare), (1 - share) / max(len(rare), 1))])
        )
    masculine = [_surname_row(entry, culture) for entry, culture in entries]
    return _table(masculine + [_of_woman(row, *at) for row, at in zip(masculine, entries, strict=True)], starts, shares)
