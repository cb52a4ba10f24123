"""Phone numbers in one sweep against the scalar normaliser, value by value."""

import random

import numpy as np
import phonenumbers
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid.normalization import phone_arrays, plan_arrays
from omniid.normalization.phone import normalize_phone, normalize_phones
from omniid.normalization.phone_arrays import phone_forms

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
KINDS = (0, 1, 3, 4, 6, 10)  # fixed line, mobile, toll-free, premium, voice over IP, voicemail
AWKWARD = """
+48 501 234 567|501-234-567|48501234567|0048 501 234 567|(+48) 501234567|+48 (0) 501234567|+ 48 501234567|00 (0) 48501234567
8 (916) 200-00-01|89162000001|+7 916 200 00 01|79162000001|9162000001|+89162000001|810 48 501 234 567|011 48 501234567
(0)20 7946 0018|020 7946 0018|+44 (0)20 7946 0018|+44 ( 0 ) 20 7946 0018|0044 020 7946 0018|020 7946 0018 ext. 12|02079460018x12
+39 06 6982|06 6982 1234|+390669821234|+39 0 669821234|+54 9 11 2345 6789|011 15 2345 6789|+55 11 91234-5678|0 11 91234-5678
+1 312 573 9345|1 312 573 9345|312 573 9345|(312) 573-9345|13125739345|+13125739345|+1 (312) 573-9345 #4|573 9345|555-0100
+52 1 55 1234 5678|+86 138 0013 8000|13800138000|+81 90-1234-5678|090-1234-5678|+82 2-312-3456|+98 912 345 6789|0912 345 6789
112|911|12345|123456|1234567|87654321|1111111|0000000|00000000|+0000000000|12345678901|1230000000|5550000000|0123456789
123456789012345|1234567890123456|+99999999999|+999 12345678|+800 1234 5678|0442079460018|+0442079460018|0201001234567
tel:+48501234567|tel: 501 234 567|whatsapp:+79162000001|https://wa.me/48501234567|48501234567@c.us|callto:+48501234567
＋４８ ５０１ ２３４ ５６７|٠٥٠١٢٣٤٥٦٧|۰۹۱۲۳۴۵۶۷۸۹|+48\u00a0501\u00a0234\u00a0567|501–234–567|+48501234567\u200e|call me|5a
50a1234567|-|--|n/a
  +48 501 234 567 |501  234  567|  501 234 567|48+501234567|4+8501234567|+48+501234567|(((+48501234567|501.234.567|501/234/567
501234567.0|48501234567.0|+48501234567.0|+ 48501234567.0|tel: 501234567.0|501234567.0\u00a0|123456.0|501.234567.0|1111111.0
501234567.00|999123456789.0|501234567.0 |. 501234567.0
+48 501 234 567 ext. 12|501234567 EXT 7|+48501234567, extension: 1234567|501 234 567 ext.12345678|tel. 501234567 ext. 3
(0)20 7946 0018 ext 4|+44 (0)20 7946 0018 x12|020 7946 0018 x 12|020 7946 0018x12|5739345 ext. 9|999123456789 ext 1|. ext 5
+48 501 234 567 доб. 12|8 916 200-00-01 вн. 3|+48 501 234 567 #12|501234567/ ext 5|501234567.0 ext 5|501234567 ext. 5.0
1111111 ext. 2|12345 ext. 2|501234567 ext. 12 ext. 3|501 234 567 x12 x|501234567 ext|00 48 501 234 567; ext #1|501-234 text 5
+48 501 234 567  ext.  12|tel: 999123456789 ext 1|(48) 501 234 567 INT 12|501234567 ext =5|0|00|000|00 0|00+48501234567
((0)501234567|00(0)48501234567|+48(0)(0)501234567|+0048501234567|00048501234567|(00)48501234567|+|()|0|(0)|. . .|++48501234567
"""
awkward = [value for line in AWKWARD.strip("\n").split("\n") for value in line.split("|")]


@pytest.fixture(autouse=True)
def groups_of_any_size(monkeypatch):
    monkeypatch.setattr(plan_arrays, "FEWEST_OF_A_GROUP", 1)


def check(values, regions):
    values = sorted({value for value in values if value})
    for region in regions:
        forms = phone_forms(pa.array(values, pa.large_string()), np.full(len(values), 1, np.int32), [None, region])
        found = zip(forms.value.to_pylist(), forms.display.to_pylist(), forms.reason.to_pylist(), strict=True)
        for value, form, slow in zip(values, found, normalize_phones(values, [region] * len(values)), strict=True):
            assert form == slow, (value, region)


