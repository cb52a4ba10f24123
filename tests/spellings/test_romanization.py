"""Names of other scripts in Latin letters."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid.normalization.name import fold_name
from omniid.spellings import romanize

SAID = """
محمد mohammad | حسین hossein | حسين hossein | فاطمة fatemeh | علی ali | زهرا zahra | رضایی rezaei | احمدی ahmadi
محمدزاده mohammadzadeh | محمدعلی mohammadali | רחל rachel | יוסף yosef | כהן cohen | בזק bzk | शर्मा sharma
राजेश rajesh | लक्ष्मी lakshmi | कृष्ण krishna
सिंह singh | जगदीश jagdish | संजय sanjay | नरेन्द्र narendra | Γιώργος giorgos | Παπαδόπουλος papadopoulos | Ευαγγελία evangelia
Μπάμπης bampis | 田中 tanaka | 花子 hanako | 佐々木 sasaki | 王 wang | 小明 xiaoming | Հարություն harutyun
Գևորգ gevorg | გიორგი giorgi | Търнев tarnev | Объедков obedkov | Юлия yuliya | 김 gim | Łukasz lukasz
"""
PAIRS = [tuple(pair.split()) for line in SAID.strip().splitlines() for pair in line.split("|")]


@pytest.mark.parametrize(("written", "latin"), PAIRS)
def test_names_in_latin_letters(written, latin):
    assert fold_name(written) == latin


@given(st.text(st.sampled_from("محدسینعل שרהיוסף शर्मािी Γιώςου 田中花子々王 Հու ъ Aab-' \u200c"), max_size=12))
def test_anything_folds_to_latin_words_and_folding_is_stable(text):
    folded = fold_name(text)
    assert re.fullmatch("(?:[a-z0-9]+(?: [a-z0-9]+)*)?", folded)
    assert fold_name(folded) == folded


def test_latin_and_cyrillic_text_stays():
    assert romanize("Łukasz Юлия O'Neill") == "Łukasz Юлия O'Neill"
