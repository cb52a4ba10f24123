"""May an entity be contacted at a value for a purpose, and which statement says so."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.consent.lifting import UniqueValues, lifted_denials
from omniid.consent.newest import Newest, Statements, newest_of, rank_statements
from omniid.tables import NO_TIME, Codes

__all__ = ["DENIED", "GRANTED", "OTHER_DENIAL", "REASONS", "STATES", "UNKNOWN", "WHOLE_DENIAL", "Points", "States", "decide"]

STATES = ("granted", "denied", "unknown")
GRANTED, DENIED, UNKNOWN = range(len(STATES))
REASONS = (
    "granted, and this is the newest word on it",
    "denied by a record of this entity",
    "denied for this value by a record of another entity",
    "denied by a record of this entity that names no such value: it counts for all of them",
    "nobody has said anything",
    "another entity granted it; this one has said nothing",
)
OWN_GRANT, OWN_DENIAL, OTHER_DENIAL, WHOLE_DENIAL, SILENCE, OTHER_GRANT = range(len(REASONS))

Numbers = npt.NDArray[np.int64]


class Points(NamedTuple):
    """The contact values of entities, one entry per entity and value, sorted by entity and value.

    Parameters
    ----------
    entity, value, family
        int32: the entity, the value, and of which kind the value is.
    """

    entity: Codes
    value: Codes
    family: Codes


class States(NamedTuple):
    """What is known per contact point and purpose; arrays of points × purposes.

    Parameters
    ----------
    state
        int8, position in `STATES`.
    row
        int32, the record whose statement decided; -1 where there is none.
    time
        int64 microseconds since 1970 UTC of that statement; `NO_TIME` where unknown or where there is none.
    reason
        int8, position in `REASONS`.
    """

    state: npt.NDArray[np.int8]
    row: Codes
    time: Numbers
    reason: npt.NDArray[np.int8]


def decide(
    points: Points, statements: Statements, uniques: UniqueValues, entity: Codes, *, n_values: int, n_purposes: int
) -> States:
    """Decide for every contact point and purpose whether it may be used.

    An entity may be contacted at a value only where the newest statement of its own records on that value is a grant, no newer
    denial of the whole entity stands against it, and the newest statement on that value by anybody is no denial. The last of
    the three does not depend on who is one entity with whom: no merge and no split makes a denied value contactable.

    Parameters
    ----------
    points
        Contact values of entities.
    statements
        What records say.
    uniques
        Identifiers under which a later grant lifts a denial of another value, too.
    entity
        int32 per record.
    n_values, n_purposes
        Number of contact values and of purposes.

    Examples
    --------
    >>> def codes(*numbers):
    ...     return np.array(numbers, np.int32)
    >>> said = Statements(codes(0, 1), codes(0, 0), codes(0, 0), codes(0, 0), np.array([False, True]), np.array([1, 2]))
    >>> points = Points(codes(0, 1), codes(0, 0), codes(0, 0))
    >>> found = decide(points, said, UniqueValues(codes(), codes()), codes(0, 1), n_values=1, n_purposes=1)
    >>> [REASONS[one] for one in found.reason.ravel().tolist()]
    ['denied for this value by a record of another entity', 'denied by a record of this entity']
    """
    ranks = rank_statements(statements.denied, statements.time)
    lifted = lifted_denials(statements, ranks.rank, uniques, len(entity), n_purposes)
    said, rank = statements.take(~lifted), ranks.rank[~lifted]
    anybody = _on_values(said, rank, n_values, n_purposes)
    own = _own(points, said, rank, entity, n_values, n_purposes)
    others = anybody.at(points.value)
    whole = _whole(points, said, rank, entity, n_purposes)
    silent, late = own.rank < 0, whole.rank > own.rank
    reason = np.select(
        [own.denies, others.denies, late, own.grants, silent & others.grants],
        [OWN_DENIAL, OTHER_DENIAL, WHOLE_DENIAL, OWN_GRANT, OTHER_GRANT],
        SILENCE,
    ).astype(np.int8)
    of = np.array([GRANTED, DENIED, DENIED, DENIED, UNKNOWN, UNKNOWN], np.int8)
    which = np.array([0, 0, 1, 2, -1, 1])[reason]
    told = [which == at for at in range(3)]
    row = np.select(told, [own.row, others.row, whole.row], -1).astype(np.int32)
    decided = np.select(told, [own.rank, others.rank, whole.rank], -1)
    time = np.where(decided < 0, NO_TIME, ranks.times[np.maximum(decided, 0) // 2])
    return States(of[reason], row, time, reason)


def _on_values(said: Statements, rank: Numbers, n_values: int, n_purposes: int) -> Newest:
    """The newest statement on every value by anybody: values × purposes."""
    on = np.flatnonzero(said.value >= 0)
    group = said.value[on].astype(np.int64) * n_purposes + said.purpose[on]
    found = newest_of(group, n_values * n_purposes, rank[on], said.row[on])
    return found.by_purpose(n_values, n_purposes)


def _own(points: Points, said: Statements, rank: Numbers, entity: Codes, n_values: int, n_purposes: int) -> Newest:
    """The newest statement on every contact point by the entity's own records: points × purposes."""
    keys = points.entity.astype(np.int64) * n_values + points.value
    on = np.flatnonzero(said.value >= 0)
    wanted = entity[said.row[on]].astype(np.int64) * n_values + said.value[on]
    at = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
    here = keys[at] == wanted if len(keys) else np.zeros(len(on), bool)
    on, at = on[here], at[here]
    found = newest_of(at * n_purposes + said.purpose[on], len(keys) * n_purposes, rank[on], said.row[on])
    return found.by_purpose(len(keys), n_purposes)


def _whole(points: Points, said: Statements, rank: Numbers, entity: Codes, n_purposes: int) -> Newest:
    """The newest denial by records that name no value of the point's kind: points × purposes."""
    families = int(max(points.family.max(initial=-1), said.family.max(initial=-1))) + 1
    n_entities = int(entity.max(initial=-1)) + 1
    on = np.flatnonzero((said.value < 0) & said.denied)
    group = (entity[said.row[on]].astype(np.int64) * families + said.family[on]) * n_purposes + said.purpose[on]
    found = newest_of(group, n_entities * families * n_purposes, rank[on], said.row[on])
    at = points.entity.astype(np.int64) * families + points.family
    return found.by_purpose(n_entities * families, n_purposes).at(at)
