"""The keys of one record are those that the arrays give a table of it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from omniid.blocking import block_on, index_keys, plan_blocks
from omniid.blocking.keys import (
    first_words,
    initial,
    local_part,
    month_day,
    prefix,
    sorted_name,
    sound_of_words,
    soundex,
    spelling,
    year,
    year_month,
)
from omniid.blocking.rules import all_pairs, minhash_lsh, one_edit
from omniid.copies import content_keys
from omniid.hashing import hash_strings
from omniid.single_record import EvidenceReader, KeyMaker, forms_of
from omniid.single_record.hashes import hash_text
from omniid.spec import Spec
from omniid.tables import RecordTable
from omniid.tables.arrays import text_array

RULES = [
    block_on("email"),
    block_on("last_name", "city", oversized="leave", max_block=2),
    block_on("city", max_block=2),
    block_on(soundex("last_name"), year("born")),
    block_on(initial("first_name"), prefix("last_name", 3)),
    block_on(first_words("street", 2)),
    block_on(sound_of_words("street", 2)),
    block_on(local_part("email", 3)),
    block_on(month_day("born")),
    block_on(year_month("born")),
    block_on(spelling("first_name"), "city"),
    block_on(sorted_name("first_name", "last_name")),
    one_edit("email", shortest=5),
    minhash_lsh("street"),
    all_pairs(),
]
VALUES = {
    "email": ["a@x.com", "ann@x.com", "anne@x.com", "no", "@x", "x" * 70 + "@y.com"],
    "first_name": ["anna maria", "wong", "bo", "muhammad"],
    "last_name": ["li", "nowak", "o brien", "7"],
    "city": ["york", "leeds"],
    "street": ["12 main st", "main st 12", "7", "a b c d e f g"],
    "born": ["1990-05-03", "1990-05", "1990", "03-05"],
}
cells = {name: st.sampled_from(said) | st.lists(st.sampled_from(said), max_size=3) for name, said in VALUES.items()}
rows = st.lists(st.fixed_dictionaries({}, optional=cells), min_size=1, max_size=12)


@given(st.text(max_size=40) | st.sampled_from(["", "x" * 512, "x" * 513, "ł" * 400]), st.integers(0, 2**64 - 1))
def test_a_text_hashes_as_an_array_of_it(text, seed):
    assert hash_text(text, seed) == int(hash_strings(text_array([text]), seed)[0])


@settings(max_examples=settings().max_examples // 2)  # each plans fifteen rules
@given(rows)
def test_keys_of_a_record_are_those_of_a_table(rows):
    table = RecordTable.of([{"record_id": f"{number:02}", **dict.fromkeys(VALUES), **row} for number, row in enumerate(rows)])
    crowded = plan_blocks(table, RULES, freeze=True).crowded
    reader, maker = EvidenceReader(Spec()), KeyMaker(RULES, crowded, ["email", "city"])
    found = [maker.keys_of(reader.read(forms)) for forms in forms_of(table)]
    for looking_up in (False, True):
        keys = index_keys(table, RULES, crowded, looking_up=looking_up)
        batch = [[] for _ in rows]
        for row, key, rule in zip(keys.rows.tolist(), keys.keys.tolist(), keys.rules.tolist(), strict=True):
            batch[row].append((key, rule))
        assert [sorted(set(one.sought if looking_up else one.filed)) for one in found] == [sorted(set(one)) for one in batch]
    at, content = content_keys(table, ["email", "city"])
    alone = [maker.content_key(reader.read(forms)) for forms in forms_of(table)]
    keys = dict(zip(at.tolist(), content.tolist(), strict=True))
    assert alone == [keys.get(row) for row in range(len(rows))]
