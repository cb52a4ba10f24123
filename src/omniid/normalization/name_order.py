"""Where the family name stands in a whole name, from words that say so; such names are rewritten as "Family, Given".

Spanish and Portuguese double surnames, Chinese, Korean and Vietnamese names, names before marriage ("née Jones"), surnames in
capitals ("DUPONT Jean"), Arabic names of God's servants and of the faith in pieces ("Abd al-Rahman", "Nour El-Din", in Arabic
letters too).
"""

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from omniid.given_names import is_given_name
from omniid.normalization.words import word_table

__all__ = ["ACCENTS", "MAIDEN_WORDS", "MARIAS", "SON", "UPPER", "OrderTables", "order_tables", "rearranged", "vietnamese_names"]

# The name somebody had before marriage, in English, French, German, Dutch, Polish, Czech, Russian, Ukrainian, Scandinavian.
MAIDEN = re.compile(
    r"[\s,]+[(\[]?\s*(?:n[ée]e|geb(?:\.|orene?|oren)?|z\s+domu|z\s+d\.|roz(?:\.|en[áa])|урожд(?:\.|[её]нная)?|дев\.|рожд\.|f[øo]dt|född)"
    r"[\s:]+(?P<maiden>[^\d()\[\],]+?)\s*[)\]]?$",
    re.IGNORECASE,
)
# "Abd al-Rahman" is one name, "Nour El-Din" another, where a family name follows.
SERVANT = re.compile(r"\bAbd(?:[ -]?(?:al|el|ul|ur|er|as|us|ar))?[ -]+(?P<whose>[a-z]{3,})(?= )", re.IGNORECASE)
FAITH = re.compile(
    r"\b(?P<what>nour|noor|nur|salah|ezz|izz|saif|seif|sayf|badr|shams|imad|emad|alaa?|jamal|gamal|kamal|hossam|husam|mohi|nasr|taqi"
    r"|zain|zein|fakhr|shihab|siraj|rukn)[ -]+(?:al|el|ul|ud|ed|ad)[ -]?d(?:in|een|ine)\b",
    re.IGNORECASE,
)
# The same in Arabic letters, of any keyboard: عبد الرحمن, نور الدین.
ARABIC_IN_PIECES = re.compile(r"(?<!\w)(?:(عبد) (?=ال\w)|(\w{2,}) (?=ال[دذ][يیى]ن(?!\w)))(?=\w+ )")
BAKR = re.compile(r"\babu[ -]bak(?:r|ar)(?= )", re.IGNORECASE)
SON = frozenset({"ben", "bar"})  # Hebrew: they begin a family name
MARIAS = frozenset({"maria", "ana", "rosa", "jose", "juan", "santa"})
# A syllable of a Chinese or Korean name as Latin letters write it.
SYLLABLE = re.compile(
    "(?:zh|ch|sh|kk|tt|pp|ss|jj|[bpmfdtnlgkhjqxrzcsyw])?"
    "(?:iang|iong|uang|yeo|yae|iao|uai|eo|eu|ae|oo|ee|oe|ou|wo|wa|wi|we|ya|ye|yo|yu|ui|uo|ua|ue|ia|ie|iu|ai|ei|ao|a|e|i|o|u)(?:ng|n|m|l|k|p|t|h)?"
)
UPPER = "A-ZÀ-ÖØ-ÞĆČĎŁŃŇŘŚŠŞŤŮŹŻŽĞİŐŰĂȘȚА-ЯЁ"
ACCENTS = {
    "a": "áàâãăạảấầẩẫậắằẳẵặ",
    "e": "éèêẽẻẹếềểễệ",
    "i": "íìĩỉị",
    "o": "óòôõơỏọốồổỗộớờởỡợ",
    "u": "úùũüưủụứừửữự",
    "y": "ýỳỷỹỵ",
    "n": "ñ",
    "c": "ç",
    "d": "đ",
}
PLAIN = {ord(accented): letter for letter, several in ACCENTS.items() for accented in several}
INITIALS = re.compile(r"(?:[^\W\d_]\.)+")
LONGEST_TITLE = 4  # letters of titles such as Prof, which stand before initials, too
APART = {ord(mark): " " for mark in "()[],.:"}
MAIDEN_WORDS = frozenset(
    word
    for words in (
        "ne né nee née geb geboren geborene z roz rozena rozená",
        "урожд урожденная урождённая дев рожд født fodt född",
    )
    for word in words.split()
)
CAPITALS = re.compile(f"[{UPPER}][{UPPER}'’-]{{2,}}")


