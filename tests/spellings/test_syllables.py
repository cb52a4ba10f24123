"""Chinese and Korean syllables, Japanese romaji."""

from omniid.spellings.romaji import is_romaji, romaji_code
from omniid.spellings.syllables import family_keys, is_pinyin, korean_codes, pinyin_codes


def test_a_family_name_in_latin_letters_may_be_several_and_meeting_is_not_transitive():
    keys = family_keys()
    assert set(keys["wong"]) & set(keys["wang"])
    assert set(keys["wong"]) & set(keys["huang"])
    assert not set(keys["wang"]) & set(keys["huang"])
    assert set(keys["lee"]) & set(keys["rhee"])
    assert set(keys["lee"]) & set(keys["li"])
    assert not set(keys["rhee"]) & set(keys["chan"])


def test_wade_giles_is_read_and_pinyin_is_written():
    assert pinyin_codes("guoqiang") == (["guoqiang"], [])
    assert "guoqiang" in pinyin_codes("kuochiang")[1]
    assert pinyin_codes("robert") == ([], [])
    assert is_pinyin("zhiqiang")
    assert not is_pinyin("martina")


def test_korean_given_names_have_two_syllables():
    assert "영희" in korean_codes("younghee")
    assert not korean_codes("robert")
    assert not korean_codes("kim")


def test_romaji():
    assert romaji_code("kenichi") == "kenichi"
    assert romaji_code("yuuko") == romaji_code("yuko")
    assert romaji_code("jirou") == romaji_code("jiroh")
    assert romaji_code("inoue") == "inoue"
    assert not is_romaji("kraus")
