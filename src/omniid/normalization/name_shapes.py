"""Which words of names mean something to the readers of names, and which may stand for each other."""

import re
import string
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.byte_arrays import select
from omniid.normalization.folding import UNSEEN_MARKS, composed, fold_clean, is_composed
from omniid.normalization.forms import Forms
from omniid.normalization.full_name import (
    EAST_ASIAN,
    FEMALE_PATRONYMIC,
    PATRONYMIC,
    RUSSIAN_SURNAME,
    split_arranged_name,
)
from omniid.normalization.name import BARE_TITLES, fold_name, name_words
from omniid.normalization.name_order import vietnamese_names
from omniid.normalization.name_order_arrays import rearranged_all
from omniid.normalization.shapes import LITERAL, Reader, StandIn, Words, read_by_shape
from omniid.normalization.text import fold_words, missing_words, tidy
from omniid.normalization.words import word_table
from omniid.spellings import SCRIPTS, family_names, given_names, romanize
from omniid.tables.arrays import arrow_array, matches, numpy_array, text_array, text_scalar

__all__ = ["classify_names", "read_names", "read_whole_names"]

Mask = npt.NDArray[np.bool_]

PLAIN, HYPHENED, PATRONYM, FEMALE, RUSSIAN, TWO_RUSSIAN, UNSPACED, EASTERN = range(1, 9)
STAND_INS = (
    StandIn("Qx{a}qk", "qx{a}qk"),
    StandIn("Qx{a}qk-Qx{a}qk", "qx{a}qk qx{a}qk"),
    StandIn("Qx{a}qkovich", "qx{a}qkovich"),
    StandIn("Qx{a}qkovna", "qx{a}qkovna"),
    StandIn("Qx{a}qkов", "qx{a}qkov"),
    StandIn("Qx{a}qk-Qx{a}qkов", "qx{a}qk qx{a}qkov"),
    StandIn("熊{h}穹", "xiong{s}qiong"),
    StandIn("熊穹{h}穹熊", "xiongqiong{s}qiongxiong"),
)
# Letters that East Asian names are cut at, and İ, whose lower case is two letters.
HAN_LETTERS, HANGUL_LETTERS = "\u3400-\u9fff", "\uac00-\ud7a3"
EASTERN_WORD = f"^[\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff{HAN_LETTERS}{HANGUL_LETTERS}]+$"
APART = "\u0130\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7a3·・"
# A Chinese or Korean name without a space: short enough to be a family name and a given name.
UNSPACED_NAME = f"^(?:[{HAN_LETTERS}]{{2,4}}|[{HANGUL_LETTERS}]{{2,4}})$"
# Letters, marks on them, apostrophes, which join; a hyphen, which parts.
FOREIGN = r"^[\pL\pM'’]+(?:-[\pL\pM'’]+)?$"
TOLD = re.compile(f"[{SCRIPTS}]")
WITH_DIGITS = "^[A-Za-z]+[0-9]+$"
# ASCII words that may be patronymics, or repeat one letter.
PATRONYMIC_ENDING = "ich$|ovna$|evna$|ichna$|ivna$"
ONE_LETTER = f"^(?:{'|'.join(f'{letter}[{letter} ]*' for letter in string.ascii_lowercase)})$"
# Marks that reach beyond their word, or end the matter for the whole name.
FAR = frozenset('()[]"«»“”„@,;')


def read_names(values: pa.LargeStringArray, read: Reader) -> list[Forms]:
    """Apply a reader of names to distinct values, once per shape.

    Parameters
    ----------
    values
        Distinct raw values, without nulls.
    read
        Value → its parts.

    Examples
    --------
    >>> from omniid.normalization.full_name import split_first_name
    >>> names = pa.array([f"Ewa{one}{two}a Nowak" for one in "abcdefgh" for two in "bcdefghi"], pa.large_string())
    >>> first, *_ = read_names(names, split_first_name)
    >>> first.value[0].as_py(), first.display[0].as_py()
    ('ewaaba nowak', 'Ewaaba Nowak')
    """
    return read_by_shape(composed(values), read, classify_names, STAND_INS)


def read_whole_names(values: pa.LargeStringArray) -> list[Forms]:
    """Take distinct whole names apart, once per shape; the result is that of `split_full_name` for each.

    Parameters
    ----------
    values
        Distinct raw values, without nulls.

    Examples
    --------
    >>> names = pa.array([f"Nowak{one}{two}a, Ewa" for one in "abcdefgh" for two in "bcdefghi"], pa.large_string())
    >>> first, _, last, _ = read_whole_names(names)
    >>> first.value[0].as_py(), last.value[0].as_py(), last.display[0].as_py()
    ('ewa', 'nowakaba', 'Nowakaba')
    """
    return read_names(rearranged_all(composed(_spaced(values))), split_arranged_name)


