"""One code for the usual spellings of a name in Latin letters: sounds that rules of romanisation write in several ways.

The code keeps the vowels, so that Maria is not Mario; it joins what never tells two names apart: doubled letters, y, i and j,
sh and sch, kh and h, ph and f, w and v, c and k, ou and u. A few spellings may stand for two sounds; they have a variant each.
"""

import re
from collections.abc import Iterable, Sequence

from omniid.spellings.places import places_of

__all__ = ["SHORTEST", "may_vary", "universal_codes", "variants"]

SHORTEST = 4  # letters of a code: shorter names differ by a letter too easily (Jan, Ian; Lee, Li)

# In this order, on text with a line break before and after every word. Capitals are sounds of their own.
_STEPS: Sequence[tuple[str, str]] = (
    ("schtsch", "S"), ("stsch", "S"), ("shch", "S"), ("tsch", "C"), ("sch", "S"), ("sh", "S"), ("sz", "S"), ("tch", "C"),
    ("cz", "C"), ("ch", "C"), ("dzh", "j"), ("dj", "j"), ("zh", "Z"), ("kh", "h"), ("gh", "g"), ("ph", "f"), ("th", "t"),
    ("dh", "d"), ("bh", "b"), ("ck", "k"), ("q", "k"), ("x", "ks"), ("tz", "ts"), ("w", "v"), ("ah\n", "a\n"), ("eh\n", "e\n"),
    ("\nye", "\ne"), ("\nie", "\ne"), ("off\n", "ov\n"), ("eff\n", "ev\n"),
)  # fmt: skip
# Every pattern starts with what is rare, so that the text between is skipped: a look back first made them ten times as slow.
_AFTER_VOWEL = re.compile("[yj](?<=[aeou][yj])e")
_LONG_I = re.compile("ee(?:(?!n\n|ne\n|v|\n)|(?<=[a-zA-Z]{4}ee)\n)")
_HARD_C = re.compile("c(?![ei])")
_TWICE = re.compile("([a-zA-Z])\\1+")


def universal_codes(words: Sequence[str]) -> list[str]:
    """The code of each word, as letters; words all at once.

    Parameters
    ----------
    words
        Words of a–z.

    Examples
    --------
    >>> universal_codes(["yulia", "iuliia", "yuliya", "shchukin", "schukin", "maria", "mario"])
    ['iulia', 'iulia', 'iulia', 'Sukin', 'Sukin', 'maria', 'mario']
    """
    text = "\n" + "\n".join(words) + "\n"
    text = text.replace("\n", "\n\n")  # neighbours share no line break, so that a step may read both ends of a word
    for old, new in _STEPS:
        text = text.replace(old, new)
    text = _AFTER_VOWEL.sub("e", text)
    text = _LONG_I.sub(lambda found: "i" + found[0][2:], text)
    text = text.replace("ou", "u").replace("oo", "u")
    text = _HARD_C.sub("k", text).replace("y", "i").replace("j", "i")
    return _TWICE.sub("\\1", text).strip("\n").split("\n\n") if words else []


_SLAVIC = "(?:[oe](?:v|w|va|wa|ff)|[iy]na?|sk(?:i|y|ij|ii|iy|yi|yj|aya|aia|aja|a)|[aeiouy]nko|uk|ich|ych|yk|ets|etz|ec)$"
_UKRAINIAN = "(?:nko|[ciyjrlnd]h?uk|skyi|skyy|yk|ych|ets|iak|yak)$"
_LONE_H = re.compile("(?<![sckztpgdb])h")


_SH, _CH, _TS = re.compile("s?t?sch|shch|sh"), re.compile("tsch|tch|ch|cz"), re.compile("ts|tz|c")


def _bare(word: str) -> str:
    """Without the hooks of Slavic letters, which folding takes away: š is s, č is c."""
    word = _SH.sub("s", _CH.sub("2", word))
    return _TS.sub("2", word.replace("zh", "z").replace("s2", "2").replace("j", "i"))


# What a word may be spelled like, too: (letters that are in it, pattern that is found in it, how to respell).
_VARIANTS = (
    ("e", re.compile("[uoa]e"), lambda word: word.replace("ue", "u").replace("oe", "o").replace("ae", "a")),
    ("ch", re.compile("^chr|.[^st]?(?<![st])ch"), lambda word: re.sub("(?<=.)(?<![st])ch|^ch(?=r)", "h", word)),
    ("ch", re.compile("^ch(?=[aeiouy]).*(?:os|is|as|ou|idi|aki|atzi|poulou)$"), lambda word: word[1:]),
    (
        "o",
        re.compile("[bvgdzklmnprstfh][yi]o[bvgdzklmnprstfh]"),
        lambda word: re.sub("(?<=[bvgdzklmnprstfh])[yi]o(?=[bvgdzklmnprstfh])", "e", word),
    ),
    ("ho", re.compile("[sc]ho[vwf]"), lambda word: re.sub("(?<=[sc]h)o(?=[vwf])", "e", word)),
    ("dj", re.compile("dj"), lambda word: word.replace("dj", "d")),
    ("sht", re.compile(f"sht.*{_SLAVIC}"), lambda word: word.replace("sht", "shch")),
    ("mp", re.compile("mp.*(?:os|is|as|ou|idi|aki)$"), lambda word: word.replace("mp", "b")),
    ("q", re.compile("q"), lambda word: word.replace("q", "g")),
    ("n", re.compile("^nt"), lambda word: f"d{word[2:]}"),
    ("m", re.compile("^mp"), lambda word: f"b{word[2:]}"),
    ("gk", re.compile("gk"), lambda word: word.replace("gk", "g")),
    ("ei", re.compile("ei.*(?:ou|os|is|as)$"), lambda word: word.replace("ei", "i")),
    ("h", re.compile(f"(?<![sckztpgdb])h.*{_UKRAINIAN}"), lambda word: _LONE_H.sub("g", word)),
    ("j", re.compile(f"(?:^|[aeiou])j[aeiou].*{_SLAVIC}"), lambda word: re.sub("(?:(?<=^)|(?<=[aeiou]))j", "zh", word)),
)
_HOOKED = re.compile(f"[zsc].*{_SLAVIC}")
MOST = 8  # variants of a word
_ANY = (
    f"[uoa]e|ch|[yi]o|shov|show|shof|dj|mp.*(?:[oia]s|ou|idi|aki)$|q|^nt|^mp|gk|ei.*(?:ou|[oia]s)$"
    f"|[jzsc].*{_SLAVIC}|h.*{_UKRAINIAN}"
)


def may_vary(words: Sequence[str]) -> list[int]:
    """Positions of the words that may have variants; quick.

    Examples
    --------
    >>> may_vary(["mueller", "anna", "sidorov"])
    [0, 2]
    """
    return places_of(_ANY, words)


def variants(word: str) -> Iterable[str]:
    """Other spellings that a word may stand for, as words, in a fixed order; hooked Slavic ones with a mark before them.

    Examples
    --------
    >>> list(variants("mueller")), list(variants("zhukov"))
    (['muller'], ['2zukov'])
    """
    found = [word]
    for letters, needed, respell in _VARIANTS:
        if more := [respell(one) for one in found if letters in one and needed.search(one)]:
            found = list(dict.fromkeys([*found, *more]))[:MOST]
    bare = [f"2{_bare(one)}" for one in found if _HOOKED.search(one)]
    return list(dict.fromkeys([*found[1:], *bare]))
