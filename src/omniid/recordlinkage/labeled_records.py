"""Records known by the labels of the frames that they came from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from omniid.comparison import Comparison
from omniid.errors import InputError
from omniid.recordlinkage.frame_labels import checked_index, plain_label, rows_of_labels
from omniid.recordlinkage.level_features import encode_levels
from omniid.resolution import Resolution
from omniid.tables import CandidatePairs, Clustering, ComparisonVectors, PairChunk, RecordTable, Rows, ScoredPairs
from omniid.tables.arrays import distinct

__all__ = ["LabeledRecords"]

CHUNK = 1 << 20  # candidate pairs at a time


@dataclass(frozen=True, eq=False)
class LabeledRecords:
    """Records of one or two pandas frames, known by the frames' labels and by rows of a record table.

    Make it with `read_frames`, or with `of_result` for a finished run.

    Parameters
    ----------
    table
        The records as matching sees them.
    comparisons
        The comparisons that suit them.
    labels
        Source → the frame's index. One frame is deduplicated; two are linked, the left one first.

    Raises
    ------
    InputError
        If there are more than two frames, labels repeat, or they are not the record ids of the table.

    Examples
    --------
    >>> import pandas
    >>> from omniid.recordlinkage import read_frames
    >>> people = pandas.DataFrame({"email": ["a@x.com", "b@x.com", "A@X.com"]}, index=[10, 20, 30])
    >>> records = read_frames(people)
    >>> pairs = records.pairs(pandas.MultiIndex.from_tuples([(30, 10), (30, 20)]))
    >>> from omniid import compare
    >>> print(records.features(compare(records.table, pairs, records.comparisons)))
           email
    30 10      4
       20      0
    """

    table: RecordTable
    comparisons: tuple[Comparison, ...]
    labels: Mapping[str, Any]

    def __post_init__(self) -> None:
        if not 1 <= len(self.labels) <= 2:
            raise InputError(f"{len(self.labels)} frames were given; recordlinkage deduplicates one, or links two")
        if sorted(self.labels) != list(self.table.sources):
            raise InputError(
                f"the frames are those of {', '.join(self.labels)}, the records those of {', '.join(self.table.sources)}; "
                "pass the frames that the records were read from"
            )
        _ = self.rows

    @classmethod
    def of_result(cls, found: Resolution, data: Any) -> "LabeledRecords":
        """The records of a finished run.

        Parameters
        ----------
        found
            The result.
        data
            The frame that was resolved, with the record id as its index; or the mapping source → frame, left one first.

        Returns
        -------
        LabeledRecords

        Raises
        ------
        InputError
            If the frames' labels are not the record ids.

        Examples
        --------
        >>> import omniid, pandas
        >>> people = pandas.DataFrame({"email": ["a@x.com", "A@X.com"]}, index=pandas.Index([7, 8], name="id"))
        >>> found = omniid.resolve(people)
        >>> LabeledRecords.of_result(found, people).links(found.parts.clustering).to_list()
        [(8, 7)]
        """
        frames = data if isinstance(data, Mapping) else dict.fromkeys(found.parts.records.sources, data)
        indexes = {name: checked_index(name, frame) for name, frame in frames.items()}
        return cls(found.parts.evidence, found.parts.plan.comparisons, indexes)

    @property
    def is_link(self) -> bool:
        """Whether two frames are linked, rather than one deduplicated."""
        return len(self.labels) == 2

    @cached_property
    def rows(self) -> Mapping[str, Rows]:
        """Source → int32, the row of each label."""
        return {name: rows_of_labels(self.table, name, index) for name, index in self.labels.items()}

    @cached_property
    def _positions(self) -> npt.NDArray[np.int64]:
        """Position in its frame of each row's label."""
        position = np.empty(len(self.table), np.int64)
        for rows in self.rows.values():
            position[rows] = np.arange(len(rows))
        return position

    @cached_property
    def _is_right(self) -> npt.NDArray[np.bool_]:
        """Whether each row is of the right frame."""
        right = np.zeros(len(self.table), bool)
        if self.is_link:
            right[list(self.rows.values())[1]] = True
        return right

    def pairs(self, index: Any, *, rule: str = "recordlinkage") -> CandidatePairs:
        """Take candidate pairs that a recordlinkage indexer made, or any MultiIndex of label pairs.

        Parameters
        ----------
        index
            pandas.MultiIndex of two levels: labels of the one frame, or of the left and the right one.
        rule
            What to call the blocking rule in results.

        Returns
        -------
        CandidatePairs
            Sorted by rows, each pair once: (a, b) and (b, a) of one frame are the same pair.

        Raises
        ------
        InputError
            If a label is not in its frame, or a record is paired with itself.

        Examples
        --------
        >>> import pandas
        >>> from omniid.recordlinkage import read_frames
        >>> records = read_frames(pandas.DataFrame({"email": ["a@x.com", "b@x.com"]}, index=["a", "b"]))
        >>> chunk = next(iter(records.pairs(pandas.MultiIndex.from_tuples([("b", "a"), ("a", "b")]))))
        >>> chunk.left.tolist(), chunk.right.tolist()
        ([0], [1])
        """
        keys = self.pair_keys(index)
        return CandidatePairs((rule,), lambda: _chunks(keys))

    def across(self, pairs: CandidatePairs) -> CandidatePairs:
        """Leave only the pairs of a left and a right record, as a link of two frames asks for.

        Parameters
        ----------
        pairs
            Candidate pairs of rows of the table, from any blocking rule.

        Returns
        -------
        CandidatePairs
            Without pairs of two records of one source; all of them if there is one frame only.
        """
        if not self.is_link:
            return pairs

        def make() -> Iterator[PairChunk]:
            for chunk in pairs:
                apart = self._is_right[chunk.left] != self._is_right[chunk.right]
                yield PairChunk(chunk.left[apart], chunk.right[apart], chunk.rule[apart])

        return CandidatePairs(pairs.rules, make)

    def multiindex(self, left: Rows, right: Rows) -> Any:
        """Label pairs of rows.

        Parameters
        ----------
        left, right
            Rows of pair i at position i.

        Returns
        -------
        pandas.MultiIndex
            Of one frame the later label first, as recordlinkage writes it; of two frames the left one's first.

        Raises
        ------
        InputError
            If two frames are linked and both records of a pair are of one.
        """
        if not self.is_link:
            ((_, index),) = self.labels.items()
            one, other = self._positions[left], self._positions[right]
            return _label_pairs(index, index, np.maximum(one, other), np.minimum(one, other))
        same = np.flatnonzero(self._is_right[left] == self._is_right[right])
        if len(same):
            pair = [self.table.key(int(rows[same[0]])) for rows in (left, right)]
            raise InputError(
                f"{pair[0]} and {pair[1]} are of one source, so that they are no pair of a left and a right label; "
                "block with records.across(pairs), or deduplicate one frame"
            )
        flip = self._is_right[left]
        mine, others = np.where(flip, right, left), np.where(flip, left, right)
        first, second = self.labels.values()
        return _label_pairs(first, second, self._positions[mine], self._positions[others])

    def features(self, vectors: ComparisonVectors, *, encoding: str = "levels") -> Any:
        """Comparison vectors as a frame, as recordlinkage's `Compare.compute` gives them.

        omniid keeps levels, not raw similarities.

        Parameters
        ----------
        vectors
            Comparison vectors of the records' pairs.
        encoding
            How levels become numbers, and what missing becomes: see `encode_levels`.

        Returns
        -------
        pandas.DataFrame
            One row per pair, labeled by the pair; int8 levels, or float64 in another encoding.

        Raises
        ------
        SpecError
            If the encoding is unknown.
        InputError
            As `multiindex`.
        """
        import pandas as pd  # here, so that `import omniid` stays light

        chunks = list(vectors)
        none = np.zeros(0, np.int32)
        left = np.concatenate([none, *(chunk.left for chunk in chunks)])
        right = np.concatenate([none, *(chunk.right for chunk in chunks)])
        empty = np.zeros((0, len(vectors.comparisons)), np.int8)
        levels = np.concatenate([empty, *(chunk.levels for chunk in chunks)])
        values, columns = encode_levels(levels, vectors.comparisons, vectors.n_levels, encoding)
        shown = levels if encoding == "levels" else values
        return pd.DataFrame(shown, index=self.multiindex(left, right), columns=columns)

    def links(self, found: Clustering | ScoredPairs) -> Any:
        """Links as label pairs, for recordlinkage's measures.

        Parameters
        ----------
        found
            A partition, whose links are all pairs of records in one cluster (of a link of two frames those of a left and a
            right record); or scored pairs, which are taken as they are.

        Returns
        -------
        pandas.MultiIndex

        Raises
        ------
        InputError
            As `multiindex`, for scored pairs.
        """
        if isinstance(found, ScoredPairs):
            return self.multiindex(found.left, found.right)
        left, right = _pairs_within(found.labels)
        if self.is_link:
            apart = self._is_right[left] != self._is_right[right]
            left, right = left[apart], right[apart]
        return self.multiindex(left, right)

    def pair_keys(self, index: Any) -> npt.NDArray[np.int64]:
        """Label pairs as sorted keys, each once: ``left row << 32 | right row``, with left < right.

        Raises
        ------
        InputError
            As `pairs`.
        """
        if getattr(index, "nlevels", 0) != 2:
            raise InputError(f"pairs are a pandas.MultiIndex of two levels, labels of both records; got {type(index).__name__}")
        names = list(self.labels)
        one, other = self._level_rows(index, 0, names[0]), self._level_rows(index, 1, names[-1])
        if (same := np.flatnonzero(one == other)).size:
            label = plain_label(index[same[0]][0])
            raise InputError(f"pair {same[0]} of the index pairs {label!r} with itself; take it out")
        keys: npt.NDArray[np.int64] = distinct(np.minimum(one, other) << 32 | np.maximum(one, other))
        return keys

    def _level_rows(self, index: Any, level: int, source: str) -> npt.NDArray[np.int64]:
        """Rows of one level's labels; each distinct label is looked up once."""
        positions = np.append(self.labels[source].get_indexer(index.levels[level]), -1)[np.asarray(index.codes[level], np.intp)]
        if (unknown := np.flatnonzero(positions < 0)).size:
            label = plain_label(index[unknown[0]][level])
            raise InputError(
                f"{label!r}, in pair {unknown[0]} of the index, is no label of the frame of source {source!r}; pass the frame "
                "that the pairs were made from"
            )
        rows: npt.NDArray[np.int64] = self.rows[source].astype(np.int64)[positions]
        return rows


