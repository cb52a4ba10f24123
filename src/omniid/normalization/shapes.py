"""Values read once per shape: most words mean nothing to a reader but themselves, so one may stand for another.

"Anna Nowak" and "Piotr Zając" are of one shape, and so is every name of two words that are no title, suffix, particle … A
reader is asked once per shape, about stand-ins; what it makes of them is carried over to all values of that shape. Words that
mean something to the reader stay in the shape as they are.
"""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.byte_arrays import select
from omniid.normalization.folding import LONGEST
from omniid.normalization.forms import Forms
from omniid.tables import NormalForm
from omniid.tables.arrays import arrow_array, numpy_array, text_array, text_scalar

__all__ = ["LITERAL", "StandIn", "Words", "read_by_shape"]

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Reader = Callable[[str], Sequence[NormalForm]]
Piece = str | int  # text, or the number of a slot; from `BARE` on, that of a slot without its separators

LITERAL = 0
FEW = 64  # values: below, asking about each is quicker
MOST_CHUNKS, MOST_SLOTS = 12, 6
BARE = 100
NOT_BARE = "[/-]"
WIDEST = 1 << 62
LETTERS, DIGITS = "bdfghj", "012345"
HAN, SOUNDS = "丁三上下王李", ("ding", "san", "shang", "xia", "wang", "li")
# Marks of stand-ins: values with such words of their own, or with what may add up to one, are read one by one.
MARKS = re.compile("qx|qk|90|73|熊|穹|xiong|qiong")
MARK_LIKE = f"{MARKS.pattern}|^[0-9]|^[qxk]$"
NOTHING = text_array([None])


class StandIn(NamedTuple):
    """How a word of one kind is written in a shape, and what a reader makes of it.

    Parameters
    ----------
    written, folded
        Formats in which ``{a}`` is a letter, ``{n}`` a digit, ``{h}`` a Han character and ``{s}`` its sound that tell the slots
        apart.

    Examples
    --------
    >>> StandIn("Qx{a}qk", "qx{a}qk").filled(1)
    StandIn(written='Qxdqk', folded='qxdqk')
    """

    written: str
    folded: str

    def filled(self, slot: int) -> "StandIn":
        """The stand-in for one slot."""
        marks = {"a": LETTERS[slot], "n": DIGITS[slot], "h": HAN[slot], "s": SOUNDS[slot]}
        return StandIn(*(part.format(**marks) for part in self))


class Words(NamedTuple):
    """What matters of distinct words.

    Parameters
    ----------
    kind
        int64 per word: `LITERAL` where the word itself matters, else 1 + the position of its stand-in.
    folded
        large_string per word: what a reader makes of it; of one that matters, its folded letters.
    """

    kind: Ints
    folded: pa.LargeStringArray


class _Tokens(NamedTuple):
    """Words of values: `first[i]` is the place of value i's first word, `size[i]` how many it has."""

    first: Ints
    size: Ints
    word: Ints
    symbol: Ints  # what a word is in a shape: words of one symbol stand for each other
    opaque: Mask
    mark_like: Mask  # whether a word of the shape looks like a stand-in


def read_by_shape(
    values: pa.LargeStringArray,
    read: Reader,
    classify: Callable[[pa.LargeStringArray], Words],
    stand_ins: Sequence[StandIn],
) -> list[Forms]:
    """Apply a reader to distinct values, once per shape where shapes are shared.

    Parameters
    ----------
    values
        Distinct raw values, without nulls.
    read
        Value → several normal forms. It must not tell words of one kind apart.
    classify
        Distinct words → their kinds.
    stand_ins
        The stand-in of each kind.

    Returns
    -------
    list of Forms
        One per part that the reader returns: what it returns for every value.

    Examples
    --------
    >>> from omniid.normalization.text import normalize_text
    >>> plain = lambda words: Words(np.ones(len(words), np.int64), pc.utf8_lower(words))
    >>> values = pa.array([f"{one} {two}" for one in "ABCDEFGH" for two in "XYZUVWST"], pa.large_string())
    >>> (forms,) = read_by_shape(values, lambda value: [normalize_text(value)], plain, [StandIn("Qx{a}qk", "qx{a}qk")])
    >>> forms.value[1].as_py(), forms.display[1].as_py()
    ('a y', 'A Y')
    """
    parts = len(read(""))
    if len(values) < FEW:
        return _each(values, read, parts)
    chunks = pc.ascii_split_whitespace(pc.ascii_trim_whitespace(values))
    tokens, words, kinds = _tokens(chunks, classify)
    short = numpy_array(pc.utf8_length(values)).astype(np.int64, copy=False) <= LONGEST
    shape, sample, fits = _shapes(tokens, short)
    books = [_Book(words, kinds.folded) for _ in range(parts)]
    unread = ~fits
    answered = [
        _answer(read, tokens, int(value), words, kinds.kind, stand_ins) if ok else None
        for value, ok in zip(sample.tolist(), fits[sample].tolist(), strict=True)
    ]
    unread |= np.array([answer is None for answer in answered], bool)[shape]
    at = np.flatnonzero(~unread)
    for part, book in enumerate(books):
        book.fill([answer[part] if answer else _Pattern(None, None, None) for answer in answered], shape, at, tokens)
    rest = np.flatnonzero(unread)
    slow = _each(select(values, unread) if len(rest) else values[:0], read, parts)
    return [Forms.joined((at, book.forms()), (rest, slow[part])) for part, book in enumerate(books)]


