"""From the keys that people ask about to rows and entities."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.errors import InputError
from omniid.results import Parts
from omniid.tables import Decision, Rows

__all__ = [
    "Key",
    "decided_inside",
    "decision_text",
    "entity_of",
    "links_inside",
    "pair_position",
    "row_of",
    "standing_decision",
]

Key = tuple[str, str]


def row_of(parts: Parts, key: Key) -> int:
    """The row of a record.

    Raises
    ------
    InputError
        If there is no such record, or this is no key.
    """
    if isinstance(key, str) or len(key) != 2:
        raise InputError(f"{key!r} is no record key; write (source, record_id), for example ('crm', '17')")
    wanted = (str(key[0]), str(key[1]))
    rows = parts.records.rows_of([wanted])
    if wanted not in rows:
        known = ", ".join(parts.records.sources)
        raise InputError(
            f"record {wanted} is not in the result; keys are (source, record_id) as in .crosswalk, sources: {known}"
        )
    return rows[wanted]


def entity_of(parts: Parts, entity_id: str) -> int:
    """The number of an entity.

    Raises
    ------
    InputError
        If there is no such entity.
    """
    position = int(pc.index(parts.entity_ids, pa.scalar(entity_id, parts.entity_ids.type)).as_py())
    if position < 0:
        raise InputError(f"there is no entity {entity_id!r}; ids stand in .crosswalk and .profiles")
    return position


def pair_position(parts: Parts, left: int, right: int) -> int:
    """Where a pair of rows stands among the scored pairs, -1 if it does not."""
    found = np.flatnonzero((parts.scores.left == left) & (parts.scores.right == right))
    return int(found[0]) if len(found) else -1


def links_inside(parts: Parts, entity: int) -> npt.NDArray[np.intp]:
    """Positions of the scored pairs that are links within an entity."""
    scores, of = parts.scores, parts.entity
    inside = (of[scores.left] == entity) & (of[scores.right] == entity) & (scores.weight >= parts.link_at)
    return np.flatnonzero(inside)


def decided_inside(parts: Parts, entity: int) -> Rows:
    """MUST_LINK pairs within an entity, by rows."""
    must = parts.plan.must
    inside = must[(parts.entity[must] == entity).all(axis=1)]
    return np.asarray(inside[np.lexsort((inside[:, 1], inside[:, 0]))], np.int32)


def standing_decision(parts: Parts, left: int, right: int) -> tuple[str, Decision | None] | None:
    """What people decided on a pair of rows, as it counts, and the decision that says so."""
    for kind, pairs in (("MUST_LINK", parts.plan.must), ("CANNOT_LINK", parts.plan.cannot)):
        if ((pairs[:, 0] == left) & (pairs[:, 1] == right)).any():
            one, other = parts.records.key(left), parts.records.key(right)
            said = [
                told for told in parts.decisions if told.kind == kind and (_names(told, one, other) or _names(told, other, one))
            ]
            return kind, max(said, key=lambda told: told.time, default=None)
    return None


def _names(decision: Decision, one: Key, other: Key) -> bool:
    return one in decision.left and other in decision.right


def decision_text(decision: Decision | None) -> str:
    """Write a decision with who took it, when and why.

    Examples
    --------
    >>> decision_text(Decision("CANNOT_LINK", (("crm", "1"),), (("web", "2"),), author="kim", reason="two brothers"))
    'a decision of kim (two brothers)'
    """
    if decision is None:
        return "a decision"
    who = f" of {decision.author}" if decision.author else ""
    when = f" on {decision.time}" if decision.time else ""
    return f"a decision{who}{when}" + (f" ({decision.reason})" if decision.reason else "")
