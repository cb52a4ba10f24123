"""Phone numbers as a source writes them: its own spaces, brackets and prefixes, country by country."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

__all__ = ["PhoneStyle", "phone_style"]

SLOT = "#"
LONGEST_CODE = 3  # digits of a country code


@dataclass(frozen=True)
class PhoneStyle:
    """How a source writes phone numbers.

    Parameters
    ----------
    templates
        (country code, number of digits after it) → how such a number is written, "#" standing for its last digits one by one.
        Others are written in E.164.

    Examples
    --------
    >>> PhoneStyle({("7", 10): "8 (###) ###-##-##"}).write("+79162000001", "7")
    '8 (916) 200-00-01'
    >>> PhoneStyle().write("+79162000001", "7")
    '+79162000001'
    """

    templates: Mapping[tuple[str, int], str] = field(default_factory=dict)

    def write(self, number: str, code: str) -> str:
        """Return an E.164 number with this country code as the source would write it."""
        template = self.templates.get((code, len(number) - 1 - len(code)))
        if template is None:
            return number
        digits = iter(number[len(number) - template.count(SLOT) :])
        return "".join(next(digits) if sign == SLOT else sign for sign in template)


def phone_style(written: Iterable[tuple[str, str, str]]) -> PhoneStyle:
    """Find how a source writes phone numbers: for each country and length the template of most of its own texts.

    Parameters
    ----------
    written
        Triples of (text in the source, E.164 number, country code).

    Examples
    --------
    >>> phone_style([("501 234 567", "+48501234567", "48"), ("+48 501 234 567", "+48501234567", "48"),
    ...              ("602 345 678", "+48602345678", "48")]).templates
    {('48', 9): '### ### ###'}
    """
    counts: dict[tuple[str, int], Counter[str]] = {}
    for text, number, code in written:
        if (template := _template(text, number)) is not None:
            counts.setdefault((code, len(number) - 1 - len(code)), Counter())[template] += 1
    most = {key: min(found.items(), key=lambda one: (-one[1], one[0]))[0] for key, found in sorted(counts.items())}
    return PhoneStyle(most)


def _template(text: str, number: str) -> str | None:
    """The text with "#" for the digits that it shares with the end of the number; None where they are not one another's.

    Examples
    --------
    >>> _template("8 (916) 200-00-01", "+79162000001"), _template("+7 916 200 00 01", "+79162000001")
    ('8 (###) ###-##-##', '+# ### ### ## ##')
    """
    digits = [sign for sign in text if sign.isdigit()]
    shared = 0
    while shared < min(len(digits), len(number) - 1) and digits[-1 - shared] == number[-1 - shared]:
        shared += 1
    if SLOT in text or shared < len(number) - 1 - LONGEST_CODE or not "".join(digits).isascii():
        return None
    kept = len(digits) - shared  # of a trunk or exit prefix
    seen, out = 0, []
    for sign in text:
        is_digit = sign.isdigit()
        out.append(SLOT if is_digit and seen >= kept else sign)
        seen += is_digit
    return "".join(out)
