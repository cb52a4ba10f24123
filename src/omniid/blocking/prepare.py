"""From a rule to its finder: reads the keys, splits oversized blocks, counts."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from omniid.blocking.codes import Int64s, KeyCodes, KeyReader, dense, join_keys, pair_count
from omniid.blocking.edits import find_one_edit
from omniid.blocking.finders import PairSet, key_finder
from omniid.blocking.keys import Key
from omniid.blocking.neighbourhood import find_neighbours
from omniid.blocking.qgrams import find_similar_texts, minhash_keys
from omniid.blocking.refine import split_oversized
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


def read_rule(rule: BlockingRule, read: KeyReader) -> KeyCodes:
    """The key codes of a rule that works by key."""
    if rule.strategy == "minhash_lsh":
        return minhash_keys(rule, read)
    if rule.strategy == "all_pairs":
        return KeyCodes(np.zeros(len(read.table), np.int32), None, 1)
    wide = join_keys([read(key) for key in rule.keys], len(read.table))
    codes, n_keys = dense(wide.codes, wide.size)
    return KeyCodes(codes, wide.rows, n_keys)


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
    key = read_rule(rule, read)
    rows = len(read.table)
    sizes = np.bincount(key.codes[key.codes >= 0], minlength=1).astype(np.int64)
    records = int((np.bincount(key.rows, minlength=rows) > 0).sum()) if key.rows is not None else int(sizes.sum())
    if rule.strategy == "all_pairs":
        plan = RulePlan(rule.name, records, int(rows > 1), pair_count(sizes), (("all records", rows),) if rows > 1 else ())
        return plan, key_finder(key, rows)
    largest = _largest(rule, key, sizes, read)
    split = split_oversized(key, read, refine, max_block, leave=rule.oversized == "leave")
    plan = RulePlan(
        rule.name, records, int((sizes > 1).sum()), split.pairs, largest, split.oversized, split.windowed, split.left_out
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


def _largest(rule: BlockingRule, key: KeyCodes, sizes: Int64s, read: KeyReader) -> tuple[tuple[str, int], ...]:
    """The largest blocks with their key values; equal sizes in the order of key values."""
    several = np.flatnonzero(sizes > 1)
    if not len(several):
        return ()
    least = np.sort(sizes[several])[-SHOWN:][0]
    rows = np.arange(len(key.codes), dtype=np.int32) if key.rows is None else key.rows
    wanted = (sizes >= least)[key.codes] & (key.codes >= 0)
    codes, members = key.codes[wanted], rows[wanted]
    # Of the blocks that tie for the last places those of the smallest first rows are shown.
    unique, first = np.unique(codes, return_index=True)
    chosen = unique[np.lexsort([first, -sizes[unique]])][:SHOWN]
    shown = []
    for code in chosen.tolist():
        shown.append((_key_text(rule, members[codes == code][:LOOKED_AT], read), int(sizes[code])))
    return tuple(sorted(shown, key=lambda block: (-block[1], block[0])))


def _key_text(rule: BlockingRule, rows: Rows, read: KeyReader) -> str:
    """The key value that the records of a block share."""
    if rule.strategy == "minhash_lsh":
        rows = rows[:1]
    texts = []
    for key in rule.keys:
        count = Counter(text for row in rows.tolist() for text in read.texts(key, row))
        texts.append(min(count, key=lambda text: (-count[text], text), default=""))
    return " & ".join(texts)
