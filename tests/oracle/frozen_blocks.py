"""Tables with several values a cell and small blocks' caps, for whatever is frozen about blocking."""

from hypothesis import strategies as st

from omniid.blocking import block_on, minhash_lsh, one_edit, sorted_name, soundex, spelling, year
from omniid.tables import RecordTable

CHOICES = {
    "first_name": ["anna", "ana", "jon", "mohammad", "muhamed"],
    "last_name": ["smith", "smyth", "kovacs", "anna"],
    "birth_date": ["1980-02-03", "1981-02-03", "1980"],
    "email": ["anna.smith@a.com", "anna.smyth@a.com", "jon@a.com", "joni@a.com", "nojn@a.com"],
}
RULES = [
    block_on("email", max_block=3),
    block_on(soundex("last_name"), max_block=4),
    block_on("first_name", oversized="leave", max_block=2),
    block_on(sorted_name("first_name", "last_name")),
    block_on(spelling("first_name"), year("birth_date")),
    one_edit("email"),
    minhash_lsh("last_name", bands=3, rows=2),
]


def cells(values):
    one = st.one_of(st.none(), st.sampled_from(values))
    return st.one_of(one, one, st.lists(st.sampled_from(values), max_size=3))


tables = st.lists(
    st.fixed_dictionaries({name: cells(values) for name, values in CHOICES.items()}), min_size=2, max_size=24
).map(lambda rows: RecordTable.of([{"record_id": f"{i:03}", **dict.fromkeys(CHOICES), **row} for i, row in enumerate(rows)]))
