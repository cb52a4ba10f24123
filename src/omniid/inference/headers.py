"""What a column's header says: words, a known phrase among them, and what the other words do to it."""

import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

__all__ = ["HeaderReading", "Meaning", "read_header", "split_header", "tidy_name"]

# Letters that NFKD leaves whole, and the two Arabic letters that Persian keyboards spell in two ways.
_ALIKE = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه"})
_SHORT = 2  # phrases of so few letters ("by", "id") count only as the whole header
_PREFIX = 3  # shortest word that is taken off the front of a header written in one ("useremail")
_LONGEST = 400  # characters of a header that are read; a longer one is no name
_TIDY = 80  # characters of an attribute's name
_ADDRESS_KINDS = frozenset({"?address", "address", "street"})
_ADDRESS_PARTS = frozenset(
    {"street", "house_number", "unit", "city", "postcode", "region", "?state", "country", "phone", "company"}
)


@dataclass(frozen=True)
class Meaning:
    """What one known phrase stands for.

    Parameters
    ----------
    kind, field
        As in `Guess`; a kind that starts with "?" is settled by the values and the other columns.
    strict
        Whether the phrase counts only beside words that change nothing.
    language
        Two letters: where the phrase is used.

    Examples
    --------
    >>> Meaning("email", "email", False, "en").kind
    'email'
    """

    kind: str
    field: str
    strict: bool
    language: str


@dataclass(frozen=True)
class HeaderReading:
    """What a header says about its column.

    Parameters
    ----------
    header
        The header as the source spells it.
    meaning
        The meaning of the phrase found, None where there is none.
    exactness
        0 the header is the phrase, 1 the other words change nothing, 2 it has unknown words.
    setting
        Whose address or name: "billing", "shipping", "home" … or None.
    denied
        The word that makes the column a statement about a value, or somebody else's value; None if there is none.

    Examples
    --------
    >>> read_header("billing_city").setting
    'billing'
    """

    header: str
    meaning: Meaning | None
    exactness: int
    setting: str | None
    denied: str | None

    @property
    def kind(self) -> str | None:
        """The kind of the meaning, if there is one."""
        return self.meaning.kind if self.meaning else None


@dataclass(frozen=True)
class _Vocabulary:
    phrases: Mapping[str, Meaning]
    neutral: frozenset[str]
    denying: frozenset[str]
    settings: Mapping[str, str]


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.replace("№", " no "))
    return "".join(char for char in decomposed if unicodedata.category(char) not in ("Mn", "Cf"))


def _pieces(text: str, *, cut_digits: bool) -> Iterator[str]:
    """Runs of letters and digits, cut where camelCase starts a new word and, if asked, between letters and digits."""
    word = ""
    for i, char in enumerate(text):
        inside = char.isalnum() or unicodedata.category(char).startswith("M")  # vowel signs belong to their word
        if word and (not inside or _starts_word(word[-1], char, text[i + 1 : i + 2], cut_digits)):
            yield word
            word = ""
        if inside:
            word += char
    if word:
        yield word


def _starts_word(last: str, char: str, following: str, cut_digits: bool) -> bool:
    if cut_digits and last.isdigit() != char.isdigit():
        return True
    return char.isupper() and (last.islower() or (last.isupper() and following.islower()))


def split_header(header: str) -> tuple[str, ...]:
    """Split a header into folded words: no case, no diacritics, one spelling of Persian letters.

    Parameters
    ----------
    header
        In camelCase, snake_case, with spaces or punctuation, in any script.

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> split_header("traits.firstName2")
    ('traits', 'first', 'name', '2')
    >>> split_header("Imię_i_nazwisko")
    ('imie', 'i', 'nazwisko')
    """
    return tuple(piece.casefold().lower().translate(_ALIKE) for piece in _pieces(_folded(header[:_LONGEST]), cut_digits=True))


def tidy_name(header: str) -> str:
    """Write a header as snake_case, keeping its script and diacritics; "" if it has no letter or digit.

    Examples
    --------
    >>> tidy_name("Total Spent"), tidy_name("Дата выдачи")
    ('total_spent', 'дата_выдачи')
    """
    composed = unicodedata.normalize("NFC", "".join(c for c in header[:_LONGEST] if unicodedata.category(c) != "Cf"))
    return "_".join(piece.casefold().lower() for piece in _pieces(composed, cut_digits=False))[:_TIDY]


