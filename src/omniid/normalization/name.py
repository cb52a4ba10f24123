"""Parts of a person's name: titles and suffixes apart, transliterated for comparing, as written for showing."""

import re
from functools import cache
from typing import NamedTuple

from omniid.normalization.text import fold, folded_form, prepare, tidy
from omniid.normalization.words import word_table
from omniid.spellings import romanize
from omniid.tables import NormalForm

__all__ = [
    "NameWord",
    "NameWords",
    "fold_name",
    "name_words",
    "normalize_name",
    "normalize_suffix",
    "normalize_title",
    "prepare_name",
    "words_form",
]

NAME_LIMIT = 300
# A nickname or maiden name in brackets or double quotes is shown and not compared.
ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\"[^\"]*\"|«[^«»]*»|“[^“”]*”|„[^„“”]*[“”]")
BREAKS = re.compile(r"[\s,;]+|(?<=[^\W\d_]\.)(?=[^\W\d_])")
HYPHENS = re.compile(r"[-‐‑‒–—]")
# These never stand for a name when they stand alone.
BARE_TITLES = frozenset({"mr", "mrs", "ms", "mister", "dr", "prof", "professor", "doctor"})


# Chinese names that are read like words for "unknown": as Han characters, and in a whole name in the spelling of names (Li Na,
# Li Nan), which is not that of NA and nan.
READ_LIKE_NOTHING = frozenset({"na", "nan"})
HAN_OR_NAME = re.compile("[\u3400-\u9fff]+|Nan?")


class NameWord(NamedTuple):
    """One word of a name: Latin letters for comparing, and how it was written."""

    folded: str
    written: str


class NameWords(NamedTuple):
    """A name cut into words, its titles dropped and its suffix (jr, sr, ii, iii, iv) apart."""

    words: tuple[NameWord, ...]
    suffix: str | None = None
    suffix_written: str | None = None

    def form(self) -> NormalForm:
        """The words as one normal form, or the reason why they are no name."""
        return words_form(self.words)


class _Words(NamedTuple):
    """The word sets that names are read with."""

    titles: frozenset[str]
    soft: frozenset[str]
    trailing: frozenset[str]
    suffixes: dict[str, str]
    placeholders: frozenset[str]
    phrases: frozenset[str]


@cache
def _sets() -> _Words:
    table = word_table("names.tsv")
    credentials = frozenset(table["credential"])
    suffixes = dict(table["suffix"])
    titles = frozenset(table["title"])
    return _Words(
        titles,
        frozenset(table["soft title"]),
        credentials | frozenset(suffixes) | titles,
        suffixes,
        frozenset(table["placeholder"]),
        frozenset(table["placeholder phrase"]),
    )


def normalize_name(value: str | None) -> NormalForm:
    """Return one part of a name in lower-case Latin letters, without titles and suffixes.

    Apostrophes join ("O'Brien" is "obrien"), hyphens part. Display keeps script and case.

    Parameters
    ----------
    value
        A first, middle or last name.

    Returns
    -------
    NormalForm
        Rejected if it is a placeholder ("Test", "клиент"), digits, an e-mail address, without a letter, or longer than 300
        characters.

    Examples
    --------
    >>> normalize_name("Dr. Łucja O’Brien-Nowak")
    NormalForm(value='lucja obrien nowak', display='Łucja O’Brien-Nowak', reason=None)
    >>> normalize_name("Анна").value, normalize_name("Guest").reason
    ('anna', "stop value: 'guest' is no name")
    """
    text = prepare_name(value)
    return text if isinstance(text, NormalForm) else name_words(text).form()


def prepare_name(value: str | None) -> str | NormalForm:
    """Return the tidied name, or the NormalForm that ends the matter: missing, too long, or an address.

    Examples
    --------
    >>> prepare_name("anna@example.com").reason
    'an address or account with @, not a name'
    """
    text = prepare(value, NAME_LIMIT)
    if isinstance(text, str) and "@" in text:
        return NormalForm(None, None, "an address or account with @, not a name")
    return text


def fold_name(text: str) -> str:
    """Fold a piece of a name, words of scripts that letters alone do not tell romanized first.

    Examples
    --------
    >>> fold_name("محمد"), fold_name("Юлия"), fold_name("O’Brien")
    ('mohammad', 'yuliya', 'obrien')
    """
    return fold(text if text.isascii() else romanize(tidy(text)))


def normalize_suffix(value: str | None) -> NormalForm:
    """Return a name suffix as jr, sr, ii, iii or iv.

    Examples
    --------
    >>> normalize_suffix("Junior").value, normalize_suffix("PhD").reason
    ('jr', "no suffix of a name: 'phd'")
    """
    text = prepare(value, NAME_LIMIT)
    if isinstance(text, NormalForm):
        return text
    folded = fold(text).replace(" ", "")
    found = _sets().suffixes.get(folded)
    return NormalForm(found, text) if found else NormalForm(None, None, f"no suffix of a name: {folded!r}")


