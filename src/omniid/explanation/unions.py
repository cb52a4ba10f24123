"""The order in which the records of an entity came together: each union with its best link, its conflict and its value."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from omniid.clustering import BETA
from omniid.clustering.merge_values import counted

__all__ = ["Link", "Step", "order_unions"]


class Link(NamedTuple):
    """A link between two records: its tier, weight in millionths of a bit, and what found it."""

    tier: int
    weight: int
    rule: str


class Step(NamedTuple):
    """One union: the nodes of both sides, its best link with the two nodes that it joins, and what conflicts left of it.

    `conflict` is the mean over all pairs between the sides, `value` what the union was worth, in millionths of a bit.
    """

    left: tuple[int, ...]
    right: tuple[int, ...]
    ends: tuple[int, int]
    link: Link
    conflict: Fraction
    value: Fraction


def order_unions(
    sets: Sequence[Sequence[int]], links: Mapping[tuple[int, int], Link], against: Mapping[tuple[int, int], Sequence[int]]
) -> list[Step]:
    """Join records best-first, as clustering does, and write down every union.

    Parameters
    ----------
    sets
        Records that were together before, by decisions or as equals, each ascending; all records of the entity, once.
    links
        (smaller, larger record) → the link between them.
    against
        (smaller, larger record) → conflict in the columns of `omniid.clustering.field_conflicts`; absent where it is 0.

    Returns
    -------
    list of Step
        One fewer than there are sets, if links connect them all.

    Examples
    --------
    >>> links = {(0, 1): Link(0, 4_000_000, "email"), (1, 2): Link(0, 9_000_000, "phone")}
    >>> [(step.left, step.right, int(step.value)) for step in order_unions([[0], [1], [2]], links, {(0, 2): [-2_000_000]})]
    [((1,), (2,), 9000000), ((0,), (1, 2), 3250000)]
    """
    parts = {min(one): tuple(sorted(one)) for one in sets}
    of = {record: name for name, part in parts.items() for record in part}
    steps = list[Step]()
    while True:
        best = _best_union(parts, of, links, against)
        if best is None:
            return steps
        steps.append(best)
        name, gone = sorted((of[best.left[0]], of[best.right[0]]))
        parts[name] = tuple(sorted(parts[name] + parts.pop(gone)))
        of |= dict.fromkeys(parts[name], name)


def _best_union(
    parts: Mapping[int, tuple[int, ...]],
    of: Mapping[int, int],
    links: Mapping[tuple[int, int], Link],
    against: Mapping[tuple[int, int], Sequence[int]],
) -> Step | None:
    """The union with the best tier, then value, then smallest sets."""
    best: dict[tuple[int, int], tuple[Link, tuple[int, int]]] = {}
    for (left, right), link in links.items():
        one, other = sorted((of[left], of[right]))
        if one != other:
            found = best.get((one, other))
            if found is None or (link.tier, link.weight) > (found[0].tier, found[0].weight):
                best[one, other] = link, (left, right)
    sums: dict[tuple[int, int], Sequence[int]] = {}
    for (left, right), conflict in against.items():
        one, other = sorted((of[left], of[right]))
        if (one, other) in best:
            known = sums.get((one, other), [0] * len(conflict))
            sums[one, other] = [before + more - (before & more & 1) for before, more in zip(known, conflict, strict=True)]
    steps = []
    for (one, other), (link, ends) in best.items():
        mean = Fraction(counted(sums.get((one, other), [0])), len(parts[one]) * len(parts[other]))
        value = link.weight + Fraction(*BETA) * mean
        steps.append(((-link.tier, -value, one, other), Step(parts[one], parts[other], ends, link, mean, value)))
    return min(steps, key=lambda step: step[0])[1] if steps else None
