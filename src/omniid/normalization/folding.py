"""Folding of distinct words, a whole array at a time: character by character through a table."""

import sys
from functools import cache
from unicodedata import is_normalized, normalize

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.byte_arrays import string_array, string_bytes
from omniid.normalization.text import NOT_WORD, latin_of
from omniid.tables.arrays import arrow_array, matches, numpy_array, text_array

__all__ = ["LONGEST", "UNSEEN_MARKS", "composed", "fold_clean", "is_composed", "single_spaced"]

Mask = npt.NDArray[np.bool_]

# Marks that nobody sees: tidying takes them away.
UNSEEN_MARKS = "[\ufe00-\ufe0f\U000e0000-\U000e01ef]"

# Texts that hold nothing but words, marks that say something, and plain spaces.
CLEAN = r"^[\pL\pM\pN\pP ]+$"
LONGEST = 200  # characters: stand-ins may be longer than words, but take no value across the limit of a kind
SPACE = ord(" ")
# Letters of living scripts that stand for themselves in NFKC, whatever stands beside them, as long as no mark does.
SETTLED = (
    "À-ıĴ-ľŁ-ňŊ-žƀ-ǃǍ-ǰǴ-ɏΆΈ-ώ\u0400-\u0481\u048a-\u052f\u0531-\u0556\u0561-\u0586\u05d0-\u05ea"
    "\u0620-\u064a\u0679-\u06d3\u0904-\u0928\u0e01-\u0e30\u10d0-\u10fa\u3041-\u3096\u30a1-\u30fa"
    "\u3400-\u4db5\u4e00-\u9fff\uac00-\ud7a3"
)
SETTLED_TEXT = rf"^[\x20-\x5f\x61-\x7e{SETTLED}]+$"


def fold_clean(words: pa.LargeStringArray) -> pa.LargeStringArray:
    """Fold words that tidying leaves as they are, without grave accents; `fold` gives the same for each.

    Parameters
    ----------
    words
        large_string array without nulls.

    Examples
    --------
    >>> fold_clean(pa.array(["Łukasz", "O’Brien-Юрьев"], pa.large_string())).to_pylist()
    ['lukasz', 'obrien yurev']
    """
    data, _ = string_bytes(words)
    if not len(data):
        return words
    marks = np.frombuffer(data.tobytes().decode().encode("utf-32-le"), np.uint32)
    begins = np.concatenate([[0], np.cumsum(numpy_array(pc.utf8_length(words)))])
    seen = np.zeros(sys.maxunicode + 1, bool)
    seen[marks] = True
    distinct = np.flatnonzero(seen)
    folds = [_folded(mark) for mark in distinct.tolist()]
    pool = np.frombuffer("".join(folds).encode(), np.uint8)
    lengths = np.array([len(fold) for fold in folds], np.int64)
    number = np.zeros(sys.maxunicode + 1, np.int32)
    number[distinct] = np.arange(len(distinct))
    which = number.take(marks)
    size = lengths.take(which)
    ends = np.zeros(len(size) + 1, np.int64)
    np.cumsum(size, out=ends[1:])
    # Where each character's fold stands in the pool, less where it goes to.
    shift = (np.cumsum(lengths) - lengths).take(which) - ends[:-1]
    folded = pool.take(np.repeat(shift, size) + np.arange(ends[-1]))
    found = string_array(folded, ends.take(begins))
    return single_spaced(found) if (folded == SPACE).any() else found


def is_composed(texts: pa.LargeStringArray) -> Mask:
    r"""Tell which texts are in Unicode's form NFKC.

    Parameters
    ----------
    texts
        large_string array without nulls.

    References
    ----------
    Unicode Standard Annex #15, "Unicode Normalization Forms".

    Examples
    --------
    >>> is_composed(pa.array(["Ewa", "é", "e\u0301"], pa.large_string())).tolist()
    [True, True, False]
    """
    found = numpy_array(pc.match_substring_regex(texts, SETTLED_TEXT))
    if not found.all():
        rest = texts.filter(arrow_array(~found)).to_pylist()  # Arrow 17 takes composed letters apart
        found[~found] = [is_normalized("NFKC", text) for text in rest]
    return found


def composed(texts: pa.LargeStringArray) -> pa.LargeStringArray:
    r"""Return texts in Unicode's form NFKC, which tidying gives them first, where it changes nothing else.

    Parameters
    ----------
    texts
        large_string array without nulls.

    Examples
    --------
    >>> composed(pa.array(["Ewa", "e\u0301", "24º"], pa.large_string())).to_pylist()
    ['Ewa', 'é', '24o']
    """
    changed = ~is_composed(texts)
    if not changed.any():
        return texts
    as_sent = texts.filter(arrow_array(changed))
    made = text_array([normalize("NFKC", text) for text in as_sent.to_pylist()])
    fits = np.ones(len(made), bool)
    for side in (as_sent, made):
        fits &= matches(side, CLEAN) & (numpy_array(pc.utf8_length(side)).astype(np.int64) <= LONGEST)
    changed[changed] = fits
    return pc.replace_with_mask(texts, arrow_array(changed), made.filter(arrow_array(fits)))


def single_spaced(texts: pa.LargeStringArray) -> pa.LargeStringArray:
    """Return texts without spaces around them, and without two in a row.

    Examples
    --------
    >>> single_spaced(pa.array([" Ewa   Nowak "], pa.large_string())).to_pylist()
    ['Ewa Nowak']
    """
    texts = pc.ascii_trim(texts, " ")
    wide = pc.match_substring(texts, "  ")
    if not pc.any(wide).as_py():
        return texts
    return pc.replace_with_mask(texts, wide, pc.replace_substring_regex(texts.filter(wide), "  +", " "))


@cache
def _folded(mark: int) -> str:
    return NOT_WORD.sub(" ", latin_of(chr(mark)).lower())
