"""The generator: the same bytes, a whole truth, rates as documented, people as they live."""

import hashlib
import time
from itertools import pairwise

import numpy as np
import phonenumbers
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from omniid.datasets import Corruption, Sample, generate
from omniid.datasets.channels import CHANNELS
from omniid.errors import InputError, SpecError

COLUMNS = {
    "web": ["id", "email", "name", "cookie", "phone", "country", "updated_at"],
    "app": ["record_id", "login_id", "device_id", "email", "first_name", "last_name", "birth_date", "updated_at"],
    "shop": ["id", "nr karty", "telefon", "imię i nazwisko", "miasto", "data sprzedaży"],
    "call_centre": ["id", "caller_phone", "caller_name", "dob", "called_at"],
    "messenger": ["id", "whatsapp", "display_name", "last_message_at"],
    "social": ["id", "handle", "full_name", "city", "email", "profile_updated"],
    "newsletter": ["id", "e-mail", "first name", "subscribed_on"],
    "loyalty": [
        "record_id",
        "card_no",
        "first_name",
        "last_name",
        "birth_date",
        "street",
        "postcode",
        "city",
        "country",
        "phone",
        "email",
        "updated_at",
    ],
    "marketplace": [
        "id",
        "buyer_id",
        "buyer_email",
        "buyer_phone",
        "ship_name",
        "ship_street",
        "ship_postcode",
        "ship_city",
        "ship_country",
        "ordered_at",
    ],
}


def digest(sample: Sample) -> str:
    """Hash of all cells in order."""
    seen = hashlib.sha256()
    for name, table in [*sample.channels.items(), ("truth", sample.truth)]:
        seen.update(repr((name, table.to_pydict())).encode())
    return seen.hexdigest()


def share(flags: pa.ChunkedArray) -> float:
    """Share of true among the known."""
    return float(pc.mean(pc.cast(flags, pa.float64())).as_py())


def entities(sample: Sample, channel: str) -> list[str]:
    return sample.truth.filter(pc.equal(sample.truth["source"], channel))["entity_id"].to_pylist()


@pytest.fixture(scope="module")
def sample() -> Sample:
    return generate(20_000, seed=5)


@pytest.fixture(scope="module")
def clean() -> Sample:
    return generate(6_000, seed=5, corruption=Corruption.none())


def test_same_seed_same_bytes_other_seed_other_bytes() -> None:
    assert digest(generate(1_500, seed=3)) == digest(generate(1_500, seed=3))
    assert digest(generate(1_500, seed=3)) != digest(generate(1_500, seed=4))


def test_every_channel_has_its_columns_and_only_strings(sample: Sample) -> None:
    assert {name: table.column_names for name, table in sample.channels.items()} == COLUMNS
    assert all(kind == pa.string() for table in sample.channels.values() for kind in table.schema.types)


def test_truth_names_each_record_once_and_nothing_else(sample: Sample) -> None:
    told = list(zip(sample.truth["source"].to_pylist(), sample.truth["record_id"].to_pylist(), strict=True))
    there = [(name, key) for name, table in sample.channels.items() for key in table[0].to_pylist()]
    assert sorted(told) == sorted(there)
    assert len(set(told)) == len(told) == sample.n_records == 20_000
    assert sample.truth["entity_id"].null_count == 0


@pytest.mark.parametrize("n_records", [1, 2, 3, 17])
def test_a_few_records_work_too(n_records: int) -> None:
    sample = generate(n_records, seed=1)
    assert sample.n_records == n_records == len(sample.truth)
    assert list(sample.channels) == [channel.name for channel in CHANNELS]


def test_a_person_has_about_three_records_and_people_are_in_several_channels(sample: Sample) -> None:
    assert 2.5 < sample.n_records / sample.n_entities < 3.3
    channels_of = sample.truth.group_by("entity_id").aggregate([("source", "count_distinct"), ("source", "count")])
    assert pc.max(channels_of["source_count"]).as_py() <= 25
    assert share(pc.greater(channels_of["source_count_distinct"], 1)) > 0.5


def test_channel_shares_are_as_declared(sample: Sample) -> None:
    for channel in CHANNELS:
        assert sample.channels[channel.name].num_rows == pytest.approx(channel.share * 20_000, rel=0.1)


def test_without_corruption_every_phone_is_valid_and_one_form_a_person(clean: Sample) -> None:
    phones = clean.channels["messenger"]["whatsapp"].to_pylist()
    assert [phone for phone in phones if not phonenumbers.is_valid_number(phonenumbers.parse(phone))] == []
    by_person: dict[str, set[str]] = {}
    for person, phone in zip(entities(clean, "messenger"), phones, strict=True):
        by_person.setdefault(person, set()).add(phone)
    assert all(len(numbers) == 1 for numbers in by_person.values())
    assert len({phone for numbers in by_person.values() for phone in numbers}) == len(by_person)


def test_without_corruption_nothing_is_missing_and_dates_keep_their_style(clean: Sample) -> None:
    assert all(column.null_count == 0 for table in clean.channels.values() for column in table.columns)
    assert share(pc.match_substring_regex(clean.channels["loyalty"]["birth_date"], r"^\d{4}-\d\d-\d\d$")) == 1
    assert share(pc.match_substring_regex(clean.channels["call_centre"]["dob"], r"^\d\d\.\d\d\.\d{4}$")) == 1
    for table in clean.channels.values():
        for column in table.columns:
            assert not pc.any(pc.is_in(column, value_set=pa.array(["n/a", "test@test.com", "000000000", "1900-01-01"]))).as_py()


