"""Birth dates and other days: ISO 8601, whole or in part."""

import datetime as dt
import re

from omniid.normalization.text import ascii_digits, fold, prepare, shorten
from omniid.normalization.words import word_table
from omniid.tables import NormalForm

__all__ = ["DATE_LIMIT", "EARLIEST", "LATEST", "PLACEHOLDERS", "TIME_TAIL", "YEAR_LAST", "compose_date", "normalize_date"]

DATE_LIMIT = 100
EARLIEST, LATEST = 1850, 2100
# Two-digit years up to this one belong to 2000–, the others to 1900–: a fixed number, so that a run next year says the same.
PIVOT = 26
PLACEHOLDERS = frozenset({"1900-01-01", "0001-01-01", "9999-12-31", "1899-12-30", "1899-12-31", "1753-01-01", "2099-12-31"})

ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
TIME_TAIL = re.compile(
    r"[T\s,]+\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[ap]\.?m\.?)?\s*(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})?$", re.IGNORECASE
)
YEAR_FIRST = re.compile(r"(\d{4})\s*[-./\s年]\s*(\d{1,2})(?:\s*[-./\s月]\s*(\d{1,2}))?\s*[日月]?")
YEAR_LAST = re.compile(r"(\d{1,2})\s*([-./\s])\s*(\d{1,2})\s*[-./\s]\s*(\d{4}|\d{2})(?:\s*(?:г|r|года|roku)\.?)?")
MONTH_YEAR = re.compile(r"(\d{1,2})\s*[-./]\s*(\d{4})")
FLOATED = re.compile(r"(\d{4,8})\.0+")
FLOATED_PART = re.compile(r"^(\d+)\.0+$")
ORDINAL = re.compile(r"^(\d{1,2})(?:st|nd|rd|th|er|go|ego|e|ste|o|ª|º)$")


def normalize_date(value: str | None, order: str = "day-first") -> NormalForm:
    """Return a date as YYYY-MM-DD, or as YYYY-MM or YYYY where only that is said.

    Reads ISO dates with or without a time, numeric dates in either order, YYYYMMDD, month names in many languages, digits of
    any script. A value that can be read in one order only is read in that one.

    Parameters
    ----------
    value
        A raw value.
    order
        "day-first" or "month-first", for values like 03/04/1990; `date_order` decides it for a whole column.

    Returns
    -------
    NormalForm
        Rejected with the reason: impossible, before 1850 or after 2100, a placeholder such as 1900-01-01, or no date at
        all. Where only the day is impossible (31/02) the year and the month are kept, and where only the month is (1990-13-24)
        the year; the reason says so.

    References
    ----------
    ISO 8601-1:2019.

    Examples
    --------
    >>> [normalize_date(value).value for value in ("24.06.1971", "June 24, 1971", "24 июня 1971 г.", "1971-06")]
    ['1971-06-24', '1971-06-24', '1971-06-24', '1971-06']
    >>> normalize_date("31/02/1990").value, normalize_date("31/02/1990").reason
    ('1990-02', 'impossible day: 31/02/1990, kept as 1990-02')
    """
    text = prepare(value, DATE_LIMIT)
    if isinstance(text, NormalForm):
        return text
    text = ascii_digits(text)
    if match := ISO.fullmatch(text):
        return _judged(text, text, int(match[1]), int(match[2]), int(match[3]))
    return _read(text, TIME_TAIL.sub("", text).strip(" .,"), order)


def compose_date(year: str | None, month: str | None, day: str | None) -> NormalForm:
    """Return the date that a year, a month and a day column say together.

    Parameters
    ----------
    year, month, day
        Raw values; the month may be a name. Without a year there is no date; without a month the day is not used.

    Examples
    --------
    >>> compose_date("1971", "June", "24").value, compose_date("1971", None, None).value
    ('1971-06-24', '1971')
    """
    parts = [prepare(part, DATE_LIMIT) for part in (year, month, day)]
    texts = ["" if isinstance(part, NormalForm) else FLOATED_PART.sub(r"\1", ascii_digits(part)) for part in parts]
    written = "-".join(filter(None, texts))
    if not texts[0]:
        return NormalForm(None) if not written else NormalForm(None, None, f"no year: {shorten(written)}")
    named = word_table("dates.tsv")["month"].get(fold(texts[1]), texts[1])
    if not texts[0].isdecimal() or (named and not named.isdecimal()) or (texts[2] and not texts[2].isdecimal()):
        return NormalForm(None, None, f"not a date: {shorten(written)}")
    number = _year(texts[0]) if len(texts[0]) <= 4 else LATEST + 1
    day_number = int(texts[2]) if texts[2] and named and len(texts[2]) <= 2 else None
    return _judged(written, None, number, int(named) if named and len(named) <= 2 else None, day_number)


