"""Handles in one sweep against the scalar normaliser, value by value."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid.normalization import handle_arrays
from omniid.normalization.handle import NETWORKS, normalize_handle
from omniid.normalization.handle_arrays import handle_forms
from omniid.normalization.stops import stop_words
from omniid.normalization.words import word_table

AWKWARD = """
@Anna_K|anna.k.1984|@@anna|anna@|@|_|___|@_|a|7|id|ID|id0000|id4711|4711|0000|@0000|aaaa|id1111|1234567|12345.0|@12345.0|0.0|7.0
x.com|@x.com|anna.x.com|xcom.anna|ax.com|t.me|@t.me|at.me|a-t.me|a_t.me|m.me|fb.me|fb.com|facebook.com|vk.ru|anna.vk.com|anna_vk.com
t.me/anna|telegram: @anna|tg://resolve?domain=anna|anna/|anna k|anna..k|anna._k|.anna|anna.|-anna|n/a|N/A|na|@na|none|@none|null
anonymous|@anonymous|Guest|1.2.3.4|1.2345|12345.6|00.00|1.0000|0_0|id12345.0|id.|id-1|1-1
ＡＢ|ł|İ|K|anna\u200b|\tanna|anna\n| anna |'a'
"""
values = st.one_of(
    st.text("@aB1._-0", max_size=12),
    st.from_regex(r"\A@?(id)?[0-9]{1,9}(\.0)?\Z"),
    st.from_regex(r"\A@?([a-z0-9_-]{1,3}\.)?(x\.com|t\.me|vk\.com)\Z"),
    st.sampled_from(sorted({*stop_words("counted"), *stop_words("identifier"), *word_table("general.tsv")["missing"]})),
    st.text(max_size=12).map(lambda text: text.encode("utf-8", "ignore").decode()),
)


def check(found, network):
    clean = sorted({value for value in found if value})
    forms = handle_forms(network, pa.array(clean, pa.large_string()))
    parts = zip(forms.value.to_pylist(), forms.display.to_pylist(), forms.reason.to_pylist(), strict=True)
    for value, form in zip(clean, parts, strict=True):
        assert form == normalize_handle(value, network), (network, value)


@given(st.lists(values), st.sampled_from(NETWORKS))
def test_any_text_gives_what_it_gives_one_by_one(found, network):
    check(found, network)


@pytest.mark.parametrize("network", NETWORKS)
def test_awkward_handles_give_what_they_give_one_by_one(network):
    check(AWKWARD.replace("\n", "|").split("|"), network)
    check(["a" * 200, "a1" * 101, "@" + "b." * 99 + "b", "c" * 512, "d" * 513], network)


@pytest.mark.parametrize("network", NETWORKS)
def test_ordinary_handles_never_go_one_by_one(network, monkeypatch):
    monkeypatch.setattr(handle_arrays, "normalize_handle", lambda value, network: pytest.fail(value))
    found = handle_forms(network, pa.array(["@Anna_K", "anna-k84", "4711"], pa.large_string()))
    assert found.value.to_pylist() == ["anna_k", "anna-k84", "id4711" if network == "vk" else "4711"]
