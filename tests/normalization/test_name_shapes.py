"""Names read once per shape, against reading each: the same forms, displays and reasons for every value."""

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from omniid.normalization import normalize_name, shapes, split_first_name, split_full_name
from omniid.normalization.name_shapes import STAND_INS, classify_names, read_names, read_whole_names
from omniid.normalization.text import fold, fold_words
from omniid.normalization.words import word_table

# Words apart by a plain space: some of them hold other spaces.
SAID = (
    "Anna Nowak ANNA nowak Łukasz Kuznetsova Анна Кузнецова "
    "Сергеевна Ильич Иванов Пётр Ильинична Лев Яков Шевченко "
    "Sergeevich Dietrich Ulrich O'Brien O’Neill D` d'Arc Núñez "
    "Zając-Nowak Müller-Lüdenscheidt Mr-Smith Smith-Jr J. A.B. "
    "J.R. Ph.D. PhD Ph D Jr. Sr III 2nd von van de la bin al St. "
    "Don Pan Dr Prof. mgr inż. Mrs Miss test Test n a N/A null "
    "None brak нет не указано unknown guest first name no aaa aa "
    "A B xxx 王小明 王 小明 欧阳修 김민수 김 민수 山田 タロウ 山田・太郎 ناصر محمد رضایی "
    'كـريم نيم\u200cرخ 12 Ann4 3rd (Kowalska) (z domu) "Bob" '
    "„Ola” «Ann» [x] @ a@b.com + & / - – ' . ; ½ ﬁ ẞ ß İ ı Σς ǅ ª "
    "\u0301 e\u0301 é 😀 ❤\ufe0f ♥Ann \u200bAnn A\u200bnn \u200e "
    "\u202eAnn \xad Qxbqk qxdqk Qxbqk-Qxbqk Qxfqkovich Qxbqkов "
    "Иванов-Петров Петров-Водкин al-Rashid Nowak-de na-Nowak Jr-Nowak 王-李 熊 熊丁穹 이 이지은 欧阳 "
    "Na Nan nan 李娜 李楠 睈鿣 不明 王小明李 タ 王タ "
    "Ann42 jr2 a1 Ann-4 Ι\u0308\u0301δης עֶזְרָא मेरा ﾀﾛｳ İnci İ-Ann O'Neill-d'Arc Ann\ufe0f "
    "907 カカ Zoë ʼn Ω K Å ﾊﾟ한글 ᄒ ᅡ ძამუკაშვილი Ελένη שרה ঋতু ณัฐ "
)
WORDS = SAID.strip().split(" ")
gaps = st.sampled_from([" ", " ", " ", "  ", ", ", ",", " , ", "\t", "\xa0", "\x1c", "; ", ".", "-", ""])
words = st.one_of(st.sampled_from(WORDS), st.sampled_from(WORDS), st.text(max_size=4)).filter(
    lambda text: text.encode("utf-8", "ignore").decode() == text
)
names = st.builds(
    lambda first, rest, end: first + "".join(gap + word for gap, word in rest) + end,
    words,
    st.lists(st.tuples(gaps, words), max_size=4),
    st.sampled_from(["", " ", ","]),
)
READERS = {
    "whole": split_full_name,
    "first": split_first_name,
    "one": lambda value: (normalize_name(value),),
}


def check(reader, values):
    values = list(dict.fromkeys(values))
    expected = [reader(value) for value in values]
    array = pa.array(values, pa.large_string())
    for part, forms in enumerate(read_whole_names(array) if reader is split_full_name else read_names(array, reader)):
        for side, found in enumerate(forms):
            assert dict(zip(values, found.to_pylist(), strict=True)) == dict(
                zip(values, (forms_of[part][side] for forms_of in expected), strict=True)
            )


@pytest.fixture(autouse=True)
def always_by_shape(monkeypatch):
    monkeypatch.setattr(shapes, "FEW", 0)


@pytest.mark.parametrize("reader", READERS)
@given(values=st.lists(names, max_size=12))
@example(
    values=["Anna Nowak" + " Ewa" * count for count in range(14)]
    + ["Nowak " * 60, "N" + "o" * 400, "N" + "o" * 190, "Ewa " + "no" * 148]
)
@example(
    values=["Nowak, Ph D", "Nowak, J R", "Nowak, Ewa J R", "Nowak Ewa, Jr", "Nowak,Ewa", "Nowak,, Ewa", ", Ewa", "van, Ewa de"]
)
@example(
    values=["A A A", "aa a", "No Name", "First Name", "n a", "N A Nowak", "not available", "не указано", "не Указано Анна"]
)
@example(
    values=[
        "王小明",
        " 王小明 ",
        "王小明,",
        "Mr. 王小明",
        "王小明 PhD",
        "이지은",
        "欧阳修文",
        "睈鿣",
        "不明",
        "熊穹",
        "王",
        "タロウ",
        "司马",
    ]
)
@example(values=["", " ", ",", "Qxbqk Nowak", "Nowak Qxbqk", "Qxbqk Qxdqk", "907 Nowak"])
def test_reading_by_shape_equals_reading_each(reader, values):
    check(READERS[reader], values)


@pytest.mark.parametrize("reader", READERS)
def test_every_pair_of_awkward_words_is_read_alike(reader):
    check(READERS[reader], [f"{one} {two}" for one in WORDS[::3] for two in WORDS])


@pytest.mark.parametrize("reader", READERS)
def test_every_telling_word_is_read_alike_beside_others(reader):
    telling = [word for group in word_table("names.tsv").values() for word in group]
    shown = [*telling, *[word.title() for word in telling]]
    frames = [
        "{} Nowak",
        "Ewa {}",
        "Ewa Nowak {}",
        "Ewa {} Nowak",
        "{}, Ewa",
        "Nowak, {}",
        "Nowak, Ewa {}",
        "Ewa-{} Nowak",
        "{} {}",
    ]
    check(READERS[reader], [frame.replace("{}", word) for frame in frames for word in shown])


@given(st.lists(words, max_size=20))
def test_words_fold_together_as_they_fold_alone(drawn):
    assert fold_words(drawn) == [fold(word) for word in drawn]


def test_stand_ins_are_of_the_kind_they_stand_for():
    for slot in range(shapes.MOST_SLOTS):
        filled = [stand.filled(slot) for stand in STAND_INS]
        found = classify_names(pa.array([stand.written for stand in filled], pa.large_string()))
        assert found.kind.tolist() == list(range(1, len(STAND_INS) + 1))
        assert found.folded.to_pylist() == [stand.folded for stand in filled]
