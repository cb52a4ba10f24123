"""Names of scripts that cannot be read letter by letter, in Latin letters: by table, else by the rules of the script.

Arabic and Hebrew leave most vowels out, Devanagari leaves them in that nobody speaks, Greek writes one sound with two letters,
and Japanese reads Chinese characters its own way. A name that stands in a table of usual spellings takes the commonest of them.
What is in none keeps, in Arabic and Hebrew, the letters that are written and no others: "rhmny"; `spelling_keys` knows what
Latin spellings that may stand for.
"""

import re
from functools import cache
from unicodedata import normalize

from omniid.spellings.japanese import japanese_word
from omniid.spellings.spelling_tables import script_names, unified

__all__ = ["SCRIPTS", "romanize"]

ARABIC = "\u0610-\u061a\u0620-\u065f\u066e-\u06d3\u06d5-\u06ef\u06fa-\u06ff\u200c\u200d"
HEBREW = "\u0591-\u05c7\u05d0-\u05f4"
DEVANAGARI = "\u0900-\u0963\u0971-\u097f\u200c\u200d"
GREEK = "\u0370-\u03ff\u1f00-\u1fff\u0300-\u036f"
HAN = "\u3005\u3400-\u9fff"
ARMENIAN = "\u0531-\u0556\u0561-\u0587"
# Letters of the scripts that are romanized here; the others fold letter by letter.
SCRIPTS = f"{ARABIC}{HEBREW}{DEVANAGARI}{GREEK}{HAN}{ARMENIAN}ъЪ"
_RUNS = re.compile(
    f"(?P<arabic>[{ARABIC}]+)|(?P<hebrew>[{HEBREW}]+)|(?P<devanagari>[{DEVANAGARI}]+)|(?P<greek>[{GREEK}]+)|(?P<han>[{HAN}]+)"
    f"|(?P<armenian>[{ARMENIAN}]+)|(?P<hard>[ъЪ])"
)


def _letters(script: str, *latin: str) -> dict[str, str]:
    """Letters of a script and what is written for each; "_" is nothing."""
    spelled = [letters for line in latin for letters in line.split()]
    return {letter: letters.strip("_") for letter, letters in zip(script, spelled, strict=True)}


_ARABIC_LETTERS = _letters(
    "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیٹڈڑںڤ",
    "a b p t th j ch h kh d dh r z zh s sh s dh t dh _ gh f q k g l m n w h y t d r n v",
)
_ARABIC_TABLE = str.maketrans(_ARABIC_LETTERS)
_HEBREW_LETTERS = _letters("אבגדהוזחטיכךלמםנןסעפףצץקרשת", "a b g d h w z ch t y k k l m m n n s _ p p ts ts k r sh t")
# What stands behind a name and makes a family name of it.
_ARABIC_ENDINGS = {"ی": "i", "زاده": "zadeh", "پور": "pour", "نیا": "nia", "یان": "ian", "نژاد": "nejad", "فر": "far"}


def romanize(text: str) -> str:
    """A text with its Arabic, Hebrew, Devanagari, Greek and Japanese words in Latin letters; the rest as it is.

    Parameters
    ----------
    text
        A name in any script, in Unicode's form NFKC.

    Returns
    -------
    str
        Lower-case Latin letters where a word was romanized.

    Examples
    --------
    >>> romanize("حسین"), romanize("الرحمانی"), romanize("שרה"), romanize("शर्मा"), romanize("田中"), romanize("Παπαδόπουλος")
    ('hossein', 'al rahmani', 'sarah', 'sharma', 'tanaka', 'papadopoulos')
    """
    return _RUNS.sub(_of_run, text)


def _of_run(found: re.Match[str]) -> str:
    word = found[0]
    match found.lastgroup:
        case "arabic":
            return _arabic(unified(word)) or word
        case "hebrew":
            return _hebrew(unified(word)) or word
        case "devanagari":
            return _devanagari(word)
        case "greek":
            return _greek(word)
        case "armenian":
            return _ARMENIAN.sub(lambda pair: _ARMENIAN_PAIRS[pair[0].lower()], word)
        case "hard":  # a vowel in Bulgarian, where no vowel follows; a mere sign in Russian, where one does
            return word if found.string[found.end() : found.end() + 1].lower() in "еёюяиоэ" else "a"
        case _:
            return japanese_word(word) or word


_ARMENIAN_PAIRS = {"ու": "u", "եւ": "ev", "և": "ev"}
_ARMENIAN = re.compile("|".join(_ARMENIAN_PAIRS), re.IGNORECASE)


def _arabic(word: str) -> str:
    """A word in Latin letters: as in the table, its parts as there, or letter by letter."""
    if found := _arabic_name(word):
        return found
    if word.startswith("ال") and len(word) > 4:
        return f"al {_arabic(word[2:])}"
    return word.translate(_ARABIC_TABLE)


