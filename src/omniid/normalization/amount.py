"""Amounts of money, points and balances, as whole millionths: sums then don't depend on the order of addition."""

import re

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.normalization.text import ascii_digits
from omniid.tables.arrays import arrow_array, numpy_array, text_scalar
from omniid.tables.events import MICROS, NO_AMOUNT

__all__ = ["amount_texts", "decimals", "normalize_amount", "read_amounts"]

AMOUNT = re.compile(
    r"(?P<open>\()?\s*(?P<sign>[-+])?\s*(?:[^\d\s.,()+-]{1,4}\.?\s*)?(?P<sign2>[-+])?"
    r"(?P<number>\d[\d.,'’\s]*|[.,]\d+)\s*(?:[^\d\s.,()+-]{1,6}\.?)?\s*(?P<close>\))?"
)
THOUSANDS = re.compile(r"[1-9]\d{0,2},\d{3}")  # of money, three decimals are rarer than thousands
LARGEST = 9 * 10**12  # whole units: an int64 of millionths holds them


def normalize_amount(value: str | None) -> int | None:
    """Return an amount in millionths, None where the text is no amount.

    Reads a point or a comma as the decimal sign (of two different signs the last one; one that comes twice, and a lone comma
    before exactly three digits, part thousands), spaces and apostrophes between thousands, a currency before or behind, a
    minus sign or accountants' brackets.

    Parameters
    ----------
    value
        A raw value.

    Examples
    --------
    >>> [normalize_amount(text) for text in ("19.99", "1 234,50 zł", "-€1,234.5", "(20)", "many")]
    [19990000, 1234500000, -1234500000, -20000000, None]
    """
    found = AMOUNT.fullmatch(ascii_digits(value.strip())) if value is not None and len(value) < 64 else None
    if found is None or bool(found["open"]) != bool(found["close"]):
        return None
    number = re.sub(r"[\s'’]", "", found["number"])
    point = max(number.rfind("."), number.rfind(","))
    if point >= 0 and (number.count(number[point]) > 1 or THOUSANDS.fullmatch(number)):
        point = -1  # 1.234.567 or 1,234: no decimal sign, but thousands parted
    whole, part = (number, "") if point < 0 else (number[:point], number[point + 1 :])
    whole = re.sub(r"[.,]", "", whole) or "0"
    if len(whole) > 13 or int(whole) > LARGEST or not (part.isdigit() or not part):
        return None
    micros = int(whole) * MICROS + int((part + "000000")[:6]) + (len(part) > 6 and part[6] >= "5")
    minus = (found["sign"] == "-") or (found["sign2"] == "-") or bool(found["open"])
    return -micros if minus else micros


def read_amounts(values: pa.Array) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Read distinct texts, or numbers of any type, as millionths.

    Parameters
    ----------
    values
        large_string, or integers, floats, decimals; null is missing.

    Returns
    -------
    micros, unread
        int64 per value, `NO_AMOUNT` where there is none; bool per value: it is not missing, and is no amount.

    Examples
    --------
    >>> micros, unread = read_amounts(pa.array([1.5, None]))
    >>> micros.tolist()[0], unread.tolist()
    (1500000, [False, False])
    """
    here = numpy_array(values.is_valid())
    if pa.types.is_floating(values.type) or pa.types.is_decimal(values.type):
        numbers = numpy_array(values.cast(pa.float64()), null=np.nan)
        here = here & ~np.isnan(numbers)
        good = here & (np.abs(numbers) <= LARGEST)
        numbers = np.where(good, numbers, 0.0)
        whole = np.floor(numbers)  # apart, so that large amounts keep their millionths
        micros = whole.astype(np.int64) * MICROS + np.rint((numbers - whole) * MICROS).astype(np.int64)
        return np.where(good, micros, NO_AMOUNT), here & ~good
    if pa.types.is_integer(values.type):
        numbers = numpy_array(values.cast(pa.int64(), safe=False))
        good = here & (np.abs(numbers) <= LARGEST)
        return np.where(good, np.where(good, numbers, 0) * MICROS, NO_AMOUNT), here & ~good
    quick = _plain(values)
    if quick is not None:
        return quick, np.zeros(len(values), bool)
    read = [normalize_amount(value) for value in values.to_pylist()]
    micros = np.array([NO_AMOUNT if one is None else one for one in read], np.int64)
    return micros, here & (micros == NO_AMOUNT)


def _plain(values: pa.Array) -> npt.NDArray[np.int64] | None:
    """Amounts that are all written plainly, such as 19.99, read by Arrow; None where one is not."""
    try:
        numbers = values.cast(pa.float64())
    except pa.ArrowInvalid:
        return None
    found = numpy_array(numbers, null=0.0)
    return read_amounts(numbers)[0] if np.isfinite(found).all() and (np.abs(found) <= LARGEST).all() else None


def decimals(micros: npt.NDArray[np.int64]) -> pa.Array:
    """Millionths as exact decimals with six digits behind the point, null where there is none.

    Examples
    --------
    >>> [str(one) for one in decimals(np.array([1_500_000])).to_pylist()]
    ['1.500000']
    """
    missing = micros == NO_AMOUNT
    pairs = np.empty((len(micros), 2), np.int64)
    pairs[:, 0] = np.where(missing, 0, micros)
    pairs[:, 1] = pairs[:, 0] >> 63
    valid = pa.py_buffer(np.packbits(~missing, bitorder="little"))
    return pa.Array.from_buffers(pa.decimal128(19, 6), len(micros), [valid, pa.py_buffer(pairs)])


def amount_texts(micros: npt.NDArray[np.int64]) -> pa.LargeStringArray:
    """Millionths as text with two decimals, or six where they are needed, null where there is none.

    Examples
    --------
    >>> amount_texts(np.array([1_500_000, 1_234_567])).to_pylist()
    ['1.50', '1.234567']
    """
    known = micros != NO_AMOUNT
    whole, part = np.divmod(np.abs(np.where(known, micros, 0)), MICROS)
    short = part % 10_000 == 0
    digits = arrow_array(np.where(short, part // 10_000, part)).cast(pa.large_string())
    padded = pc.if_else(arrow_array(short), pc.utf8_lpad(digits, 2, padding="0"), pc.utf8_lpad(digits, 6, padding="0"))
    text = pc.binary_join_element_wise(arrow_array(whole).cast(pa.large_string()), padded, text_scalar("."))
    signs = pc.if_else(arrow_array(known & (micros < 0)), text_scalar("-"), text_scalar(""))
    return pc.if_else(arrow_array(known), pc.binary_join_element_wise(signs, text, text_scalar("")), text_scalar(None))
