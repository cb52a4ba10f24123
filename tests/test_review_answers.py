"""Answers of people in a review file, and what is none."""

from pathlib import Path

import pytest

from omniid import Decision, InputError, read_decisions


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "decision,left_records,right_records\nsame,crm:1,web:2\nperhaps,crm:1,web:3\n",
            "line 3: 'perhaps' is no decision; write same",
        ),
        ("decision,left_records,right_records\nsame,,web:2\n", "line 2 does not name its left records"),
        ("decision,left_records\nsame,crm:1\n", "line 2 does not name its right records"),
        ("\ndecision,left_records,right_records\nsame,crm1,web:2\n", "line 3: 'crm1' in left_records is no record"),
        ("decision,left_records,right_records\nsame,[1,web:2\n", "line 2: left_records is"),
        ("decision,left_records,right_records\nsame,crm:1,crm:1\n", "line 2: record .* stands on both sides"),
    ],
)
def test_what_is_no_answer_is_named(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "review.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=says):
        read_decisions(tmp_path / "review.csv")


def test_a_plain_table_of_pairs_is_enough(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text(
        "left_source,left_record_id,right_source,right_record_id,decision,time\ncrm,1,web,2,no,2026-01-02\n", encoding="utf-8"
    )
    assert read_decisions(tmp_path / "mine.csv") == (
        Decision("CANNOT_LINK", (("crm", "1"),), (("web", "2"),), time="2026-01-02"),
    )
