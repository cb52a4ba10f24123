"""Spelling keys: codes under which the usual spellings of one name fall together.

A name has keys *as written* and keys *as it may be read*. Two names are spellings of one name where a key of one as written is
a key of the other as it may be read, or the reverse. Nearly all keys are both; what is written without vowels, or by the rules
of Wade and Giles, is only read by the other side, so that two names with vowels never meet because both could be written alike.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from omniid.spellings.abjads import is_unvocalised, readings_without_vowels, written_letters
from omniid.spellings.places import places_of
from omniid.spellings.romaji import is_romaji, romaji_code
from omniid.spellings.spelling_tables import rows_of, script_names
from omniid.spellings.syllables import eastern_places, family_keys, is_pinyin, korean_codes, pinyin_codes
from omniid.spellings.universal import SHORTEST, may_vary, universal_codes, variants

__all__ = ["SpellingKeys", "local_keys", "plain_keys", "spelling_keys", "table_keys", "word_keys", "word_of_name"]

# Words before a name that are written or left out.
ARTICLES = frozenset(("al", "el", "ul", "ur", "ar", "as", "ad", "de", "la", "le", "van", "von", "der", "den", "bin", "ben",
                      "bint", "ibn", "abu", "abou"))  # fmt: skip
_SERVANT = re.compile(r"\b(?:abd|abdul|abdel|abdal|abdol|abdur|abdoul) (?:(?:al|el|ul|ol|ur|ar) )?(?=\w)")
_ENDINGS = (
    ("(?:i|y|ee|ie|ii)$", "i"), ("zad(?:eh|e|a|ah)$", "zadeh"), ("p(?:ou|oo|u|o)r$", "pour"), ("ni(?:y)?a$", "nia"),
    ("[iye]an$", "ian"), ("ne(?:j|zh)a[dt]$", "nejad"), ("far$", "far"),
)  # fmt: skip
_ANY_ENDING = "|".join(ending for ending, _ in _ENDINGS)

# A word's plain keys are its own, and names recur from call to call: a live store asks for those of a few thousand at a time,
# and takes a tenth of the time where it has met most of them. A batch run asks once.
FEW, REMEMBERED = 20_000, 1 << 16
_plain: dict[str, list[str]] = {}


class SpellingKeys(NamedTuple):
    """Keys of a name as written, and as it may be read."""

    written: frozenset[str]
    read: frozenset[str]


@cache
def _names() -> dict[str, tuple[str, ...]]:
    """Latin spelling → the names of the tables that it may be."""
    found: dict[str, dict[str, None]] = {}
    for script in ("arabic", "hebrew"):
        for native, latin in script_names(script).items():
            for spelling in latin:
                found.setdefault(spelling, {})[native] = None
    for number, row in enumerate(rows_of("latin.tsv")):
        for spelling in row[0].split():
            found.setdefault(spelling, {})[str(number)] = None
    for spelling, characters in family_keys().items():
        found.setdefault(spelling, {}).update(dict.fromkeys(characters))
    return {spelling: tuple(names) for spelling, names in found.items()}


def spelling_keys(name: str) -> SpellingKeys:
    """The spelling keys of a name.

    Parameters
    ----------
    name
        One name, or several words of one, in normal form: a–z and spaces.

    Returns
    -------
    SpellingKeys
        Without a key where nothing is known to be written in several ways, as for names of up to three letters that stand in no
        table.

    Examples
    --------
    >>> sorted(spelling_keys("karimee").written & spelling_keys("kareemy").read)
    ['karimi', 'کریم+i']
    >>> spelling_keys("ed").written
    frozenset()
    """
    written, read = word_keys([word_of_name(name)])[0]
    return SpellingKeys(frozenset(written), frozenset(read))


def word_of_name(name: str) -> str:
    """A name as the one word that its keys are made of, without articles; "" for none.

    Examples
    --------
    >>> word_of_name("abdul rahman"), word_of_name("al masri"), word_of_name("anna maria")
    ('abdulrahman', 'masri', 'annamaria')
    """
    if " " not in name and "\n" not in name:
        return name
    words = _SERVANT.sub("abdul", name).split()
    return "".join([word for word in words if word not in ARTICLES] or words)


def word_keys(words: Sequence[str]) -> list[tuple[list[str], list[str]]]:
    """Keys of words, as written and as they may be read, all words at once.

    Parameters
    ----------
    words
        Words of a–z.

    Examples
    --------
    >>> word_keys(["wong"])[0][0]
    ['王', '黄', '汪', 'vong']
    """
    out = []
    for word, found in zip(words, plain_keys(words), strict=True):
        as_written, as_read = pinyin_codes(word)
        written, read = [*found, *(f"={code}" for code in as_written)], [*found, *(f"={code}" for code in as_read)]
        if is_unvocalised(word):
            written += [f"-{letters}" for letters in written_letters(word)]
        else:
            read += [f"-{letters}" for letters in readings_without_vowels(word) if len(letters) > 1]
        out.append((written, read))
    return out


def local_keys(names: Sequence[str]) -> list[list[str]]:
    """Those spelling keys of names that tell two names alike without a look at other names: few, and the same in any list.

    Readings without vowels and by foreign systems stay out: a name has dozens of them.

    Parameters
    ----------
    names
        Names in normal form.

    Examples
    --------
    >>> local_keys(["abdul rahman", "wong"])
    [['عبدالرحمن', 'abdulrahman'], ['王', '黄', '汪', 'vong']]
    """
    words = [word_of_name(name) for name in names]
    distinct = list(dict.fromkeys(words))
    found = dict(zip(distinct, plain_keys(distinct), strict=True))
    return [found[word] for word in words]


def plain_keys(words: Sequence[str]) -> list[list[str]]:
    """Those keys of words that they have both as written and as they may be read, all words at once.

    Parameters
    ----------
    words
        Words of a–z.

    Examples
    --------
    >>> plain_keys(["wong", "lindberg"])
    [['王', '黄', '汪', 'vong'], ['lindberg']]
    """
    if len(words) > FEW:
        return _made_plain(words)
    known = {word: keys for word in words if (keys := _plain.get(word)) is not None}
    new = [word for word in dict.fromkeys(words) if word not in known]
    if new:
        made = dict(zip(new, _made_plain(new), strict=True))
        if len(_plain) > REMEMBERED:
            _plain.clear()
        _plain.update(made)
        known |= made
    return [known[word] for word in words]


def _made_plain(words: Sequence[str]) -> list[list[str]]:
    keys = [dict.fromkeys(found) for found in table_keys(words)]
    own = [bool(word) for word in words]
    for at in eastern_places(words):
        koreans = korean_codes(words[at])
        keys[at].update(dict.fromkeys(koreans))
        own[at] = not koreans and not is_pinyin(words[at])
    entries = [(at, word, "") for at, word in enumerate(words) if own[at]]
    for at in may_vary(words):
        if own[at]:
            entries += [(at, other.lstrip("2"), "2" * (other[0] == "2")) for other in variants(words[at])]
    for (at, _, mark), code in zip(entries, universal_codes([word for _, word, _ in entries]), strict=True):
        if len(code) >= SHORTEST:
            keys[at][mark + code] = None
    for at, word in enumerate(words):
        if is_romaji(word):
            keys[at][f"~{romaji_code(word)}"] = None
    return [list(own) for own in keys]


def table_keys(words: Sequence[str]) -> list[list[str]]:
    """Names of the tables that each word spells, as it is, behind an article, or with an ending of family names."""
    names = _names()
    found = [list(names.get(word, ())) for word in words]
    for at in places_of("^[ae]l.{4}", words):
        found[at] += names.get(words[at][2:], ())
    ended = [at for at in places_of(_ANY_ENDING, words) if len(words[at]) > 5]
    for ending, key in _ENDINGS if ended else ():
        pattern = re.compile(ending)
        for at in ended:
            if end := pattern.search(words[at]):
                found[at] += [f"{name}+{key}" for name in names.get(words[at][: end.start()], ()) if not name.isdigit()]
    return found
