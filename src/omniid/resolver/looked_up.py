"""The answer to "who is this?"."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Candidate", "LookedUp"]


@dataclass(frozen=True)
class Candidate:
    """An entity that may be meant.

    Parameters
    ----------
    entity_id, entity_kind
        The entity, and whether it is a person or anonymous.
    match_weight, match_probability
        What its best record comes to, compared with what was asked: bits, and a probability.
    agreed
        The comparisons on which that record agrees, in the order of the spec.
    record
        That record's key.

    Examples
    --------
    >>> Candidate("e1", "person", 9.5, 0.9986, ("first_name", "last_name"), ("crm", "17")).agreed
    ('first_name', 'last_name')
    """

    entity_id: str
    entity_kind: str
    match_weight: float
    match_probability: float
    agreed: tuple[str, ...]
    record: tuple[str, str]


@dataclass(frozen=True)
class LookedUp:
    """Whom some identifiers name.

    Parameters
    ----------
    entity_id, entity_kind, profile
        The entity that they name, and its profile; None where they name nobody or leave it open.
    exact
        Whether identifiers name it by themselves; else the evidence on it is a link.
    candidates
        The entities that were weighed, the most likely first; none where the answer is exact.
    notes
        What could not be used, and why: values that are none, values that too many people share.

    Examples
    --------
    >>> print(LookedUp(notes=("phone +48221234567 is shared by 40 people and names nobody",)))
    nobody: phone +48221234567 is shared by 40 people and names nobody
    """

    entity_id: str | None = None
    entity_kind: str | None = None
    profile: Mapping[str, Any] | None = None
    exact: bool = False
    candidates: tuple[Candidate, ...] = field(default=())
    notes: tuple[str, ...] = field(default=())

    def __bool__(self) -> bool:
        return self.entity_id is not None

    def __str__(self) -> str:
        notes = f": {'; '.join(self.notes)}" if self.notes else ""
        if self.entity_id is not None:
            return f"{self.entity_kind} {self.entity_id}, {'exact' if self.exact else 'by weight'}{notes}"
        if not self.candidates:
            return f"nobody{notes}"
        lines = [
            f"  {one.entity_id}  {one.match_weight:.1f} bits, probability {one.match_probability:.4f}, "
            f"agrees on {', '.join(one.agreed)}"
            for one in self.candidates
        ]
        return "\n".join([f"open, {len(lines)} candidate{'s' * (len(lines) > 1)}{notes}", *lines])