def normalize_title(value: str | None) -> NormalForm:
    """Return a title or salutation as folded text.

    Examples
    --------
    >>> normalize_title("Mrs.").value
    'mrs'
    """
    text = prepare(value, NAME_LIMIT)
    if isinstance(text, NormalForm):
        return text
    return folded_form(fold(text), text, "no letter in it")


def name_words(text: str) -> NameWords:
    """Cut a tidied name into words, drop titles, set the suffix apart.

    Examples
    --------
    >>> name_words("Mr. John Smith Jr.")
    NameWords(words=(NameWord(folded='john', written='John'), NameWord(folded='smith', written='Smith')), suffix='jr',
    suffix_written='Jr.')
    """
    if text.isascii() and text.isalpha():
        return NameWords((NameWord(text.lower(), text),))
    words = _tokens(text)
    words = _without_titles(words)
    words, suffix, written = _without_suffix(words)
    return NameWords(tuple(words), suffix, written)


def words_form(words: tuple[NameWord, ...]) -> NormalForm:
    """Join words to a normal form, or say why they are no name."""
    folded = " ".join([word.folded for word in words])
    if not folded:
        return NormalForm(None, None, "no letter in it")
    shown = " ".join([word.written for word in words if word.written])
    if folded in READ_LIKE_NOTHING and HAN_OR_NAME.fullmatch(shown):
        return NormalForm(folded, shown)
    if reason := _reason(folded):
        return NormalForm(None, None, reason)
    return folded_form(folded, shown)


def _reason(folded: str) -> str | None:
    """Why a folded name is none."""
    sets = _sets()
    parts = folded.split()
    if folded in sets.phrases or all(part in sets.placeholders for part in parts):
        return f"stop value: {folded!r} is no name"
    bare = folded.replace(" ", "")
    if bare.isdigit():
        return "digits, not a name"
    if len(bare) > 2 and len(set(bare)) == 1:
        return "stop value: one letter repeated"
    if folded in BARE_TITLES:
        return f"only a title: {folded!r}"
    return None


def _tokens(text: str) -> list[NameWord]:
    """Words as written with their folded letters; dotted initials come apart, the rest stays whole."""
    if text.isascii() and text.replace(" ", "").isalpha():
        return [NameWord(chunk.lower(), chunk) for chunk in text.split()]
    shorter = ASIDE.sub(" ", text)
    if shorter == text or not fold(shorter):
        shorter = text
    words = []
    for chunk in shorter.replace(",", " ").split():
        folded = fold_name(chunk)
        joined = folded.replace(" ", "")
        # "Ph.D." is one word, "J.R." two initials.
        if (joined in _sets().trailing or joined in _sets().soft) and (joined == folded or joined not in _sets().suffixes):
            words.append(NameWord(joined, chunk))
            continue
        if folded and chunk.isalpha() and " " not in folded:
            words.append(NameWord(folded, chunk))
            continue
        for piece in BREAKS.split(chunk):
            if letters := fold_name(piece):
                words.extend(_split_off(letters, piece))
    return words


def _split_off(folded: str, written: str) -> list[NameWord]:
    """A word, or its pieces where a title or suffix is glued to it ("Mr-Smith")."""
    pieces = folded.split()
    if len(pieces) == 1 or not (_is_title(pieces[0]) or pieces[-1] in _sets().trailing):
        return [NameWord(folded, written)]
    shown = [part for part in HYPHENS.split(written) if part]
    return [NameWord(*pair) for pair in zip(pieces, shown if len(shown) == len(pieces) else pieces, strict=True)]


def _is_title(word: str) -> bool:
    return word in _sets().titles or word in _sets().soft


def _length(words: list[NameWord]) -> int:
    """Words after hyphens part."""
    return sum(word.folded.count(" ") + 1 for word in words)


def _without_titles(words: list[NameWord]) -> list[NameWord]:
    """Drop titles in front; a soft one ("Don", "Pan") only where first and last name follow."""
    sets = _sets()
    start = 0
    while (left := _length(words[start:])) > 1:
        word = words[start].folded
        if word in sets.titles or (word in sets.soft and left > 2):
            start += 1
        else:
            break
    return words[start:]


def _without_suffix(words: list[NameWord]) -> tuple[list[NameWord], str | None, str | None]:
    """Drop credentials and titles behind the name; the suffix nearest to the name is kept apart."""
    sets = _sets()
    suffix, written = None, None
    while len(words) > 1 and words[-1].folded in sets.trailing:
        last = words[-1]
        words = words[:-1]
        if last.folded in sets.suffixes:
            suffix, written = sets.suffixes[last.folded], last.written
    return words, suffix, written