TWO_SYLLABLES = re.compile(f"(?:{SYLLABLE.pattern}){{2}}")
LONG = 4  # letters that two syllables have at least, to be told from one


class OrderTables(NamedTuple):
    """Word sets that tell where a family name stands."""

    double: frozenset[str]
    devotion: frozenset[str]
    chinese_korean: frozenset[str]
    vietnamese: frozenset[str]
    maybe_vietnamese: frozenset[str]
    vietnamese_middle: frozenset[str]
    particles: frozenset[str]
    titles: frozenset[str]
    trailing: frozenset[str]


@cache
def order_tables() -> OrderTables:
    """Return the word sets, folded.

    Examples
    --------
    >>> "kim" in order_tables().chinese_korean, "nguyen" in order_tables().vietnamese
    (True, True)
    """
    table, names = word_table("name_order.tsv"), word_table("names.tsv")
    sets = {
        group: frozenset(spelling for spelling, word in words.items() if spelling != word) for group, words in table.items()
    }
    return OrderTables(
        sets["double surname"],
        sets["devotion"],
        frozenset(spelling for spelling, word in table["family first"].items() if word != "vietnamese" and spelling != word),
        frozenset(spelling for spelling, word in table["family first"].items() if word == "vietnamese" and spelling != word),
        sets["family first maybe"],
        sets["vietnamese middle"],
        frozenset(names["particle"]),
        frozenset(names["title"]),
        frozenset(names["suffix"]) | frozenset(names["credential"]),
    )


def rearranged(text: str) -> str:
    """Return a whole name as "Family, Given" where its words tell which is which; else the name as it is.

    Parameters
    ----------
    text
        A tidied name.

    Examples
    --------
    >>> rearranged("Gabriel García Márquez"), rearranged("Mary Smith (née Jones)"), rearranged("Kim Min Jun")
    ('García Márquez, Gabriel', 'Smith Jones, Mary', 'Kim, Min-Jun')
    >>> rearranged("John Smith"), rearranged("Nguyễn Văn An"), rearranged("DUPONT Jean")
    ('John Smith', 'Nguyễn, An Văn', 'DUPONT, Jean')
    """
    if " " not in text:
        return text
    lower = text.lower()
    if not MAIDEN_WORDS.isdisjoint(lower.translate(APART).split()) and (found := MAIDEN.search(text)):
        return _with_maiden_name(text[: found.start()], found["maiden"])
    if lower.count(" ") > 1:
        text = SERVANT.sub(lambda m: f"Abdul{m['whose'].lower()}", text) if "abd" in lower else text
        text = BAKR.sub("Abubakr", text) if "abu" in lower else text
        text = ARABIC_IN_PIECES.sub(lambda m: m[1] or m[2], text) if "ال" in text else text
        text = FAITH.sub(lambda m: f"{m['what']}eddin", text) if "in" in lower or "een" in lower else text
    if "," in text or " " not in text:
        return text
    words = text.split()
    tables = order_tables()
    while len(words) > 2 and _plain(words[0]) in tables.titles:
        words = words[1:]
    end = len(words)
    while end > 2 and _plain(words[end - 1]) in tables.trailing:
        end -= 1
    parted = _parted(words[:end])
    if parted is None:
        return text
    family, given = parted
    return f"{' '.join(family)}, {' '.join(given + words[end:])}"


def _with_maiden_name(before: str, maiden: str) -> str:
    """The name with the one before marriage among the family names."""
    whole = rearranged(before.rstrip(" ,("))
    if "," in whole:
        family, given = whole.split(",", 1)
        return f"{family} {maiden},{given}"
    words = whole.split()
    if len(words) < 2:
        return f"{whole} {maiden}"
    start = next((i for i in range(1, len(words) - 1) if _plain(words[i]) in order_tables().particles), len(words) - 1)
    return f"{' '.join(words[start:])} {maiden}, {' '.join(words[:start])}"


