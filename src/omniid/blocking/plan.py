"""The block plan: what the rules make of a table, counted first, then made chunk by chunk."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.blocking.codes import KeyReader
from omniid.blocking.crowded import CrowdedKeys, check_local
from omniid.blocking.keys import Key
from omniid.blocking.prepare import RulePlan, prepare_frozen, prepare_rule
from omniid.blocking.refine import refining_keys
from omniid.blocking.rules import BlockingRule
from omniid.errors import CancelledError, SpecError
from omniid.hashing import mix
from omniid.tables import CandidatePairs, Finder, LocalPairs, PairChunk, Progress, RecordTable, Rows
from omniid.threads import in_order

__all__ = ["MAX_BLOCK", "BlockPlan", "block", "plan_blocks"]

MAX_BLOCK = 120  # records; 40 and 300 changed no result in trials
CHUNK = 65_536  # pairs; the positions of a chunk then stay in the processor's cache


class _Found(NamedTuple):
    """Pairs that a piece of one rule made: those that no earlier rule made, and how many there were before."""

    rule: int
    left: Rows
    right: Rows
    made: int


@dataclass(frozen=True, eq=False)
class BlockPlan:
    """What every rule makes of a table, counted before any pair is made.

    Parameters
    ----------
    rules
        One plan per rule, in order.
    n_records
        Records of the table.
    max_block
        The cap, in records.
    finders
        The rules made ready for the table.
    crowded
        The crowded keys, where they are frozen: a pair then depends on its two records only.

    Examples
    --------
    >>> from omniid.blocking import block_on
    >>> table = RecordTable.of([{"record_id": str(i), "city": "york"} for i in range(3)])
    >>> print(plan_blocks(table, [block_on("city")]))
    3 records, blocks of at most 120 records
    rule    blocks  pairs  oversized  left out  largest block
    city    1       3      0          0         york (3)
    """

    rules: tuple[RulePlan, ...]
    n_records: int
    max_block: int
    finders: tuple[Finder, ...] = field(repr=False)
    crowded: CrowdedKeys | None = field(default=None, repr=False)

    @property
    def pairs(self) -> int:
        """Pairs that the rules make, those that several rules make counted several times."""
        return sum(rule.pairs for rule in self.rules)

    def candidates(
        self, *, chunk: int = CHUNK, workers: int = 1, one_in: int = 1, progress: Progress | None = None
    ) -> CandidatePairs:
        """The candidate pairs of this plan, see `block`; with `one_in` k, a sample of them: the pairs of one in k left records.

        Which records those are depends on a hash of their row, so that the sample leans to no rule and no source.

        Examples
        --------
        >>> from omniid.blocking import block_on
        >>> table = RecordTable.of([{"record_id": str(i), "city": "york"} for i in range(3)])
        >>> [len(chunk.left) for chunk in plan_blocks(table, [block_on("city")]).candidates()]
        [3]
        """
        if min(chunk, workers, one_in) < 1:
            raise SpecError(f"chunk, workers and one_in must be at least 1, not {chunk}, {workers} and {one_in}")
        return CandidatePairs(self.names, lambda: self._chunks(chunk, workers, one_in, progress))

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the rules, in order."""
        return tuple(rule.name for rule in self.rules)

    def __str__(self) -> str:
        lines: list[tuple[str, ...]] = [("rule", "blocks", "pairs", "oversized", "left out", "largest block")]
        for rule in self.rules:
            largest = f"{rule.largest[0][0]} ({rule.largest[0][1]:,})" if rule.largest else ""
            lines.append(
                (rule.name, f"{rule.blocks:,}", f"{rule.pairs:,}", f"{rule.oversized:,}", f"{rule.left_out:,}", largest)
            )
        head = f"{self.n_records:,} records, blocks of at most {self.max_block:,} records"
        return "\n".join([head, *_aligned(lines)])

    def _chunks(self, chunk: int, workers: int, one_in: int, progress: Progress | None) -> Iterator[PairChunk]:
        """Pairs of all rules in chunks of about `chunk` pairs, short ones joined."""
        waiting: list[_Found] = []
        done, total, ready = 0, sum(finder.n_made for finder in self.finders), 0
        for found in self.find(chunk, workers, one_in):
            done = min(done + found.made * one_in, total)
            if progress is not None and progress("block", done, total) is False:
                raise CancelledError("blocking was cancelled by the progress callback")
            if len(found.left):
                waiting.append(found)
                ready += len(found.left)
            if ready >= chunk:
                yield _join(waiting)
                waiting, ready = [], 0
        if waiting:
            yield _join(waiting)

    def find(self, chunk: int = CHUNK, workers: int = 1, one_in: int = 1) -> Iterator[_Found]:
        """What each piece of each rule adds to the rules before it, in order."""
        sample = None if one_in == 1 else mix(np.arange(self.n_records, dtype=np.uint64)) % np.uint64(one_in) == 0
        tasks = (
            partial(self._fresh, number, piece)
            for number, finder in enumerate(self.finders)
            for piece in finder.pieces(chunk, sample)
        )
        yield from in_order(tasks, workers)

    def _fresh(self, number: int, piece: Callable[[], LocalPairs]) -> _Found:
        """Make the pairs of a piece and keep those for which no earlier rule holds."""
        pairs = piece()
        made = len(pairs.left)
        for earlier in self.finders[:number]:
            if not len(pairs.left):
                break
            found = earlier.holds(pairs)
            if found.any():
                keep = np.flatnonzero(~found)
                pairs = LocalPairs(pairs.rows, pairs.left.take(keep), pairs.right.take(keep))
        return _Found(number, pairs.rows.take(pairs.left), pairs.rows.take(pairs.right), made)


