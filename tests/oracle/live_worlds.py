"""A small town for live stores: few names, mailboxes and phones, so that people meet and values change class both ways."""

from itertools import product
from typing import Any

from hypothesis import strategies as st

from omniid import Comparison, Email, Identifier, Model, PersonName, Phone, Spec, Timestamp, block_on
from omniid.comparison import Exact
from omniid.tables import ComparisonWeights, FrozenChoices

COLUMNS = ("login", "email", "phone", "first_name", "last_name", "cookie", "at")
COMPARED = {"login": (0.9, 0.01), "email": (0.8, 0.02), "phone": (0.8, 0.02), "first_name": (0.9, 0.2), "last_name": (0.8, 0.3)}
RULES = (block_on("login"), block_on("email"), block_on("phone"), block_on("first_name", "last_name"))
SPEC = Spec(
    fields=[
        Identifier("login", kind="login"),
        Email(),
        Phone(),
        PersonName("first_name", "last_name"),
        Identifier("cookie", kind="cookie"),
        Timestamp("at"),
    ],
    comparisons=[Comparison(name, (name,), (Exact(),), (0.2, 0.8)) for name in COMPARED],
    people_at_most={"email": 1, "phone": 2},
    rows_above=3,
    devices="last_authenticated",
    incremental=True,
)
MODEL = Model(
    tuple(ComparisonWeights(name, ("else", "exact"), (1 - m, m), (1 - u, u)) for name, (m, u) in COMPARED.items()),
    prior=0.02,
    link_at=0.0,
    review_at=-4.0,
    rules=tuple(rule.to_dict() for rule in RULES),
    columns=(*sorted(COMPARED), "cookie"),
    repeats=(),
    duplicate_free=(),
    people_at_most={"email": 1, "phone": 2},
    rows_above=3,
    frozen=FrozenChoices({"refine": [], "rules": [[] for _ in RULES]}),
)
TOWN = [  # a population to fit on
    {"record_id": str(i), "login": f"u{i // 2}", "email": f"p{i // 2}@x.com", "phone": f"+48 60{i % 10} 200 30{i % 7}"}
    | {"first_name": first, "last_name": last, "cookie": "c9", "at": "2026-01-01"}
    for i, (first, last) in enumerate(product(("ann", "tom", "eve", "raj"), ("lee", "stone", "hart")))
]

people = st.fixed_dictionaries(
    {
        "login": st.sampled_from([None, None, None, "u1", "u2"]),
        "email": st.sampled_from([None, "a@x.com", "a@x.com", "b@x.com"]),
        "phone": st.sampled_from([None, None, "+48 601 200 300", "+48 602 200 300"]),
        "first_name": st.sampled_from([None, "ann", "tom", "eve"]),
        "last_name": st.sampled_from([None, "lee", "stone"]),
        "cookie": st.sampled_from([None, None, "c1", "c2"]),
        "at": st.sampled_from([None, "2026-01-01", "2026-01-03", "2026-01-05"]),
    }
)
visits = st.fixed_dictionaries(  # what names nobody
    {
        **dict.fromkeys(("login", "email", "phone", "first_name", "last_name"), st.none()),
        "cookie": st.sampled_from(["c1", "c2"]),
        "at": st.sampled_from([None, "2026-01-02", "2026-01-04"]),
    }
)
contents = st.one_of(people, people, people, visits)


def content(**told: str) -> dict[str, Any]:
    """A record's content, with the columns that it does not tell empty."""
    return {**dict.fromkeys(COLUMNS), **told}
