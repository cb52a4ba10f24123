"""Which country's rules read a source's phone numbers that are written without a country code."""

import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import phonenumbers
import pyarrow as pa
import pyarrow.compute as pc

from omniid.declarations import Guess
from omniid.inference.contents import Contents
from omniid.inference.headers import read_header, split_header
from omniid.inference.sample import sample_rows
from omniid.normalization.number_plan import is_no_number

__all__ = ["guess_region"]

_SAMPLE = 300  # phone numbers that are looked at
_FIRST_LOOK = 30  # of them, tried in every region; the rest only in the best few
_FINALISTS = 4
_VALID = 0.5  # share of national numbers that must be valid in the winner
_MARGIN = 0.1  # by which the winner must lead
_MAJORITY = 0.6  # share of one country among international numbers, where no number is national
_SCRIPTED = 0.02  # share of texts with letters of one language that makes them a hint
_WEIGHT_COUNTRY = 0.4  # of the source's country column, of the international numbers, of the language of headers
_WEIGHT_LETTERS = 0.2  # of letters, and of the way in which numbers are grouped
_NOT_MOBILE = 0.8  # customers leave mobile numbers: a reading as landline counts less
_NO_TRUNK = 0.8  # and so does one without the digit that is dialled first at home
_MIN_DIGITS = 7
_USUAL = re.compile(r"[0-9 ()-]+")  # nothing that the library may read as the end of a number
_TEXT_KINDS = frozenset({"first_name", "last_name", "middle_name", "full_name", "city", "street", "address", "region"})
_MOBILE = frozenset({phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE})


@dataclass(frozen=True)
class _Region:
    code: str
    trunk: str
    zero: bool
    style: str | None
    languages: frozenset[str]
    letters: frozenset[str]


@cache
def _regions() -> tuple[tuple[_Region, ...], Mapping[str, str]]:
    """The candidate regions, and region by folded country name."""
    data = tomllib.loads(files("omniid.inference").joinpath("data/regions.toml").read_text("utf-8"))["region"]
    regions = tuple(
        _Region(
            code=entry["code"],
            trunk=entry.get("trunk", ""),
            zero=entry.get("zero", False),
            style=entry.get("style"),
            languages=frozenset(entry["languages"]),
            letters=frozenset(entry.get("letters", "")),
        )
        for entry in data
    )
    return regions, {"".join(split_header(name)): entry["code"] for entry in data for name in entry["names"]}


def guess_region(table: pa.Table, guesses: Sequence[Guess]) -> tuple[str | None, str]:
    """Guess the default phone region of a source.

    National numbers are tried under the rules of each candidate region. International numbers of the same columns, a country
    column, the language of the headers and the letters of names and places add to a region's score. The best region must lead
    clearly.

    Parameters
    ----------
    table
        The source's columns, as for `guess_columns`.
    guesses
        What `guess_columns` made of them.

    Returns
    -------
    region
        Two letters of ISO 3166-1, None where nothing is clear.
    reason
        Why, in plain words.

    References
    ----------
    Numbering plans: the metadata of libphonenumber, https://github.com/google/libphonenumber.

    Examples
    --------
    >>> from omniid.inference import guess_columns
    >>> cells = ["8 (916) 200-00-01", "8 903 123-45-67", "89265550011"]
    >>> table = pa.table({"Телефон": pa.array(cells, pa.large_string())})
    >>> guess_region(table, guess_columns("shop", table))[0]
    'RU'
    """
    numbers = _sample(table, guesses, frozenset({"phone"}))
    if not numbers:
        return None, "no phone numbers"
    abroad = [number for number in numbers if number.startswith(("+", "00"))]
    home = [number for number in numbers if not number.startswith(("+", "00"))]
    votes = _country_codes(abroad)
    hints = _hints(table, guesses, votes)
    if not home:
        return _from_international(votes, len(abroad))
    return _from_national(home, hints)


