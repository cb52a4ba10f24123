"""Surnames as a family shares them: Kowalski and Kowalska, Кузнецов and Кузнецова, Papadopoulos and Papadopoulou."""

import re
from functools import cache, lru_cache

import pyarrow as pa
import pyarrow.compute as pc

from omniid.tables.arrays import text_array

__all__ = ["GENDERED", "SPELLINGS", "are_one_family", "root_of_surname", "surname_root", "surname_roots"]

# Endings that differ between the women and the men of one family, in Latin letters without diacritics: what is cut off.
# Slavic adjectives (-ski, -ska, -skaya), Slavic possessives (-ov, -ova; Czech Novák, Nováková), -in, -ina, Greek -os, -ou, -is,
# Lithuanian (-iene is a wife, -aite, -yte, -ute a daughter), Latvian -s, -a is too short to tell.
GENDERED = (
    ("", ("skaya", "skaia", "skaja", "skiy", "skii", "skij", "skyj", "sky", "ski", "ska", "skoy")),
    ("", ("ckaya", "ckiy", "cki", "cka", "cky", "dzki", "dzka", "zki", "zka")),
    ("", ("yova", "yov", "ova", "ov", "off", "yeva", "yev", "eva", "ev", "owa", "ow")),
    ("in", ("ina", "in")),
    ("yn", ("yna", "yn")),
    ("", ("iene", "iute", "ius", "aite", "yte", "ute", "as", "ys", "us")),
    ("", ("opoulou", "opoulos", "ou", "os", "is", "idi", "idis")),
    ("", ("aya", "aia", "iy", "yy", "oy", "ij")),
)
# Spellings of one surname that letters alone do not bring together, romanised or inherited; the first stands for all.
SPELLINGS = (
    # Korean, romanised
    *("lee yi rhee", "park pak bak", "choi choe", "jung jeong chung cheong", "lim im rim", "yoon yun", "cho jo", "seo suh"),
    *("yoo ryu yu ryoo", "kang gang", "noh roh", "ahn an", "baek paik baik", "kwak gwak", "shin sin", "moon mun", "koo gu ku"),
    *("jang chang", "jeon chun", "huh heo hur", "kim gim", "kwon gwon", "hwang whang", "bae pae"),
    # Chinese, pinyin and Wade–Giles
    *("xu hsu", "cai tsai", "zhou chou", "xie hsieh", "zhao chao", "lu lyu", "zeng tseng", "jiang chiang", "guo kuo", "ye yeh"),
    # Japanese long vowels
    *("ito itoh itou", "sato satoh satou", "kato katoh", "goto gotoh", "ono ohno oono", "oe ohe ooe", "saito saitoh saitou"),
    *("kondo kondoh kondou", "endo endoh endou", "ota ohta oota", "oshima ohshima ooshima", "onishi ohnishi oonishi"),
    # Indian
    *("chaudhary choudhury chowdhury chaudhuri chaudhry choudhary choudhry", "mukherjee mukhopadhyay mookerjee"),
    *(
        "banerjee bandyopadhyay bannerjee",
        "chatterjee chattopadhyay",
        "ganguly gangopadhyay",
        "iyer aiyar ayyar",
        "verma varma",
    ),
    *("agarwal aggarwal agrawal", "qureshi koreishi quraishi"),
    # German, Dutch, English
    *("meier meyer maier mayer mayr meyr", "schmidt schmitt schmid schmied", "schulz schulze schultz schultze"),
    *("hofmann hoffmann hoffman hofman", "jansen janssen janssens", "peters peeters pieters", "smith smyth smythe"),
    *("clark clarke", "brown browne", "reid reed read", "stewart stuart", "white whyte", "green greene", "gray grey"),
    # Hebrew, Arabic, Persian
    *(
        "levy levi lewi",
        "cohen kohn cohn kahn",
        "katz kac",
        "weiss weisz weis",
        "khoury khouri koury",
        "mousavi musavi moosavi",
    ),
    *("noori nouri nuri", "hosseini husseini husaini hoseini"),
    "tchaikovsky chaykovskiy chaikovskii",
)
_SHORTEST = 3  # letters that are left of a surname, so that Li is not Lis