def numbers_of(region, draw):
    """Spellings of numbers near the region's example numbers: digits changed, dropped, added, put in front."""
    code = str(phonenumbers.country_code_for_region(region))
    prefix = phonenumbers.PhoneMetadata.metadata_for_region(region).national_prefix or "0"
    fronts = [
        "",
        prefix,
        f"+{code}",
        f"+{code}(0)",
        f"00{code}",
        code,
        f"011{code}",
        f"810{code}",
        "0",
        "8",
        "+",
        code + prefix,
    ]
    for example in filter(None, (phonenumbers.example_number_for_type(region, kind) for kind in KINDS)):
        digits = list(phonenumbers.national_significant_number(example))
        for _ in range(draw.choice([0, 1, 2, 4, 6])):
            digits[draw.randrange(len(digits))] = draw.choice("0123456789")
        at = draw.randrange(len(digits))
        digits[at : at + 1] = draw.choice([[digits[at]], [digits[at]], [digits[at]], [], [digits[at], "5"]])
        for front in draw.sample(fronts, 3):
            yield (
                draw.choice(["", "", "", "tel. ", "Тел.:", "wa : ", "t."])
                + front
                + draw.choice(["", " ", "\xa0"])
                + "".join(digits[:3])
                + draw.choice(["", " ", "-", "  ", ") "])
                + "".join(digits[3:])
                + draw.choice(["", "", "", "", " ext. 12", ", x7"])
            )


@pytest.mark.parametrize("part", range(4))
def test_numbers_of_all_regions_are_placed_as_one_by_one(part):
    draw = random.Random(part)
    for place, region in enumerate(REGIONS[part::4]):
        check(numbers_of(region, draw), [region] if place % 4 else [None, region, draw.choice(REGIONS)])


@pytest.mark.parametrize("region", [None, "PL", "RU", "US", "GB", "IT", "AR", "BR", "IR", "JP", "KZ", "pl", "XX", "001"])
def test_awkward_spellings_give_what_they_give_one_by_one(region):
    check(awkward, [region])


@given(
    st.lists(
        st.one_of(
            st.text("0123456789+-() .", max_size=20),
            st.from_regex(r"\A(\+|00|0|8)?(7|1|44|48|39)?[0-9]{7,10}\Z"),
            st.text(max_size=12).map(lambda text: text.encode("utf-8", "ignore").decode()),
        )
    ),
    st.sampled_from([None, "PL", "RU", "US", "GB", "IT", "DE"]),
)
def test_any_text_gives_what_it_gives_one_by_one(values, region):
    check(values, [region])


def test_ordinary_numbers_never_go_one_by_one(monkeypatch):
    monkeypatch.setattr(
        phone_arrays, "normalize_phones", lambda values, regions: [] if not values else pytest.fail(f"{values}")
    )
    values = [f"{front}{50 + place} {place}23 4{place}6{place}" for place in range(9) for front in ("+48", "0048 ", "48", "")]
    forms = phone_forms(pa.array(values, pa.large_string()), np.ones(len(values), np.int32), [None, "PL"])
    assert forms.value.null_count == 0
    values = ["tel. +48 501 234 567", "8 916 200 00 01", "+8 (916) 200-00-02", "Моб. 8\xa0916\xa02000003"]
    forms = phone_forms(pa.array(values, pa.large_string()), np.ones(len(values), np.int32), [None, "PL"])
    assert forms.value.to_pylist() == ["+48501234567", "+79162000001", "+79162000002", "+79162000003"]
    values = ["+44 7911 123456", "312 573 9345", "+49 1525 9583911", "12345", "+1 312 573 9345", "5739345"]
    forms = phone_forms(pa.array(values, pa.large_string()), np.zeros(len(values), np.int32), [None])
    assert forms.value.to_pylist() == ["+447911123456", "3125739345", "+4915259583911", None, "+13125739345", "5739345"]


def test_small_groups_go_one_by_one(monkeypatch):
    monkeypatch.setattr(plan_arrays, "FEWEST_OF_A_GROUP", 24)
    check(awkward, [None, "PL"])


def test_no_country_code_begins_with_a_zero():
    assert normalize_phone("0442079460018").value == normalize_phone("+0442079460018").value == "0442079460018"
