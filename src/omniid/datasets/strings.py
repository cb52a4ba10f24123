"""String operations on whole columns that the generator is made of."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.hashing import Hashes

__all__ = ["Flags", "choose", "digits_of", "hex_of", "join", "restore", "slips"]

Codes = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_KEYBOARDS = (
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1234567890",
    "йцукенгшщзхъ",
    "фывапролджэ",
    "ячсмитьбю",
    "ضصثقفغعهخحج",
    "شسیبلاتنمکگ",
    "ظطزرذدپو",
)
_OCR = {
    "o": "0",
    "l": "1",
    "i": "1",
    "s": "5",
    "b": "6",
    "g": "9",
    "z": "2",
    "O": "0",
    "I": "1",
    "S": "5",
    "B": "8",
    "Z": "2",
    "0": "O",
    "1": "l",
    "5": "S",
}


def join(*parts: pa.Array | str) -> pa.Array:
    """Join strings cell by cell; a null part makes a null.

    Examples
    --------
    >>> join(pa.array(["a", None]), "-", pa.array(["b", "c"])).to_pylist()
    ['a-b', None]
    """
    return pc.binary_join_element_wise(*parts, "")


def choose(flags: Flags, yes: pa.Array | str | None, no: pa.Array | str | None) -> pa.Array:
    """Take `yes` where flagged, else `no`."""
    return pc.if_else(pa.array(flags), yes, no)


def digits_of(numbers: Codes, width: int = 0) -> pa.Array:
    """Write numbers in decimal, padded with zeros to one width.

    Examples
    --------
    >>> digits_of(np.array([7, 42]), 3).to_pylist()
    ['007', '042']
    """
    text = pc.cast(pa.array(numbers), pa.string())
    return pc.utf8_lpad(text, width=width, padding="0") if width else text


def hex_of(hashes: Hashes) -> pa.Array:
    """Write 64-bit numbers as 16 hexadecimal digits.

    Examples
    --------
    >>> hex_of(np.array([255], np.uint64)).to_pylist()
    ['00000000000000ff']
    """
    table = np.array([f"{byte:02x}" for byte in range(256)], "S2")
    text = table[hashes.astype(">u8").view(np.uint8)]
    offsets = np.arange(len(hashes) + 1, dtype=np.int32) * 16
    return pa.StringArray.from_buffers(len(hashes), pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(text)))


def restore(pieces: list[pa.Array], rows: list[Codes]) -> pa.Array:
    """Put pieces that were made group by group back in row order.

    Examples
    --------
    >>> restore([pa.array(["b"]), pa.array(["a", "c"])], [np.array([1]), np.array([0, 2])]).to_pylist()
    ['a', 'b', 'c']
    """
    return pa.concat_arrays(pieces).take(pa.array(np.argsort(np.concatenate(rows), kind="stable")))


def _near_keys(letters: npt.NDArray[np.uint32], pick: Codes, *, ocr: Flags) -> npt.NDArray[np.uint32]:
    """Give a letter from beside each letter on its keyboard, or what a scanner reads; others come back as they are."""
    distinct, codes = np.unique(letters, return_inverse=True)
    table = np.empty((len(distinct), 3), np.uint32)
    for row, letter in enumerate(map(chr, distinct.tolist())):
        table[row] = [ord(other) for other in _beside(letter)]
    return table[codes, np.where(ocr, 2, pick)]


def _beside(letter: str) -> tuple[str, str, str]:
    low = letter.lower()
    read = _OCR.get(letter, letter)
    for keys in _KEYBOARDS:
        at = keys.find(low)
        if at >= 0:
            left, right = keys[at - 1] if at else keys[1], keys[at + 1] if at + 1 < len(keys) else keys[at - 1]
            return (left.upper(), right.upper(), read) if low != letter else (left, right, read)
    return letter, letter, read


def slips(strings: pa.Array, flags: Flags, rng: np.random.Generator, *, insertions: bool = True) -> pa.Array:
    """Make one slip of the fingers in each flagged string.

    Parameters
    ----------
    strings
        Strings and nulls; nulls and strings of fewer than three letters stay.
    flags
        Which to change.
    rng
        Source of chance.
    insertions
        False keeps the length: only near keys, exchanges and misread letters.

    Returns
    -------
    pyarrow.Array
        With insertions: 20 % insert, 25 % delete, 30 % near key, 20 % exchange of neighbours, 5 % read wrongly by a scanner.

    Examples
    --------
    >>> names = pa.array(["Kowalski", "Nowak", "Li"])
    >>> changed = slips(names, np.array([True, False, True]), np.random.default_rng(0)).to_pylist()
    >>> changed[0] != "Kowalski", changed[1:]
    (True, ['Nowak', 'Li'])
    """
    rows = np.flatnonzero(flags & np.asarray(pc.fill_null(pc.greater_equal(pc.utf8_length(strings), 3), fill_value=False)))
    if not len(rows):
        return strings
    texts = np.asarray(strings.take(pa.array(rows)).to_pylist(), dtype=np.str_)
    width = texts.dtype.itemsize // 4 + 1
    letters = texts.astype(f"U{width}").view(np.uint32).reshape(len(rows), width)
    length = (letters != 0).sum(axis=1)
    at = (rng.random(len(rows)) * (length - 1)).astype(np.int64)  # never the last, so that an exchange has a neighbour
    kind = rng.choice(5, len(rows), p=(0.2, 0.25, 0.3, 0.2, 0.05) if insertions else (0, 0, 0.5, 0.45, 0.05))
    near = _near_keys(letters[np.arange(len(rows)), at], rng.integers(0, 2, len(rows)), ocr=kind == 4)
    column = np.arange(width)[None, :]
    source = column + ((kind == 1)[:, None] & (column >= at[:, None])) - ((kind == 0)[:, None] & (column > at[:, None]))
    changed = np.take_along_axis(letters, np.minimum(source, width - 1), axis=1)
    for chosen, offset in ((kind == 0, 1), (kind == 2, 0), (kind == 4, 0)):
        who = np.flatnonzero(chosen)
        changed[who, at[who] + offset] = near[who]
    who = np.flatnonzero(kind == 3)
    changed[who, at[who]], changed[who, at[who] + 1] = letters[who, at[who] + 1], letters[who, at[who]]
    replaced = np.ascontiguousarray(changed).view(f"U{width}").ravel().tolist()
    mask = np.zeros(len(strings), np.bool_)
    mask[rows] = True
    return pc.replace_with_mask(strings, pa.array(mask), pa.array(replaced, strings.type))
