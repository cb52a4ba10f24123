"""Whole names in one cell: which word is the first name and which the last."""

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from omniid.normalization.name import NameWord, NameWords, fold_name, name_words, prepare_name, words_form
from omniid.normalization.name_order import rearranged, vietnamese_names
from omniid.normalization.text import fold
from omniid.normalization.words import word_table
from omniid.spellings import family_length, family_names, given_names
from omniid.tables import NormalForm

__all__ = ["NameParts", "split_arranged_name", "split_first_name", "split_full_name"]

# Patronymics, folded; only the female ones never end a surname.
PATRONYMIC = re.compile(r".{2,}(?:ovich|evich|(?:il|kuzm|luk|fom|nikit)ich|ovna|evna|ichna|ivna)")
FEMALE_PATRONYMIC = re.compile(r".{2,}(?:ovna|evna|ichna|ivna)")
# Five letters or more, as Лев and Яков are first names.
RUSSIAN_SURNAME = re.compile(r"(?:.{3,}(?:ов|ев|ёв)|.{2,}(?:ова|ева|ёва|ский|ская|цкий|цкая|енко|швили))$")
HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]{2,4}")
HANGUL = re.compile("[\uac00-\ud7a3]{2,4}")
EAST_ASIAN = re.compile("[\u3005\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7a3·・]+")
NOTHING = NormalForm(None)


class NameParts(NamedTuple):
    """The parts of a whole name, each a normal form, a missing part or a rejected one.

    Examples
    --------
    >>> NameParts(first=NormalForm("anna", "Anna")).last.value is None
    True
    """

    first: NormalForm = NOTHING
    middle: NormalForm = NOTHING
    last: NormalForm = NOTHING
    suffix: NormalForm = NOTHING


def split_full_name(value: str | None) -> NameParts:
    """Tell first, middle and last name and suffix of a whole name apart.

    Reads "First Middle Last", "Last, First Middle", Russian order with a patronymic ("Кузнецова Анна Сергеевна"), Chinese,
    Japanese and Korean order; particles (van, de, bin …) stay with the surname. A single word is a first name.

    Parameters
    ----------
    value
        A whole name.

    Returns
    -------
    NameParts
        If the whole name is unusable, the reason stands in `first`.

    Examples
    --------
    >>> parts = split_full_name("Beethoven, Ludwig van")
    >>> parts.first.value, parts.last.value
    ('ludwig', 'van beethoven')
    >>> parts = split_full_name("Кузнецова Анна Сергеевна")
    >>> parts.first.display, parts.middle.value, parts.last.value
    ('Анна', 'sergeevna', 'kuznetsova')
    """
    text = prepare_name(value)
    return NameParts(first=text) if isinstance(text, NormalForm) else _split(rearranged(text))


def split_arranged_name(value: str | None) -> NameParts:
    """Split a whole name that is rearranged already, as `split_full_name` does; a stand-in of other length is read alike.

    Examples
    --------
    >>> split_arranged_name("Qxaqk A.B.").first.value, split_full_name("Ivanov A.B.").first.value
    ('qxaqk', 'a')
    """
    text = prepare_name(value)
    return NameParts(first=text) if isinstance(text, NormalForm) else _split(text)


def _split(text: str) -> NameParts:
    whole = name_words(text)
    if (judged := whole.form()).value is None:
        return NameParts(first=judged)
    suffix = _suffix_form(whole)
    if "," in text and (by_comma := _by_comma(text)):
        surname, rest, found = by_comma
        return _parts(rest[:1], rest[1:], surname, found if found.value else suffix)
    return _parts(*_order(whole.words), suffix)


def split_first_name(value: str | None) -> NameParts:
    """Tell a first name and a patronymic that is glued to it apart; other second names stay with the first.

    Examples
    --------
    >>> split_first_name("Анна Сергеевна").middle.value, split_first_name("Anna Maria").first.value
    ('sergeevna', 'anna maria')
    """
    text = prepare_name(value)
    if isinstance(text, NormalForm):
        return NameParts(first=text)
    whole = name_words(text)
    form, suffix = whole.form(), _suffix_form(whole)
    pieces = form.value.split() if form.value else []
    if len(pieces) != 2 or not PATRONYMIC.fullmatch(pieces[1]):
        return NameParts(first=form, suffix=suffix)
    words = whole.words if len(whole.words) == 2 else tuple(NameWord(piece, piece) for piece in pieces)
    return NameParts(words_form(words[:1]), words_form(words[1:]), NOTHING, suffix)