def _label_pairs(first: Any, second: Any, one: npt.NDArray[np.int64], other: npt.NDArray[np.int64]) -> Any:
    """A MultiIndex of the labels at given positions, its levels named as recordlinkage's indexers name them."""
    import pandas as pd  # here, so that `import omniid` stays light

    names = [first.name, second.name]
    if first.name is not None and first.name == second.name:
        names = [f"{first.name}_1", f"{first.name}_2"]
    codes: Any = [one, other]
    return pd.MultiIndex(levels=[first, second], codes=codes, names=names, verify_integrity=False)


def _chunks(keys: npt.NDArray[np.int64]) -> Iterator[PairChunk]:
    for start in range(0, len(keys), CHUNK):
        part = keys[start : start + CHUNK]
        left, right = (part >> 32).astype(np.int32), (part & 0xFFFFFFFF).astype(np.int32)
        yield PairChunk(left, right, np.zeros(len(part), np.int16))


def _pairs_within(labels: Rows) -> tuple[Rows, Rows]:
    """All pairs of rows with one label, sorted; one step per distance within the largest cluster."""
    order = np.argsort(labels, kind="stable")
    sizes = np.bincount(np.unique(labels, return_inverse=True)[1])
    parts: list[tuple[Rows, Rows]] = []
    for distance in range(1, int(sizes.max(initial=1))):
        here = labels[order[distance:]] == labels[order[:-distance]]
        parts.append((order[:-distance][here], order[distance:][here]))
    left = np.concatenate([np.zeros(0, np.int64), *(part[0] for part in parts)])
    right = np.concatenate([np.zeros(0, np.int64), *(part[1] for part in parts)])
    sort = np.lexsort((right, left))
    return left[sort].astype(np.int32), right[sort].astype(np.int32)
