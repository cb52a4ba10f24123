"""Stop values that ship with the package: null to every stage, and listed with their reason."""

import pytest

from omniid.normalization import normalize
from omniid.normalization.stops import stop_reason, stop_words
from omniid.tables import FieldPlan, RecordTable


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("identifier", "-1"),
        ("identifier", "0000000"),
        ("identifier", "00000000-0000-0000-0000-000000000000"),
        ("identifier", "anonymous"),
        ("identifier", "Test User"),
        ("identifier", "Аноним"),
        ("identifier", "123456789"),
        ("email", "test@test.com"),
        ("email", "noreply@shop.example.com"),
        ("phone", "123456789"),
        ("phone", "111-111-1111"),
        ("vk", "anonymous"),
        ("hash", "0" * 64),
    ],
)
def test_a_stop_value_is_null_and_listed_and_kept_as_sent(kind: str, value: str) -> None:
    raw = RecordTable.of([{"record_id": "1", "x": value}])
    table = normalize(raw, [FieldPlan(kind, {kind: "x"})])
    reasons = table.rejects["reason"].to_pylist()
    assert table.columns["x"].entries_of(0) == [None]
    assert table.raw["x"].entries_of(0) == [value]
    assert len(reasons) == 1
    assert reasons[0].startswith("stop value: ")


@pytest.mark.parametrize("value", ["null", "n/a", "", "не указано"])
def test_words_that_say_nothing_are_missing(value: str) -> None:
    table = normalize(RecordTable.of([{"record_id": "1", "x": value}]), [FieldPlan("identifier", {"identifier": "x"})])
    assert table.columns["x"].codes.tolist() == [-1]
    assert table.rejects.num_rows == 0


def test_the_table_is_in_the_form_that_values_are_compared_in() -> None:
    for kind in ("email", "email_local", "identifier", "counted"):
        assert all(word == word.casefold().strip() for word in stop_words(kind))
    assert all(stop_reason(word) for word in stop_words("identifier"))
