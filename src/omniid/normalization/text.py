"""Plain text: tidying, folding, and telling what says nothing at all."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from anyascii import anyascii

from omniid.normalization.words import word_table
from omniid.tables import NormalForm

__all__ = [
    "ascii_digits",
    "fold",
    "fold_words",
    "folded_form",
    "is_missing",
    "latin_of",
    "missing_words",
    "normalize_attribute",
    "normalize_category",
    "normalize_text",
    "prepare",
    "shorten",
    "tidy",
]

TEXT_LIMIT = 10_000
CATEGORY_LIMIT = 256

SPACES = re.compile("[\t\n\v\f\r\x85\u2028\u2029]")
# Controls, soft hyphen, zero-width and bidi marks, variation selectors, surrogates, tags: nobody sees them.
UNSEEN = re.compile(
    "[\0-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e01ef]"
)
# A (non-)joiner shapes Arabic and Indic letters and is kept between them; elsewhere it is dirt.
JOINERS = re.compile("(?<![\u0600-\u0dff])[\u200c\u200d]|[\u200c\u200d](?![\u0600-\u0dff])")
APOSTROPHES = re.compile("['`‘’ʼʻʹʽ′＇]")
NOT_WORDS = re.compile("[^a-z0-9\n]+")
NOT_WORD = re.compile("[^a-z0-9]+")
LONGEST_MISSING = 40
PLACEHOLDING = "-–—_.?*/\\|~ "


def tidy(value: str) -> str:
    r"""Return the value as it should be shown: NFKC, without unseen characters, single spaces.

    Letters keep their script and case. Idempotent.

    Parameters
    ----------
    value
        Any text, lone surrogates and NUL included.

    Returns
    -------
    str
        Text that UTF-8 can hold; "" if nothing can be seen.

    References
    ----------
    Unicode Standard Annex #15, "Unicode Normalization Forms".

    Examples
    --------
    >>> tidy("  Anna\u200b\x00   Ｋowalska ")
    'Anna Kowalska'
    """
    if not (value.isascii() and value.isprintable()):
        seen = JOINERS.sub("", UNSEEN.sub("", SPACES.sub(" ", value))).replace("\xb4", "'")
        value = unicodedata.normalize("NFKC", seen)
    return " ".join(value.split())


def fold(value: str) -> str:
    """Return lower-case Latin letters and digits, words apart by one space; apostrophes join, symbols vanish.

    Other scripts are transliterated, so that "Анна" and "Anna" meet. Idempotent.

    Parameters
    ----------
    value
        Any text.

    Returns
    -------
    str
        Only a–z, 0–9 and single spaces; "" if no letter or digit is in it.

    Examples
    --------
    >>> fold("Łukasz O’Brien-Юрьев")
    'lukasz obrien yurev'
    """
    text = tidy(value)
    if not text.isascii():
        letters = "".join([" " if unicodedata.category(letter)[0] == "S" else letter for letter in text])
        text = anyascii(APOSTROPHES.sub("", letters))
    return NOT_WORD.sub(" ", APOSTROPHES.sub("", text).lower()).strip()


def fold_words(words: Sequence[str]) -> list[str]:
    """Return each word folded, as `fold` does; all at once, as characters fold one by one.

    Examples
    --------
    >>> fold_words(["Łukasz", "O’Brien-Юрьев", "ﬁ"])
    ['lukasz', 'obrien yurev', 'fi']
    """
    clean = [_is_clean(word) for word in words]
    text = "\n".join([word for word, is_clean in zip(words, clean, strict=True) if is_clean])
    latin = text.translate({ord(mark): latin_of(mark) for mark in set(text) if not mark.isascii() or mark == "'"})
    folded = iter(NOT_WORDS.sub(" ", latin.lower()).split("\n"))
    return [next(folded).strip() if is_clean else fold(word) for word, is_clean in zip(words, clean, strict=True)]


def _is_clean(word: str) -> bool:
    """Whether tidying changes no character of a word, and what its characters fold to does not depend on the others."""
    if word.isalpha():
        return word.isascii() or unicodedata.is_normalized("NFKC", word)
    return "`" not in word and " " not in word and tidy(word) == word


@cache
def latin_of(mark: str) -> str:
    """Return what a character of a tidied text folds to, before upper case and symbols go.

    Examples
    --------
    >>> latin_of("Щ"), latin_of("’")
    ('Shch', '')
    """
    if APOSTROPHES.fullmatch(mark):
        return ""
    return " " if unicodedata.category(mark)[0] == "S" else APOSTROPHES.sub("", anyascii(mark)).replace("\n", " ")


def missing_words() -> frozenset[str]:
    """Words of which the entries for "unknown" consist, lower case.

    Examples
    --------
    >>> "n/a" in missing_words(), "anna" in missing_words()
    (True, False)
    """
    return _missing_words()


def ascii_digits(text: str) -> str:
    """Return the text with decimal digits of any script as 0-9.

    Examples
    --------
    >>> ascii_digits("۱۳۷۰-05")
    '1370-05'
    """
    if text.isascii():
        return text
    return "".join([str(unicodedata.decimal(mark)) if mark.isdecimal() else mark for mark in text])


def is_missing(value: str | None) -> bool:
    """Tell whether a value says nothing: empty, blank, or a word such as "N/A", "nan", "brak", "не указано".

    Parameters
    ----------
    value
        A raw value.

    Returns
    -------
    bool
        True if it counts as missing.

    Examples
    --------
    >>> [is_missing(value) for value in (None, " ", "N/A", "--", "нет", "Nadia")]
    [True, True, True, True, True, False]
    """
    return value is None or _says_nothing(tidy(value))


def _says_nothing(text: str) -> bool:
    """Whether tidied text is empty, punctuation or a word for "unknown"."""
    return len(text) <= LONGEST_MISSING and (text.lower() in _missing() or not text.strip(PLACEHOLDING))


@cache
def _missing_words() -> frozenset[str]:
    return frozenset(word.strip(",") for entry in _missing() for word in entry.split())


@cache
def _missing() -> frozenset[str]:
    return frozenset(word_table("general.tsv")["missing"])


def shorten(value: str, length: int = 80) -> str:
    """Return the value cut for a message or a table of rejects, with its true length said.

    Examples
    --------
    >>> shorten("abcdefgh", 3)
    'abc… (8 characters)'
    """
    return value if len(value) <= length else f"{value[:length]}… ({len(value)} characters)"


def prepare(value: str | None, limit: int) -> str | NormalForm:
    """Return the tidied value, or the NormalForm that ends the matter: missing, or too long to be looked at.

    Parameters
    ----------
    value
        A raw value.
    limit
        Most characters that this kind may have; a longer value is rejected before any other work.

    Examples
    --------
    >>> prepare(" x ", 5), prepare("n/a", 5).value, prepare("x" * 9, 5).reason
    ('x', None, 'too long: 9 characters, at most 5 are allowed')
    """
    if value is None:
        return NormalForm(None)
    if len(value) > limit:
        if not value.strip():
            return NormalForm(None)
        return NormalForm(None, None, f"too long: {len(value)} characters, at most {limit} are allowed")
    text = tidy(value)
    return NormalForm(None) if _says_nothing(text) else text


def folded_form(folded: str, shown: str, reason: str = "no letter or digit") -> NormalForm:
    """Return folded text as a normal form; missing if it says nothing, rejected if nothing is left of it.

    Examples
    --------
    >>> folded_form("lodz", "Łódź").value, folded_form("null", "null.").value, folded_form("", "!").reason
    ('lodz', None, 'no letter or digit')
    """
    if not folded:
        return NormalForm(None, None, reason)
    return NormalForm(None) if _says_nothing(folded) else NormalForm(folded, shown)


def normalize_text(value: str | None) -> NormalForm:
    """Return free text as lower-case Latin words; display keeps script and case.

    Parameters
    ----------
    value
        A raw value.

    Returns
    -------
    NormalForm
        Rejected if it holds no letter or digit, or more than 10,000 characters.

    Examples
    --------
    >>> normalize_text("Crème  brûlée!")
    NormalForm(value='creme brulee', display='Crème brûlée!', reason=None)
    """
    text = prepare(value, TEXT_LIMIT)
    if isinstance(text, NormalForm):
        return text
    return folded_form(fold(text), text)


def normalize_category(value: str | None) -> NormalForm:
    """Return a category (gender, status, segment) as folded text; words for genders in many languages become m or f.

    Parameters
    ----------
    value
        A raw value.

    Returns
    -------
    NormalForm
        Rejected if it holds no letter or digit, or more than 256 characters.

    Examples
    --------
    >>> [normalize_category(value).value for value in ("Male", "мужской", "Kobieta", "Gold member")]
    ['m', 'm', 'f', 'gold member']
    """
    text = prepare(value, CATEGORY_LIMIT)
    if isinstance(text, NormalForm):
        return text
    folded = fold(text)
    return folded_form(word_table("general.tsv")["gender"].get(folded, folded), text)


def normalize_attribute(value: str | None) -> NormalForm:
    r"""Return the tidied value as it is; it is never rejected and never evidence.

    Examples
    --------
    >>> normalize_attribute(" Gold\tMember ").value
    'Gold Member'
    """
    text = tidy(value or "")
    return NormalForm(None) if _says_nothing(text) else NormalForm(text, text)
