"""Scene J, live: a person of three channels is erased: no byte of her is left, and she comes back only as the spec says."""

from pathlib import Path

import pytest

import omniid
from oracle import live_reading as reading

EMAIL, PHONE = "zdzislawa.chrzaszcz@example.com", "+48 609 737 151"
TOLD = {
    "app": {"record_id": "zdz-app", "login_id": "u70900007", "device_id": "0c0ffee000000009", "email": EMAIL}
    | {"first_name": "Zdzisława", "last_name": "Chrząszcz", "birth_date": "1971-02-03", "updated_at": "2018-06-01T10:00:00Z"},
    "messenger": {"id": "zdz-msg", "whatsapp": PHONE, "display_name": "Zdzisława Chrząszcz", "last_message_at": "2018-06-02"},
    "loyalty": {"record_id": "zdz-card", "card_no": "290090090099", "first_name": "Zdzisława", "last_name": "Chrząszcz"}
    | {"phone": PHONE, "email": EMAIL.title(), "birth_date": "03.02.1971", "street": "Szczebrzeszyńska 77"},
}
TRACES = ("zdzislawa", "Zdzisława", "zdzisława", "Chrząszcz", "chrząszcz", "chrzaszcz", "609737151", "609 737 151", "u70900007")
TRACES += ("290090090099", "0c0ffee000000009", "Szczebrzeszy", "zdz-app", "zdz-msg", "zdz-card", "Zdzislawa.Chrzaszcz")


def left(store: Path) -> set[str]:
    """The traces that are in any file beside the store's."""
    data = b"\0".join(file.read_bytes() for file in store.parent.iterdir())
    codes = ("utf-8", "utf-16-le", "unicode_escape")
    return {trace for trace in TRACES if any(trace.encode(code) in data for code in codes)}


@pytest.mark.parametrize("again", ["refuse", "new"])
def test_scene_j_a_person_is_erased(store: Path, again: str) -> None:
    with omniid.open(store) as resolver:
        resolver.apply(resolver.what_if(spec=resolver.spec.replace(erased=again)))
        before = reading.ids(resolver)
        for source, record in TOLD.items():
            resolver.upsert(record, source=source)
        mine = {key: name for key, name in reading.ids(resolver).items() if key[1].startswith("zdz")}
        assert len(mine) == 3
        (entity,) = set(mine.values())
        assert len(left(store)) > 10
        resolver.erase(entity_id=entity, reason="request 17")
        assert not left(store)
        assert reading.ids(resolver) == before
        assert not resolver.rebuild()
    assert not left(store)
    with omniid.open(store) as resolver:
        assert reading.ids(resolver) == before
        for source, record in TOLD.items():
            resolver.upsert(record, source=source)
        back = {key: name for key, name in reading.ids(resolver).items() if key not in before}
        if again == "refuse":
            assert not back
            assert not left(store)
        else:
            assert len(back) == 3
            assert entity not in back.values()  # a new person
            assert not set(back.values()) & set(before.values())
        assert resolver.check() == []
        assert not resolver.rebuild()