def _each(values: pa.LargeStringArray, read: Reader, parts: int) -> list[Forms]:
    """Ask about every value."""
    found = [read(value) for value in values.to_pylist()]
    return [Forms.of([forms[part] for forms in found]) for part in range(parts)]


def _tokens(
    chunks: pa.LargeListArray | pa.ListArray, classify: Callable[[pa.LargeStringArray], Words]
) -> tuple[_Tokens, pa.LargeStringArray, Words]:
    """The words of values, numbered; a comma behind a word is no part of it."""
    ends = numpy_array(chunks.offsets).astype(np.int64, copy=False)
    flat = chunks.flatten().dictionary_encode()
    distinct = flat.dictionary
    comma = numpy_array(pc.ends_with(distinct, ","))
    bare = pc.utf8_slice_codeunits(select(distinct, comma), 0, stop=-1) if comma.any() else distinct[:0]
    based = (
        pa.concat_arrays([select(distinct, ~comma), bare]).dictionary_encode() if comma.any() else distinct.dictionary_encode()
    )
    base = np.empty(len(distinct), np.int64)
    base[np.concatenate([np.flatnonzero(~comma), np.flatnonzero(comma)])] = numpy_array(based.indices)
    words = based.dictionary
    kinds = classify(words)
    plain = 1 + int(kinds.kind.max(initial=0))
    symbol = np.where(kinds.kind == LITERAL, plain + np.arange(len(words)), kinds.kind)
    symbol = np.unique(symbol, return_inverse=True)[1].reshape(-1)
    mark_like = numpy_array(pc.match_substring_regex(kinds.folded, MARK_LIKE))
    of_chunk = numpy_array(flat.indices).astype(np.int64)
    word = base.take(of_chunk)
    tokens = _Tokens(
        ends[:-1] - ends[0],
        np.diff(ends),
        word,
        symbol.take(word) * 2 + comma.take(of_chunk),
        (kinds.kind != LITERAL).take(word),
        (mark_like & (kinds.kind == LITERAL)).take(word),
    )
    return tokens, words, kinds


def _shapes(tokens: _Tokens, short: Mask) -> tuple[Ints, Ints, Mask]:
    """The shape of each value, a value of each shape, and whether a value is short enough to have one."""
    slots, mark_like = _count(tokens.opaque, tokens), _count(tokens.mark_like, tokens)
    fits = short & (tokens.size <= MOST_CHUNKS) & (slots <= MOST_SLOTS) & (mark_like == 0)
    width = int(tokens.symbol.max(initial=0)) + 2
    key, span = np.zeros(len(tokens.first), np.int64), 1
    for place in range(int(tokens.size[fits].max(initial=0))):
        here = np.flatnonzero(fits & (tokens.size > place))
        if span > WIDEST // width:
            key = np.unique(key, return_inverse=True)[1].reshape(-1)
            span = int(key.max(initial=0)) + 1
        more = np.zeros(len(key), np.int64)
        more[here] = tokens.symbol.take(tokens.first[here] + place) + 1
        key, span = key * width + more, span * width
    _, sample, shape = np.unique(key, return_index=True, return_inverse=True)
    return shape.reshape(-1), sample, fits


def _count(marked: Mask, tokens: _Tokens) -> Ints:
    """How many words of each value are marked."""
    sums = np.concatenate([[0], np.cumsum(marked)])
    found: Ints = sums[tokens.first + tokens.size] - sums[tokens.first]
    return found


class _Pattern(NamedTuple):
    """What a reader makes of a shape: pieces of the normal form and of the display form, or a reason."""

    value: tuple[Piece, ...] | None
    display: tuple[Piece, ...] | None
    reason: str | None


def _answer(
    read: Reader, tokens: _Tokens, value: int, words: pa.LargeStringArray, kind: Ints, stand_ins: Sequence[StandIn]
) -> list[_Pattern] | None:
    """What a reader makes of the shape of a value; None where that depends on the very words."""
    texts: list[str] = []
    written: dict[str, int] = {}
    folded: dict[str, int] = {}
    places = range(int(tokens.first[value]), int(tokens.first[value] + tokens.size[value]))
    for place, at in enumerate(places):
        word = int(tokens.word[at])
        if tokens.opaque[at]:
            filled = stand_ins[int(kind[word]) - 1].filled(len(written))
            written[filled.written], folded[filled.folded] = place, place
            if "/" in filled.folded or "-" in filled.folded:  # 12/3 is 123 where a reader drops what is no letter or digit
                folded[re.sub(NOT_BARE, "", filled.folded)] = place + BARE
            text = filled.written
        else:
            text = words[word].as_py()
        texts.append(text + "," * int(tokens.symbol[at] & 1))
    found = []
    for form in read(" ".join(texts)):
        # Digits that belong to no slot may have been made of several.
        pattern = _Pattern(_pieces(form.value, folded), _pieces(form.display, written), form.reason)
        if form.reason is not None and any(mark in form.reason for mark in (*written, *folded)):
            return None
        if any(isinstance(piece, str) and _unsettled(piece) for piece in (*(pattern.value or ()), *(pattern.display or ()))):
            return None
        found.append(pattern)
    return found


