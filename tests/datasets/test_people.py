"""People live in households: couples, parents and children, twins, a father and a son of one name, flatmates."""

import numpy as np
import pytest

from omniid.datasets.addresses import draw_addresses, places
from omniid.datasets.contacts import NONE, Contacts, draw_contacts
from omniid.datasets.people import CHILD, COUNTRIES, FLATMATE, HEAD, LAST_DAY, PARTNER, People, draw_people
from omniid.datasets.vocabulary import first_names, surnames

N = 20_000


@pytest.fixture(scope="module")
def people() -> People:
    return draw_people(N, home="PL", rng=np.random.default_rng(3))


@pytest.fixture(scope="module")
def contacts(people: People) -> Contacts:
    rng = np.random.default_rng(4)
    return draw_contacts(people, draw_addresses(people, rng), rng)


def test_every_household_has_one_head_and_its_members_are_neighbours(people: People) -> None:
    assert np.array_equal(np.unique(people.household), np.arange(people.household[-1] + 1))
    assert (np.diff(people.household) >= 0).all()
    assert np.array_equal(np.bincount(people.household[people.role == HEAD]), np.ones(people.household[-1] + 1))
    for role, least in ((PARTNER, 0.1), (CHILD, 0.1), (FLATMATE, 0.03)):
        assert (people.role == role).mean() > least


def test_children_are_born_after_their_parents(people: People) -> None:
    starts = np.flatnonzero(np.diff(people.household, prepend=-1))
    head = starts[people.household]
    child = people.role == CHILD
    assert (people.birth[child] - people.birth[head[child]] > 19 * 365).all()
    assert (people.last[child] % (surnames().size // 2) == people.last[head[child]] % (surnames().size // 2)).all()


def test_twins_share_a_birth_date_and_never_a_first_name(people: People) -> None:
    twin = np.flatnonzero(
        (people.role[1:] == CHILD)
        & (people.role[:-1] == CHILD)
        & (people.birth[1:] == people.birth[:-1])
        & (np.diff(people.household) == 0)
    )
    assert len(twin) > N / 2_000
    assert (people.first[twin] != people.first[twin + 1]).all()


def test_fathers_and_sons_share_a_name_not_a_birth_date(people: People) -> None:
    elder, younger = np.flatnonzero(people.suffix == 1), np.flatnonzero(people.suffix == 2)
    assert len(elder) == len(younger) > N / 200
    assert (people.household[elder] == people.household[younger]).all()
    assert (people.first[elder] == people.first[younger]).all()
    assert (people.last[elder] == people.last[younger]).all()
    assert (people.birth[younger] - people.birth[elder] > 19 * 365).all()


def test_some_wives_changed_their_name_and_some_people_moved(people: People) -> None:
    changed = people.last != people.maiden
    assert (people.gender[changed] == 1).all()
    assert 0.03 < changed.mean() < 0.2
    assert 0.05 < (people.moved <= LAST_DAY).mean() < 0.2


def test_mailboxes_are_unlike_even_without_dots_and_some_are_shared(people: People, contacts: Contacts) -> None:
    boxes = [
        f"{local.replace('.', '')}@{domain}"
        for local, domain in zip(contacts.local.to_pylist(), contacts.domain.to_pylist(), strict=True)
    ]
    assert len(set(boxes)) == len(boxes)
    assert all(box.isascii() and not box.startswith("@") for box in boxes)
    shared = contacts.email != np.arange(N)
    assert 0.01 < shared.mean() < 0.05
    assert (people.household[contacts.email[shared]] == people.household[shared]).all()
    assert 0.3 < (contacts.second_email != NONE).mean() < 0.4


def test_phones_are_valid_and_nobody_elses(contacts: Contacts) -> None:
    phonenumbers = pytest.importorskip("phonenumbers")
    keys = set(zip(contacts.phones.country.tolist(), contacts.phones.national.to_pylist(), strict=True))
    assert len(keys) == len(contacts.phones.national)
    for country, national in sorted(keys)[::7]:
        code = COUNTRIES[country][0]
        number = phonenumbers.parse(f"+{phonenumbers.country_code_for_region(code)}{national}")
        assert phonenumbers.is_valid_number(number), (code, national)


def test_a_household_shares_its_landline(people: People, contacts: Contacts) -> None:
    lines: dict[int, set[int]] = {}
    for household, line in zip(people.household.tolist(), contacts.landline.tolist(), strict=True):
        lines.setdefault(household, set()).add(line)
    assert all(len(line) == 1 for line in lines.values())
    assert 0.3 < (contacts.landline != NONE).mean() < 0.4


def test_addresses_lie_in_the_country_and_follow_its_postcodes(people: People) -> None:
    addresses = draw_addresses(people, np.random.default_rng(5))
    assert (addresses.country[people.address] == people.country).all()
    codes = [place[0] for place in places()]
    assert all(
        codes[city] == COUNTRIES[country][0]
        for city, country in zip(addresses.city.tolist(), addresses.country.tolist(), strict=True)
    )
    assert not any(mark in postcode for postcode in addresses.postcode.to_pylist() for mark in "#@")


def test_name_lists_hold_no_name_twice_and_follow_their_weights() -> None:
    for names in (first_names(), surnames()):
        n_drawn = names.starts[-1]
        native = names.spellings.slice(0, n_drawn).to_pylist()
        for start, end in zip(names.starts, names.starts[1:], strict=False):
            group = native[start:end]
            assert len(set(group)) == len(group)
    drawn = first_names().draw(np.full(50_000, 3), np.random.default_rng(0))  # Polish women
    counts = np.bincount(drawn)[first_names().starts[3] :]
    assert counts[0] == counts.max()  # Anna
    assert counts[:10].sum() > 5 * counts[-10:].sum()
