"""NumPy arrays and Python text as Arrow arrays, and back, straight from their buffers.

Arrow's own conversions (`pa.array`, `pa.scalar`, `to_numpy`) import pandas when they are first called, which takes longer than
all of omniid's own imports. Those that are needed everywhere stand here, and import nothing.
"""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

T = TypeVar("T", bound=np.generic)

__all__ = ["arrow_array", "distinct", "matches", "new_values", "numpy_array", "text_array", "text_objects", "text_scalar"]


def arrow_array(values: npt.NDArray[Any], *, present: npt.NDArray[np.bool_] | None = None) -> pa.Array:
    """A NumPy array of numbers or flags as an Arrow array; numbers are shared, not copied.

    Parameters
    ----------
    values
        One dimension; integers, floats or bools.
    present
        False where the Arrow array is to be null; None where nothing is.

    Examples
    --------
    >>> arrow_array(np.array([3, 1], np.int32)).to_pylist(), arrow_array(np.array([True, False])).to_pylist()
    ([3, 1], [True, False])
    """
    here = None if present is None else _bitmap(present)
    if values.dtype == bool:
        return pa.Array.from_buffers(pa.bool_(), len(values), [here, _bitmap(values)])
    plain = np.ascontiguousarray(values)
    return pa.Array.from_buffers(pa.from_numpy_dtype(plain.dtype), len(plain), [here, pa.py_buffer(plain)])


def distinct(values: npt.NDArray[T]) -> npt.NDArray[T]:
    """The distinct values, ascending.

    Sorting takes a fifth of the time of the hash table by which `numpy.unique` does it since numpy 2.3, which also imports the
    masked arrays when it is first called: 50 ms.

    Examples
    --------
    >>> distinct(np.array([3, 1, 3]))
    array([1, 3])
    """
    ranked = np.sort(values, axis=None)
    return ranked[new_values(ranked)]


def matches(texts: pa.LargeStringArray, pattern: str) -> npt.NDArray[np.bool_]:
    """Tell which texts a regular expression (RE2) finds something in.

    Examples
    --------
    >>> matches(text_array(["12a", "b"]), "[0-9]").tolist()
    [True, False]
    """
    found: npt.NDArray[np.bool_] = numpy_array(pc.match_substring_regex(texts, pattern))
    return found


def new_values(ranked: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Where a value of an ascending array differs from the one before it.

    Examples
    --------
    >>> new_values(np.array([3, 3, 4])).tolist()
    [True, False, True]
    """
    new = np.ones(len(ranked), bool)
    np.not_equal(ranked[1:], ranked[:-1], out=new[1:])
    return new


FLOATS = {"double": "float64", "float": "float32", "halffloat": "float16"}  # Arrow's names of them


def numpy_array(values: pa.Array, *, null: float = 0) -> npt.NDArray[Any]:
    """An Arrow array of numbers or flags as a NumPy array; numbers are shared where no value is null, and then read-only.

    Parameters
    ----------
    values
        Integers, floats or bools, as an Array.
    null
        What stands for null.

    Examples
    --------
    >>> numpy_array(pa.array([3, None, 1]), null=-1).tolist(), numpy_array(pa.array([True, None])).tolist()
    ([3, -1, 1], [True, False])
    """
    _, data = values.buffers()
    if pa.types.is_boolean(values.type):
        found: npt.NDArray[Any] = _bits(data, values.offset, len(values))
    else:
        name = str(values.type)  # asking Arrow for its NumPy type imports pandas in version 17
        dtype = np.dtype(FLOATS.get(name, name))
        found = np.empty(0, dtype)
        if data is not None and len(values):
            found = np.frombuffer(data, dtype, values.offset + len(values))[values.offset :]
    if not values.null_count:
        return found
    here = _bits(values.buffers()[0], values.offset, len(values)) if data is not None else np.zeros(len(values), bool)
    out = np.full(len(values), null, found.dtype)
    np.copyto(out, found, where=here)
    return out


def text_array(values: Sequence[str | None]) -> pa.LargeStringArray:
    """Python text as an Arrow array; None is null.

    Examples
    --------
    >>> text_array(["a", None, "Łódź", ""]).to_pylist()
    ['a', None, 'Łódź', '']
    """
    pieces = [value or "" for value in values]
    data = "".join(pieces).encode()
    sizes = map(len, pieces) if data.isascii() else (len(piece.encode()) for piece in pieces)
    offsets = np.fromiter(accumulate(sizes, initial=0), np.int64, len(pieces) + 1)
    here = None
    if None in values:
        here = _bitmap(np.array([value is not None for value in values], bool))
    return pa.LargeStringArray.from_buffers(len(pieces), pa.py_buffer(offsets), pa.py_buffer(data), here)


def text_objects(values: pa.LargeStringArray) -> npt.NDArray[np.object_]:
    """Arrow text as an object array of Python text; null is None.

    Examples
    --------
    >>> text_objects(pa.array(["a", None], pa.large_string())).tolist()
    ['a', None]
    """
    out = np.empty(len(values), object)
    out[:] = values.to_pylist()
    return out


def text_scalar(value: str | None) -> pa.LargeStringScalar:
    """One text as an Arrow scalar, to pass to a compute function.

    Examples
    --------
    >>> text_scalar("a").as_py()
    'a'
    """
    return text_array([value])[0]


def _bitmap(flags: npt.NDArray[np.bool_]) -> pa.Buffer:
    """Bools as the bits of a bitmap."""
    return pa.py_buffer(np.packbits(flags, bitorder="little"))


def _bits(data: pa.Buffer, offset: int, size: int) -> npt.NDArray[np.bool_]:
    """Bits of a bitmap, from an offset, as bools."""
    if data is None or not size:
        return np.zeros(size, bool)
    first = offset // 8
    packed = np.frombuffer(data, np.uint8)[first : (offset + size + 7) // 8]
    return np.unpackbits(packed, count=offset + size - 8 * first, bitorder="little")[offset - 8 * first :].astype(bool)