def test_without_corruption_a_person_has_one_mailbox_name_and_card(clean: Sample) -> None:
    table, people = clean.channels["loyalty"], entities(clean, "loyalty")
    for column in ("card_no", "email", "birth_date"):
        pairs = set(zip(people, table[column].to_pylist(), strict=True))
        assert len(pairs) == len(set(people)), column


@pytest.mark.parametrize(
    ("channel", "column", "missing"),
    [
        ("web", "phone", 0.45),
        ("web", "email", 0.12),
        ("app", "birth_date", 0.35),
        ("newsletter", "first name", 0.5),
        ("social", "email", 0.35),
    ],
)
def test_missing_shares_are_as_documented(sample: Sample, channel: str, column: str, missing: float) -> None:
    table = sample.channels[channel]
    assert table[column].null_count / table.num_rows == pytest.approx(missing, abs=0.04)


def test_slips_come_at_their_rate() -> None:
    only = {"typo": 0.2}
    wrong = generate(6_000, seed=5, corruption=Corruption(**dict.fromkeys(Corruption.__dataclass_fields__, 0.0) | only))
    right = generate(6_000, seed=5, corruption=Corruption.none())
    changed = [
        a != b
        for a, b in zip(wrong.channels["web"]["name"].to_pylist(), right.channels["web"]["name"].to_pylist(), strict=True)
    ]
    assert 0.15 < sum(changed) / len(changed) < 0.22  # an exchange of two equal letters changes nothing


def test_documented_noise_is_there(sample: Sample) -> None:
    web, shop, loyalty = sample.channels["web"], sample.channels["shop"], sample.channels["loyalty"]
    assert share(pc.match_substring_regex(web["phone"], r"^\+\d+$")) == pytest.approx(0.4, abs=0.05)  # chaos is 0.6
    assert 0.02 < share(pc.equal(pc.utf8_upper(shop["imię i nazwisko"]), shop["imię i nazwisko"])) < 0.12
    placeholders = pc.is_in(
        web["email"], value_set=pa.array(["test@test.com", "n/a", "brak@brak.pl", "noemail@example.com", "-", "null"])
    )
    assert 0.002 < share(placeholders) < 0.012
    assert 0.01 < share(pc.match_substring_regex(loyalty["last_name"], r"[а-я]")) < 0.3  # Cyrillic is about 15 % of people
    for letters in (r"[а-яА-Я]", r"[ء-ی]", r"[ა-ჰ]", r"[α-ω]", r"[一-龥]", r"[łńśćżź]"):
        assert pc.any(pc.match_substring_regex(web["name"], letters)).as_py(), letters


def test_proxies_kiosks_and_devices_are_shared(sample: Sample) -> None:
    market = sample.channels["marketplace"]
    phones = pc.value_counts(market["buyer_phone"].drop_null()).to_pylist()
    assert sorted(row["counts"] for row in phones)[-4] > 100
    web = sample.channels["web"]
    people_of: dict[str, set[str]] = {}
    for person, cookie in zip(entities(sample, "web"), web["cookie"].to_pylist(), strict=True):
        if cookie:
            people_of.setdefault(cookie, set()).add(person)
    assert max(len(people) for people in people_of.values()) >= 10
    assert np.mean([len(people) == 1 for people in people_of.values()]) > 0.99


def test_repeated_and_late_records_are_there(sample: Sample) -> None:
    table = sample.channels["loyalty"]
    content = [tuple(row.values())[1:-1] for row in table.to_pylist()]
    assert 0.01 < 1 - len(set(content)) / len(content) < 0.04
    times = table["updated_at"].to_pylist()
    behind = np.mean([later < earlier for earlier, later in pairwise(times)])
    assert 0.015 < behind < 0.05


def test_headers_follow_their_language() -> None:
    sample = generate(60, headers={"loyalty": "ru", "shop": "en"})
    assert sample.channels["loyalty"].column_names[2:5] == ["имя", "фамилия", "дата рождения"]
    assert sample.channels["shop"].column_names[1] == "card_no"


def test_home_decides_where_most_people_live() -> None:
    countries = pc.value_counts(generate(3_000, home="DE").channels["marketplace"]["ship_country"]).to_pylist()
    assert max(countries, key=lambda row: row["counts"])["values"] == "DE"


def test_bad_arguments_are_named() -> None:
    with pytest.raises(InputError, match="n_records is 0"):
        generate(0)
    with pytest.raises(SpecError, match="home='FR'"):
        generate(10, home="FR")
    with pytest.raises(SpecError, match="channel 'kiosk'"):
        generate(10, headers={"kiosk": "pl"})
    with pytest.raises(SpecError, match="'fr'"):
        generate(10, headers={"shop": "fr"})
    with pytest.raises(SpecError, match=r"typo=1\.5"):
        Corruption(typo=1.5)


def test_twenty_thousand_records_are_quick() -> None:
    generate(100)  # reads the vocabulary
    started = time.process_time()
    generate(20_000, seed=2)
    assert time.process_time() - started < 5


def test_people_say_with_whom_they_live() -> None:
    sample = generate(2000, seed=4)
    people = {row["entity_id"]: row for row in sample.people.to_pylist()}
    assert set(sample.truth["entity_id"].to_pylist()) <= set(people)
    homes: dict[str, set[str]] = {}
    for row in people.values():
        homes.setdefault(row["household_id"], set()).add(row["family_id"])
    assert all(len(families) == 1 for families in homes.values())
    assert len(homes) > len({row["family_id"] for row in people.values()})  # grown children who left
    assert {row["role"] for row in people.values()} == {"head", "partner", "child", "flatmate"}
