"""Words folded all at once, against folding each; texts that need no composing."""

import re
import unicodedata

import pyarrow as pa
from hypothesis import example, given
from hypothesis import strategies as st

from omniid.normalization.folding import SETTLED, fold_clean, is_composed, single_spaced
from omniid.normalization.text import fold, tidy

SCRIPTS = [
    (0x20, 0x7F),
    (0xA0, 0x24F),
    (0x370, 0x52F),
    (0x590, 0x6FF),
    (0x900, 0x97F),
    (0x10A0, 0x11FF),
    (0x1E00, 0x20FF),
    (0x3040, 0x30FF),
    (0x4E00, 0x9FFE),
    (0xAC00, 0xD7A3),
    (0xF900, 0xFAFF),
    (0xFF00, 0xFFEE),
]
letters = st.one_of([st.characters(min_codepoint=low, max_codepoint=high) for low, high in SCRIPTS])
texts = st.lists(st.text(letters, max_size=8), max_size=12)


@given(texts)
@example(["Łukasz", "O’Brien", "d'Arc-Юрьев", "王小明", "コーヒー", "", "---", "ნინო", "עֶזְרָא", "Ǆ"])
def test_tidy_words_fold_as_they_fold_alone(drawn):
    words = [word for word in map(tidy, drawn) if "`" not in word]
    assert fold_clean(pa.array(words, pa.large_string())).to_pylist() == [fold(word) for word in words]


@given(texts)
@example(["é", "e\u0301", "ﬁ", "\u1112\u1161", "가\u11a8", "Å", "\u0344", "Ϊ́δης"])
def test_composed_is_what_unicode_says(drawn):
    assert is_composed(pa.array(drawn, pa.large_string())).tolist() == [
        unicodedata.is_normalized("NFKC", text) for text in drawn
    ]


def test_settled_letters_stand_for_themselves_beside_any_other():
    ranges = re.findall("(.)-(.)", SETTLED) + [(mark, mark) for mark in re.sub(".-.", "", SETTLED)]
    settled = [chr(code) for low, high in ranges for code in range(ord(low), ord(high) + 1)]
    assert len(settled) > 40_000
    assert not any(unicodedata.combining(mark) for mark in settled)
    assert unicodedata.is_normalized("NFKC", "".join(settled))
    assert unicodedata.is_normalized("NFKC", "".join(reversed(settled)))


@given(st.lists(st.text(" ab", max_size=9)))
def test_single_spaces(drawn):
    assert single_spaced(pa.array(drawn, pa.large_string())).to_pylist() == [" ".join(text.split()) for text in drawn]
