"""Phone numbers: E.164 where the number plan is known, bare digits where it is not."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import phonenumbers

from omniid.normalization.number_plan import place_international, place_national
from omniid.normalization.stops import STOP
from omniid.normalization.text import ascii_digits, prepare
from omniid.tables import NormalForm

__all__ = ["Dialled", "normalize_phone", "normalize_phones", "read_phone", "wrong_length"]

PHONE_LIMIT = 200
FEWEST, MOST = 7, 15  # E.164 allows 15 digits; below 7 it is a short code or a fragment
PREFIX = re.compile(
    r"^\s*(?:(?:https?://)?(?:wa\.me/|api\.whatsapp\.com/send/?\?phone=|t\.me/)|viber://\w+\?number=|whatsapp://send\?phone="
    r"|(?:tel|phone|mob(?:ile)?|cell|fax|sms|callto|whatsapp|wa|viber|telegram|tg|signal|тел|моб|т|ph|p|m|t)\s*[:.]\s*)+",
    re.IGNORECASE,
)
MESSENGER = re.compile(r"@(?:c\.us|s\.whatsapp\.net|g\.us|lid)$", re.IGNORECASE)
EXTENSION = re.compile(
    r"[\s,;.]*(?:;ext=|\bext(?:ension|n)?|доб(?:авочный)?|внутр?|wewn?|durchwahl|dw|poste|anexo|int(?:erno)?|x|#)"
    r"[\s.:#]*(\d{1,7})\s*$",
    re.IGNORECASE,
)
TRUNK = re.compile(r"\(\s*0\s*\)")
INTERNATIONAL = re.compile(r"^(?:00|011|810)")
LETTER = re.compile(r"[^\W\d_]")
NOT_DIGIT = re.compile(r"\D+")
FLOATED = re.compile(r"^([ +]*[0-9]{7,15})\.0$")  # a number that went through a column with gaps: 501234567.0
COUNTED = "01234567890123456789"


class Dialled(NamedTuple):
    """What a phone value says once its dress is off.

    Parameters
    ----------
    number
        Digits, with "+" in front where the value says that a country code comes first; "" if there is no number.
    extension
        Digits of the extension, or "".
    reason
        Why it is no phone number, None if it may be one.
    """

    number: str
    extension: str = ""
    reason: str | None = None


def normalize_phone(value: str | None, region: str | None = None, *, stops: bool = True) -> NormalForm:
    """Return a phone number as E.164.

    Where the number plan cannot place it and it has 7 digits or more, its bare digits are the normal form, so that equal
    numbers still meet. An extension is kept in the display form only.

    Parameters
    ----------
    value
        A raw value: spaces, brackets, tel: and whatsapp: prefixes, 00 or 8 in front, "(0)", digits of any script.
    region
        Two-letter region whose national format is meant ("PL"), None if unknown: then only international numbers get
        their E.164 form.
    stops
        Whether stop values are rejected.

    Returns
    -------
    NormalForm
        Rejected with the reason: too few or too many digits, letters, one digit repeated, digits counted up.

    References
    ----------
    ITU-T Recommendation E.164 (by way of the phonenumbers library).

    Examples
    --------
    >>> normalize_phone("8 (916) 200-00-01", "RU").value, normalize_phone("whatsapp:+7 916 200 00 01").value
    ('+79162000001', '+79162000001')
    >>> normalize_phone("501234567.0", "PL").value  # as a table writes numbers beside gaps
    '+48501234567'
    >>> normalize_phone("020 7946 0018 ext. 12", "GB").display
    '+442079460018 ext. 12'
    >>> normalize_phone("1111111111").reason
    'stop value: one digit repeated'
    """
    return normalize_phones([value], [region], stops=stops)[0]


def normalize_phones(values: Sequence[str | None], regions: Sequence[str | None], *, stops: bool = True) -> list[NormalForm]:
    """Normalise distinct values, each with its region; each dialled number goes to the library once.

    Examples
    --------
    >>> [form.value for form in normalize_phones(["+48 501 234 567", "501-234-567"], [None, "PL"])]
    ['+48501234567', '+48501234567']
    """
    placed: dict[tuple[str, str | None], str] = {}
    forms = []
    for value, region in zip(values, regions, strict=True):
        text = prepare(value, PHONE_LIMIT)
        if isinstance(text, NormalForm):
            forms.append(text)
            continue
        dialled = read_phone(text, stops=stops)
        if dialled.reason is not None:
            forms.append(NormalForm(None, None, dialled.reason))
            continue
        key = (dialled.number, region)
        if (normal := placed.get(key)) is None:
            normal = placed[key] = _place(dialled.number, region)
        shown = normal if normal.startswith("+") else text
        forms.append(NormalForm(normal, f"{normal} ext. {dialled.extension}" if dialled.extension else shown))
    return forms


def read_phone(text: str, *, stops: bool = True) -> Dialled:
    """Take prefixes, extension and punctuation off a tidied value.

    Examples
    --------
    >>> read_phone("tel: 00 44 (0)20 7946 0018 x12")
    Dialled(number='+442079460018', extension='12', reason=None)
    """
    text = FLOATED.sub(r"\1", PREFIX.sub("", ascii_digits(text)).replace("%2B", "+"))
    from_messenger = MESSENGER.search(text)
    if from_messenger:
        text = text[: from_messenger.start()]
    extension = ""
    if found := EXTENSION.search(text):
        text, extension = text[: found.start()], found.group(1)
    if LETTER.search(text) or "@" in text:
        return Dialled("", "", "letters in a phone number")
    plus = "+" if "+" in text[:3] or from_messenger else ""
    digits = NOT_DIGIT.sub("", TRUNK.sub("", text) if plus or text.lstrip().startswith("00") else text)
    if digits.startswith("00"):
        plus, digits = "+", digits.lstrip("0")
    if not FEWEST <= len(digits) <= MOST:
        return Dialled("", "", wrong_length(len(digits)))
    reason = _stop_reason(digits) if stops else None
    return Dialled("", "", reason) if reason else Dialled(plus + digits, extension)


def _stop_reason(digits: str) -> str | None:
    """Why digits are a stop value, None if they may be a number."""
    if len(set(digits)) == 1:
        return f"{STOP}: one digit repeated"
    if digits in COUNTED or digits in COUNTED[::-1]:
        return f"{STOP}: digits counted up or down"
    if len(digits) > FEWEST and len(set(digits[-FEWEST:])) == 1 and digits[-1] == "0":
        return f"{STOP}: ends in seven zeros"
    return None


def wrong_length(size: int) -> str:
    """Tell why so many digits are no phone number.

    Examples
    --------
    >>> wrong_length(5)
    'too few digits for a phone number: 5, between 7 and 15 are needed'
    """
    few = "few" if size < FEWEST else "many"
    return f"too {few} digits for a phone number: {size}, between {FEWEST} and {MOST} are needed"


def _place(number: str, region: str | None) -> str:
    """E.164 of a dialled number, or its digits where the number plan cannot place it."""
    digits = number.removeprefix("+")
    if number.startswith("+"):
        return _international(digits) or _place(digits, region)
    return (
        _national(digits, region)
        or _valid(f"+{digits}", None)
        or _dialled_out(digits, region)
        or _eight_for_seven(digits)
        or _possible(digits, region)
        or digits
    )


def _international(digits: str) -> str | None:
    """A number that came with "+": valid, an 8 written for +7, or at least of a possible length."""
    return _valid(f"+{digits}", None) or _eight_for_seven(digits) or _possible(f"+{digits}", None)


def _national(digits: str, region: str | None) -> str | None:
    return (place_national(digits, region) or _valid(digits, region)) if region else None


def _dialled_out(digits: str, region: str | None) -> str | None:
    """A number with the prefix for calls abroad: 011 in North America, 810 in Russia."""
    if not (prefix := INTERNATIONAL.match(digits)) or (region is None and digits.startswith("810")):
        return None
    return _valid(f"+{digits[prefix.end() :]}", None)


def _eight_for_seven(digits: str) -> str | None:
    """Russia and Kazakhstan dial 8 where others write +7; their customers do so in the shops of other countries, too."""
    if len(digits) == 11 and digits[0] == "8":
        return _valid(f"+7{digits[1:]}", None)
    return None


def _possible(number: str, region: str | None) -> str | None:
    """E.164 of a number whose length fits though no such number is assigned, so that its spellings meet."""
    parsed = _parse(number, region)
    if parsed is None or phonenumbers.is_possible_number_with_reason(parsed) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    # The library drops a zero in front at each parse: read its own answer once more, so that the form is final.
    again = _parse(_e164(parsed), None)
    return _e164(parsed if again is None else again)


def _valid(number: str, region: str | None) -> str | None:
    """E.164 of an assigned number; compiled plans answer for most, the library for the rest."""
    if number.startswith("+") and (placed := place_international(number[1:])) is not None:
        return placed or None
    parsed = _parse(number, region)
    return _e164(parsed) if parsed is not None and phonenumbers.is_valid_number(parsed) else None


def _e164(parsed: phonenumbers.PhoneNumber) -> str:
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def _parse(number: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    if region is None and not number.startswith("+"):
        return None
    try:
        return phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return None