@cache
def _arabic_name(word: str) -> str | None:
    names = script_names("arabic")
    if word in names:
        return names[word][0]
    for ending, latin in _ARABIC_ENDINGS.items():
        if word.endswith(ending) and len(word) > len(ending) + 2 and word[: -len(ending)] in names:
            return names[word[: -len(ending)]][0] + latin
    for cut in range(3, len(word) - 2):
        if word[:cut] in names and word[cut:] in names:
            return names[word[:cut]][0] + names[word[cut:]][0]
    return None


def _hebrew(word: str) -> str:
    names = script_names("hebrew")
    if word in names:
        return names[word][0]
    letters = [_HEBREW_LETTERS.get(letter, "") for letter in word]
    return "".join(letter for place, letter in enumerate(letters) if letter != "a" or place in (0, len(letters) - 1))


_VOWELS = {"अ": "a", "आ": "a", "इ": "i", "ई": "i", "उ": "u", "ऊ": "u", "ऋ": "ri", "ए": "e", "ऐ": "ai", "ओ": "o", "औ": "au",
           "ऑ": "o", "ॲ": "a"}  # fmt: skip
_SIGNS = {"ा": "a", "ि": "i", "ी": "i", "ु": "u", "ू": "u", "ृ": "ri", "े": "e", "ै": "ai", "ो": "o", "ौ": "au", "ॉ": "o", "ॅ": "e"}
_CONSONANTS = _letters(
    "कखगघङचछजझञटठडढणतथदधनपफबभमयरलवशषसहळ",
    "k kh g gh n ch chh j jh n t th d dh n t th d dh n p ph b bh m y r l v sh sh s h l",
)
_HINDI_WORDS = {"सिंह": "singh", "सिन्हा": "sinha"}


def _devanagari(word: str) -> str:
    """Consonants with the vowels that are spoken: the short a is silent at the end, and between vowels of its neighbours."""
    word = normalize("NFD", word).replace("\u093c", "").replace("\u200c", "").replace("\u200d", "")
    if word in _HINDI_WORDS:
        return _HINDI_WORDS[word]
    word = word.replace("ज्ञ", "ग्य")
    parts: list[list[str]] = []  # consonants and the vowel after them; "A" is the vowel that nobody writes
    for letter in word:
        if letter in _CONSONANTS:
            parts.append([_CONSONANTS[letter], "A"])
        elif letter in _VOWELS:
            parts.append(["", _VOWELS[letter]])
        elif letter in _SIGNS and parts:
            parts[-1][1] = _SIGNS[letter]
        elif letter == "\u094d" and parts:
            parts[-1][1] = ""
        elif letter in "ंँ" and parts:
            parts[-1][1] = parts[-1][1].replace("A", "a")
            parts.append(["n", ""])
        elif letter == "ः" and parts:
            parts[-1][1] += "h"
    for place in range(len(parts) - 1, 0, -1):
        if parts[place][1] == "A" and parts[place - 1][1]:  # not after a cluster
            after = parts[place + 1] if place + 1 < len(parts) else None
            if after is None or (after[0] and after[1]):
                parts[place][1] = ""
    latin = "".join(consonant + vowel.replace("A", "a") for consonant, vowel in parts)
    return re.sub("n(?=[pbm])", "m", re.sub("av$", "ao", latin.replace("chchh", "chh")))


_GREEK_PAIRS = {"ου": "ou", "αυ": "av", "ευ": "ev", "ηυ": "iv", "γγ": "ng", "γχ": "nch", "γξ": "nx", "γκ": "gk", "μπ": "mp"}
_GREEK_LETTERS = _letters("αβγδεζηθικλμνξοπρσςτυφχψω", "a v g d e z i th i k l m n x o p r s s t y f ch ps o")
_GREEK_TABLE, _GREEK_MARKS = str.maketrans(_GREEK_LETTERS), dict.fromkeys(range(0x0300, 0x0370))
_GREEK_PAIR = re.compile("|".join(_GREEK_PAIRS))
_BEFORE_VOICELESS = re.compile("(?<=[ae])v(?=[θκξπσςτφχψthkxpsfc])")


def _greek(word: str) -> str:
    """As passports write it (ELOT 743), without the marks."""
    bare = normalize("NFD", word.lower()).translate(_GREEK_MARKS)
    latin = _GREEK_PAIR.sub(lambda found: _GREEK_PAIRS[found[0]], bare).translate(_GREEK_TABLE)
    latin = f"b{latin[2:]}" if latin.startswith("mp") else latin
    return _BEFORE_VOICELESS.sub("f", latin) if "αυ" in bare or "ευ" in bare else latin
