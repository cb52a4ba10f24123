"""Accounts of networks and messengers: one spelling each, whatever the address around them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid.normalization.handle import NETWORKS, normalize_handle


@pytest.mark.parametrize(
    ("network", "value", "expected"),
    [
        ("telegram", "@Anna_K", "anna_k"),
        ("telegram", "https://t.me/Anna_K", "anna_k"),
        ("telegram", "t.me/s/anna_k?before=3", "anna_k"),
        ("telegram", "tg://resolve?domain=Anna_K", "anna_k"),
        ("telegram", "telegram.me/anna_k/", "anna_k"),
        ("telegram", "Telegram: @anna_k", "anna_k"),
        ("telegram", "5028319476.0", "5028319476"),
        ("vk", "https://vk.com/id4711", "id4711"),
        ("vk", "4711", "id4711"),
        ("vk", "ID4711", "id4711"),
        ("vk", "m.vk.com/Anna.K", "anna.k"),
        ("vk", "https://vk.com/id4711?w=wall1", "id4711"),
        ("facebook", "https://www.facebook.com/Anna.K.1984?ref=x", "annak1984"),
        ("facebook", "anna.k.1984", "annak1984"),
        ("facebook", "https://m.facebook.com/profile.php?id=100012345678", "100012345678"),
        ("facebook", "fb.com/people/Anna-K/100012345678", "100012345678"),
        ("handle", "https://www.instagram.com/Anna.K/", "anna.k"),
        ("handle", "anna.k", "anna.k"),
        ("handle", "https://www.linkedin.com/in/anna-k/", "anna-k"),
        ("handle", "https://www.tiktok.com/@anna.k?lang=en", "anna.k"),
        ("handle", "m.me/anna.k", "anna.k"),
        ("handle", "https://x.com/anna", "anna"),
        ("handle", "ok.ru/profile/5551234567", "5551234567"),
        ("handle", "@anna_84_12", "anna_84_12"),
        ("handle", "xcom.anna", "xcom.anna"),
    ],
)
def test_one_spelling_of_an_account(network: str, value: str, expected: str) -> None:
    assert normalize_handle(value, network).value == expected


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("https://www.instagram.com/", "names no account"),
        ("@@@", "no letter or digit"),
        ("Anonymous", "stop value: names nobody"),
        ("@guest", "stop value: names nobody"),
        ("0000", "stop value: only zeros"),
        ("id123456789", None),
        ("123456789", "stop value: digits counted up or down"),
    ],
)
def test_what_names_nobody(value: str, says: str | None) -> None:
    assert normalize_handle(value).reason == says


def test_missing_is_no_reject() -> None:
    assert normalize_handle("n/a") == normalize_handle(None) == normalize_handle("") == (None, None, None)


@given(st.text(max_size=40) | st.from_regex(r"@?[a-z0-9._]{1,20}", fullmatch=True), st.sampled_from(NETWORKS))
def test_the_normal_form_is_its_own(value: str, network: str) -> None:
    form = normalize_handle(value, network)
    if form.value is not None:
        assert normalize_handle(form.value, network).value == form.value
