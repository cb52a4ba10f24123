"""What a column's values look like: shares of a sample that read as e-mail addresses, phones, dates and so on."""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omniid.inference.patterns import OTHER_DIGITS, PIECE_PATTERNS, SPLIT, VALUE_PATTERNS, YEAR
from omniid.inference.sample import distinct_values
from omniid.tables.arrays import arrow_array, numpy_array, text_array

__all__ = ["Contents", "Years"]

_HAS_OTHER_DIGITS = "[۰-۹٠-٩０-９]"
_JALALI = (1250, 1450)  # years of the Persian calendar, 621 behind the common one
_JALALI_SHIFT = 621
_CHECKED = 200  # values whose check digits are computed one by one


@dataclass(frozen=True)
class Years:
    """How the years of a column's dates spread: the 5th and 95th percentile.

    Examples
    --------
    >>> Years(1950, 1999).span
    49
    """

    low: int
    high: int

    @property
    def span(self) -> int:
        """Years between the 5th and the 95th percentile."""
        return self.high - self.low


@dataclass(frozen=True, eq=False)
class Contents:
    """A column's sampled distinct values, and what shares of them look like.

    Parameters
    ----------
    values
        Distinct trimmed values, digits of other scripts written in ASCII.
    sampled
        Whether the column holds more distinct values than these.
    filled
        Rows with a value, of `rows`.
    rows
        Rows of the source.

    Examples
    --------
    >>> contents = Contents.of(pa.array(["a@x.com", "b@x.com; c@x.com", None], pa.large_string()))
    >>> contents.share("email"), contents.filled
    (1.0, 2)
    """

    values: pa.LargeStringArray
    sampled: bool
    filled: int
    rows: int
    _shares: dict[str, float] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, column: pa.Array | pa.ChunkedArray, filled: int | None = None, rows: int | None = None) -> "Contents":
        """Sample a column; `filled` and `rows` describe the whole column where `column` is a part of it."""
        values, sampled = distinct_values(column)
        if pc.any(pc.match_substring_regex(values, _HAS_OTHER_DIGITS)).as_py():
            values = text_array([value.translate(OTHER_DIGITS) for value in values.to_pylist()])
        whole = len(column) - column.null_count
        return cls(values, sampled, whole if filled is None else filled, len(column) if rows is None else rows)

    def __len__(self) -> int:
        return len(self.values)

    def _pieces(self) -> pa.LargeStringArray:
        pieces = pc.list_flatten(pc.split_pattern_regex(self.values, SPLIT))
        return pieces.filter(arrow_array(numpy_array(pc.binary_length(pieces)) > 0))

    def share(self, name: str) -> float:
        """Share of the distinct values that match a named pattern, 0.0 of none.

        Examples
        --------
        >>> Contents.of(pa.array(["1984-05-17", "x"], pa.large_string())).share("date")
        0.5
        """
        if name not in self._shares:
            self._shares[name] = self._measure(name)
        return self._shares[name]

    def _measure(self, name: str) -> float:
        if name == "at":
            return _mean(pc.match_substring(self.values, "@"))
        if name == "phone":
            return self._phone_share()
        if name == "email":
            return self._email_share()
        if name in PIECE_PATTERNS:
            return _mean(pc.match_substring_regex(self._pieces(), PIECE_PATTERNS[name]))
        return _mean(pc.match_substring_regex(self.values, VALUE_PATTERNS[name]))

    def _email_share(self) -> float:
        if self.share("at") == 0.0:
            return 0.0
        pieces = self._pieces()
        shaped, other = (pc.match_substring_regex(pieces, PIECE_PATTERNS[name]) for name in ("email", "messenger"))
        return _mean(pc.and_(shaped, pc.invert(other)))

    def _phone_share(self) -> float:
        pieces = self._pieces()
        shaped = pc.match_substring_regex(pieces, PIECE_PATTERNS["telephone"])
        long = pc.match_substring_regex(pieces, PIECE_PATTERNS["telephone length"])
        other = pc.match_substring_regex(pieces, PIECE_PATTERNS["no telephone"])
        return _mean(pc.and_(pc.and_(shaped, long), pc.invert(other)))

    def years(self) -> Years | None:
        """The spread of four-digit years, Persian ones counted in common years; None if fewer than half have one.

        Examples
        --------
        >>> Contents.of(pa.array(["1984-05-17", "1364/02/27"], pa.large_string())).years()
        Years(low=1984, high=1984)
        """
        found = pc.struct_field(pc.extract_regex(self.values, YEAR), "year")
        years = numpy_array(found.drop_null().cast(pa.int64()))
        if 2 * len(years) < max(len(self.values), 1):
            return None
        years = np.where((years >= _JALALI[0]) & (years <= _JALALI[1]), years + _JALALI_SHIFT, years)
        low, high = (int(np.percentile(years, q, method="lower")) for q in (5, 95))
        return Years(low, high)

    def payment_card_share(self) -> float:
        """Share of the values that are masked or pass the check digit of payment cards.

        References
        ----------
        ISO/IEC 7812-1, annex B (the formula of Luhn).

        Examples
        --------
        >>> Contents.of(pa.array(["4111 1111 1111 1111", "4111 1111 1111 1112"], pa.large_string())).payment_card_share()
        0.5
        """
        few = self.values[:_CHECKED]
        if _mean(pc.match_substring_regex(few, VALUE_PATTERNS["payment card"])) == 0.0:
            return 0.0
        return sum(_is_payment_card(value) for value in few.to_pylist()) / len(few)

    def counted(self) -> str:
        """How many values were looked at, as plain words.

        Examples
        --------
        >>> Contents.of(pa.array(["a", "b"], pa.large_string())).counted()
        '2 distinct values'
        """
        return f"{len(self):,} {'sampled ' if self.sampled else ''}distinct value{'' if len(self) == 1 else 's'}"

    def says(self, name: str, claim: str) -> str:
        """A share as plain words.

        Examples
        --------
        >>> Contents.of(pa.array(["a@x.com", "b@x.com", "c"], pa.large_string())).says("email", "are e-mail addresses")
        '67 % of 3 distinct values are e-mail addresses'
        """
        return f"{100 * self.share(name):.0f} % of {self.counted()} {claim}"


def _mean(flags: pa.BooleanArray) -> float:
    return float(pc.mean(flags).as_py() or 0.0) if len(flags) else 0.0


def _is_payment_card(value: str) -> bool:
    symbols = [char for char in value if char.isdigit() or char in "*xX•"]
    if not 15 <= len(symbols) <= 16:
        return False
    if not all(char.isdigit() for char in symbols):
        return True
    digits = [int(char) for char in reversed(symbols)]
    doubled = [2 * digit - 9 * (digit > 4) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
