"""Erasing a person: nothing of it is answered, kept or left in the files, and it comes back only as the spec says."""

import json
import warnings
from pathlib import Path
from typing import Any

import pytest

import omniid
from omniid import Decision, Email, InputError, PersonName, Phone, Resolver, Spec, SpecError, StoreBusyError, StoreFullError
from omniid.fields import Field, Identifier
from omniid.store import SqliteStore

Row = dict[str, str]

FIELDS: list[Field] = [Email(), Phone(), PersonName(first="first", last="last"), Identifier("cookie", kind="cookie")]
ANN = [
    {"id": "ann-crm-17", "email": "ann.zyx@example.com", "first": "Ännchen", "last": "Qwertzowa", "phone": "+48501234567"},
    {"id": "ann-web-4711", "email": "Ann.Zyx@Example.com", "first": "Ännchen", "last": "Qwertzowa", "cookie": "ck-88-annz"},
    {"id": "ann-shop-9", "phone": "+48 501 234 567", "last": "Qwertzowa", "first": "Ä."},
]
OTHERS = [
    {"id": f"p{n}", "email": f"{first}.{last}@x.com".lower(), "first": first, "last": last, "phone": f"+4850999888{n}"}
    for n, (first, last) in enumerate([("Boris", "Orlov"), ("Carla", "Rossi"), ("David", "Smith"), ("Emma", "Weber")])
]
HOUSEMATE = {"id": "mate", "email": "ann.zyx@example.com", "first": "Gregor", "last": "Samsa"}
FORMER = {**ANN[0], "phone": "+48502777666", "last": "Formerlyname"}


def learned() -> tuple[Spec, omniid.Model]:
    with omniid.open(":memory:", Spec(fields=FIELDS)) as resolver:
        resolver.upsert([*ANN, *OTHERS, *({**row, "id": f"again-{row['id']}"} for row in OTHERS)])
        resolver.fit()
        return resolver.spec, resolver.model


SPEC, MODEL = learned()


def opened(path: Path | str, spec: Spec = SPEC, **more: Any) -> Resolver:
    return omniid.open(path, spec, model=MODEL, backend="rows", **more)


def entity_of(resolver: Resolver, record_id: str) -> str | None:
    return next((row["entity_id"] for row in resolver.crosswalk() if row["record_id"] == record_id), None)


def spellings(text: str) -> set[bytes]:
    """The bytes under which a text may lie in a file."""
    forms = {text, text.lower(), json.dumps(text)[1:-1]}
    return {form.encode(code) for form in forms for code in ("utf-8", "utf-16-le", "utf-16-be")}


def left_in_files(path: Path, texts: list[str]) -> set[str]:
    files = b"\0".join(part.read_bytes() for part in path.parent.iterdir() if part.name.startswith(path.name))
    return {text for text in texts if any(form in files for form in spellings(text))}


VALUES = sorted(
    {value for row in [*ANN, FORMER] for value in row.values() if len(value) > 3}
    | {"501234567", "502777666", "Zyx", "Qwertz", "nnchen", "annz", "asked by phone"}
)


def test_no_byte_of_an_erased_person_is_left_in_the_files(tmp_path: Path) -> None:
    path = tmp_path / "people.omniid"
    with opened(path, SPEC.replace(value_classes={"email": {"ann.zyx@example.com": "personal"}})) as resolver:
        resolver.upsert(FORMER)
        resolver.upsert([*ANN, *OTHERS])
        reason = "asked by phone: Qwertzowa is ann.zyx@example.com"
        resolver.decide(Decision("MUST_LINK", (("records", "ann-crm-17"),), (("records", "ann-shop-9"),), reason=reason))
        resolver.delete(("records", "ann-web-4711"))
        entity = entity_of(resolver, "ann-crm-17")
        assert left_in_files(path, VALUES) >= {"ann.zyx@example.com", "Qwertzowa", "ann-web-4711", "502777666"}
        told = resolver.erase(entity_id=entity, reason="request 88")
        assert (told.records, told.gone) == (3, (entity,))
        assert str(told) == "3 records erased, 1 entity gone"
        assert not left_in_files(path, VALUES)
        (change,) = [one for one in resolver.changes() if one["kind"] == "erased"]
        assert (change["entity_id"], change["cause"]) == (entity, "erase")
        assert resolver.check() == []
    assert not left_in_files(path, VALUES)
    assert (tmp_path / "people.omniid.key").stat().st_mode & 0o777 == 0o600


