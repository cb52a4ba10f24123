from hypothesis import given
from hypothesis import strategies as st

from omniid.resolver.stored_briefs import brief_texts
from omniid.single_record import Briefs, Evidence
from omniid.single_record.briefs import APART, BESIDE
from omniid.single_record.ready_records import Lineup
from omniid.tables import RecordTable

FIELDS = ("birth_date", "city", "email")
BRIEFS = Briefs(Lineup(["email", None], [("email",), ("birth_date", "city")]), ["city"])
values = st.text(f'ab{APART}{BESIDE}\x1d\n,"[]ł', min_size=1, max_size=4)
evidence = st.builds(
    Evidence,
    st.dictionaries(st.sampled_from(FIELDS), st.lists(values, min_size=1, max_size=3, unique=True).map(tuple)),
    st.frozensets(st.sampled_from(FIELDS)),
    st.none() | st.dictionaries(st.sampled_from(FIELDS), st.frozensets(values, min_size=1, max_size=2), min_size=1),
)


@given(one=evidence)
def test_a_brief_says_what_the_evidence_says(one):
    found, plain = (
        BRIEFS.ready(BRIEFS.text(one)),
        Lineup(["email", None], [("email",), ("birth_date", "city")]).of_evidence(one),
    )
    assert dict(found.values) == dict(one.values) == dict(plain.values)
    assert (found.mask, found.shared, dict(found.weak), list(found.cells)) == (
        plain.mask, plain.shared, dict(plain.weak), list(plain.cells)
    )  # fmt: skip
    if found.is_plain:
        assert all(len(texts) == 1 for texts in one.values.values())


@given(
    rows=st.lists(st.dictionaries(st.sampled_from(FIELDS), st.lists(values, min_size=1, max_size=2, unique=True)), min_size=1)
)
def test_briefs_of_a_table_are_those_of_its_records(rows):
    table = RecordTable.of([{"record_id": f"{at:03}", **row} for at, row in enumerate(rows)])
    alone = [BRIEFS.text(Evidence({name: tuple(texts) for name, texts in row.items()})) for row in rows]
    assert brief_texts(table, {}, BRIEFS) == alone
