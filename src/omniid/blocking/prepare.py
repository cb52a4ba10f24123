"""From a rule to its finder: reads the keys, splits oversized blocks, counts."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import NamedTuple

import numpy as np

from omniid.blocking.codes import KeyCodes, KeyReader, Wide, join_keys
from omniid.blocking.crowded import Levels, hashed_keys, split_crowded
from omniid.blocking.edits import Crowding, find_frozen_edits, find_one_edit
from omniid.blocking.finders import PairSet, key_finder
from omniid.blocking.groups import Int64s
from omniid.blocking.keys import Key
from omniid.blocking.neighbourhood import find_neighbours
from omniid.blocking.qgrams import find_similar_texts, minhash_keys
from omniid.blocking.refine import Refined, SharedKeys, shared_keys, split_oversized
from omniid.blocking.rules import BlockingRule
from omniid.blocking.values import FoundPairs
from omniid.tables import Finder, Rows
from omniid.tables.arrays import new_values

__all__ = ["Prepared", "RulePlan", "prepare_frozen", "prepare_rule"]

SHOWN = 5  # largest blocks shown per rule
LOOKED_AT = 50  # records that tell a shown block's key value


@dataclass(frozen=True)
class RulePlan:
    """What one rule makes of a table, counted before any pair is made.

    Parameters
    ----------
    name
        The rule's name.
    records
        Records that have the rule's key.
    blocks
        Blocks of at least two records, before oversized ones are split; 0 for rules that do not work by key.
    pairs
        Pairs that the rule makes; a pair that meets in two blocks of one rule is counted in both.
    largest
        (key value, records) of the largest blocks before they are split, the largest first.
    oversized
        Blocks above the cap; under a frozen plan, blocks of crowded keys.
    windowed
        Blocks that no further key split, cut into overlapping windows.
    left_out
        Pairs that oversized blocks or too common values would have made and that this rule does not make.
    crowded
        Keys that the fit froze as crowded; 0 where nothing is frozen.

    Examples
    --------
    >>> RulePlan("email", records=3, blocks=1, pairs=1).left_out
    0
    """

    name: str
    records: int = 0
    blocks: int = 0
    pairs: int = 0
    largest: tuple[tuple[str, int], ...] = ()
    oversized: int = 0
    windowed: int = 0
    left_out: int = 0
    crowded: int = 0


def prepare_rule(rule: BlockingRule, read: KeyReader, refine: Sequence[Key], max_block: int) -> tuple[RulePlan, Finder]:
    """Count what a rule makes of a table, and make it ready to find its pairs.

    Parameters
    ----------
    rule
        The rule.
    read
        Reads the table's keys.
    refine
        Further keys for oversized blocks.
    max_block
        Largest allowed block, in records; `all_pairs` is exempt.
    """
    if rule.strategy in ("one_edit", "shared_qgrams", "sorted_neighbourhood"):
        return _prepare_pairs(rule, read, max_block)
    rows = len(read.table)
    if rule.strategy == "all_pairs":
        size = rows if read.only is None else int(read.only.sum())
        codes = np.zeros(rows, np.int32) if read.only is None else np.where(read.only, np.int32(0), np.int32(-1))
        plan = RulePlan(rule.name, size, int(size > 1), size * (size - 1) // 2, (("all records", size),) if size > 1 else ())
        return plan, key_finder(KeyCodes(codes, None, 1), rows)
    joined = _joined(rule, read)
    shared = shared_keys(joined)
    split = split_oversized(shared, read, refine, _cap(rule, max_block), leave=rule.oversized == "leave")
    return _rule_plan(rule, joined, shared, split, read), key_finder(split.key, rows)


class Prepared(NamedTuple):
    """A rule made ready under a frozen plan: what it makes, what finds its pairs, and its crowded keys."""

    plan: RulePlan
    finder: Finder
    crowded: Levels


def prepare_frozen(
    rule: BlockingRule, read: KeyReader, refine: Sequence[Key], max_block: int, frozen: Sequence[Int64s] | None
) -> Prepared:
    """As `prepare_rule`, for a plan in which crowded keys are listed, so that a pair depends on its two records only.

    Parameters
    ----------
    rule
        Any rule that `check_local` lets pass.
    read
        Reads the table's keys.
    refine
        Further keys for crowded ones.
    max_block
        Largest block at the fit, in records.
    frozen
        The rule's crowded keys by level; None: freeze what is crowded here.
    """
    levels: Levels = ()
    if rule.strategy == "one_edit":
        known = None if frozen is None else Crowding(*(*frozen, *[np.zeros(0, np.int64)] * 2)[:2])
        found, crowding = find_frozen_edits(rule, read, known)
        levels = (tuple(crowding.deletions.tolist()), tuple(crowding.values.tolist()))
        plan, finder = _of_pairs(rule, read, found)
    elif rule.strategy == "all_pairs":
        plan, finder = prepare_rule(rule, read, refine, max_block)
    else:
        joined, cap = _joined(rule, read), _cap(rule, max_block)
        shared = shared_keys(joined)
        further = () if rule.oversized == "leave" else refine
        if not (any(map(len, frozen)) if frozen is not None else (shared.sizes > cap).any()):
            split = split_oversized(shared, read, further, len(read.table) + 1)  # nothing is crowded: no hash is needed
        else:
            split, levels = split_crowded(joined, hashed_keys(rule, read), read, further, cap, frozen)
        plan, finder = _rule_plan(rule, joined, shared, split, read), key_finder(split.key, len(read.table))
    return Prepared(replace(plan, crowded=sum(map(len, levels if frozen is None else frozen))), finder, levels)


def _joined(rule: BlockingRule, read: KeyReader) -> Wide:
    """The rule's keys together."""
    parts = [minhash_keys(rule, read)[0]] if rule.strategy == "minhash_lsh" else list(map(read, rule.keys))
    return join_keys(parts, len(read.table))


