"""Which words of names mean something to the readers of names, and which may stand for each other."""

import string
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.byte_arrays import select
from omniid.normalization.forms import Forms
from omniid.normalization.full_name import EAST_ASIAN, FEMALE_PATRONYMIC, PATRONYMIC, RUSSIAN_SURNAME
from omniid.normalization.name import BARE_TITLES, name_words
from omniid.normalization.shapes import LITERAL, Reader, StandIn, Words, read_by_shape
from omniid.normalization.text import fold_letters, fold_words, missing_words, tidy
from omniid.normalization.words import word_table
from omniid.tables.arrays import arrow_array, numpy_array, text_array

__all__ = ["read_names"]

Mask = npt.NDArray[np.bool_]

PLAIN, HYPHENED, PATRONYM, FEMALE, RUSSIAN = range(1, 6)
STAND_INS = (
    StandIn("Qx{a}qk", "qx{a}qk"),
    StandIn("Qx{a}qk-Qx{a}qk", "qx{a}qk qx{a}qk"),
    StandIn("Qx{a}qkovich", "qx{a}qkovich"),
    StandIn("Qx{a}qkovna", "qx{a}qkovna"),
    StandIn("Qx{a}qkов", "qx{a}qkov"),
)
# Words of letters that fold one by one: not those that East Asian names are cut at, nor İ, whose lower case is two.
APART = "\u0130\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7a3·・"
# ASCII words that may be patronymics, or repeat one letter.
PATRONYMIC_ENDING = "ich$|ovna$|evna$|ichna$|ivna$"
ONE_LETTER = f"^(?:{'|'.join(f'{letter}+' for letter in string.ascii_lowercase)})$"
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
    >>> from omniid.normalization.full_name import split_full_name
    >>> names = pa.array([f"Nowak{one}{two}a, Ewa" for one in "abcdefgh" for two in "bcdefghi"], pa.large_string())
    >>> first, _, last, _ = read_names(names, split_full_name)
    >>> first.value[0].as_py(), last.value[0].as_py(), last.display[0].as_py()
    ('ewa', 'nowakaba', 'Nowakaba')
    """
    return read_by_shape(values, read, classify_names, STAND_INS)


def classify_names(words: pa.LargeStringArray) -> Words:
    """Tell the kinds of distinct words of names.

    Examples
    --------
    >>> classify_names(pa.array(["Nowak", "Łoś-Żak", "von", "Ильинична", "J."], pa.large_string())).kind.tolist()
    [1, 2, 0, 4, 0]
    """
    ascii_only = _matches(words, "^[A-Za-z]+$")
    foreign = _matches(words, r"^\pL+$") & ~_matches(words, f"[{APART}]") & ~ascii_only
    foreign &= numpy_array(pc.equal(pc.utf8_normalize(words, "NFKC"), words))
    folded = pc.ascii_lower(words)
    if foreign.any():
        folds = fold_letters(select(words, foreign))
        folded = pc.replace_with_mask(folded, arrow_array(foreign), folds)
    known = text_array(sorted(_telling()))
    meant = pc.or_(pc.is_in(folded, value_set=known), pc.is_in(pc.utf8_lower(words), value_set=known))
    plain = (ascii_only | foreign) & _matches(folded, "^[a-z]{2,}$") & ~_matches(folded, PATRONYMIC_ENDING)
    plain &= ~_matches(folded, ONE_LETTER) & ~numpy_array(meant)
    kind = np.where(plain, PLAIN, LITERAL).astype(np.int64)
    if (foreign & plain).any():
        lower = pc.utf8_lower(select(words, foreign & plain))
        kind[foreign & plain] = np.where(_matches(lower, f"^{RUSSIAN_SURNAME.pattern}"), RUSSIAN, PLAIN)
    if not plain.all():
        texts = select(words, ~plain).to_pylist()
        folds = fold_words(texts)
        kind[~plain] = [_kind(text, fold) for text, fold in zip(texts, folds, strict=True)]
        folded = pc.replace_with_mask(folded, arrow_array(~plain), text_array(folds))
    return Words(kind, folded)


def _matches(texts: pa.LargeStringArray, pattern: str) -> Mask:
    return numpy_array(pc.match_substring_regex(texts, pattern))


def _kind(text: str, folded: str) -> int:
    """The kind of a word by what the readers of names look at."""
    pieces = folded.split(" ")
    if not folded or len(pieces) > 2 or not folded.replace(" ", "").isalpha() or len(set(folded) - {" "}) == 1:
        return LITERAL
    if any(piece in _telling() for piece in pieces) or text.lower() in missing_words() or folded.replace(" ", "") in _telling():
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
        return LITERAL if russian or any(PATRONYMIC.fullmatch(part) for part in (folded, pieces[1])) else HYPHENED
    if PATRONYMIC.fullmatch(folded):
        return LITERAL if russian else FEMALE if FEMALE_PATRONYMIC.fullmatch(folded) else PATRONYM
    return RUSSIAN if russian else PLAIN


@cache
def _telling() -> frozenset[str]:
    """Folded words that mean something: alone, in a phrase, or as a piece of a title that is written in pieces."""
    table = word_table("names.tsv")
    groups = ("title", "soft title", "credential", "suffix", "particle", "placeholder", "placeholder phrase")
    words = {word for group in groups for spelling in table[group] for word in spelling.split()}
    pieces = {
        word[start:stop]
        for group in ("credential", "suffix", "title")
        for word in table[group]
        for start in range(len(word))
        for stop in range(start + 1, len(word) + 1)
    }
    return frozenset(words | pieces | BARE_TITLES | missing_words())