def _spaced(values: pa.LargeStringArray) -> pa.LargeStringArray:
    """Chinese and Korean names without a space with one behind the family name, which is read alike.

    Not those that would become a title, a word for "unknown" … by the space, or are one without it.
    """
    trimmed = pc.ascii_trim_whitespace(values)
    joined = matches(trimmed, UNSPACED_NAME)
    if not joined.any():
        return values
    names = select(trimmed, joined)
    compound = pc.is_in(pc.utf8_slice_codeunits(names, 0, stop=2), value_set=_compounds())
    longer = numpy_array(pc.utf8_length(names)).astype(np.int64)
    two = (numpy_array(compound) & (longer > 2)) | ((longer == 4) & matches(names, f"^[{HAN_LETTERS}]"))
    parts = []
    for start, stop in ((0, 1), (1, None)):
        short, long = (pc.utf8_slice_codeunits(names, start * size, stop=stop and stop * size) for size in (1, 2))
        parts.append(pc.if_else(arrow_array(two), long, short).dictionary_encode())
    folds = [_folded(part.dictionary).take(part.indices) for part in parts]
    whole = pc.binary_join_element_wise(*folds, text_scalar(""))
    doubtful = _is_among(names, missing_words()) | matches(names, _japanese_start())
    for folded in (*folds, whole):
        doubtful |= _is_among(folded, _meaning()) | ~matches(folded, "^[a-z]+$")
    spaced = pc.binary_join_element_wise(*(part.cast(pa.large_string()) for part in parts), text_scalar(" "))
    return pc.replace_with_mask(values, arrow_array(joined), pc.if_else(arrow_array(doubtful), names, spaced))


def classify_names(words: pa.LargeStringArray) -> Words:
    """Tell the kinds of distinct words of names.

    Examples
    --------
    >>> classify_names(pa.array(["Nowak", "Łoś-Żak", "von", "Ильинична", "J.", "小明"], pa.large_string())).kind.tolist()
    [1, 2, 0, 4, 0, 7]
    """
    ascii_only = matches(words, "^[A-Za-z]+$")
    eastern = matches(words, EASTERN_WORD)
    foreign = ~ascii_only & (eastern | (matches(words, FOREIGN) & ~matches(words, f"^[^-]*[{APART}][^-]*$|\u0130")))
    foreign[foreign] = ~matches(some := select(words, foreign), UNSEEN_MARKS) & is_composed(some)
    numbered = matches(words, WITH_DIGITS)
    folded = pc.ascii_lower(words)
    if foreign.any():
        folded = pc.replace_with_mask(folded, arrow_array(foreign), _folded(select(words, foreign)))
    plain = (ascii_only | foreign | numbered) & matches(folded, "^(?:[a-z]{2,}|[a-z]+ [a-z]+|[a-z]+[0-9]+)$")
    plain &= ~matches(folded, PATRONYMIC_ENDING) & ~matches(folded, ONE_LETTER)
    kind = np.where(plain, np.where(eastern, EASTERN, PLAIN), LITERAL)
    kind[plain & eastern] = np.where(matches(select(words, plain & eastern), UNSPACED_NAME), UNSPACED, EASTERN)
    parted = matches(folded, " ")
    kind[plain & parted] = np.where(matches(select(words, plain & parted), "-"), HYPHENED, LITERAL)
    plain &= kind != LITERAL
    plain &= ~(eastern & _is_japanese(words)) if eastern.any() else True
    plain &= ~_is_meant(words, folded, parted)
    kind[~plain] = LITERAL
    western = foreign & plain & ~eastern
    if western.any():
        russian = western.copy()
        russian[western] = matches(pc.utf8_lower(select(words, western)), f"^{RUSSIAN_SURNAME.pattern}")
        kind[russian] = np.where(kind[russian] == HYPHENED, TWO_RUSSIAN, RUSSIAN)
    if not plain.all():
        texts = select(words, ~plain).to_pylist()
        folds = _fold_each(texts)
        kind[~plain] = [_kind(text, fold) for text, fold in zip(texts, folds, strict=True)]
        folded = pc.replace_with_mask(folded, arrow_array(~plain), text_array(folds))
    return Words(kind, folded)


def _folded(words: pa.LargeStringArray) -> pa.LargeStringArray:
    """Words of clean letters folded, those of some scripts romanized first."""
    told = matches(words, f"[{SCRIPTS}]")
    if not told.any():
        return fold_clean(words)
    latin = fold_words([romanize(word) for word in select(words, told).to_pylist()])
    folded = pc.replace_with_mask(words, arrow_array(told), text_array(latin))
    return pc.replace_with_mask(folded, arrow_array(~told), fold_clean(select(words, ~told)))


