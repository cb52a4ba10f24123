"""Chinese and Korean names in Latin letters, syllable by syllable: pinyin, Wade–Giles, and Korean as people write it."""

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice, product

from omniid.spellings.places import places_of
from omniid.spellings.spelling_tables import rows_of

__all__ = ["eastern_places", "family_keys", "is_pinyin", "is_wade_giles", "korean_codes", "pinyin_codes", "wade_giles_places"]

MOST = 32  # readings of a name
_FINALS = {
    "": "a ai an ang ao e ei en eng er o ou yi ya yan yang yao ye yin ying yo yong you yu yuan yue yun wa wai wan wang wei wen "
        "weng wo wu",
    "b": "a ai an ang ao ei en eng i ian iao ie in ing o u",
    "p": "a ai an ang ao ei en eng i ian iao ie in ing o ou u",
    "m": "a ai an ang ao e ei en eng i ian iao ie in ing iu o ou u",
    "f": "a an ang ei en eng o ou u",
    "d": "a ai an ang ao e ei en eng i ian iao ie ing iu ong ou u uan ui un uo",
    "t": "a ai an ang ao e eng i ian iao ie ing ong ou u uan ui un uo",
    "n": "a ai an ang ao e ei en eng i ian iang iao ie in ing iu ong ou u uan uo ue v ve",
    "l": "a ai an ang ao e ei eng i ia ian iang iao ie in ing iu ong ou u uan un uo ue v ve",
    "g": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "k": "a ai an ang ao e en eng ong ou u ua uai uan uang ui un uo",
    "h": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "j": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "q": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "x": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "zh": "a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo",
    "ch": "a ai an ang ao e en eng i ong ou u uai uan uang ui un uo",
    "sh": "a ai an ang ao e en eng i ou u ua uai uan uang ui un uo",
    "r": "an ang ao e en eng i ong ou u uan ui un uo",
    "z": "a ai an ang ao e ei en eng i ong ou u uan ui un uo",
    "c": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "s": "a ai an ang ao e en eng i ong ou u uan ui un uo",
}  # fmt: skip
_WADE_INITIAL = {"b": "p", "p": "p", "d": "t", "t": "t", "g": "k", "k": "k", "j": "ch", "q": "ch", "zh": "ch", "ch": "ch",
                 "z": "ts", "c": "ts", "x": "hs", "r": "j"}  # fmt: skip
_WADE_WHOLE = {"zhi": "chih", "chi": "chih", "shi": "shih", "ri": "jih", "zi": "tzu", "ci": "tzu", "si": "szu", "er": "erh",
               "yan": "yen", "ye": "yeh", "yi": "i", "you": "yu", "yong": "yung", "yue": "yueh", "gui": "kuei", "kui": "kuei",
               "ge": "ko", "ke": "ko", "he": "ho", "lv": "lu", "nv": "nu"}  # fmt: skip


@cache
def _pinyin() -> frozenset[str]:
    return frozenset(initial + final for initial, finals in _FINALS.items() for final in finals.split())


@cache
def _wade() -> Mapping[str, tuple[str, ...]]:
    """Syllable in Wade–Giles without its marks → the pinyin syllables that it may be."""
    found: dict[str, set[str]] = {}
    for initial, finals in _FINALS.items():
        for final in finals.split():
            latin = final
            if initial:
                latin = re.sub("^ian$", "ien", re.sub("^(ie|ue|ve)$", r"\1h", re.sub("ong$", "ung", final)))
                latin = re.sub("^uo$", "uo" if initial in ("g", "k", "h", "sh") else "o", latin)
            whole = _WADE_WHOLE.get(initial + final, _WADE_INITIAL.get(initial, initial) + latin)
            found.setdefault(whole, set()).add(initial + final)
    return {wade: tuple(sorted(pinyin)) for wade, pinyin in found.items()}


LONGEST = 6  # letters of a syllable


def _cut(word: str, syllables: Container[str]) -> list[tuple[str, ...]]:
    """All ways to cut a word into one or two syllables, those with the longest first syllable first."""
    length = len(word)
    ways: list[tuple[str, ...]] = [(word,)] if length <= LONGEST and word in syllables else []
    for size in range(min(length - 1, LONGEST), max(length - LONGEST, 1) - 1, -1):
        if word[:size] in syllables and word[size:] in syllables:
            ways.append((word[:size], word[size:]))
    return ways


_CHINESE_ONLY = re.compile("[qx]|^zh|[ghn]zh|j[iu]|[nghaeiou]ng$|[aeiou]n$")


def is_pinyin(word: str) -> bool:
    """Whether a word reads as one or two syllables of Chinese, and has a sound or an ending that marks these.

    Examples
    --------
    >>> is_pinyin("jiang"), is_pinyin("xiaoming"), is_pinyin("maria")
    (True, True, False)
    """
    return bool(_cut(word, _pinyin())) and _CHINESE_ONLY.search(word) is not None