def _parted(words: Sequence[str]) -> tuple[list[str], list[str]] | None:
    """(family, given) where the words tell."""
    if len(words) < 2:
        return None
    capitals = 0
    while capitals < len(words) and CAPITALS.fullmatch(words[capitals]):
        capitals += 1
    if 0 < capitals < len(words) and any(letter.islower() for letter in words[capitals]):
        return list(words[:capitals]), list(words[capitals:])
    folded = [_plain(word) for word in words]
    if CAPITALS.match(words[0]) is None and len(words[0]) > LONGEST_TITLE and _two_initials(words[1:]):
        return None if is_given_name(folded[0]) else ([words[0]], list(words[1:]))  # "Иванов И. П."
    return _eastern(words, folded) or _double(words, folded)


def _two_initials(words: Sequence[str]) -> bool:
    """Whether words are initials of given names, at least two: one alone is as a rule that of a surname ("Regina J.")."""
    return all(map(INITIALS.fullmatch, words)) and sum(word.count(".") for word in words) > 1


def _eastern(words: Sequence[str], folded: Sequence[str]) -> tuple[list[str], list[str]] | None:
    """Chinese, Korean and Vietnamese names: the family name first, or a given name of two words before it."""
    tables, last = order_tables(), folded[-1]
    if len(words) > 2 and last not in tables.vietnamese:
        sure = folded[0] in tables.vietnamese
        if (sure or folded[0] in tables.maybe_vietnamese) and folded[1] in tables.vietnamese_middle:
            return [words[0]], [words[-1], *words[1:-1]]
    if len(words) == 2 and folded[0] in tables.chinese_korean and last not in tables.chinese_korean:
        parts = last.split()
        if len(parts) == 2 and all(SYLLABLE.fullmatch(part) for part in parts):
            return [words[0]], [words[1]]
        # "Jeong Woosung"; but Lee Nelson may be a Lee.
        if not is_given_name(folded[0]) and len(last) > LONG and TWO_SYLLABLES.fullmatch(last):
            return [words[0]], [words[1]]
    if len(words) == 3 and all(SYLLABLE.fullmatch(word) for word in folded):
        if folded[0] in tables.chinese_korean and last not in tables.chinese_korean:
            return [words[0]], [f"{words[1]}-{words[2]}"]
        if last in tables.chinese_korean and folded[0] not in tables.chinese_korean:
            return [words[2]], [f"{words[0]}-{words[1]}"]
        if folded[0] in tables.chinese_korean and not is_given_name(folded[0]):
            return [words[0]], [f"{words[1]}-{words[2]}"]
    return None


def _double(words: Sequence[str], folded: Sequence[str]) -> tuple[list[str], list[str]] | None:
    """Names of three words or more that end in two family names, and given names of devotion ("María del Carmen")."""
    tables, n = order_tables(), len(words)
    if n < 3:
        return None
    start = 1
    if folded[0] in MARIAS and folded[1] in tables.particles:
        name = next((i for i in range(1, n) if folded[i] not in tables.particles), n)
        if name < n - 1 and folded[name] in tables.devotion:
            start = name + 1
    lead = next((i for i in range(n) if folded[i] not in tables.double or is_given_name(folded[i])), n)
    if 1 < lead < n and all(is_given_name(word) for word in folded[lead:]):  # "Ruiz Garrido Juan"
        return list(words[:lead]), list(words[lead:])
    for i in range(start, n - 1):
        if folded[i] in SON or (folded[i] in tables.double and (i > 1 or not is_given_name(folded[i]))):
            while i > start and folded[i - 1] in tables.particles:
                i -= 1
            return list(words[i:]), list(words[:i])
    return (list(words[start:]), list(words[:start])) if start > 1 else None


@lru_cache(maxsize=10_000)  # the words that tell are few, and many names have them
def _plain(word: str) -> str:
    """A word's letters in lower case, Latin ones without the accents that names in the tables have; pieces of it apart."""
    return word.lower().translate(PLAIN).replace("-", " ").replace(".", "").replace("'", "").replace("’", "").strip()


@cache
def vietnamese_names() -> frozenset[str]:
    """Folded Vietnamese family names.

    Examples
    --------
    >>> "nguyen" in vietnamese_names(), "smith" in vietnamese_names()
    (True, False)
    """
    return order_tables().vietnamese | order_tables().maybe_vietnamese