def test_what_remains_is_what_a_store_without_the_records_says(tmp_path: Path) -> None:
    with opened(":memory:") as resolver, opened(":memory:") as never:
        resolver.upsert([*ANN, *OTHERS, HOUSEMATE])
        never.upsert([ANN[1], *OTHERS, HOUSEMATE])
        whose = entity_of(resolver, "ann-web-4711")
        told = resolver.erase(records=[("records", "ann-crm-17"), ("records", "ann-shop-9")])
        assert told.records == 2
        assert told.gone == ()
        groups = [sorted((row["record_id"], row["entity_kind"]) for row in one.crosswalk()) for one in (resolver, never)]
        assert groups[0] == groups[1]
        parts = [one.resolution() for one in (resolver, never)]
        profiles = [
            sorted(json.dumps({**row, "entity_id": ""}, default=str) for row in one.table("profiles").to_pylist())
            for one in parts
        ]
        assert profiles[0] == profiles[1]
        assert entity_of(resolver, "ann-web-4711") == whose
        assert not resolver.rebuild()


def test_the_past_keeps_its_shape_without_values() -> None:
    with opened(":memory:") as resolver:
        resolver.upsert([*ANN, *OTHERS])
        cursor, entity = resolver.cursor, entity_of(resolver, "ann-crm-17")
        resolver.erase(records=[("records", row["id"]) for row in ANN[:2]])
        then = [row["record_id"] for row in resolver.crosswalk(as_of=cursor) if row["entity_id"] == entity]
        assert sorted(name[:7] for name in then) == ["ann-sho", "erased-", "erased-"]
        profile = resolver.get_profile(entity_id=entity, as_of=cursor)
        assert (profile["records"], profile["email"], profile["phone"]) == (3, None, "+48501234567")


def test_an_erased_record_is_refused_and_that_is_said() -> None:
    with opened(":memory:") as resolver:
        resolver.upsert([*ANN, *OTHERS])
        entity = entity_of(resolver, "ann-crm-17")
        resolver.erase(entity_id=entity)
        told = resolver.upsert([ANN[0], {**OTHERS[0], "phone": "+48509998899"}])
        assert (told.refused, told.changed, told.new) == (1, 1, 0)
        assert told.entity_ids[0] is None
        assert str(told) == "1 changed, 1 refused"
        assert entity_of(resolver, "ann-crm-17") is None
        assert resolver.delete(("records", "ann-crm-17")).unchanged == 1
        with pytest.raises(InputError, match="holds no records"):
            resolver.erase(entity_id=entity)
        assert resolver.erase(record=("records", "ann-crm-17")).before == 1


def test_an_erased_record_makes_a_new_unlinked_person_where_the_spec_says_so(tmp_path: Path) -> None:
    path = tmp_path / "people.omniid"
    with opened(path, SPEC.replace(erased="new")) as resolver:
        resolver.upsert([*ANN, *OTHERS])
        resolver.decide(Decision("MUST_LINK", (("records", "ann-crm-17"),), (("records", "p0"),)))
        both = entity_of(resolver, "p0")
        resolver.erase(records=[("records", row["id"]) for row in ANN])
        assert entity_of(resolver, "p0") == both
        resolver.delete(("records", "ann-shop-9"))
        assert not left_in_files(path, ["ann-shop-9"])
        told = resolver.upsert(ANN[:2])
        assert told.new == 2
        assert len({*told.entity_ids}) == 1
        assert entity_of(resolver, "ann-crm-17") not in (None, both)
        again = resolver.erase(entity_id=told.entity_ids[0])
        assert again.records == 2
        assert resolver.upsert(ANN[0]).entity_ids[0] not in (None, both, told.entity_ids[0])


def test_decisions_of_before_name_erased_records_by_keyed_hashes(tmp_path: Path) -> None:
    path = tmp_path / "people.omniid"
    both = (("records", "ann-crm-17"), ("records", "ann-web-4711"))
    told = Decision("CANNOT_LINK", both, (("records", "p0"),), author="kim", reason="Qwertzowa said so", time="2026-05-01")
    with opened(path) as resolver:
        resolver.upsert([*ANN, *OTHERS])
        resolver.erase(record=both[0])
        (kept,) = resolver.decide(told)
        assert kept.left[0][1].startswith("erased-")
        assert (kept.left[1], kept.reason) == (both[1], "")
        assert resolver.decide(told) == (kept,)
        assert resolver.decisions() == (kept,)
        difference = resolver.what_if(decisions=Decision("MUST_LINK", both[:1], (("records", "p1"),)))
        resolver.apply(difference)
        assert resolver.undo(told)[0].left == kept.left
        assert not left_in_files(path, ["ann-crm-17", "said so"])


