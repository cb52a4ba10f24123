"""Spelling keys: which spellings meet, which never do; many at once as one by one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid.spellings import key_lists, spelling_keys, spellings_meet
from omniid.spellings.keys import word_keys

MEET = """
yuliya julia iuliia yulia | shchukin schukin | khrushchev khrushchov | aleksei alexey aleksey | fyodor fedor fiodor
korolev korolyov | hrytsenko gritsenko | bohdan bogdan | tsvetkov cvetkov | zhukov zukov | zhelev jelev
mohammad muhammad mohamed mohammed | hossein husayn hussein | rezaei rezaee | ahmadi ahmady | ghasemi qasemi
yosef josef | chaim haim | mizrahi mizrachi | christos hristos | chatzi hatzi | lampropoulos labropoulos
hakob hagop | petrosyan bedrosian | qipiani kipiani | wang wong | huang wong | chen chan | zhang cheung | li lee
xiaoming hsiaoming | kim gim | lee rhee | park bak | choi choe | jung jeong chung | minsu minsoo | jihun jihoon
sato satoh satou | ono ohno oono | shinji sinzi | sharma sarma | deepak dipak | laxmi lakshmi
mueller muller | joergensen jorgensen | aangstroem angstrom | weiss weis | djukic dukic
rhmny rahmani | krymyan karimian | gywra giora
"""
APART = """
maria mario | olga oleg | ali alia | kim king | lee leo | jan jana | wang huang | jiang yang | hamed hamid | hassan hossein
mahmoud mohammad | samir samar | salem salim | omar amir | chester hester | jemma emma | colleen colin | hill gill | harry garry
anna anne | julie julia | paul paula | simon simone | martin morton | hansen hanson | chen cheng | minsu minseo | young yang
yuki yuka | sato saito | kei kai | taro jiro | petrov petrova | ivanov ivanenko | karimi karami | rahmani rahimi
"""


def groups(text):
    return [group.split() for line in text.strip().splitlines() for group in line.split("|")]


@pytest.mark.parametrize("group", groups(MEET), ids="-".join)
def test_spellings_of_one_name_meet(group):
    first, *others = group
    for other in others:
        assert spellings_meet(first, other), (first, other)


@pytest.mark.parametrize("group", groups(APART), ids="-".join)
def test_names_that_look_alike_stay_apart(group):
    assert not spellings_meet(*group)


def test_compound_names_meet_as_one_word_and_articles_do_not_count():
    assert spellings_meet("abdul rahman", "abdurrahman")
    assert spellings_meet("al masri", "elmasry")
    assert spellings_meet("anna mariya", "annamaria")
    assert spellings_meet("young hee", "yeonghui")
    assert not spellings_meet("young hee", "young ho")


def test_names_that_could_both_be_written_without_vowels_do_not_meet_for_that():
    assert spellings_meet("rhmny", "rahmani")
    assert not spellings_meet("rhmny", "rahmanou")
    assert not spellings_meet("rahmani", "rahimani")


NAMES = [name for table in (MEET, APART) for group in groups(table) for name in group]
latin = st.one_of(
    st.sampled_from(NAMES),
    st.lists(st.sampled_from(NAMES), min_size=2, max_size=3).map(" ".join),
    st.text("aeioushcmnkhyjtz", min_size=1, max_size=8),
)


@given(one=latin, two=latin)
def test_meeting_is_symmetric_and_every_name_with_a_key_meets_itself(one, two):
    assert spellings_meet(one, two) == spellings_meet(two, one)
    keys = spelling_keys(one)
    assert keys == spelling_keys(one)
    if keys.written & keys.read:
        assert spellings_meet(one, one)


@given(names=st.lists(latin, max_size=8, unique=True))
def test_numbered_keys_say_what_keys_one_by_one_say(names):
    lists = key_lists(names)

    def held(codes, starts, at):
        return set(codes[starts[at] : starts[at + 1]].tolist())

    for i, one in enumerate(names):
        for j, two in enumerate(names):
            if i != j:
                written, read = (lists.written, lists.written_starts), (lists.read, lists.read_starts)
                meets = held(*written, i) & held(*read, j) or held(*read, i) & held(*written, j)
                assert bool(meets) == spellings_meet(one, two), (one, two)


@given(words=st.lists(st.text("aeioushcmnkhyjtz", min_size=1, max_size=9), min_size=1, max_size=8))
def test_words_together_have_the_keys_that_they_have_alone(words):
    assert word_keys(words) == [word_keys([word])[0] for word in words]
