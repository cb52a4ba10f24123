"""What sets hold of one limited kind, followed union by union: whether two sets may become one."""

from abc import ABC, abstractmethod
from collections.abc import Hashable, Mapping
from typing import Generic, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from omniid.clustering.apartness import Apartness
from omniid.clustering.windows import too_many_at_a_time
from omniid.tables import Codes, CountLimit, Limit, Rows
from omniid.tables.arrays import distinct

__all__ = ["Counted", "HeldValues", "Paired", "Windowed", "follow_limit", "values_by_node"]

NOTHING: frozenset[int] = frozenset()
Places = npt.NDArray[np.signedinteger]
Seen = TypeVar("Seen", bound=Hashable)


class HeldValues(Protocol):
    """What sets hold of one limited kind."""

    def codes(self, root: int) -> frozenset[int]:
        """The distinct codes that the set named `root` holds."""
        ...

    def forbids(self, left: int, right: int) -> bool:
        """Whether the limit forbids that two sets become one.

        It does if the union exceeds the limit; but a set that exceeds it already, by a decision or as a single record, may
        grow as long as it takes no new value.
        """
        ...

    def union(self, root: int, gone: int) -> None:
        """Let the set named `root` take what the set named `gone` holds."""
        ...

    def over(self) -> set[int]:
        """The names of the sets that exceed the limit."""
        ...

    def foresee(self, groups: Rows) -> None:
        """Learn at once what unions within groups will ask for; `groups` holds a number per node, -1 for no group."""
        ...

    def foresee_between(self, roots: Rows, one: Rows, other: Rows) -> None:
        """Learn at once what unions of pairs of sets will ask for; `roots` holds the name of each node's set."""
        ...


class _Collected(ABC, Generic[Seen]):
    """Distinct observations per set, counted anew for each union that is asked about."""

    def __init__(self, seen: Mapping[int, frozenset[Seen]]) -> None:
        self._seen = dict(seen)

    @abstractmethod
    def _exceeds(self, seen: frozenset[Seen]) -> bool: ...

    @abstractmethod
    def _codes(self, seen: frozenset[Seen]) -> frozenset[int]: ...

    def codes(self, root: int) -> frozenset[int]:
        return self._codes(self._seen.get(root, frozenset()))

    def forbids(self, left: int, right: int) -> bool:
        mine, theirs = self._seen.get(left), self._seen.get(right)
        if not mine or not theirs or mine == theirs or not self._exceeds(together := mine | theirs):
            return False
        over = [side for side in (mine, theirs) if self._exceeds(side)]
        return not over or any(self._codes(side) != self._codes(together) for side in over)

    def union(self, root: int, gone: int) -> None:
        if taken := self._seen.pop(gone, None):
            self._seen[root] = taken | self._seen.get(root, frozenset())

    def over(self) -> set[int]:
        return {root for root, seen in self._seen.items() if self._exceeds(seen)}

    def foresee(self, groups: Rows) -> None:
        """Nothing to learn: counting is quick."""

    def foresee_between(self, roots: Rows, one: Rows, other: Rows) -> None:
        """Nothing to learn: counting is quick."""


class Counted(_Collected[int]):
    """At most n distinct codes.

    Examples
    --------
    >>> held = Counted({0: frozenset({7}), 1: frozenset({8})}, n=1)
    >>> held.forbids(0, 1)
    True
    """

    def __init__(self, seen: Mapping[int, frozenset[int]], *, n: int) -> None:
        super().__init__(seen)
        self._n = n

    def forbids(self, left: int, right: int) -> bool:
        """Whether the union holds too many codes; mostly each side holds few."""
        mine, theirs = self._seen.get(left), self._seen.get(right)
        if mine is theirs or mine is None or theirs is None:
            return False
        if len(mine) <= self._n and len(theirs) <= self._n:
            return len(mine | theirs) > self._n
        return super().forbids(left, right)

    def _exceeds(self, seen: frozenset[int]) -> bool:
        return len(seen) > self._n

    def _codes(self, seen: frozenset[int]) -> frozenset[int]:
        return seen


class Windowed(_Collected[tuple[int, int]]):
    """At most n distinct codes at a time; observations are (code, time).

    Examples
    --------
    >>> held = Windowed({0: frozenset({(7, 0)}), 1: frozenset({(8, 50)})}, n=1, window=9)
    >>> held.forbids(0, 1)
    False
    """

    def __init__(self, seen: Mapping[int, frozenset[tuple[int, int]]], *, n: int, window: int) -> None:
        super().__init__(seen)
        self._n, self._window = n, window

    def _exceeds(self, seen: frozenset[tuple[int, int]]) -> bool:
        return len(seen) > self._n and too_many_at_a_time(seen, self._n, self._window)

    def _codes(self, seen: frozenset[tuple[int, int]]) -> frozenset[int]:
        return frozenset(code for code, _ in seen)