def _sample(table: pa.Table, guesses: Sequence[Guess], kinds: frozenset[str]) -> list[str]:
    """Up to 300 distinct values of the columns of some kinds, chosen by their hashes; numbers without their decoration."""
    values: list[str] = []
    columns = _columns(table, guesses, kinds)
    for column in columns:
        contents = Contents.of(sample_rows(pa.table({"": column.drop_null()})).column(0))
        values += contents.values[: _SAMPLE // len(columns)].to_pylist()
    if kinds != {"phone"}:
        return values
    pieces = (re.sub(r"^[^0-9+]+|\.0$", "", piece) for value in values for piece in re.split(r"[;|,\n]", value))
    return [piece for piece in pieces if sum(char.isdigit() for char in piece) >= _MIN_DIGITS]


def _columns(table: pa.Table, guesses: Sequence[Guess], kinds: frozenset[str]) -> list[pa.ChunkedArray]:
    names = dict.fromkeys(guess.column for guess in guesses if guess.kind in kinds)
    found = [table.column(i) for name in names for i in table.schema.get_all_field_indices(name)]
    return [column for column in found if column.null_count < len(column)]


def _country_codes(numbers: Sequence[str]) -> Counter[str]:
    """International numbers counted by the region that they belong to."""
    votes: Counter[str] = Counter()
    for number in numbers:
        try:
            parsed = phonenumbers.parse("+" + re.sub(r"^(\+|00)+", "", number), None)
        except phonenumbers.NumberParseException:
            continue
        region = phonenumbers.region_code_for_number(parsed)
        if region is not None and region.isalpha():
            votes[region] += 1
    return votes


def _hints(table: pa.Table, guesses: Sequence[Guess], votes: Counter[str]) -> dict[str, list[tuple[float, str]]]:
    """What speaks for each region beside the national numbers: weight and words."""
    regions, names = _regions()
    hints: dict[str, list[tuple[float, str]]] = {region.code: [] for region in regions}
    total = votes.total()
    for code, count in votes.items():
        share = count / total
        hints.setdefault(code, []).append(
            (_WEIGHT_COUNTRY * share, f"{100 * share:.0f} % of the international numbers are from there")
        )
    countries: Counter[str] = Counter()
    for column in _columns(table, guesses, frozenset({"country"})):
        for item in pc.value_counts(sample_rows(pa.table({"": column.drop_null()})).column(0)).to_pylist():
            cell = item["values"] if isinstance(item["values"], str) else ""
            countries[names.get("".join(split_header(cell)), "")] += item["counts"]
    for code, count in countries.items():
        if code:
            share = count / countries.total()
            hints[code].append((_WEIGHT_COUNTRY * share, f"{100 * share:.0f} % of the country column says so"))
    language = _header_language(guesses)
    texts = _sample(table, guesses, _TEXT_KINDS)
    for region in regions:
        if language in region.languages:
            hints[region.code].append((_WEIGHT_COUNTRY, f"the headers are in '{language}'"))
        if texts and sum(not region.letters.isdisjoint(text) for text in texts) >= max(1, _SCRIPTED * len(texts)):
            hints[region.code].append((_WEIGHT_LETTERS, "names and places have its letters"))
    return hints


def _header_language(guesses: Sequence[Guess]) -> str | None:
    """The commonest language of the headers beside English, by number and then by alphabet."""
    meanings = [read_header(guess.column).meaning for guess in guesses]
    counted = Counter(meaning.language for meaning in meanings if meaning is not None and meaning.language != "en")
    return min(counted, key=lambda language: (-counted[language], language), default=None)


def _from_international(votes: Counter[str], total: int) -> tuple[str | None, str]:
    if not votes:
        return None, "no phone number could be read"
    code = min(votes, key=lambda region: (-votes[region], region))
    share = votes[code] / total
    words = f"all numbers are international, {100 * share:.0f} % of {total} from {code}"
    return (code, words) if share >= _MAJORITY else (None, f"{words}: no majority")


def _validity(number: str, region: _Region) -> float:
    """How well a national number reads under a region's rules: 0 invalid … 1 a mobile number dialled as at home."""
    digits = re.sub(r"\D", "", number)
    if _USUAL.fullmatch(number) and is_no_number(digits, region.code):  # most numbers in most regions: the library is slow
        return 0.0
    try:
        parsed = phonenumbers.parse(number, region.code)
    except phonenumbers.NumberParseException:
        return 0.0
    if not phonenumbers.is_valid_number_for_region(parsed, region.code):
        return 0.0
    if region.trunk:
        dialled = digits.startswith((region.trunk, str(parsed.country_code)))
    else:
        dialled = region.zero or not digits.startswith("0")
    mobile = phonenumbers.number_type(parsed) in _MOBILE
    return (1.0 if mobile else _NOT_MOBILE) * (1.0 if dialled else _NO_TRUNK)


def _from_national(home: Sequence[str], hints: Mapping[str, Sequence[tuple[float, str]]]) -> tuple[str | None, str]:
    regions = {region.code: region for region in _regions()[0]}

    def score(code: str, numbers: Sequence[str]) -> float:
        valid = sum(_validity(number, regions[code]) for number in numbers) / len(numbers)
        style = regions[code].style
        written = style is not None and sum(re.match(style, number) is not None for number in numbers) >= _VALID * len(numbers)
        return valid + written * _WEIGHT_LETTERS + sum(weight for weight, _ in hints[code]) if valid > 0 else 0.0

    first = {code: score(code, home[:_FIRST_LOOK]) for code in regions}
    ranked = sorted(regions, key=lambda code: (-first[code], code))[:_FINALISTS]
    final = {code: score(code, home) for code in ranked}
    best, second = sorted(ranked, key=lambda code: (-final[code], code))[:2]
    share = sum(_validity(number, regions[best]) > 0 for number in home) / len(home)
    words = "; ".join(
        [f"{100 * share:.0f} % of {len(home)} national numbers are valid in {best}", *(text for _, text in hints[best])]
    )
    if share < _VALID:
        return None, f"no region makes the national numbers valid; the nearest: {words}"
    if final[best] - final[second] < _MARGIN:
        return None, f"{best} and {second} fit alike; declare the region. {words}"
    return best, words
