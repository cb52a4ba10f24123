"""Keys of many names at once against keys of one name at a time."""

import csv
import itertools
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid.spellings import key_lists, spelling_keys
from omniid.spellings.abjads import is_unvocalised, readings_among, readings_without_vowels, unvocalised_places
from omniid.spellings.spelling_tables import script_names
from omniid.spellings.syllables import eastern_places, is_pinyin, is_wade_giles, korean_codes, pinyin_codes, wade_giles_places
from omniid.spellings.universal import may_vary, variants

JUDGED = Path(__file__).parent.parent / "data" / "name_pairs.csv"
PIECES = (
    *"aeiouyhlrmnbdtskgjqxzcvwf",
    *("hs", "ts", "tz", "sh", "ch", "kh", "zh", "dj", "mp", "nt", "gk", "sht", "sch", "gh", "ei", "io", "ue", "ee", "ou", "ah"),
    *("ov", "ova", "ski", "nko", "uk", "ich", "os", "ang", "ing", "ung", "min", "su", "zadeh", "rhmn"),
)
wild = st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join)


def judged_names():
    with JUDGED.open(encoding="utf-8", newline="") as lines:
        cells = {cell.lower() for row in csv.reader(lines) for cell in row}
    latin = {name for names in (*script_names("arabic").values(), *script_names("hebrew").values()) for name in names}
    return sorted({cell for cell in cells if re.fullmatch("[a-z]+(?: [a-z]+)*", cell)} | latin)


def pairs_that_meet(written, read):
    """Positions of names of which one has a written key that the other may be read as."""
    readers = {}
    for at, keys in enumerate(read):
        for key in keys:
            readers.setdefault(key, set()).add(at)
    met = ((at, other) for at, keys in enumerate(written) for key in keys for other in readers.get(key, ()))
    return {(min(pair), max(pair)) for pair in met if pair[0] != pair[1]}


def fast(names):
    lists = key_lists(names)
    return pairs_that_meet(
        *(
            [codes[start:stop].tolist() for start, stop in itertools.pairwise(starts)]
            for codes, starts in ((lists.written, lists.written_starts), (lists.read, lists.read_starts))
        )
    )


def slow(names):
    keys = [spelling_keys(name) for name in names]
    return pairs_that_meet([own.written for own in keys], [own.read for own in keys])


def test_judged_names_and_names_without_vowels_meet_as_one_by_one():
    names = judged_names()
    names += [re.sub("[aeiou]", "", name) for name in names if len(name) > 5]
    names = sorted({*names[::6], "hsiaoming", "xiaoming", "rhmny", "rahmani"} - {""})
    assert len(fast(names)) > 50
    assert fast(names) == slow(names)


@given(names=st.lists(st.one_of(wild, st.sampled_from(judged_names())), max_size=25, unique=True))
def test_vocabularies_of_mixed_scripts_meet_as_one_by_one(names):
    names = [*names, "hsieh"]  # Wade–Giles is read only where some word of it is certain
    assert fast(names) == slow(names)


@given(words=st.lists(wild, min_size=1, max_size=20, unique=True))
def test_quick_looks_at_all_words_miss_none(words):
    every = range(len(words))
    assert unvocalised_places(words) == [at for at in every if is_unvocalised(words[at])]
    assert wade_giles_places(words) == [at for at in every if is_wade_giles(words[at])]
    varied, eastern = set(may_vary(words)), set(eastern_places(words))
    for at, word in enumerate(words):
        assert at in varied or not list(variants(word)), word
        assert at in eastern or not (is_pinyin(word) or any(pinyin_codes(word)) or korean_codes(word)), word


@given(words=st.lists(wild, min_size=1, max_size=12), forms=st.lists(st.text("rlmnykhsdtwzxbp", min_size=2, max_size=5)))
def test_wanted_readings_are_those_of_all_readings(words, forms):
    wanted = {*forms, *(reading for word in words[::2] for reading in readings_without_vowels(word)[::3] if len(reading) > 1)}
    expected = {at: set(readings_without_vowels(word)) & wanted for at, word in enumerate(words)}
    found = readings_among(words, sorted(wanted))
    assert {at: set(own) for at, own in found.items()} == {at: own for at, own in expected.items() if own}


@pytest.mark.parametrize("names", [[], [""], ["al masri", "masri"], ["anna"]])
def test_vocabularies_of_next_to_nothing(names):
    assert fast(names) == slow(names)
