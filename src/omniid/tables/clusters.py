"""What people and declarations say about identities, and the partition that follows from it."""

from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from omniid.errors import SpecError
from omniid.tables.units import Rows

__all__ = ["Clustering", "Conflict", "Decision", "ProfileUnion", "Profiles", "Refusal"]

Key = tuple[str, str]


@dataclass(frozen=True)
class Decision:
    """A person's judgement on two sets of records: the same person, or not; or on a value: it is the right one.

    Parameters
    ----------
    kind
        "MUST_LINK", "CANNOT_LINK", "UNSURE" (the pair is not asked again), "PIN" (the value of a record is the right one,
        see `pin`), or "UNDO", which withdraws the newest decision on the same two sides that still stands.
    left, right
        Record keys (source, record_id) of the two sides; the decision holds between every left and every right record, while
        one record of each side lives. A PIN has one record, and nothing to the right.
    author, reason
        Who decided, and why.
    time
        When, as ISO 8601 text. The newest decision on a pair counts; at equal times CANNOT_LINK does.
    field
        The field whose value is pinned.

    Raises
    ------
    SpecError
        If the kind is unknown, a side is empty or holds something other than record keys, or a record stands on both sides.

    Examples
    --------
    >>> Decision("CANNOT_LINK", (("crm", "17"),), (("web", "904"),), author="kim", time="2026-05-01").kind
    'CANNOT_LINK'
    """

    kind: str
    left: tuple[Key, ...]
    right: tuple[Key, ...] = ()
    author: str = ""
    reason: str = ""
    time: str = ""
    field: str = ""

    def __post_init__(self) -> None:
        if self.kind not in ("MUST_LINK", "CANNOT_LINK", "UNSURE", "PIN", "UNDO"):
            raise SpecError(f"decision kind {self.kind!r} is unknown; use MUST_LINK, CANNOT_LINK, UNSURE, PIN or UNDO")
        if self.field or self.kind == "PIN":
            if not self.field or self.kind not in ("PIN", "UNDO") or len(self.left) != 1 or self.right:
                raise SpecError(f"a {self.kind} with a field names one record and the field: pin(('crm', '17'), 'city')")
        elif not self.left or not self.right:
            raise SpecError(f"a {self.kind} decision needs at least one record on each side")
        for key in (*self.left, *self.right):
            if not (isinstance(key, tuple) and len(key) == 2 and all(isinstance(part, str) for part in key)):
                raise SpecError(
                    f"a {self.kind} decision names {key!r}, which is no record key (source, record_id) of two texts; "
                    'a side is a tuple of keys, even of one: (("crm", "17"),)'
                )
        if both := set(self.left) & set(self.right):
            raise SpecError(f"record {min(both)} stands on both sides of a {self.kind} decision; name two different records")


@dataclass(frozen=True)
class Conflict:
    """A MUST_LINK that contradicts a CANNOT_LINK, so that it was not followed.

    Parameters
    ----------
    left, right
        Rows of the MUST_LINK.
    path
        Rows that show why: each step is a MUST_LINK (one of them this one), and a CANNOT_LINK parts the first row from the
        last.

    Examples
    --------
    >>> Conflict(0, 1, (0, 1, 2)).path
    (0, 1, 2)
    """

    left: int
    right: int
    path: tuple[int, ...]


class Refusal(NamedTuple):
    """A link whose ends lie in different clusters, with what stands between them.

    Parameters
    ----------
    left, right
        Rows of the link, left < right.
    weight
        Its match weight in millionths of a bit.
    limit
        Name of the limit, "CANNOT_LINK", or "conflict" where only disagreement between the two clusters stands in the way.
    left_codes, right_codes
        The limited values that the two final clusters hold (codes of the limited field), else empty.
    ambiguous
        Whether evidence of equal value competes for one end of the link.
    conflict
        Mean conflict between the records of the two final clusters in millionths of a bit, rounded down; 0 or below.
    """

    left: int
    right: int
    weight: int
    limit: str
    left_codes: tuple[int, ...] = ()
    right_codes: tuple[int, ...] = ()
    ambiguous: bool = False
    conflict: int = 0


class ProfileUnion(NamedTuple):
    """Two clusters that became one because their profiles agree, although no link could join them.

    Parameters
    ----------
    left, right
        The smallest row of each cluster, left < right.
    near
        The rows of the pair between them that weighs most.
    weight
        What the two profiles come to, in millionths of a bit.
    conflict
        Mean conflict between the records of the two clusters in millionths of a bit, rounded down; 0 or below.
    """

    left: int
    right: int
    near: tuple[int, int]
    weight: int
    conflict: int


@dataclass(frozen=True, eq=False)
class Clustering:
    """A partition of the rows: records in one cluster are held to be one entity.

    Parameters
    ----------
    labels
        int32, one per row: the smallest row of its cluster.
    refusals
        Links that a limit, a decision or a conflict forbade, by (left, right).
    conflicts
        MUST_LINKs that contradict a CANNOT_LINK, in the order in which they were tried, each with the path that shows it.
    overridden
        Smallest rows of the sets (joined by decisions, or a single record) that exceed a limit on their own.
    profile_unions
        Clusters that became one because their profiles agree, in the order in which they did.
    by_links
        int32, one per row: the smallest row of its cluster before these unions; None where there are none.
    """

    labels: Rows
    refusals: tuple[Refusal, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    overridden: tuple[int, ...] = ()
    profile_unions: tuple[ProfileUnion, ...] = ()
    by_links: Rows | None = None

    def sizes(self) -> npt.NDArray[np.int64]:
        """Records per cluster, by ascending smallest row."""
        return np.unique(self.labels, return_counts=True)[1].astype(np.int64)

    def with_labels(self, labels: Rows) -> "Clustering":
        """Return the clustering with a coarser partition; refusals between clusters that are one now are left out."""
        refusals = tuple(one for one in self.refusals if labels[one.left] != labels[one.right])
        return replace(self, labels=labels, refusals=refusals)


@dataclass(frozen=True, eq=False)
class Profiles:
    """Golden profiles and where every value comes from, as Arrow tables.

    Parameters
    ----------
    entities
        One row per entity: entity_id, entity_kind, records, sources, then the attributes.
    provenance
        One row per value of a member record: entity_id, field, value, raw, source, record_id, time, rule, survived.
    """

    entities: pa.Table
    provenance: pa.Table = field(repr=False)
