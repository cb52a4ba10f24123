"""From a rule to its finder: reads the keys, splits oversized blocks, counts."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from omniid.blocking.codes import KeyCodes, KeyReader, join_keys
from omniid.blocking.edits import find_one_edit
from omniid.blocking.finders import PairSet, key_finder
from omniid.blocking.groups import new_values
from omniid.blocking.keys import Key
from omniid.blocking.neighbourhood import find_neighbours
from omniid.blocking.qgrams import find_similar_texts, minhash_keys
from omniid.blocking.refine import SharedKeys, shared_keys, split_oversized
from omniid.blocking.rules import BlockingRule
from omniid.blocking.values import FoundPairs
from omniid.tables import Finder, Rows

__all__ = ["RulePlan", "prepare_rule"]

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
        Blocks above the cap.
    windowed
        Blocks that no further key split, cut into overlapping windows.
    left_out
        Pairs that oversized blocks or too common values would have made and that this rule does not make.

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
    joined = minhash_keys(rule, read) if rule.strategy == "minhash_lsh" else join_keys(list(map(read, rule.keys)), rows)
    shared = shared_keys(joined)
    cap = min(rule.max_block or max_block, max_block)
    split = split_oversized(shared, read, refine, cap, leave=rule.oversized == "leave")
    plan = RulePlan(
        rule.name,
        int(new_values(joined.rows).sum()),
        len(shared.sizes),
        split.pairs,
        _largest(rule, shared, read),
        split.oversized,
        split.windowed,
        split.left_out,
    )
    return plan, key_finder(split.key, rows)


def _prepare_pairs(rule: BlockingRule, read: KeyReader, max_block: int) -> tuple[RulePlan, Finder]:
    """Prepare a rule that lists its pairs one by one."""
    if rule.strategy == "sorted_neighbourhood":
        found = FoundPairs(find_neighbours(rule, read), 0)
    elif rule.strategy == "one_edit":
        found = find_one_edit(rule, read)
    else:
        found = find_similar_texts(rule, read, max_block)
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
