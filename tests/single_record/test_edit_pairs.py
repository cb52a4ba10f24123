"""Two records are a pair by a rule of `one_edit` where the arrays make them one."""

from hypothesis import given
from hypothesis import strategies as st

from omniid.blocking import plan_blocks
from omniid.blocking.rules import block_on, one_edit
from omniid.single_record import EditPairs
from omniid.tables import RecordTable

RULES = [block_on("city"), one_edit("email", shortest=4)]
near = st.builds(lambda at, letter: "aaaaa"[:at] + letter + "aaaaa"[at:], st.integers(0, 5), st.sampled_from("abcde"))
values = st.text("ab", min_size=3, max_size=6) | near | st.sampled_from(["abcdé", "abcd", "abdc", "x" * 64, "x" * 65])
cells = values | st.lists(values, max_size=2)


@given(st.lists(cells, min_size=2, max_size=40))
def test_a_pair_is_one_where_the_arrays_make_it(emails):
    table = RecordTable.of([{"record_id": f"{row:02}", "email": email, "city": None} for row, email in enumerate(emails)])
    plan = plan_blocks(table, RULES, freeze=True)  # of short words many stand around one deletion, and some have many records
    made = {pair for chunk in plan.candidates() for pair in zip(chunk.left.tolist(), chunk.right.tolist(), strict=True)}
    pairs = EditPairs(RULES, plan.crowded)
    said = [{"email": tuple(dict.fromkeys(table.columns["email"].entries_of(row)))} for row in range(len(table))]
    for right in range(len(table)):
        for left in range(right):
            assert pairs.hold(said[left], said[right]) == ((left, right) in made)