class Paired:
    """No two codes that may not meet.

    Parameters
    ----------
    nodes, codes
        One entry per observed value.
    apart
        Which codes may not meet.

    Examples
    --------
    >>> far = Apartness(lambda left, right: right - left > 5)
    >>> held = Paired(np.array([0, 1, 2], np.int32), np.array([1, 4, 9], np.int32), far)
    >>> held.forbids(0, 1), held.forbids(0, 2)
    (False, True)
    """

    def __init__(self, nodes: Rows, codes: Codes, apart: Apartness) -> None:
        self._nodes, self._entries, self._apart = nodes, codes, apart
        self._held = values_by_node(nodes, codes)
        apart.learn_within(nodes, codes)
        self._over = {node for node, held in self._held.items() if len(held) > 1 and apart.any_between(held, held)}

    def codes(self, root: int) -> frozenset[int]:
        """The distinct codes of a set."""
        return self._held.get(root, NOTHING)

    def forbids(self, left: int, right: int) -> bool:
        """Whether a code of one set may not meet a code of the other."""
        mine, theirs = self.codes(left), self.codes(right)
        if not mine or not theirs or mine == theirs:
            return False
        over = [side for root, side in ((left, mine), (right, theirs)) if root in self._over]
        if over:
            return any(side != mine | theirs for side in over)
        return self._apart.any_between(mine, theirs)

    def union(self, root: int, gone: int) -> None:
        """Let one set take what another holds."""
        mine, taken = self.codes(root), self._held.pop(gone, NOTHING)
        if gone in self._over or (root not in self._over and mine != taken and self._apart.any_between(mine, taken)):
            self._over.add(root)
        self._over.discard(gone)
        if taken:
            self._held[root] = mine | taken

    def over(self) -> set[int]:
        """Sets in which two codes may not meet."""
        return set(self._over)

    def foresee(self, groups: Rows) -> None:
        """Learn all pairs of codes within groups of nodes."""
        of_entry = groups.take(self._nodes)
        there = of_entry >= 0
        self._apart.learn_within(of_entry[there], self._entries[there])

    def foresee_between(self, roots: Rows, one: Rows, other: Rows) -> None:
        """Learn all pairs of codes between pairs of sets."""
        self._apart.learn_between(roots.take(self._nodes), self._entries, one, other)


def follow_limit(limit: Limit, nodes: Rows, keep: Places, apart: Apartness) -> HeldValues:
    """Follow a limit over some records.

    Parameters
    ----------
    limit
        The limit over all records.
    nodes
        The node of each entry that is kept.
    keep
        Positions of the entries that are kept.
    apart
        Where the limit is on pairs, what is known of them.

    Returns
    -------
    HeldValues

    Examples
    --------
    >>> rows = np.array([0, 2], np.int32)
    >>> limit = CountLimit("at_most(passport, 1)", ("passport",), rows, rows + 5, n=1)
    >>> follow_limit(limit, np.array([0, 1], np.int32), np.array([0, 1]), Apartness.of(limit)).forbids(0, 1)
    True
    """
    codes = limit.codes[keep]
    if not isinstance(limit, CountLimit):
        return Paired(nodes, codes, apart)
    if limit.times is None or limit.window is None:
        return Counted(values_by_node(nodes, codes), n=limit.n)
    seen: dict[int, set[tuple[int, int]]] = {}
    for node, code, time in zip(nodes.tolist(), codes.tolist(), limit.times[keep].tolist(), strict=True):
        seen.setdefault(node, set()).add((code, time))
    return Windowed({node: frozenset(held) for node, held in seen.items()}, n=limit.n, window=limit.window)


def values_by_node(nodes: Rows, codes: Codes) -> dict[int, frozenset[int]]:
    """Gather the codes of every node.

    Parameters
    ----------
    nodes, codes
        One entry per observed value.

    Returns
    -------
    dict
        Node → its codes. Equal single codes share one object, as nearly all nodes hold a single code.

    Examples
    --------
    >>> values_by_node(np.array([4, 4], np.int32), np.array([7, 8], np.int32)) == {4: frozenset({7, 8})}
    True
    """
    single = {code: frozenset((code,)) for code in distinct(codes).tolist()}
    values: dict[int, frozenset[int]] = {}
    for node, code in zip(nodes.tolist(), codes.tolist(), strict=True):
        values[node] = values[node] | single[code] if node in values else single[code]
    return values