def _join(found: list[_Found]) -> PairChunk:
    """Several finds as one chunk."""
    rule = np.repeat(np.array([part.rule for part in found], np.int16), [len(part.left) for part in found])
    return PairChunk(np.concatenate([part.left for part in found]), np.concatenate([part.right for part in found]), rule)


def _aligned(lines: list[tuple[str, ...]]) -> list[str]:
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]


def plan_blocks(
    table: RecordTable,
    rules: Sequence[BlockingRule],
    *,
    max_block: int = MAX_BLOCK,
    refine: Sequence[Key] | None = None,
    only: npt.NDArray[np.bool_] | None = None,
    freeze: bool = False,
    crowded: CrowdedKeys | None = None,
    workers: int = 1,
) -> BlockPlan:
    """Count what rules make of a table, before any pair is made.

    Parameters
    ----------
    table
        Records with normal forms.
    rules
        Blocking rules, in the order in which a pair's first rule is sought.
    max_block
        Largest block in records; larger ones are split by the `refine` keys, and what these cannot split is cut into
        overlapping windows.
    refine
        Further keys in the order in which they are tried; by default `refining_keys` of the table's fields.
    only
        bool per row: records that take part; the others are in no block. None: all do.
    freeze
        Whether the keys above the cap are listed, so that from then on a pair depends on its two records and that list only:
        a crowded key is refined by further keys as far as these go, and makes no pairs beyond; there are no windows.
    crowded
        Such a list of an earlier plan of the same rules, which then counts instead of `max_block` and `refine`.
    workers
        Threads; rules are prepared side by side. The plan does not depend on it.

    Returns
    -------
    BlockPlan
        Its ``candidates()`` makes the pairs.

    Raises
    ------
    SpecError
        If there is no rule, a rule reads a field that the table has not, the cap is below 2, or a rule can't be frozen.

    Examples
    --------
    >>> from omniid.blocking import block_on
    >>> table = RecordTable.of([{"record_id": str(i), "city": "york"} for i in range(3)])
    >>> plan_blocks(table, [block_on("city")]).rules[0].largest
    (('york', 3),)
    """
    if not rules:
        raise SpecError("blocking needs at least one rule; pass block_on(…) or the rules of choose_rules(table, kinds)")
    if max_block < 2:
        raise SpecError(f"max_block must be at least 2 records, not {max_block}")
    further = refining_keys(table.columns) if refine is None else tuple(refine)
    if freeze or crowded is not None:
        return _frozen(table, rules, max_block, further, only, crowded)
    read = KeyReader(table, only)
    prepared = list(in_order((partial(prepare_rule, rule, read, further, max_block) for rule in rules), workers))
    return BlockPlan(tuple(plan for plan, _ in prepared), len(table), max_block, tuple(finder for _, finder in prepared))


def _frozen(
    table: RecordTable,
    rules: Sequence[BlockingRule],
    max_block: int,
    refine: Sequence[Key],
    only: npt.NDArray[np.bool_] | None,
    crowded: CrowdedKeys | None,
) -> BlockPlan:
    """The plan of rules whose crowded keys are listed, or are to be."""
    check_local(rules)
    read, refine = KeyReader(table, only, local=True), refine if crowded is None else crowded.refine
    prepared = [
        prepare_frozen(rule, read, refine, max_block, None if crowded is None else crowded.of_rule(number))
        for number, rule in enumerate(rules)
    ]
    kept = CrowdedKeys(tuple(refine), tuple(one.crowded for one in prepared)) if crowded is None else crowded
    plans, finders = tuple(one.plan for one in prepared), tuple(one.finder for one in prepared)
    return BlockPlan(plans, len(table), max_block, finders, kept)


def block(
    table: RecordTable,
    rules: Sequence[BlockingRule],
    *,
    max_block: int = MAX_BLOCK,
    refine: Sequence[Key] | None = None,
    chunk: int = CHUNK,
    workers: int = 1,
    progress: Progress | None = None,
) -> CandidatePairs:
    """Candidate pairs of a table: those that any rule makes, each once, with the first rule that makes it.

    Pairs are made chunk by chunk and whenever the result is iterated; they never stand in memory together. Which pairs come,
    and the rule of each, depends on the records and rules only, not on `chunk` or `workers`.

    Parameters
    ----------
    table
        Records with normal forms.
    rules
        Blocking rules, in the order in which a pair's first rule is sought.
    max_block, refine
        See `plan_blocks`.
    chunk
        About how many pairs to make at a time.
    workers
        Threads.
    progress
        Called with ("block", done, total) pairs; returning False cancels.

    Raises
    ------
    SpecError
        As `plan_blocks`.
    CancelledError
        While iterating, if `progress` returns False.

    Examples
    --------
    >>> from omniid.blocking import block_on, soundex
    >>> table = RecordTable.of([
    ...     {"record_id": "1", "email": "a@b.com", "last_name": "smith"},
    ...     {"record_id": "2", "email": "a@b.com", "last_name": "smyth"},
    ...     {"record_id": "3", "email": None, "last_name": "smith"},
    ... ])
    >>> pairs = block(table, [block_on("email"), block_on(soundex("last_name"))])
    >>> [(int(l), int(r), pairs.rules[j]) for chunk in pairs for l, r, j in zip(*chunk)]
    [(0, 1, 'email'), (0, 2, 'soundex(last_name)'), (1, 2, 'soundex(last_name)')]
    """
    plan = plan_blocks(table, rules, max_block=max_block, refine=refine)
    return plan.candidates(chunk=chunk, workers=workers, progress=progress)
