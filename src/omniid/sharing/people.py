"""How many people use a value: people, not rows, so that an eager customer is not taken for a shared mailbox."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from omniid.tables import Codes, Column, Rows

__all__ = ["count_people", "without_generic"]

Components = Callable[[int, Rows, Rows], Rows]

ROWS_ABOVE = 50  # so many records of one value and no name in any: more likely a line, a shop or a default than a person
UNKNOWN_MANY = 1_000_000


def count_people(column: Column, signature: Sequence[Codes], components: Components) -> npt.NDArray[np.int64]:
    """Count the people behind each distinct value of a contact field.

    A record's *signature* is who it says it is: first-name root, surname, birth date. Take the records that hold a value and
    whose signature has at least two known parts; join signatures that agree on two parts and conflict on none; count the
    groups. A value none of whose records has a signature counts as one person's, as nothing speaks for more, unless more than
    `ROWS_ABOVE` records hold it: then nobody can tell, and it counts as used by `UNKNOWN_MANY`.

    Parameters
    ----------
    column
        The contact values, one or several per record.
    signature
        Three int32 arrays, one code per row each, -1 where unknown.
    components
        (n, left, right) → one label per node of the graph with those edges.

    Returns
    -------
    numpy.ndarray
        int64, people per distinct value, at least 1.

    Examples
    --------
    >>> import numpy as np
    >>> from omniid.clustering import connected_components
    >>> mail = Column.of(["shop@x.com", "shop@x.com", "ann@x.com", "ann@x.com"])
    >>> signature = [np.array(codes, np.int32) for codes in ([0, 1, 2, 2], [0, 1, 2, -1], [-1, -1, 7, 7])]
    >>> count_people(mail, signature, connected_components).tolist()
    [2, 1]
    """
    counts = column.counts()
    people = np.where(counts > ROWS_ABOVE, UNKNOWN_MANY, 1).astype(np.int64)
    rows, values = column.present()
    parts = [np.asarray(part, np.int64).take(rows) for part in signature]
    known = np.flatnonzero(sum((part >= 0).astype(np.int8) for part in parts) >= 2)
    people[values[known]] = 1
    nodes = _nodes(values.take(known).astype(np.int64), [part.take(known) for part in parts])
    left, right = _joins(nodes)
    labels = np.asarray(components(len(nodes), left, right), np.int64)
    groups = np.sort(nodes[:, 0] * (len(nodes) + 1) + labels)
    new = np.ones(len(groups), bool)
    new[1:] = groups[1:] != groups[:-1]
    counted = np.bincount(groups[new] // (len(nodes) + 1), minlength=len(people))
    return np.maximum(people, counted)


def _nodes(values: npt.NDArray[np.int64], parts: Sequence[npt.NDArray[np.int64]]) -> npt.NDArray[np.int64]:
    """Rows of (value, signature), each once, of the values that have several signatures; one alone is one person."""
    several = np.flatnonzero(np.bincount(values)[values] > 1)
    values, parts = values.take(several), [part.take(several) for part in parts]
    whole = parts[0]
    for part in parts[1:]:  # dense in between: the product of all three may not fit
        whole = np.unique(whole * (int(part.max(initial=0)) + 2) + part, return_inverse=True)[1].reshape(-1)
    _, first = np.unique(values * (int(whole.max(initial=0)) + 1) + whole, return_index=True)
    first = first[np.bincount(values[first])[values[first]] > 1]
    return np.column_stack([part.take(first) for part in (values, *parts)])


def without_generic(column: Column, people: npt.NDArray[np.int64], *, at_most: int) -> Column:
    """Make values that more than `at_most` people share missing: a generic value is evidence for nobody.

    Examples
    --------
    >>> import numpy as np
    >>> without_generic(Column.of(["shop@x.com", "ann@x.com"]), np.array([200, 1]), at_most=6).codes.tolist()
    [-1, 1]
    """
    keep = np.append(people <= at_most, False)
    if keep[:-1].all():
        return column
    return Column(np.where(keep[column.codes], column.codes, np.int32(-1)).astype(np.int32), column.vocabulary, column.offsets)


def _joins(nodes: npt.NDArray[np.int64]) -> tuple[Rows, Rows]:
    """Edges between signatures of one value that agree on two known parts while the third is unknown on one side.

    Distinct signatures that agree on two parts differ in the third; unless one side doesn't know it, that is a conflict.
    """
    lefts, rights = [np.zeros(0, np.int32)], [np.zeros(0, np.int32)]
    for third in (1, 2, 3):
        one, two = (part for part in (1, 2, 3) if part != third)
        usable = np.flatnonzero((nodes[:, one] >= 0) & (nodes[:, two] >= 0))
        key = nodes[usable][:, [0, one, two]]
        order = np.lexsort((nodes[usable, third], key[:, 2], key[:, 1], key[:, 0]))  # an unknown third (-1) comes first
        usable, key = usable[order], key[order]
        if not len(usable):
            continue
        new = np.r_[True, (key[1:] != key[:-1]).any(axis=1)]
        head = usable[np.flatnonzero(new)[np.cumsum(new) - 1]]
        joined = (nodes[head, third] < 0) & (head != usable)
        lefts.append(head[joined].astype(np.int32))
        rights.append(usable[joined].astype(np.int32))
    return np.concatenate(lefts), np.concatenate(rights)