@cache
def _endings() -> tuple[re.Pattern[str], dict[str, str]]:
    """One pattern for all endings, the longest first, and what is kept of each."""
    kept = {ending: keep for keep, endings in GENDERED for ending in endings}
    return re.compile(f"(.{{{_SHORTEST},}}?)({'|'.join(sorted(kept))})"), kept


def surname_root(word: str) -> str:
    """Return a surname without the ending that tells a man's from a woman's.

    Parameters
    ----------
    word
        Normal form, one word.

    Examples
    --------
    >>> surname_root("kowalska") == surname_root("kowalski"), surname_root("novakova") == surname_root("novak")
    (True, True)
    """
    pattern, kept = _endings()
    found = pattern.fullmatch(word)
    return word if found is None else found[1] + kept[found[2]]


def surname_roots(surnames: pa.LargeStringArray) -> pa.LargeStringArray:
    """The surnames with the `surname_root` of each word; one of several spellings is the first of them.

    Parameters
    ----------
    surnames
        Normal forms, without nulls.

    Examples
    --------
    >>> surname_roots(pa.array(["kowalska nowak", "li"], pa.large_string())).to_pylist()
    ['kowal nowak', 'li']
    >>> surname_roots(pa.array(["choudhury", "qasemi"], pa.large_string())).to_pylist()
    ['chaudhary', 'ghasemi']
    """
    roots = surnames
    for pattern, root in _cuts():
        roots = pc.replace_substring_regex(roots, pattern, root)
    spellings, firsts = _spellings()
    found = pc.index_in(surnames, value_set=spellings)
    return pc.replace_with_mask(roots, found.is_valid(), firsts.take(found.drop_null()))


def root_of_surname(surname: str) -> str:
    """Return what `surname_roots` makes of one surname.

    Examples
    --------
    >>> root_of_surname("kowalska nowak"), root_of_surname("choudhury"), root_of_surname("qasemi")
    ('kowal nowak', 'chaudhary', 'ghasemi')
    """
    first = _firsts().get(surname)
    if first is not None:
        return first
    for pattern, root in _cuts():
        surname = re.sub(pattern, root, surname, flags=re.ASCII)
    return surname


_root = lru_cache(1 << 16)(root_of_surname)


def are_one_family(one: str, two: str) -> bool:
    """Whether two surnames have one root.

    Examples
    --------
    >>> are_one_family("kowalska", "kowalski"), are_one_family("lee", "yi"), are_one_family("novak", "nowicki")
    (True, True, False)
    """
    firsts = _firsts()
    left, right = firsts.get(one, one), firsts.get(two, two)  # nothing is cut off before the third letter; q may become g
    if left[:1] != right[:1] and "q" not in (left[:1], right[:1]):
        return False
    return _root(one) == _root(two)


@cache
def _cuts() -> tuple[tuple[str, str], ...]:
    """What is cut off surnames, one after the other: patterns, and what they leave."""
    cut = "|".join(ending for keep, endings in GENDERED if not keep for ending in endings)
    return (
        (rf"(\w{{{_SHORTEST},}}?[iy]n)a\b", r"\1"),  # what GENDERED keeps: -in, -yn
        (rf"(\w{{{_SHORTEST},}}?)(?:{cut})\b", r"\1"),
        (r"q([^u]|$)", r"gh\1"),  # Persian: Qasemi, Ghasemi
    )


@cache
def _firsts() -> dict[str, str]:
    """Spelling of a surname → the first of its spellings; of several groups the first counts."""
    found: dict[str, str] = {}
    for group in SPELLINGS:
        for spelling in group.split():
            found.setdefault(spelling, group.split()[0])
    return found


@cache
def _spellings() -> tuple[pa.LargeStringArray, pa.LargeStringArray]:
    """Spellings of surnames, and the first of each."""
    pairs = [(spelling, group.split()[0]) for group in SPELLINGS for spelling in group.split()]
    return text_array([spelling for spelling, _ in pairs]), text_array([first for _, first in pairs])
