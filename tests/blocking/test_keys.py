"""Keys and rules: their text, their plain data, their errors."""

import json
import tomllib

import pytest
import tomli_w

from omniid.blocking import (
    BlockingRule,
    Key,
    all_pairs,
    block_on,
    first_words,
    initial,
    key_from_dict,
    local_part,
    minhash_lsh,
    month_day,
    one_edit,
    prefix,
    rule_from_dict,
    shared_qgrams,
    sorted_name,
    sorted_neighbourhood,
    sound_of_words,
    soundex,
    year,
    year_month,
)
from omniid.errors import SpecError

RULES = [
    block_on("email"),
    block_on("birth_date", soundex("last_name"), name="born alike"),
    block_on(prefix("postcode", 3), year("birth_date"), month_day("birth_date"), year_month("birth_date"), oversized="leave"),
    block_on(initial("first_name"), sorted_name("first_name", "last_name"), local_part("email"), first_words("street", 3)),
    block_on(sound_of_words("street", 1)),
    sorted_neighbourhood("last_name", prefix("first_name", 2), window=9),
    shared_qgrams("street", q=2, threshold=0.5),
    minhash_lsh("street", bands=16, rows=2, seed=7),
    one_edit("phone"),
    one_edit("loyalty_id", shortest=5, name="typos"),
    block_on("last_name", "city", oversized="leave", max_block=30),
    all_pairs(),
]


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_plain_data_round_trip_through_json_and_toml(rule):
    assert rule_from_dict(rule.to_dict()) == rule
    assert rule_from_dict(json.loads(json.dumps(rule.to_dict()))) == rule
    assert rule_from_dict(tomllib.loads(tomli_w.dumps({"rules": [rule.to_dict()]}))["rules"][0]) == rule


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (block_on("birth_date", soundex("last_name")), "birth_date & soundex(last_name)"),
        (block_on("email", name="mail"), "mail"),
        (block_on(local_part("email")), "local_part(email, 6)"),
        (sorted_neighbourhood("last_name"), "sorted_neighbourhood(last_name)"),
        (minhash_lsh("street", seed=3), "minhash_lsh(street, seed=3)"),
    ],
)
def test_rules_read_like_what_they_do(rule, text):
    assert str(rule) == rule.name == text


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: block_on(), "at least one key"),
        (lambda: Key("metaphone", ("last_name",)), "metaphone"),
        (lambda: prefix("postcode", 0), r"prefix\(postcode\).*at least 1"),
        (lambda: Key("year", ("birth_date",), 3), "takes no number"),
        (lambda: Key("sorted_name", ("first_name",)), "takes 2 field"),
        (lambda: block_on("email", oversized="drop"), "'refine' or 'leave'"),
        (lambda: sorted_neighbourhood("last_name", window=1), "window must be a whole number of at least 2"),
        (lambda: shared_qgrams("street", threshold=1.5), "threshold must be a number from 0.05 to 1"),
        (lambda: BlockingRule("magic", ()), "'magic' is unknown"),
        (lambda: rule_from_dict({"strategy": "one_edit", "keys": ["phone"], "widow": 3}), "no option 'widow'"),
        (lambda: rule_from_dict({"keys": ["phone"]}), "no blocking rule"),
        (lambda: key_from_dict({"kind": "year"}), "no blocking key"),
    ],
)
def test_a_wrong_declaration_names_itself(make, message):
    with pytest.raises(SpecError, match=message):
        make()
