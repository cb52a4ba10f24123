"""`explain_value`: why a value stands in a profile, and which lost."""

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from omniid.answers import Candidate, ValueExplanation
from omniid.errors import InputError
from omniid.explanation.lookup import entity_of
from omniid.results import Parts
from omniid.survivorship import profile_columns

__all__ = ["explain_value"]


def explain_value(parts: Parts, entity_id: str, field: str) -> ValueExplanation:
    """Explain why a field of a profile has its value."""
    entity, provenance = entity_of(parts, entity_id), parts.golden.provenance
    is_its = [pc.equal(chunk.indices, entity) for chunk in provenance["entity_id"].chunks]  # numbers, not 16 digits each
    mine = provenance.filter(pa.chunked_array(is_its, pa.bool_())).to_pylist()
    rows = [row for row in mine if row["field"] == field]
    if not rows:
        have = sorted({row["field"] for row in mine})
        raise InputError(f"entity {entity_id} has no value of {field!r}; it has values of {', '.join(have)}")
    plan = parts.plan.survivorship
    filled = [name for name, column in parts.records.display.items() if len(column.vocabulary)]
    column = profile_columns({name: plan.chain_of(name) for name in filled})[field][0]
    value = parts.golden.entities[column][entity].as_py()
    winner = next((row for row in rows if row["survived"]), None)
    candidates = tuple(
        Candidate(row["value"], row["raw"], row["source"], row["record_id"], row["time"], row["survived"], row["reason"])
        for row in rows
    )
    rule = rows[0]["rule"]
    reason = "another record gives all fields of its group" if winner is None else winner["reason"] + _ties(parts, field, rule)
    return ValueExplanation(entity_id, field, value, rule, candidates, reason)


def _ties(parts: Parts, field: str, rule: str) -> str:
    """Which rules before the one that decided left a tie."""
    chain = [one.name for one in parts.plan.survivorship.chain_of(field)]
    tied: Sequence[str] = chain[: chain.index(rule)] if rule in chain else chain if rule == "code-point order" else ()
    names = [name for name in tied if not name.startswith("union")]
    return f" ({' and '.join(names)} left a tie)" if names else ""
