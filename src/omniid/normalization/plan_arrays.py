"""Number plans over whole arrays: numbers of one country code and one length are judged by one pattern."""

from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np
import numpy.typing as npt
import phonenumbers
import pyarrow as pa
import pyarrow.compute as pc

from omniid.byte_arrays import select
from omniid.normalization.number_plan import Plan, plan_of
from omniid.tables import Codes
from omniid.tables.arrays import arrow_array, numpy_array, text_array

__all__ = ["place_numbers"]

Mask = npt.NDArray[np.bool_]
Positions = npt.NDArray[np.int64]
# Compiling the patterns of a group takes as long as placing so many numbers one by one.
FEWEST_OF_A_GROUP = 24
LENGTHS = 16  # E.164 has 15 digits at most


class _Numbers:
    """Numbers of one length: their digits as text and as a whole, and which of all numbers they are."""

    def __init__(self, rows: Positions, digits: pa.LargeStringArray, whole: Positions, size: int) -> None:
        self.rows, self.digits, self.whole, self.size = rows, digits, whole, size

    def where(self, mask: Mask) -> "_Numbers":
        """Only the numbers where the mask is true."""
        return self if mask.all() else _Numbers(self.rows[mask], select(self.digits, mask), self.whole[mask], self.size)

    def starts(self, text: str, skip: int = 0) -> Mask:
        """Whether each number goes on with the digits `text` behind `skip` digits."""
        behind = self.size - skip - len(text)
        if behind < 0:
            return np.zeros(len(self.rows), bool)
        return np.asarray(self.whole // 10**behind % 10 ** len(text) == int(text), bool)

    def matches(self, pattern: str, skip: int = 0, *, to_end: bool = True) -> Mask:
        """Whether each number matches behind `skip` digits, to its end or from there on."""
        found = pc.match_substring_regex(self.digits, f"^.{{{skip}}}(?:{pattern}){'$' if to_end else ''}")
        return numpy_array(found)

    def stripped(self, plan: Plan, skip: int = 0) -> npt.NDArray[np.int64]:
        """How many digits behind `skip` the plan would take for a trunk prefix."""
        if plan.trunk is None:
            return np.zeros(len(self.rows), np.int64)
        if (trunk := plan.trunk.pattern).isdigit():
            return np.where(self.starts(trunk, skip), len(trunk), 0)
        groupless = trunk.replace("(?:", "(").replace("(", "(?:")
        shorter = pc.replace_substring_regex(self.digits, f"^(.{{{skip}}})(?:{groupless})", r"\1")
        return np.asarray(self.size - numpy_array(pc.binary_length(shorter)), np.int64)


class _Draft:
    """Normal forms as they are found, null where nobody has answered, and the form to take if a number is not assigned."""

    def __init__(self, digits: pa.LargeStringArray, whole: Positions, has_plus: Mask) -> None:
        self.digits, self.whole, self.has_plus = digits, whole, has_plus
        self.sizes = numpy_array(pc.binary_length(digits))
        self._rows: list[Positions] = []
        self._forms: list[pa.LargeStringArray] = []
        self.otherwise = np.full(len(digits), -1, np.int64)  # position among `_fallbacks`
        self._fallbacks: list[pa.LargeStringArray] = []

    def groups(self, rows: Positions, keys: npt.NDArray[np.signedinteger]) -> Iterator[tuple[int, _Numbers]]:
        """(key, numbers) for each combination of key and length that is there."""
        both = keys.astype(np.uint16) * np.uint16(LENGTHS) + self.sizes[rows].astype(np.uint16)
        order = np.argsort(both, kind="stable")  # sixteen bits: a radix sort
        counts = np.bincount(both, minlength=1)
        ends = np.cumsum(counts)
        for both_keys in np.flatnonzero(counts).tolist():
            key, size = divmod(both_keys, LENGTHS)
            mine = rows[order[ends[both_keys] - counts[both_keys] : ends[both_keys]]]
            yield key, _Numbers(mine, self.digits.take(arrow_array(mine)), self.whole[mine], size)

    def place(self, rows: Positions, forms: pa.LargeStringArray) -> None:
        """Settle the form of some numbers."""
        self._rows.append(rows)
        self._forms.append(forms)

    def fall_back(self, rows: Positions, forms: pa.LargeStringArray) -> None:
        """Keep a form for numbers that turn out not to be assigned as international ones either."""
        self.otherwise[rows] = np.arange(len(rows)) + sum(map(len, self._fallbacks))
        self._fallbacks.append(forms)

    def settle_as_fallback(self, rows: Positions) -> None:
        """Take the kept forms."""
        kept = pa.concat_arrays([text_array([]), *self._fallbacks])
        self.place(rows, kept.take(arrow_array(self.otherwise[rows])))

    def done(self) -> pa.LargeStringArray:
        """All forms, in order."""
        at = np.full(len(self.digits), -1, np.int64)
        at[np.concatenate([np.zeros(0, np.int64), *self._rows])] = np.arange(sum(map(len, self._rows)))
        forms = pa.concat_arrays([text_array([]), *self._forms])
        return forms.take(arrow_array(at, present=at >= 0))


def place_numbers(
    digits: pa.LargeStringArray, whole: Positions, has_plus: Mask, contexts: Codes, regions: Sequence[str | None]
) -> pa.LargeStringArray:
    """Return the normal form of dialled numbers: E.164, or bare digits where no plan knows them.

    Follows `phonenumbers` step by step where the outcome is certain, and is silent elsewhere.

    Parameters
    ----------
    digits
        large_string: 7 to 15 digits each, "00" in front taken off.
    whole
        int64: the digits read as one number.
    has_plus
        Whether a country code comes first for sure.
    contexts
        int32, one per number: a position in `regions`.
    regions
        Two-letter regions whose national format is meant, None where unknown.

    Returns
    -------
    pyarrow.LargeStringArray
        Null where only the library can say.

    References
    ----------
    ITU-T Recommendation E.164; the algorithms of libphonenumber (parse, isValidNumber, isPossibleNumber).

    Examples
    --------
    >>> digits = pa.array(["48501234567"] * 30, pa.large_string())
    >>> place_numbers(digits, np.full(30, 48501234567), np.ones(30, bool), np.zeros(30, np.int32), [None])[0].as_py()
    '+48501234567'
    """
    draft = _Draft(digits, whole, has_plus.copy())
    _look_abroad(draft, np.flatnonzero(has_plus))
    has_region = np.array([region is not None for region in regions])[contexts] & ~draft.has_plus
    nowhere = np.flatnonzero(~has_region & ~draft.has_plus)
    draft.fall_back(nowhere, digits.take(arrow_array(nowhere)))
    here = np.flatnonzero(has_region)
    for context, numbers in draft.groups(here, contexts[here]):
        region = regions[context]
        plan = plan_of(region) if region is not None and region.isupper() else None
        if plan is not None and len(numbers.rows) >= FEWEST_OF_A_GROUP:
            _place_national(draft, numbers, plan)
    _look_abroad(draft, np.flatnonzero(draft.otherwise >= 0))
    return draft.done()


def _look_abroad(draft: _Draft, rows: Positions) -> None:
    """Place numbers that begin with a country code, or may do so."""
    prefixes = draft.whole[rows] // 10 ** (draft.sizes[rows] - 3)
    for code, numbers in draft.groups(rows, _country_codes()[prefixes]):
        _place_international(draft, numbers, code)


@cache
def _country_codes() -> npt.NDArray[np.int32]:
    """The country code that three leading digits begin with, 0 where none does."""
    known = phonenumbers.COUNTRY_CODE_TO_REGION_CODE
    starts = ((start // 100, start // 10, start) if start >= 100 else () for start in range(1000))
    return np.array([next((code for code in codes if code in known), 0) for codes in starts], np.int32)


def _place_national(draft: _Draft, numbers: _Numbers, plan: Plan) -> None:
    """Place digits in a region's own format; those not assigned get a fallback and wait for the international look."""
    code, prefix, size = plan.country_code, plan.national_prefix, numbers.size
    if plan.abroad is not None:
        numbers = numbers.where(~numbers.matches(plan.abroad.pattern, to_end=False))
    with_code = numbers.starts(code)
    if with_code.any():
        # The library takes the country code off where only the rest looks like a number of the region.
        coded = numbers.where(with_code)
        general = coded.matches(plan.general.pattern)
        rest = coded.matches(plan.general.pattern, len(code)) & (coded.stripped(plan, len(code)) == 0)
        _settle_national(draft, coded.where(~general & rest), plan, len(code))
        with_code[with_code] = ~(general & (size <= max(plan.lengths, default=0)))
        numbers = numbers.where(~with_code)
    stripped = numbers.stripped(plan)
    _settle_national(draft, numbers.where(stripped == 0), plan, 0)
    if prefix and size - len(prefix) in plan.lengths - plan.local_lengths:
        numbers = numbers.where((stripped == len(prefix)) & numbers.starts(prefix))
        # A number that is well-formed with the prefix keeps it unless it is so without it, too.
        odd = numbers.matches(plan.general.pattern)
        odd[odd] = ~numbers.where(odd).matches(plan.general.pattern, len(prefix))
        _settle_national(draft, numbers.where(~odd), plan, len(prefix))


def _settle_national(draft: _Draft, numbers: _Numbers, plan: Plan, drop: int) -> None:
    """Judge the numbers that follow `drop` digits."""
    numbers = numbers.where(~numbers.starts("00", drop))
    regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE[int(plan.country_code)]
    main, assigned = plan_of(regions[0]), _assigned(numbers, drop, regions)
    if main is None or assigned is None:
        return
    forms = pc.binary_replace_slice(numbers.digits, 0, drop, f"+{plan.country_code}")
    draft.place(numbers.rows[assigned], select(forms, assigned))
    if numbers.size - drop not in main.lengths - main.local_lengths:
        forms = numbers.digits  # not even possible: bare digits
        if drop:
            return
    # What the library reads in an E.164 form with a zero or a trunk prefix behind the country code, it must say itself.
    lasting = ~assigned & ~numbers.starts("0", drop)
    lasting[lasting] = numbers.where(lasting).stripped(plan, drop) == 0
    draft.fall_back(numbers.rows[lasting], select(forms, lasting))


def _place_international(draft: _Draft, numbers: _Numbers, code: int) -> None:
    """Place digits of one country code; those with "+" whose length no number there has lose it, as if never written."""
    # "8" for "+7" and prefixes for calls abroad are tried next; the scalar way does so.
    ends = ~numbers.starts("011") & ~numbers.starts("810")
    if numbers.size == len("89162000001"):
        ends &= ~numbers.starts("8")
        _place_russian(draft, numbers.where(~ends & ~numbers.starts("810")), code)
    has_plus = draft.has_plus[numbers.rows]
    if not code:
        draft.has_plus[numbers.rows[has_plus & ends]] = False
        draft.settle_as_fallback(numbers.rows[~has_plus & ends])
        return
    regions, skip = phonenumbers.COUNTRY_CODE_TO_REGION_CODE[code], len(str(code))
    main = plan_of(regions[0])
    if main is None or len(numbers.rows) < FEWEST_OF_A_GROUP:
        return
    certain = ~numbers.starts("00", skip) & (numbers.stripped(main, skip) == 0)
    numbers, ends, has_plus = numbers.where(certain), ends[certain], has_plus[certain]
    assigned = _assigned(numbers, skip, regions)
    if assigned is None:
        return
    plain = assigned.copy()
    unassigned = ~assigned & ends & has_plus & ~numbers.starts("0", skip)
    if numbers.size - skip in main.lengths - main.local_lengths:
        plain |= unassigned
    else:
        draft.has_plus[numbers.rows[unassigned]] = False
    draft.place(numbers.rows[plain], pc.binary_replace_slice(select(numbers.digits, plain), 0, 0, "+"))
    draft.settle_as_fallback(numbers.rows[~assigned & ends & ~has_plus])


def _place_russian(draft: _Draft, numbers: _Numbers, code: int) -> None:
    """Place numbers that no other country has and whose 8 in front stands for +7, as far as these are assigned."""
    if code or len(numbers.rows) < FEWEST_OF_A_GROUP:
        return
    digits = pc.binary_replace_slice(numbers.digits, 0, 1, "7")
    numbers = _Numbers(numbers.rows, digits, numbers.whole - 10 ** (numbers.size - 1), numbers.size)
    regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE[7]
    main, assigned = plan_of(regions[0]), _assigned(numbers, 1, regions)
    if main is None or assigned is None:
        return
    assigned &= ~numbers.starts("00", 1) & (numbers.stripped(main, 1) == 0)
    draft.place(numbers.rows[assigned], pc.binary_replace_slice(select(numbers.digits, assigned), 0, 0, "+"))


def _assigned(numbers: _Numbers, skip: int, regions: Sequence[str]) -> Mask | None:
    """Whether each number behind `skip` digits is assigned in the region it belongs to; None where plans are missing.

    The steps are those of `number_plan`.
    """
    plans = [plan_of(region) for region in regions]
    found = np.zeros(len(numbers.rows), bool)
    left = np.arange(len(found))
    for plan in plans:
        if plan is None:
            return None
        if len(plans) > 1 and plan.leading is not None:
            mine = numbers.matches(plan.leading.pattern, skip, to_end=False)
            found[left[mine]] = _has_kind(numbers.where(mine), skip, plan)
        else:
            mine = _has_kind(numbers, skip, plan)
            found[left[mine]] = True
        left, numbers = left[~mine], numbers.where(~mine)
        if not len(left):
            break
    return found


def _has_kind(numbers: _Numbers, skip: int, plan: Plan) -> Mask:
    """Whether each number is of a kind that the plan has."""
    kinds = [pattern.pattern for sizes, pattern in plan.kinds if not sizes or numbers.size - skip in sizes]
    if not kinds:
        return np.zeros(len(numbers.rows), bool)
    return numbers.matches(plan.general.pattern, skip) & numbers.matches("|".join(kinds), skip)
