"""Hashes stand for values that any record of a store knows, whatever came first and whatever went."""

import hashlib
import random
from collections.abc import Iterable

from hypothesis import given, settings
from hypothesis import strategies as st

import omniid
from omniid import Email, Identifier, Model, PersonName, Phone, Spec
from omniid.fields import Field

Row = dict[str, str]
Partition = frozenset[frozenset[str]]

FIELDS: list[Field] = [
    Email(),
    Identifier("em", kind="email_hash"),
    Phone(),
    Identifier("ph", kind="phone_hash"),
    PersonName(first="first", last="last"),
]
NAMES = ["Anna Kowalska", "Boris Orlov", "Carla Rossi", "David Smith", "Emma Weber", "Farid Rezaei"]


OTHERS = [
    ("Grace", "Okafor"),
    ("Hiro", "Tanaka"),
    ("Ines", "Garcia"),
    ("Jonas", "Lindqvist"),
    ("Kofi", "Mensah"),
    ("Lena", "Bauer"),
    ("Marta", "Nowak"),
    ("Omar", "Haddad"),
]


def hashed(text: str, algorithm: str = "sha256") -> str:
    return hashlib.new(algorithm, text.encode()).hexdigest()


def rows() -> list[Row]:
    """Each customer with an address and a number, and what advertising systems hold of some."""
    out = []
    for n, name in enumerate(NAMES):
        first, last = name.split()
        mail, phone = f"{first}.{last}@gmail.com".lower(), f"+4850123456{n}"
        out.append({"id": f"a{n}", "email": f" {first}.{last}@gmail.com", "first": first, "last": last})
        out.append({"id": f"b{n}", "email": mail, "phone": phone, "first": first, "last": last})
        out.append({"id": f"c{n}", "em": hashed(mail), "ph": hashed(phone.removeprefix("+"), "md5" if n % 2 else "sha256")})
        out.append({"id": f"d{n}", "em": hashed(mail.replace(".", "", 1).upper().lower()), "last": last})
    shared = "office@example.com"
    out += [{"id": f"s{n}", "email": shared, "first": first, "last": last} for n, (first, last) in enumerate(OTHERS)]
    return [*out, {"id": "t", "em": hashed(shared), "ph": hashed("+48501234599")}]


def learned() -> tuple[Spec, Model]:
    found = omniid.resolve(rows(), Spec(fields=FIELDS, incremental=True, find_duplicate_free=False))
    return found.spec, found.model


SPEC, MODEL = learned()


def parts_of(crosswalk: Iterable[Row]) -> Partition:
    sets: dict[str, set[str]] = {}
    for row in crosswalk:
        sets.setdefault(row["entity_id"], set()).add(row["record_id"])
    return frozenset(map(frozenset, sets.values()))


def batch(some: Iterable[Row]) -> Partition:
    return parts_of(omniid.resolve(list(some), SPEC, model=MODEL).crosswalk)


@settings(max_examples=2)
@given(seed=st.integers(0, 2**16))
def test_hashed_and_plain_records_in_any_order_give_what_a_batch_run_gives(seed: int) -> None:
    draw = random.Random(seed)
    some = rows()
    draw.shuffle(some)
    some = some[:20]
    gone: set[str] = set()
    with omniid.open(":memory:", SPEC, model=MODEL, backend="rows") as resolver:
        resolver.upsert(some[:17])
        for row in some[17:]:
            resolver.upsert(row)
        for row in draw.sample(some, 2):
            gone.add(row["id"])
            resolver.delete([("records", row["id"])])
        assert parts_of(resolver.crosswalk()) == batch(row for row in some if row["id"] not in gone)


def test_a_hash_joins_its_value_when_that_comes_and_leaves_it_when_that_goes() -> None:
    anna, ads, more = rows()[1], rows()[2], {"id": "e", "em": hashed("anna.kowalska@gmail.com", "sha512")}
    others = rows()[4:]
    with omniid.open(":memory:", SPEC, model=MODEL, backend="rows") as resolver:
        resolver.upsert([*others, ads])
        resolver.upsert(more)
        apart = parts_of(resolver.crosswalk())
        assert {frozenset(["c0"]), frozenset(["e"])} <= apart
        resolver.upsert(anna)
        assert frozenset(["b0", "c0", "e"]) in parts_of(resolver.crosswalk())
        resolver.delete([("records", "b0")])
        assert parts_of(resolver.crosswalk()) == apart
        resolver.upsert({**anna, "id": "f"})
        assert frozenset(["c0", "e", "f"]) in parts_of(resolver.crosswalk())
        resolver.erase(record=("records", "f"))
        assert parts_of(resolver.crosswalk()) == apart


def test_the_hash_of_a_shared_mailbox_joins_nobody() -> None:
    some = [row for row in rows() if row["id"][0] in "bst"]
    with omniid.open(":memory:", SPEC, model=MODEL, backend="rows") as resolver:
        resolver.upsert(some[:-1])
        resolver.upsert(some[-1])
        assert frozenset(["t"]) in parts_of(resolver.crosswalk())
        assert parts_of(resolver.crosswalk()) == batch(some)


def test_stores_without_hash_kinds_file_nothing() -> None:
    with omniid.open(":memory:", Spec(fields=[Email(), PersonName(first="first", last="last")]), backend="rows") as resolver:
        resolver.upsert([{key: cell for key, cell in row.items() if key not in ("em", "ph")} for row in rows()])
        resolver.fit()
        resolver.upsert({"id": "z", "email": "zed@x.com", "first": "Zed", "last": "Zorn"})
        with resolver.store.reading() as store:
            assert (store.count("spelled"), store.count("hashed")) == (0, 0)