def _suffix_form(whole: NameWords) -> NormalForm:
    return NormalForm(whole.suffix, whole.suffix_written) if whole.suffix else NOTHING


def _parts(first: Sequence[NameWord], middle: Sequence[NameWord], last: Sequence[NameWord], suffix: NormalForm) -> NameParts:
    forms = [words_form(tuple(words)) if words else NOTHING for words in (first, middle, last)]
    return NameParts(forms[0], forms[1], forms[2], suffix)


@cache
def _particles() -> frozenset[str]:
    return frozenset(word_table("names.tsv")["particle"])


@cache
def _beside_names() -> frozenset[str]:
    """Words that fill a part between commas without being a name: "John Smith, PhD"."""
    table = word_table("names.tsv")
    return frozenset(table["credential"]) | frozenset(table["suffix"]) | frozenset(table["title"])


def _by_comma(text: str) -> tuple[list[NameWord], list[NameWord], NormalForm] | None:
    """(last, the others, suffix) of "Last, First Middle"; None where the comma only sets off a title or suffix."""
    parts: list[tuple[NameWord, ...]] = []
    suffix = NOTHING
    for chunk in text.split(","):
        if fold(chunk).replace(" ", "") in _beside_names():
            form = name_words(f"x {chunk}")
            suffix = suffix if suffix.value or not form.suffix else NormalForm(form.suffix, form.suffix_written)
            continue
        found = name_words(chunk.strip())
        suffix = suffix if suffix.value else _suffix_form(found)
        if found.words:
            parts.append(found.words)
    if len(parts) < 2:
        return None
    last, rest = list(parts[0]), [word for part in parts[1:] for word in part]
    # Văn is a middle name in Vietnam.
    while len(rest) > 1 and rest[-1].folded in _particles() and last[-1].folded not in vietnamese_names():
        last.insert(0, rest.pop())
    return last, rest, suffix


def _order(words: tuple[NameWord, ...]) -> tuple[Sequence[NameWord], Sequence[NameWord], Sequence[NameWord]]:
    """(first, middle, last) of words in reading order."""
    if len(words) == 1:
        return _one_word(words[0])
    if len(words) == 2:
        if all(EAST_ASIAN.fullmatch(word.written) for word in words):
            return _japanese(*words) if words[0].written in family_names() else (words[1:], (), words[:1])
        if FEMALE_PATRONYMIC.fullmatch(words[1].folded):
            return words[:1], words[1:], ()
        if _surname_first(words):
            return words[1:], (), words[:1]
        return words[:1], (), words[1:]
    if len(words) == 3 and _is_patronymic(words[2]) and not _is_patronymic(words[1]):
        return words[1:2], words[2:], words[:1]
    surname = next((i for i in range(1, len(words) - 1) if words[i].folded in _particles()), len(words) - 1)
    return words[:1], words[1:surname], words[surname:]


def _one_word(word: NameWord) -> tuple[Sequence[NameWord], Sequence[NameWord], Sequence[NameWord]]:
    """A Chinese or Korean name written without a space is family name first; another single word is a first name."""
    text = word.written
    if (size := family_length(text)) and EAST_ASIAN.fullmatch(text):
        return _japanese(NameWord(fold_name(text[:size]), text[:size]), NameWord(fold_name(text[size:]), text[size:]))
    if HAN.fullmatch(text) or HANGUL.fullmatch(text):
        compound = text[:2] in word_table("names.tsv")["compound family name"] and len(text) > 2
        # Four Han characters without a known compound are mostly Japanese: two and two.
        size = 2 if compound or (len(text) == 4 and HAN.fullmatch(text)) else 1
        family, given = text[:size], text[size:]
        return (NameWord(fold_name(given), given),), (), (NameWord(fold_name(family), family),)
    return (word,), (), ()


def _japanese(family: NameWord, given: NameWord) -> tuple[Sequence[NameWord], Sequence[NameWord], Sequence[NameWord]]:
    """A given name behind a Japanese family name is read the Japanese way, too, where the table has it."""
    return (NameWord(given_names().get(given.written) or given.folded, given.written),), (), (family,)


def _is_patronymic(word: NameWord) -> bool:
    return bool(PATRONYMIC.fullmatch(word.folded))


def _surname_first(words: tuple[NameWord, ...]) -> bool:
    """Whether the first of two Cyrillic words looks like a surname and the second does not."""
    one, two = (word.written.lower() for word in words)
    return bool(RUSSIAN_SURNAME.match(one)) and not RUSSIAN_SURNAME.match(two) and not _is_patronymic(words[1])
