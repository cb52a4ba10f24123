"""`explain_value`: why a value stands in a profile, and which lost."""

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from omniid.answers import Candidate, ValueExplanation
from omniid.errors import InputError
from omniid.explanation.lookup import entity_of
from omniid.results import Parts

__all__ = ["explain_value"]

# Rule → why the value won by it.
WORDS = {
    "only value": "no record says otherwise",
    "most_recent": "the latest record that says anything says so",
    "oldest": "the earliest record that says anything says so",
    "most_frequent": "most records say so, each by the trust of its source",
    "longest": "it is the longest",
    "shortest": "it is the shortest",
    "most_complete": "its record fills most fields",
    "min": "it is the smallest",
    "max": "it is the largest",
    "code-point order": "nothing tells the values apart, so the alphabet decides",
    "union": "all values are kept, and this one comes first",
}


def explain_value(parts: Parts, entity_id: str, field: str) -> ValueExplanation:
    """Explain why a field of a profile has its value."""
    entity, provenance = entity_of(parts, entity_id), parts.golden.provenance
    is_its = [pc.equal(chunk.indices, entity) for chunk in provenance["entity_id"].chunks]  # numbers, not 16 digits each
    mine = provenance.filter(pa.chunked_array(is_its, pa.bool_())).to_pylist()
    rows = [row for row in mine if row["field"] == field]
    if not rows:
        have = sorted({row["field"] for row in mine})
        raise InputError(f"entity {entity_id} has no value of {field!r}; it has values of {', '.join(have)}")
    winner = next(row for row in rows if row["survived"])
    candidates = tuple(
        Candidate(row["value"], row["raw"], row["source"], row["record_id"], row["time"], row["survived"]) for row in rows
    )
    return ValueExplanation(
        entity_id, field, winner["value"], winner["rule"], candidates, _reason(parts, field, winner["rule"])
    )


def _reason(parts: Parts, field: str, rule: str) -> str:
    """Why a rule's winner won, and which rules before it left a tie."""
    chain = [one.name for one in parts.plan.survivorship.chain_of(field)]
    tied = chain[: chain.index(rule)] if rule in chain else chain if rule == "code-point order" else []
    return WORDS.get(rule, f"{rule} says so") + _ties([name for name in tied if name != "union"])


def _ties(names: Sequence[str]) -> str:
    return f" ({' and '.join(names)} left a tie)" if names else ""
