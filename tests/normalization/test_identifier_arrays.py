"""Identifiers in one sweep against the scalar normaliser, value by value."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid.normalization import identifier_arrays
from omniid.normalization.identifier import normalize_identifier
from omniid.normalization.identifier_arrays import identifier_forms
from omniid.normalization.stops import stop_words
from omniid.normalization.words import word_table

UUID = "123e4567-e89b-12d3-a456-426614174000"
AWKWARD = f"""
PL 0012-345|anna_k|Anna.K-1|a1-b2|12-34-5a|12345.0|0.0|00.0|7.0|12.00|12345.01|1.2.0|a.0|-1|- 1
1|0|7|11|111|1111|0000|00-00|aaaa|aaa
a-a-a-a|x x x x|123456789|1234-56789|98 7654321|0123456789|{UUID}|{{{UUID}}}|{UUID.upper()}|{UUID.replace("-", "")}
{UUID.replace("-", "_")}|abcdefab-cdef-abcd-efab-cdefabcdefab|00000000-0000-0000-0000-000000000000
abcdefabcdefabcdefabcdefabcdefab|abcd-efab|a/b:c.d e-f_g|n/a|N/A|na|NaN|none|s/d|k. a.|n.d.
unknown|not set|-|--|_|.|#!|#1|a  b|1  2| 12 34 |a-|-a|12-|--12--|a--b|1--2|№ 5
12·34|12—34|12–34|١٢٣-٤٥|１２３４|Ａ１|ß12|ẞ|İ1|K1|ﬁ1|ł-1|1-ł|①②③|½|a\u200b1|a\t1|\n12|12\u00a034|é1|日本12|1e5|0x1F|+48 501|a@b
12.34.56|1/0|pl0012345
"""
values = st.one_of(
    st.text("01aB-._ /:0", max_size=12),
    st.text("0123456789abcdef-", max_size=40),
    st.from_regex(r"\A[0-9]{1,9}\.0\Z"),
    st.sampled_from(sorted({*stop_words("counted"), *word_table("general.tsv")["missing"]})),
    st.text(max_size=12).map(lambda text: text.encode("utf-8", "ignore").decode()),
)


def check(found):
    clean = sorted({value for value in found if value})
    forms = identifier_forms(pa.array(clean, pa.large_string()))
    parts = zip(forms.value.to_pylist(), forms.display.to_pylist(), forms.reason.to_pylist(), strict=True)
    for value, form in zip(clean, parts, strict=True):
        assert form == normalize_identifier(value), value


@given(st.lists(values))
def test_any_text_gives_what_it_gives_one_by_one(found):
    check(found)


def test_awkward_codes_give_what_they_give_one_by_one():
    check(AWKWARD.replace("\n", "|").split("|"))
    check(["\n12", "a" * 199 + "b", "a1" * 101, "a" * 512, "b" * 513, "1-" * 99 + "2"])


def test_ordinary_codes_never_go_one_by_one(monkeypatch):
    monkeypatch.setattr(identifier_arrays, "normalize_identifier", lambda value: pytest.fail(value))
    found = identifier_forms(pa.array(["PL-0012 345", "4711.0", "anna_k", UUID.upper(), "u98280825"], pa.large_string()))
    assert found.value.to_pylist() == ["pl0012345", "4711", "anna_k", UUID.replace("-", ""), "u98280825"]
