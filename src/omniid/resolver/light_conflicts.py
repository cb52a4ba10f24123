"""Conflicts between sets of a few records, looked at when two sets are asked about: most sets of a component never meet."""

from collections.abc import Callable, Sequence

from omniid.clustering.merge_values import counted

__all__ = ["LightConflicts"]

Columns = list[int]  # as `field_conflicts` has them, added up over record pairs


class LightConflicts:
    """Conflicts between sets as sums over record pairs: what `ConflictSums` gives, of pairs that nobody has looked at yet.

    Parameters
    ----------
    sizes
        Records per node.
    told
        Called with two nodes, the smaller one first; gives the columns of the conflicts between their records added up.

    Examples
    --------
    >>> asked = []
    >>> sums = LightConflicts([1, 1, 2], lambda one, other: asked.append((one, other)) or [-8 if other == 2 else 0])
    >>> sums.between(1, 2), sums.absorb(1, 2), sums.between(0, 1), asked
    ((-4, 2), None, (-4, 3), [(1, 2), (0, 1), (0, 2)])
    """

    def __init__(self, sizes: Sequence[int], told: Callable[[int, int], Columns]) -> None:
        self._sizes, self._told = list(sizes), told
        self._nodes = [[node] for node in range(len(sizes))]
        self._sums: list[dict[int, Columns]] = [{} for _ in sizes]

    def between(self, one: int, other: int) -> tuple[int, int]:
        """What counts of the conflicts between two sets, and the number of record pairs."""
        return counted(self._between(one, other)), self._sizes[one] * self._sizes[other]

    def absorb(self, root: int, gone: int) -> None:
        """Add the sums of one set to another."""
        near, theirs = self._sums[root], self._sums[gone]
        for other in (near.keys() | theirs.keys()) - {root, gone}:
            both = _added(self._between(root, other), self._between(gone, other))
            near[other] = self._sums[other][root] = both
            del self._sums[other][gone]
        near.pop(gone, None)
        theirs.clear()
        self._nodes[root] += self._nodes[gone]
        self._sizes[root] += self._sizes[gone]

    def _between(self, one: int, other: int) -> Columns:
        known = self._sums[one].get(other)
        if known is None:
            pairs = [(min(a, b), max(a, b)) for a in self._nodes[one] for b in self._nodes[other]]
            known = self._told(*pairs[0])
            for pair in pairs[1:]:
                known = _added(known, self._told(*pair))
            self._sums[one][other] = self._sums[other][one] = known
        return known


def _added(one: Columns, other: Columns) -> Columns:
    return [a + b - (a & b & 1) for a, b in zip(one, other, strict=True)]
