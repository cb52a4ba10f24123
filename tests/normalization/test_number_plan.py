"""Compiled number plans against the library itself, as slow as it is."""

import random

import phonenumbers
import pytest

from omniid.normalization.number_plan import is_no_number, place_international, place_national

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)


def library(number, region):
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return None
    return (
        phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
        if phonenumbers.is_valid_number(parsed)
        else None
    )


def numbers_of(region, count, seed):
    """Numbers near the region's example numbers: some digits changed, dropped or put in front."""
    draw = random.Random(f"{region}{seed}")
    found = []
    for kind in (
        phonenumbers.PhoneNumberType.MOBILE,
        phonenumbers.PhoneNumberType.FIXED_LINE,
        phonenumbers.PhoneNumberType.TOLL_FREE,
    ):
        example = phonenumbers.example_number_for_type(region, kind)
        if example is None:
            continue
        national = phonenumbers.national_significant_number(example)
        for _ in range(count):
            digits = list(national)
            for _ in range(draw.randint(0, 4)):
                digits[draw.randrange(len(digits))] = draw.choice("0123456789")
            if draw.random() < 0.2:
                digits.pop(draw.randrange(len(digits)))
            front = draw.choice(["", "", "", "0", "8", "1", "00", str(phonenumbers.country_code_for_region(region))])
            found.append(front + "".join(digits))
    return found


@pytest.mark.parametrize("part", range(6))
def test_what_a_plan_places_the_library_places_alike(part):
    for region in REGIONS[part::6]:
        code = str(phonenumbers.country_code_for_region(region))
        for digits in numbers_of(region, 6, 0):
            if placed := place_national(digits, region):
                assert placed == library(digits, region), (digits, region)
            placed = place_international(code + digits)
            if placed is not None:
                assert (placed or None) == library(f"+{code}{digits}", None), (code, digits)


@pytest.mark.parametrize("region", ["PL", "RU", "US", "GB", "DE", "FR", "IR", "ES", "UA", "KZ", "IN", "BR"])
def test_plans_answer_for_most_ordinary_numbers(region):
    example = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    e164 = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
    assert place_international(e164[1:]) == e164


@pytest.mark.parametrize("part", range(6))
def test_what_a_plan_rules_out_the_library_rules_out(part):
    draw, ruled_out = random.Random(part), 0
    for home in REGIONS[part::6]:
        for digits in numbers_of(home, 2, 1):
            at = draw.randint(1, 4)
            written = draw.choice([digits, f"({digits[:at]}) {digits[at:]}", f"{digits[:at]}-{digits[at:]}"])
            for region in (home, *draw.sample(REGIONS, 4)):
                if is_no_number(digits, region):
                    ruled_out += 1
                    assert not valid_in(written, region), (written, region)
    assert ruled_out > 100


def valid_in(number, region):
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number_for_region(parsed, region)