def test_a_reader_keeps_bytes_alive_and_the_message_says_what_was_done(tmp_path: Path) -> None:
    path = tmp_path / "people.omniid"
    with opened(path, wait=0.1) as resolver, opened(path) as other:
        resolver.upsert([*ANN, *OTHERS])
        with other.store.reading() as store:
            assert store.count("records") == 7
            with pytest.raises(StoreBusyError, match=r"^1 record erased, .*no answer holds .* compact\(\) does the rest$"):
                resolver.erase(record=("records", "ann-shop-9"))
        assert entity_of(resolver, "ann-shop-9") is None
        resolver.compact()
        assert not left_in_files(path, ["ann-shop-9"])


def test_an_erasure_that_was_cut_off_is_found_and_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "people.omniid"
    with opened(path) as resolver:
        resolver.upsert([*ANN, *OTHERS])
        entity = entity_of(resolver, "ann-crm-17")

        def full(_: object) -> None:
            raise StoreFullError("no room")

        with monkeypatch.context() as patched:
            patched.setattr(SqliteStore, "compact", full)
            with pytest.raises(StoreFullError, match=r"^3 records erased, 1 entity gone: .*no room"):
                resolver.erase(entity_id=entity)
        assert left_in_files(path, VALUES)  # in the -wal
    with opened(path) as resolver:
        (problem,) = resolver.check()
        assert "compact()" in problem
        assert resolver.erase(entity_id=entity).records == 0
        assert resolver.check() == []
        assert not left_in_files(path, VALUES)


def test_who_loses_the_key_is_told_that_erased_records_are_not_recognised(tmp_path: Path) -> None:
    path, key = tmp_path / "people.omniid", tmp_path / "elsewhere" / "secret"
    key.parent.mkdir()
    with opened(path, key=key) as resolver:
        resolver.upsert([*ANN, *OTHERS])
        assert not key.exists()
        resolver.erase(record=("records", "ann-shop-9"))
        assert [one.name for one in key.parent.iterdir()] == ["secret"]
    with opened(path, key=key) as resolver:
        assert resolver.upsert(ANN[2]).refused == 1
    with pytest.warns(UserWarning, match="people.omniid.key is not there, so 1 erased records"), opened(path) as resolver:
        assert resolver.upsert(ANN[2]).new == 1
    key.write_text("garbage")
    with pytest.raises(InputError, match="put the file back from a copy"):
        opened(path, key=key)


def test_records_are_erased_before_the_first_fit_too(tmp_path: Path) -> None:
    path = tmp_path / "people.omniid"
    with omniid.open(path) as resolver:
        resolver.upsert([*ANN, *OTHERS])
        assert resolver.erase(record=("records", "ann-crm-17")).records == 1
        assert not left_in_files(path, ["ann-crm-17", "Ännchen.Qwertzowa"])


def test_no_profile_that_was_asked_for_before_is_remembered(tmp_path: Path) -> None:
    path = tmp_path / "people.omniid"
    spec = SPEC.replace(value_classes={"email": {"ann.zyx@example.com": "personal"}})
    with opened(path, spec) as resolver, omniid.open(path) as other:
        resolver.upsert([*OTHERS, ANN[0]])
        resolver.upsert({**ANN[0], "phone": "+48502777666"})  # so that its profile is made when it is asked for
        for asked in (resolver, other):
            assert asked.get_profile(record=("records", "ann-crm-17"))["last"] == "Qwertzowa"
        resolver.erase(record=("records", "ann-crm-17"))
        for asked in (resolver, other):
            asked.get_profile(record=("records", "p0"))
            held = asked._held_asking
            assert held is not None
            assert "Qwertzowa" not in str(held.made)
            assert not held.learned.spec.value_classes


def test_what_is_not_there_is_named_and_nothing_is_erased() -> None:
    with opened(":memory:") as resolver:
        resolver.upsert(ANN)
        with pytest.raises(InputError, match=r"no record .'records', '0'.; nothing was erased"):
            resolver.erase(records=[("records", "ann-crm-17"), ("records", "0")])
        with pytest.raises(InputError, match="no entity 'nobody'"):
            resolver.erase(entity_id="nobody")
        with pytest.raises(InputError, match="takes one of"):
            resolver.erase()
        assert entity_of(resolver, "ann-crm-17") is not None
    with pytest.raises(SpecError, match="choose 'refuse' or 'new'"):
        Spec(erased="forget")


def test_a_spec_keeps_what_it_says_of_erased_records() -> None:
    with warnings.catch_warnings():
        assert Spec.from_dict(Spec(erased="new").to_dict()).erased == "new"
        assert "erased" not in Spec().to_dict()