def _year(text: str) -> int:
    """A year of two or four digits."""
    year = int(text)
    return year if len(text) > 2 else year + (2000 if year <= PIVOT else 1900)


def _read(shown: str, text: str, order: str) -> NormalForm:
    """Try the known formats, the plainest first."""
    if floated := FLOATED.fullmatch(text):
        text = floated.group(1)
    if text.isdecimal():
        return _compact(shown, text, order)
    if match := YEAR_FIRST.fullmatch(text):
        return _judged(shown, None, int(match[1]), int(match[2]), int(match[3]) if match[3] else None)
    if match := YEAR_LAST.fullmatch(text):
        return _numeric(shown, int(match[1]), int(match[3]), _year(match[4]), order)
    if match := MONTH_YEAR.fullmatch(text):
        return _judged(shown, None, int(match[2]), int(match[1]), None)
    return _named(shown, text)


def _numeric(shown: str, one: int, two: int, year: int, order: str) -> NormalForm:
    """Day and month in the column's order; in the other one where only that is possible."""
    day, month = (two, one) if order == "month-first" else (one, two)
    if month > 12 >= day:
        day, month = month, day
    return _judged(shown, None, year, month, day)


def _compact(shown: str, text: str, order: str) -> NormalForm:
    """Digits only: YYYYMMDD, else DDMMYYYY in the column's order, YYYYMM, YYYY."""
    if len(text) == 8:
        forms = [
            _judged(shown, None, int(text[:4]), int(text[4:6]), int(text[6:])),
            _numeric(shown, int(text[:2]), int(text[2:4]), int(text[4:]), order),
        ]
        read = [
            form for form in forms if not (form.reason or "").startswith("impossible month")
        ]  # other numbers look like that
        known = [form for form in read if form.value or (form.reason or "").startswith("stop value")]
        return (known or read or [NormalForm(None, None, f"impossible date: {shorten(shown)}")])[0]
    if len(text) == 6 and EARLIEST <= int(text[:4]) <= LATEST:
        return _judged(shown, None, int(text[:4]), int(text[4:]), None)
    if len(text) == 4:
        return _judged(shown, None, int(text), None, None)
    return NormalForm(None, None, f"not a date: {shorten(shown)}")


def _named(shown: str, text: str) -> NormalForm:
    """A date whose month is a word: 24 Jun 1971, June 24th 1971, 24-Jun-71, czerwiec 1971."""
    months, beside = word_table("dates.tsv")["month"], word_table("dates.tsv")["beside"]
    numbers, month = [], None
    for word in re.split(r"[\s,./-]+", text):
        folded = fold(word)
        if (number := ORDINAL.sub(r"\1", folded)).isdecimal():
            numbers.append(number)
        elif folded in months and month is None:
            month = int(months[folded])
        elif folded and folded not in beside:
            return NormalForm(None, None, f"not a date: {shorten(shown)}")
    if month is None or not 1 <= len(numbers) <= 2 or any(len(number) not in (1, 2, 4) for number in numbers):
        return NormalForm(None, None, f"not a date: {shorten(shown)}")
    if len(numbers) == 1:
        return _judged(shown, None, _year(numbers[0]), month, None)
    day, year = numbers if len(numbers[0]) < 4 else numbers[::-1]
    return _judged(shown, None, _year(year), month, int(day))


def _judged(shown: str, iso: str | None, year: int, month: int | None, day: int | None) -> NormalForm:
    """A normal form if there is such a day within the allowed years."""
    if month == 0 and not day:  # 1971-00-00 says the year only
        month = day = None
    if day == 0:
        day = None
    if month is not None and day is not None and month > 12 >= day:  # 1951-24-04 reads only one way
        month, day, iso = day, month, None
    text = iso or "-".join([f"{year:04d}"] + [f"{part:02d}" for part in (month, day) if part is not None])
    if text in PLACEHOLDERS or year == 0 or year == 9999:
        return NormalForm(None, None, f"stop value: {shorten(shown)}")
    try:
        dt.date(year, 1 if month is None else month, day or 1)
    except ValueError:
        if month is None or not EARLIEST <= year <= LATEST or not (1 <= month <= 12 or 1 <= (day or 0) <= 31):
            return NormalForm(None, None, f"impossible date: {shorten(shown)}")
        part, kept = ("day", f"{year:04d}-{month:02d}") if 1 <= month <= 12 else ("month", f"{year:04d}")
        return NormalForm(
            kept, kept, f"impossible {part}: {shorten(shown)}, kept as {kept}"
        )  # one mistyped part leaves the others
    if not EARLIEST <= year <= LATEST:
        return NormalForm(None, None, f"year {year} is not between {EARLIEST} and {LATEST}")
    if iso and (month is None or day is None):
        text = "-".join([f"{year:04d}"] + [f"{part:02d}" for part in (month, day) if part is not None])
    return NormalForm(text, text)