def pinyin_codes(word: str) -> tuple[list[str], list[str]]:
    """A Chinese given name as written in pinyin, and as it may be read where it is in Wade–Giles; both empty for other words.

    Examples
    --------
    >>> pinyin_codes("xiaoming")[0], "xiaoming" in pinyin_codes("hsiaoming")[1]
    (['xiaoming'], True)
    """
    if _cut(word, _pinyin()):
        return [word], []
    ways = _cut(word, _wade())
    if not ways:
        return [], []
    if word.endswith("ung") and word in family_keys():
        return [], []  # Jung, Sung, Chung: mostly Korean ones, and a family name stands in the tables
    read = [("".join(chosen)) for way in ways for chosen in product(*(_wade()[syllable] for syllable in way))]
    return [], list(islice(dict.fromkeys(read), MOST))


_WADE_MARK = re.compile("hs|t[zs]|szu|ung|ieh|ien|ueh|ih|uei|yeh|erh|kuo|ch[iu]|jen|yen")


def is_wade_giles(word: str) -> bool:
    """Whether a word reads as one or two syllables in Wade–Giles, and not in pinyin.

    Examples
    --------
    >>> is_wade_giles("hsiaoming"), is_wade_giles("xiaoming"), is_wade_giles("young")
    (True, False, False)
    """
    return _WADE_MARK.search(word) is not None and bool(pinyin_codes(word)[1])


def wade_giles_places(words: Sequence[str]) -> list[int]:
    """Positions of the words of which `is_wade_giles` is true, all words at once.

    Examples
    --------
    >>> wade_giles_places(["young", "hsiaoming"])
    [1]
    """
    return [at for at in places_of(_WADE_MARK.pattern, words) if is_wade_giles(words[at])]


@cache
def _any_syllables() -> str:
    heads: dict[str, set[str]] = {}
    for syllable in {*_pinyin(), *_wade(), *_korean()}:
        heads.setdefault(syllable[0], set()).add(syllable[1:])
    one = "|".join(f"{head}(?:{'|'.join(sorted(rests))})" for head, rests in sorted(heads.items()))
    return f"^(?:{one}){{1,2}}$"


def eastern_places(words: Sequence[str]) -> list[int]:
    """Positions of the words of one or two syllables: all others are neither pinyin nor Wade–Giles nor Korean.

    Examples
    --------
    >>> eastern_places(["smith", "xiaoming", "minsu", "hsiaoming"])
    [1, 2, 3]
    """
    return places_of(_any_syllables(), words)


def _korean_rows(kind: str) -> Iterator[tuple[str, list[str]]]:
    """Hangul and its Latin spellings, those too that end in the letter that is written and not in the one that is heard."""
    for row_kind, hangul, latin in rows_of("korean.tsv"):
        if row_kind == kind:
            spellings = latin.split()
            softer = [word[:-1] + {"k": "g", "p": "b"}[word[-1]] for word in spellings if word[-1] in "kp"]
            yield hangul, list(dict.fromkeys([*spellings, *softer]))


@cache
def _korean() -> Mapping[str, tuple[str, ...]]:
    """Syllable of a given name as written in Latin letters → the hangul that it may be."""
    found: dict[str, list[str]] = {}
    for hangul, latin in _korean_rows("syllable"):
        for spelling in latin:
            found.setdefault(spelling, []).append(hangul)
    return {spelling: tuple(hangul) for spelling, hangul in found.items()}


def korean_codes(word: str) -> list[str]:
    """The hangul of two syllables that a given name may stand for; none where it is no such name.

    Examples
    --------
    >>> sorted(set(korean_codes("minsoo")) & set(korean_codes("minsu")))
    ['민수']
    """
    if not 3 < len(word) < 13:
        return []
    ways = [way for way in _cut(word, _korean()) if len(way) == 2]
    if not ways:
        return []
    return list(islice(dict.fromkeys("".join(two) for way in ways for two in product(*map(_korean().__getitem__, way))), MOST))


@cache
def family_keys() -> Mapping[str, tuple[str, ...]]:
    """Chinese and Korean family names in Latin letters → the characters that they may stand for.

    Examples
    --------
    >>> family_keys()["wong"], set(family_keys()["wang"]) & set(family_keys()["huang"])
    (('王', '黄', '汪'), set())
    """
    found: dict[str, dict[str, None]] = {}
    for characters, pinyin, others in rows_of("chinese.tsv"):
        for latin in (pinyin, *others.replace("'", "").split()):
            found.setdefault(latin, {})[characters.split()[0]] = None
            if latin == "lv":
                found.setdefault("lyu", {})[characters.split()[0]] = None
    for hangul, spellings in _korean_rows("family"):
        for latin in spellings:
            found.setdefault(latin, {})[hangul.split()[0]] = None
    return {latin: tuple(characters) for latin, characters in found.items()}
