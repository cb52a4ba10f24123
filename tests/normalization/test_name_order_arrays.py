"""Whole names put in order together, against each put in order alone."""

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from omniid.normalization.name_order import MAIDEN_WORDS, MARIAS, SON, order_tables, rearranged
from omniid.normalization.name_order_arrays import rearranged_all
from omniid.normalization.text import tidy

SOME = [sorted(words)[:: len(words) // 9 + 1] for words in order_tables()]
TELLING = [word for words in (*SOME, sorted(MAIDEN_WORDS), sorted(MARIAS), sorted(SON)) for word in words]
SHOWN = [shown for word in TELLING for shown in (word, word.title(), word.upper())]
LATIN = "Anna Nowak ANNA KOWALSKI ŁOŚ ÑA AL G-L A-BCD Min-Jun A-i J. I. P. ½. María Núñez D'Ávila O'Abd Abdur abd-al Abu Bakr"
MORE = "Nour El-Din Eldeen Addin el d'abu z.domu (née Jones) geb. Kim KIM kim, Li Nan Nguyễn Văn İnci Jr PhD Dr Prof. van de la"
MARKS = "A.B. del Carmen Ive\u0301 ＫＩＭ \u200bKim K\u200cim نيم\u200cرخ نور الذين عبد الرحمن 王小明 ªº , - ' . a\u0308"
SAID = f"{LATIN} {MORE} {MARKS}"
WORDS = [*SAID.split(" "), *SHOWN]
gaps = st.sampled_from([" ", " ", " ", " ", "  ", ", ", ",", "\t", "\xa0", "\x1c", "\x85", "-", "\u3000"])
words = st.one_of(st.sampled_from(WORDS), st.sampled_from(SHOWN), st.text(max_size=3)).filter(
    lambda text: text.encode("utf-8", "ignore").decode() == text
)
names = st.builds(
    lambda first, rest, end: first + "".join(gap + word for gap, word in rest) + end,
    words,
    st.lists(st.tuples(gaps, words), max_size=4),
    st.sampled_from(["", "", " ", ","]),
)


def one_by_one(value):
    text = tidy(value)
    new = rearranged(text)
    return value if new == text else new


def check(values):
    values = list(dict.fromkeys(values))
    found = rearranged_all(pa.array(values, pa.large_string())).to_pylist()
    assert dict(zip(values, found, strict=True)) == {value: one_by_one(value) for value in values}


@given(st.lists(names, max_size=12))
@example(["", " ", "  Kim  Min  Jun ", "Kim", ",", "Kim,", "Ivanov I. P. Jr", "Mr DUPONT Jean Paul", "G-L Jean", "Kim A-i"])
def test_names_are_put_in_order_together_as_alone(values):
    check(values)


@pytest.mark.parametrize("frame", ["{} Nowak", "Ewa {}", "Ewa {} Nowak", "{} {}", "NOWAK {}", "Maria {} Ruiz", "Dr {} J.R."])
def test_every_telling_word_is_met_in_every_place(frame):
    check([frame.replace("{}", word) for word in WORDS])
    check([f"{word} {other}" for word in SAID.split(" ") for other in WORDS[::7]])
