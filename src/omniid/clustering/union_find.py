"""Disjoint sets over the integers 0 … n - 1."""

__all__ = ["UnionFind"]


class UnionFind:
    """Disjoint sets over range(n), each named by its smallest member.

    Looking something up never adds it, and the name of a set doesn't depend on the order of the unions. Paths are halved on
    the way, so that m operations take O(m log n) steps.

    Parameters
    ----------
    n
        Number of elements; at first each is a set of its own.

    References
    ----------
    Tarjan and van Leeuwen, "Worst-case analysis of set union algorithms", Journal of the ACM 31(2), 1984.

    Examples
    --------
    >>> sets = UnionFind(4)
    >>> sets.union(3, 1), sets.union(1, 3)
    (True, False)
    >>> sets.find(3), sets.labels()
    (1, [0, 1, 2, 1])
    """

    def __init__(self, n: int) -> None:
        self._parent = list(range(n))

    def __len__(self) -> int:
        return len(self._parent)

    def find(self, element: int) -> int:
        """Name the set of an element.

        Parameters
        ----------
        element
            An integer in range(n).

        Returns
        -------
        int
            The smallest member of its set.

        Raises
        ------
        IndexError
            If the element is not in range(n).

        Examples
        --------
        >>> UnionFind(2).find(2)
        Traceback (most recent call last):
        ...
        IndexError: element 2 is not in range(2)
        """
        parent = self._parent
        if not 0 <= element < len(parent):
            raise IndexError(f"element {element} is not in range({len(parent)})")
        while parent[element] != element:
            parent[element] = parent[parent[element]]
            element = parent[element]
        return element

    def union(self, left: int, right: int) -> bool:
        """Join two sets.

        Parameters
        ----------
        left, right
            An element of each set.

        Returns
        -------
        bool
            Whether they were apart before.

        Raises
        ------
        IndexError
            If an element is not in range(n).

        Examples
        --------
        >>> UnionFind(3).union(0, 2)
        True
        """
        left, right = self.find(left), self.find(right)
        self._parent[max(left, right)] = min(left, right)
        return left != right

    def labels(self) -> list[int]:
        """Name the set of every element.

        Returns
        -------
        list of int
            One name per element: the smallest member of its set.

        Examples
        --------
        >>> UnionFind(2).labels()
        [0, 1]
        """
        return [self.find(element) for element in range(len(self._parent))]
