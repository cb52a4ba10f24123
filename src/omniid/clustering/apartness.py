"""Which codes may not meet: asked of a limit once per pair, for pairs inside the sets at hand only."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet

import numpy as np
import numpy.typing as npt

from omniid.clustering.links import inner_pairs, is_among, pair_keys
from omniid.tables import Codes, Limit, PairLimit, Rows

__all__ = ["Apartness"]

BATCH = 1 << 19  # pairs of codes asked about in one call
MOST = 128  # codes in one group of which all pairs are learned at once; of more, pairs are asked about when they are needed

Keys = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


class Apartness:
    """Pairs of codes that may not meet, remembered.

    Parameters
    ----------
    apart
        Called with two arrays of codes, left < right; whether the two of each pair may not meet.

    Examples
    --------
    >>> far = Apartness(lambda left, right: right - left > 5)
    >>> far.any_between({1}, {2, 3}), far.any_between({1}, {3, 9})
    (False, True)
    """

    def __init__(self, apart: Callable[[Codes, Codes], Bools]) -> None:
        self._ask_for = apart
        self._keys: Keys = np.zeros(0, np.int64)  # learned many at a time, ascending
        self._flags: Bools = np.zeros(0, bool)
        self._asked: dict[int, bool] = {}  # learned on the way

    @classmethod
    def of(cls, limit: Limit) -> "Apartness":
        """What a limit says of pairs of codes; nothing where it only counts.

        Examples
        --------
        >>> rows = np.array([0, 1], np.int32)
        >>> limit = PairLimit("disagree(age)", ("age",), rows, rows, apart=lambda left, right: right - left > 0)
        >>> Apartness.of(limit).any_between({0}, {1})
        True
        """
        return cls(limit.apart if isinstance(limit, PairLimit) else lambda left, _: np.zeros(len(left), bool))

    def any_between(self, one: AbstractSet[int], other: AbstractSet[int]) -> bool:
        """Whether a code of one set may not meet a code of another."""
        keys = [(min(a, b) << 32) | max(a, b) for a in one for b in other if a != b]
        known = [self._asked.get(key) for key in keys]
        if True in known:
            return True
        open_ = np.array(sorted({key for key, flag in zip(keys, known, strict=True) if flag is None}), np.int64)
        if not len(open_):
            return False
        learned = is_among(open_, self._keys)
        if len(self._keys) and self._flags[np.searchsorted(self._keys, open_[learned])].any():
            return True
        new = open_[~learned]
        flags = self._ask(new)
        self._asked.update(zip(new.tolist(), flags.tolist(), strict=True))
        return bool(flags.any())

    def learn_within(self, groups: Rows, codes: Codes) -> None:
        """Learn all pairs of codes in each group, unless a group holds too many.

        Parameters
        ----------
        groups, codes
            A group and a code of it per entry; the same code may stand in a group more than once.
        """
        order = np.lexsort((codes, groups))
        groups, codes = groups[order], codes[order]
        once = np.append(True, (np.diff(groups) != 0) | (np.diff(codes) != 0))[: len(codes)]
        groups, codes = groups[once], codes[once]
        few = np.bincount(groups, minlength=1).take(groups) <= MOST
        one, other = inner_pairs(groups[few])
        self._learn(codes[few][one], codes[few][other])

    def learn_between(self, sets: Rows, codes: Codes, one: Rows, other: Rows) -> None:
        """Learn all pairs of codes between pairs of sets.

        Parameters
        ----------
        sets, codes
            A set and a code of it per entry.
        one, other
            Pairs of sets; those with masses of codes on both sides are left for later.
        """
        order = np.argsort(sets, kind="stable")
        sets, codes = sets[order], codes[order]
        starts = [np.searchsorted(sets, side) for side in (one, other)]
        sizes = [np.searchsorted(sets, side, side="right") - start for side, start in zip((one, other), starts, strict=True)]
        many = np.where(sizes[0] * sizes[1] <= MOST * MOST, sizes[0] * sizes[1], 0)
        pair = np.repeat(np.arange(len(one)), many)
        step = np.arange(len(pair)) - np.repeat(np.cumsum(many) - many, many)
        here, there = np.divmod(step, sizes[1][pair])
        left, right = codes[starts[0][pair] + here], codes[starts[1][pair] + there]
        self._learn(np.minimum(left, right), np.maximum(left, right))

    def _learn(self, left: Codes, right: Codes) -> None:
        keys = np.sort(pair_keys(left, right)[left != right])
        keys = keys[np.append(True, np.diff(keys) != 0)[: len(keys)]]
        keys = keys[~is_among(keys, self._keys)]
        merged = np.concatenate([self._keys, keys])
        order = np.argsort(merged, kind="stable")
        self._keys, self._flags = merged[order], np.concatenate([self._flags, self._ask(keys)])[order]

    def _ask(self, keys: Keys) -> Bools:
        left, right = (keys >> 32).astype(np.int32), (keys & 0xFFFFFFFF).astype(np.int32)
        parts = [self._ask_for(left[at : at + BATCH], right[at : at + BATCH]) for at in range(0, len(keys), BATCH)]
        return np.concatenate([np.zeros(0, bool), *parts])
