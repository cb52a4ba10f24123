"""Statements read record by record: what counts where one says several things, and when it was said."""

import numpy as np

from omniid.fields import Consent, Verified
from omniid.normalization import normalize
from omniid.statement_values import read_answers, verified_rows
from omniid.tables import NO_TIME, FieldPlan, RecordTable

SECOND = 1_000_000


def table(rows: list[dict[str, object]], *plans: FieldPlan) -> RecordTable:
    return normalize(RecordTable.of([{"record_id": str(n), **row} for n, row in enumerate(rows)]), plans)


def test_a_no_beside_a_yes_is_a_no_and_brings_its_own_time() -> None:
    plan = FieldPlan("verified", {"verified": "sure"})
    found = read_answers(
        table([{"sure": ["1970-01-01T00:00:09Z", "no"]}, {"sure": ["no", "?"]}], plan), Verified("sure", of="email")
    )
    assert found.said.tolist() == [0, 0]
    assert found.time.tolist() == [NO_TIME, NO_TIME]
    (yes,) = verified_rows(table([{"sure": "1970-01-01T00:00:09Z"}, {"sure": None}], plan), [Verified("sure", of="x")]).values()
    assert yes.tolist() == [True, False]


def test_the_time_is_that_of_the_value_then_of_its_column_then_of_the_record() -> None:
    plan = FieldPlan("consent", {"consent": "ok", "time": "at"})
    rows = [{"ok": "yes", "at": "1970-01-01T00:00:02Z"}, {"ok": "no", "at": None}, {"ok": None, "at": "1970-01-01T00:00:02Z"}]
    records = table(rows, plan)
    records.time[:] = np.arange(3) * SECOND
    dated, undated = Consent("ok", purpose="news", time="at"), Consent("ok", purpose="news")
    assert read_answers(records, dated).time.tolist() == [2 * SECOND, NO_TIME, NO_TIME]
    assert read_answers(records, undated).time.tolist() == [0, SECOND, NO_TIME]
    out = FieldPlan("opt_out", {"opt_out": "out", "time": "at"})
    gone = table([{"out": "1970-01-01T00:00:05Z", "at": "1970-01-01T00:00:02Z"}, {"out": "no"}, {"out": "yes"}], out)
    found = read_answers(gone, Consent("out", time="at", opt_out=True))
    assert (found.said.tolist(), found.time.tolist()) == ([0, -1, 0], [5 * SECOND, NO_TIME, NO_TIME])


def test_a_column_that_nobody_filled_says_nothing() -> None:
    bare = RecordTable.of([{"record_id": "1", "email": "a@x.com"}])
    assert read_answers(bare, Consent("ok", purpose="news")).said.tolist() == [-1]