@cache
def _vocabulary() -> _Vocabulary:
    data = tomllib.loads(files("omniid.inference").joinpath("data/headers.toml").read_text("utf-8"))
    alone = {"".join(split_header(phrase)) for phrase in data["words"]["strict"]}
    phrases: dict[str, Meaning] = {}
    for entry in data["meaning"]:
        for language, words in entry.items():
            for phrase in words if isinstance(words, list) else ():
                folded = "".join(split_header(phrase))
                strict = entry.get("strict", False) or folded in alone
                phrases.setdefault(folded, Meaning(entry["kind"], entry["field"], strict, language))
    settings = {"".join(split_header(word)): entry["name"] for entry in reversed(data["setting"]) for word in entry["words"]}
    neutral = frozenset("".join(split_header(word)) for word in data["words"]["neutral"])
    denying = frozenset("".join(split_header(word)) for word in data["words"]["denying"])
    return _Vocabulary(phrases, neutral, denying, settings)


def _unstick(words: tuple[str, ...], vocabulary: _Vocabulary) -> tuple[str, ...]:
    """Take a known first word off a header written in one: "useremail" → "user", "email"."""
    if len(words) != 1 or words[0] in vocabulary.phrases:
        return words
    word = words[0]
    known = vocabulary.settings.keys() | vocabulary.neutral | vocabulary.denying
    for cut in range(len(word) - 1, _PREFIX - 1, -1):
        if word[:cut] in known and word[cut:] in vocabulary.phrases and len(word) - cut > _SHORT:
            return word[:cut], word[cut:]
    return words


def _find_phrase(words: tuple[str, ...], vocabulary: _Vocabulary) -> tuple[int, int, Meaning] | None:
    """(start, stop, meaning) of the longest phrase, of equal ones the last; an address part beats the address that it is in."""
    found: list[tuple[int, int, int]] = []
    for start in range(len(words)):
        for stop in range(start + 1, min(len(words), start + 8) + 1):
            phrase = "".join(words[start:stop])
            whole = stop - start == len(words)
            if phrase in vocabulary.phrases and (whole or len(phrase) > _SHORT):
                found.append((len(phrase), start, stop))
    if not found:
        return None
    _, start, stop = max(found)
    meaning = vocabulary.phrases["".join(words[start:stop])]
    if meaning.kind in _ADDRESS_KINDS:
        for _, later, end in sorted(found, reverse=True):
            part = vocabulary.phrases["".join(words[later:end])]
            if later >= stop and part.kind in _ADDRESS_PARTS:
                return later, end, part
    return start, stop, meaning


def read_header(header: str) -> HeaderReading:
    """Read a header: the known phrase in it, whose value it is, and what denies it.

    Parameters
    ----------
    header
        As the source spells it; the known phrases are English, Russian, Polish and Persian, with the usual ones of German,
        Spanish, French, Italian, Portuguese, Turkish and Ukrainian.

    Returns
    -------
    HeaderReading

    Examples
    --------
    >>> read_header("Телефон клиента").kind
    'phone'
    >>> read_header("email_verified").denied
    'verified'
    >>> read_header("c7").kind is None
    True
    """
    vocabulary = _vocabulary()
    words = _unstick(split_header(header), vocabulary)
    hit = _find_phrase(words, vocabulary)
    start, stop, meaning = hit or (0, 0, None)
    around = words[:start] + words[stop:]
    setting = next((vocabulary.settings[word] for word in around if word in vocabulary.settings), None)
    denied = next((word for word in around if word in vocabulary.denying), None)
    if meaning is None or not around:
        return HeaderReading(header, meaning, 0, setting, denied)
    harmless = vocabulary.neutral | vocabulary.settings.keys()
    unknown = any(word not in harmless and not word.isdigit() and len(word) > 1 for word in around)
    if meaning.strict and unknown:
        return HeaderReading(header, None, 0, setting, denied)
    return HeaderReading(header, meaning, 2 if unknown else 1, setting, denied)
