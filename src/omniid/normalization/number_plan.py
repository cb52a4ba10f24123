"""Number plans as compiled patterns: most phone numbers are placed without a call to the library."""

import re
from collections.abc import Sequence
from functools import cache, cached_property
from typing import NamedTuple

import phonenumbers

__all__ = ["Pattern", "Plan", "is_no_number", "place_international", "place_national", "plan_of"]

KINDS = (
    "fixed_line",
    "mobile",
    "toll_free",
    "premium_rate",
    "shared_cost",
    "voip",
    "personal_number",
    "pager",
    "uan",
    "voicemail",
)


class Pattern:
    """A pattern of a number plan, compiled when it is first asked: of the hundreds in the plans of a table most never are.

    Parameters
    ----------
    pattern
        A regular expression.

    Examples
    --------
    >>> pattern = Pattern("[1-9][0-9]")
    >>> pattern.fullmatch("12") is not None, pattern.match("0") is None, pattern.pattern
    (True, True, '[1-9][0-9]')
    """

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern)

    def match(self, text: str) -> re.Match[str] | None:
        """Match from the start on."""
        return self._compiled.match(text)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """Match to the end."""
        return self._compiled.fullmatch(text)


class Plan(NamedTuple):
    """What decides whether a national number of one region is valid.

    Parameters
    ----------
    country_code
        Digits.
    leading
        What the region's numbers begin with, where several regions share the country code.
    general
        What all numbers of the region look like.
    kinds
        (lengths, pattern) per kind of number; without lengths any will do.
    national_prefix, trunk
        What is dialled before a number within the country, as it is written and as it is recognised.
    abroad
        What is dialled before a number of another country.
    is_simple
        Whether the trunk is the national prefix and nothing else.
    is_rewritten
        Whether a number is written anew where its trunk is taken off.
    lengths, local_lengths
        Digits that a number may have, with and without its area code.
    """

    country_code: str
    leading: Pattern | None
    general: Pattern
    kinds: Sequence[tuple[frozenset[int], Pattern]]
    national_prefix: str
    trunk: Pattern | None
    abroad: Pattern | None
    is_simple: bool
    is_rewritten: bool
    lengths: frozenset[int]
    local_lengths: frozenset[int]


def place_international(digits: str) -> str | None:
    """Return the E.164 form of digits that begin with a country code; "" if no such number is assigned.

    Returns
    -------
    str or None
        None where only the library can say.

    Examples
    --------
    >>> place_international("48501234567"), place_international("48111111111"), place_international("39066982")
    ('+48501234567', '', None)
    """
    if digits.startswith("0"):
        return ""
    for size in (1, 2, 3):
        regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(digits[:size]))
        if regions is None:
            continue
        number = digits[size:]
        main = plan_of(regions[0])
        if main is None or number.startswith("0") or (main.trunk is not None and main.trunk.match(number)):
            return None
        return f"+{digits}" if _is_valid(number, regions) else ""
    return ""


def place_national(digits: str, region: str) -> str | None:
    """Return the E.164 form of digits in a region's national format; None where only the library can say.

    Examples
    --------
    >>> place_national("89162000001", "RU"), place_national("9162000001", "RU"), place_national("112", "RU")
    ('+79162000001', '+79162000001', None)
    """
    plan = plan_of(region)
    if plan is None or not plan.is_simple or digits.startswith(plan.country_code):
        return None
    if plan.abroad is not None and plan.abroad.match(digits):
        return None
    number = digits
    if plan.national_prefix and digits.startswith(plan.national_prefix):
        number = digits[len(plan.national_prefix) :]
    if number.startswith("0") or not plan.general.fullmatch(number):
        return None
    regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE[int(plan.country_code)]
    return f"+{plan.country_code}{number}" if _is_valid(number, regions) else None


def is_no_number(digits: str, region: str) -> bool:
    """Tell whether digits in a region's national format are surely no valid number of it; False where only the library can say.

    Examples
    --------
    >>> is_no_number("1234", "RU"), is_no_number("89162000001", "RU")
    (True, False)
    """
    plan = plan_of(region)
    if plan is None or (plan.abroad is not None and plan.abroad.match(digits)):
        return False
    possible = [digits]
    if digits.startswith(plan.country_code):
        possible.append(digits[len(plan.country_code) :])
    if plan.trunk is not None:
        for number in possible:  # what is appended may begin with a trunk again, and the library takes off two at most
            trunk = plan.trunk.match(number)
            if trunk is not None and plan.is_rewritten:
                return False
            if trunk is not None and trunk.end():
                possible.append(number[trunk.end() :])
    return not any(_has_kind(number, plan) for number in possible)


@cache
def plan_of(region: str) -> Plan | None:
    """Return the plan of a region, read once; None for regions without one.

    Examples
    --------
    >>> plan = plan_of("RU")
    >>> plan.country_code, plan.national_prefix
    ('7', '8')
    """
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region.upper())
    general = metadata.general_desc if metadata is not None else None
    if metadata is None or general is None or not general.national_number_pattern:
        return None
    kinds = []
    for kind in KINDS:
        desc = getattr(metadata, kind)
        if desc is not None and desc.national_number_pattern:
            kinds.append((frozenset(desc.possible_length or ()), Pattern(desc.national_number_pattern)))
    trunk, prefix = metadata.national_prefix_for_parsing, metadata.national_prefix or ""
    is_simple = (trunk or "") == prefix and not metadata.national_prefix_transform_rule
    return Plan(
        str(metadata.country_code),
        Pattern(metadata.leading_digits) if metadata.leading_digits else None,
        Pattern(general.national_number_pattern),
        kinds,
        prefix,
        Pattern(trunk) if trunk else None,
        Pattern(metadata.international_prefix) if metadata.international_prefix else None,
        is_simple,
        bool(metadata.national_prefix_transform_rule),
        frozenset(general.possible_length or ()),
        frozenset(general.possible_length_local_only or ()),
    )


def _is_valid(number: str, regions: Sequence[str]) -> bool:
    """Whether a national number is assigned in the region it belongs to, as the library decides it."""
    for region in regions:
        plan = plan_of(region)
        if plan is None:
            return False
        if len(regions) > 1 and plan.leading is not None:
            if plan.leading.match(number):
                return _has_kind(number, plan)
        elif _has_kind(number, plan):
            return True
    return False


def _has_kind(number: str, plan: Plan) -> bool:
    size = len(number)
    return bool(plan.general.fullmatch(number)) and any(
        (not sizes or size in sizes) and pattern.fullmatch(number) for sizes, pattern in plan.kinds
    )