def _fold_each(texts: list[str]) -> list[str]:
    """Any words folded, those of some scripts romanized first."""
    return [fold_name(text) if TOLD.search(text) else folded for text, folded in zip(texts, fold_words(texts), strict=True)]


def _is_japanese(words: pa.LargeStringArray) -> Mask:
    """Whether words are Japanese names in kanji, or begin with one: what is beside them decides how they are read."""
    found: Mask = matches(words, _japanese_start()) | numpy_array(pc.is_in(words, value_set=_given_names()))
    return found


@cache
def _japanese_start() -> str:
    return f"^(?:{'|'.join(sorted(family_names()))})"


def _is_meant(words: pa.LargeStringArray, folded: pa.LargeStringArray, parted: Mask) -> Mask:
    """Whether words mean something to the readers of names: as they are, folded, in part, or as a piece of a title."""
    meant = _is_among(pc.utf8_lower(words), _telling())
    meant[~parted] |= _is_among(select(folded, ~parted), _telling())
    if parted.any():
        both = select(folded, parted)
        ends = [pc.replace_substring_regex(both, pattern, "") for pattern in (" .*", ".* ")]
        meant[parted] |= _is_among(ends[0], _titles()) | _is_among(ends[1], _titles())
        meant[parted] |= _is_among(ends[0], _meaning()) & _is_among(ends[1], _meaning())
        meant[parted] |= _is_among(pc.replace_substring(both, " ", ""), _telling())
    return meant


def _is_among(texts: pa.LargeStringArray, known: frozenset[str]) -> Mask:
    return numpy_array(pc.is_in(texts, value_set=text_array(sorted(known))))


def _kind(text: str, folded: str) -> int:
    """The kind of a word by what the readers of names look at."""
    pieces = folded.split(" ")
    if not folded or len(pieces) > 2 or not folded.replace(" ", "").isalpha() or len(set(folded) - {" "}) == 1:
        return LITERAL
    if all(piece in _meaning() for piece in pieces) or any(piece in _titles() for piece in pieces):
        return LITERAL
    if text.lower() in missing_words() or folded.replace(" ", "") in _telling():
        return LITERAL
    if not text.isalpha():
        if not FAR.isdisjoint(text) or tidy(text) != text:
            return LITERAL
        found = name_words(f"Qxbqk {text}").words
        if len(found) != 2 or found[1] != (folded, text):
            return LITERAL
    elif tidy(text) != text or len(pieces) > 1:
        return LITERAL
    if any(EAST_ASIAN.fullmatch(mark) for mark in text):
        return LITERAL
    russian = RUSSIAN_SURNAME.match(text.lower()) is not None
    if len(pieces) == 2:
        if any(PATRONYMIC.fullmatch(part) for part in (folded, pieces[1])):
            return LITERAL
        return TWO_RUSSIAN if russian else HYPHENED
    if PATRONYMIC.fullmatch(folded):
        return LITERAL if russian else FEMALE if FEMALE_PATRONYMIC.fullmatch(folded) else PATRONYM
    return RUSSIAN if russian else PLAIN


@cache
def _given_names() -> pa.LargeStringArray:
    """Japanese given names in kanji."""
    return text_array(sorted(given_names()))


@cache
def _compounds() -> pa.LargeStringArray:
    """Family names of two characters."""
    return text_array(sorted(word_table("names.tsv")["compound family name"]))


@cache
def _meaning() -> frozenset[str]:
    """Folded words that mean something, alone or in a phrase, particles aside."""
    table = word_table("names.tsv")
    groups = ("title", "soft title", "credential", "suffix", "placeholder", "placeholder phrase")
    words = {word for group in groups for spelling in table[group] for word in spelling.split()}
    return frozenset(words | BARE_TITLES | missing_words())


@cache
def _titles() -> frozenset[str]:
    """Folded words that part from a name that they are glued to."""
    table = word_table("names.tsv")
    return frozenset(word for group in ("title", "soft title", "credential", "suffix") for word in table[group])


@cache
def _telling() -> frozenset[str]:
    """The same with particles, pieces of titles, which may be written in pieces, and family names that end particles."""
    table = word_table("names.tsv")
    pieces = {
        word[start:stop]
        for group in ("credential", "suffix", "title")
        for word in table[group]
        for start in range(len(word))
        for stop in range(start + 1, len(word) + 1)
    }
    return _meaning() | pieces | set(table["particle"]) | vietnamese_names()
