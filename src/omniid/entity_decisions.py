"""Decisions on whole entities: split one into parts, or merge two, so that it outlives every later run."""

from collections.abc import Iterable, Sequence
from itertools import combinations

from omniid.errors import InputError
from omniid.tables import Decision

__all__ = ["merge_decisions", "split_decisions"]

Key = tuple[str, str]

NEXT = 8  # records that each record of a part is tied to, so that it holds together while not so many in a row are deleted


def split_decisions(
    members: Sequence[Key], parts: Iterable[Iterable[Key]], *, author: str = "", reason: str = "", time: str = ""
) -> tuple[Decision, ...]:
    """Return what keeps parts of an entity apart, and each part together.

    Parameters
    ----------
    members
        The entity's records.
    parts
        Two parts or more, each of records of the entity, none in two of them. Records that no part names follow the evidence.
    author, reason, time
        Who decided, why and when.

    Returns
    -------
    tuple of Decision
        CANNOT_LINK for every two parts, MUST_LINK within each.

    Raises
    ------
    InputError
        If a part names a record that the entity has not, or that another part names too.

    Examples
    --------
    >>> members = [("crm", "1"), ("crm", "2"), ("web", "3")]
    >>> told = split_decisions(members, [[("crm", "1")], [("crm", "2"), ("web", "3")]])
    >>> [(one.kind, one.left, one.right) for one in told]
    [('CANNOT_LINK', (('crm', '1'),), (('crm', '2'), ('web', '3'))), ('MUST_LINK', (('crm', '2'),), (('web', '3'),))]
    """
    sides = [tuple(sorted({(str(source), str(record_id)) for source, record_id in part})) for part in parts]
    if len(sides) < 2 or not all(sides):
        raise InputError(f"a split needs two parts or more with records in each; got {[len(side) for side in sides]} records")
    if strangers := sorted({key for side in sides for key in side} - set(members)):
        raise InputError(f"record {strangers[0]} is not of this entity; it has {', '.join(map(str, sorted(members)[:5]))} …")
    for one, other in combinations(sides, 2):
        if both := sorted(set(one) & set(other)):
            raise InputError(f"record {both[0]} stands in two parts; name it once")
    pairs = [("CANNOT_LINK", one, other) for one, other in combinations(sides, 2)]
    for side in sides:
        pairs += [("MUST_LINK", (key,), side[i : i + NEXT]) for i, key in enumerate(side[:-1], start=1)]
    return tuple(Decision(kind, left, right, author=author, reason=reason, time=time) for kind, left, right in pairs)


def merge_decisions(
    left: Iterable[Key], right: Iterable[Key], *, author: str = "", reason: str = "", time: str = ""
) -> tuple[Decision, ...]:
    """Return what joins the records of two entities.

    Examples
    --------
    >>> merge_decisions([("crm", "1")], [("web", "3")])[0].kind
    'MUST_LINK'
    """
    return (Decision("MUST_LINK", tuple(sorted(left)), tuple(sorted(right)), author=author, reason=reason, time=time),)