def _cap(rule: BlockingRule, max_block: int) -> int:
    return min(rule.max_block or max_block, max_block)


def _rule_plan(rule: BlockingRule, joined: Wide, shared: SharedKeys, split: Refined, read: KeyReader) -> RulePlan:
    """What a rule of keys makes."""
    return RulePlan(
        rule.name,
        int(new_values(joined.rows).sum()),
        len(shared.sizes),
        split.pairs,
        _largest(rule, shared, read),
        split.oversized,
        split.windowed,
        split.left_out,
    )


def _prepare_pairs(rule: BlockingRule, read: KeyReader, max_block: int) -> tuple[RulePlan, Finder]:
    """Prepare a rule that lists its pairs one by one."""
    if rule.strategy == "sorted_neighbourhood":
        found = FoundPairs(find_neighbours(rule, read), 0)
    elif rule.strategy == "one_edit":
        found = find_one_edit(rule, read)
    else:
        found = find_similar_texts(rule, read, max_block)
    return _of_pairs(rule, read, found)


def _of_pairs(rule: BlockingRule, read: KeyReader, found: FoundPairs) -> tuple[RulePlan, Finder]:
    """What a rule makes that lists its pairs."""
    column = read.column(rule.keys[0].fields[0], rule)
    records = int((np.bincount(column.present()[0], minlength=1) > 0).sum())
    plan = RulePlan(rule.name, records, pairs=len(found.codes), left_out=found.left_out)
    return plan, PairSet(found.codes, len(read.table))


def _largest(rule: BlockingRule, shared: SharedKeys, read: KeyReader) -> tuple[tuple[str, int], ...]:
    """The largest blocks with their key values; equal sizes in the order of key values."""
    sizes = shared.sizes
    if not len(sizes):
        return ()
    starts = np.cumsum(sizes) - sizes
    large = np.flatnonzero(sizes >= np.sort(sizes)[-SHOWN:][0])
    # Of the blocks that tie for the last places those of the smallest first rows are shown.
    chosen = large[np.lexsort((shared.rows.take(starts[large]), -sizes[large]))][:SHOWN]
    spans = zip(starts[chosen].tolist(), sizes[chosen].tolist(), strict=True)
    members = [shared.rows[start : start + min(size, LOOKED_AT)] for start, size in spans]
    if rule.strategy == "minhash_lsh":
        members = [rows[:1] for rows in members]
    shown = zip(_key_texts(rule, members, read), sizes[chosen].tolist(), strict=True)
    return tuple(sorted(shown, key=lambda block: (-block[1], block[0])))


def _key_texts(rule: BlockingRule, members: list[Rows], read: KeyReader) -> list[str]:
    """The key values that the records of each block share."""
    parts = []
    for key in rule.keys:
        texts = iter(read.texts(key, np.concatenate(members)))
        counts = [Counter(text for found in islice(texts, len(rows)) for text in found) for rows in members]
        parts.append([min(((-times, text) for text, times in count.items()), default=(0, ""))[1] for count in counts])
    return [" & ".join(block) for block in zip(*parts, strict=True)]