def _pieces(text: str | None, marks: dict[str, int]) -> tuple[Piece, ...] | None:
    """Cut a text where stand-ins are in it."""
    if text is None:
        return None
    if not marks:
        return (text,)
    parts = re.split("(" + "|".join(re.escape(mark) for mark in sorted(marks, key=len, reverse=True)) + ")", text)
    return tuple(marks.get(part, part) for part in parts if part)


def _unsettled(piece: str) -> bool:
    """Whether a text between slots still shows a part of a stand-in."""
    return MARKS.search(piece.lower()) is not None


def _text(pattern: tuple[Piece, ...] | None, place: int) -> str:
    return str(pattern[place]) if pattern else ""


class _Book:
    """Strings that the forms of one part are taken from: words as folded, words as written, and what is put together."""

    def __init__(self, words: pa.LargeStringArray, folded: pa.LargeStringArray) -> None:
        self._pools = [folded, words]
        self._words = len(words)
        self._size = 2 * len(words)
        self._at: list[Ints] = []
        self._reason: pa.LargeStringArray = NOTHING
        self._bare_words: pa.LargeStringArray | None = None

    def fill(self, patterns: Sequence[_Pattern], shape: Ints, at: Ints, tokens: _Tokens) -> None:
        """Find the strings of the values at some positions."""
        shape = shape[at]
        self._at.append(self._find([pattern.value for pattern in patterns], shape, at, tokens, 0))
        self._at.append(self._find([pattern.display for pattern in patterns], shape, at, tokens, 1))
        reasons = [pattern.reason for pattern in patterns]
        self._reason = text_array(reasons or [None]).take(arrow_array(shape))

    def _find(self, patterns: Sequence[tuple[Piece, ...] | None], shape: Ints, at: Ints, tokens: _Tokens, side: int) -> Ints:
        """Positions in the pools; -1 for null."""
        builds: dict[tuple[int, ...], list[int]] = {}  # the slots of a pattern, -1 where it has text → patterns
        for number, pattern in enumerate(patterns):
            if pattern is not None:
                builds.setdefault(tuple(piece if isinstance(piece, int) else -1 for piece in pattern), []).append(number)
        kind = np.full(len(patterns), -1, np.int64)
        for number, members in enumerate(builds.values()):
            kind[members] = number
        order = np.argsort(kind[shape], kind="stable")
        bounds = np.searchsorted(kind[shape][order], np.arange(len(builds) + 1))
        found = np.full(len(at), -1, np.int64)
        for (build, members), start, stop in zip(builds.items(), bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
            mine = order[start:stop]
            if len(build) == 1 and build[0] >= 0:
                word = tokens.word.take(tokens.first[at[mine]] + build[0] % BARE)
                found[mine] = word + (side * self._words if build[0] < BARE else self._bare_from())
                continue
            rank = np.zeros(len(patterns), np.int64)
            rank[members] = np.arange(len(members))
            texts = []
            for place, slot in enumerate(build):
                if slot >= 0:
                    word = arrow_array(tokens.word.take(tokens.first[at[mine]] + slot % BARE))
                    texts.append(self._pools[side].take(word) if slot < BARE else self._bare().take(word))
                    continue
                constants = text_array([_text(patterns[member], place) for member in members])
                texts.append(constants.take(arrow_array(rank[shape[mine]])))
            found[mine] = self._size + np.arange(len(mine))
            self._add(pc.binary_join_element_wise(*texts, text_scalar("")))
        return found

    def _bare(self) -> pa.LargeStringArray:
        """Words as folded, without separators."""
        if self._bare_words is None:
            self._bare_words = pc.replace_substring_regex(self._pools[0], NOT_BARE, "")
        return self._bare_words

    def _bare_from(self) -> int:
        """Where words without separators begin in the pools."""
        start = self._size
        self._add(self._bare())
        return start

    def _add(self, texts: pa.LargeStringArray) -> None:
        self._pools.append(texts)
        self._size += len(texts)

    def forms(self) -> Forms:
        """The strings that were found."""
        pool = pa.concat_arrays(self._pools)
        value, display = (pool.take(arrow_array(at, present=at >= 0)) for at in self._at)
        return Forms(value, display, self._reason)
