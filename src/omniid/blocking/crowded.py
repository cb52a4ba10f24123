"""Crowded keys: the keys whose blocks were too large at the fit, frozen so that a pair depends on its two records only.

A cap on the size of a block makes a pair depend on all records: with one more, the block is cut, and pairs are gone. So the fit
lists the crowded keys, by a hash of their content, and the list decides from then on, whatever a block grows or shrinks to.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.blocking.codes import HashedKeys, Hashes, KeyReader, Wide, entries_of, join_hashes
from omniid.blocking.groups import Int64s, group, pair_count, run_lengths
from omniid.blocking.keys import Key, key_from_dict
from omniid.blocking.qgrams import minhash_keys
from omniid.blocking.refine import Refined, gather_blocks
from omniid.blocking.rules import BlockingRule
from omniid.errors import SpecError
from omniid.hashing import hash_strings, mix
from omniid.tables import Rows
from omniid.tables.arrays import distinct, new_values, text_array

__all__ = ["CrowdedKeys", "check_local", "file_keys", "hashed_keys", "is_crowded", "rule_seed", "split_crowded"]

Levels = tuple[tuple[int, ...], ...]

LACKING = np.uint64(0x9E3779B97F4A7C15)  # stands for the hash of a further key that a record lacks
# What can't be frozen, and what to use instead.
ELSEWHERE = {
    "sorted_neighbourhood": "block_on(…) with soundex, prefix or initial keys of the same fields",
    "shared_qgrams": "minhash_lsh(…) on the same field",
}


@dataclass(frozen=True)
class CrowdedKeys:
    """The block plan as the fit froze it.

    Parameters
    ----------
    refine
        Further keys for crowded keys, in order.
    rules
        Per rule, per level, the crowded keys as ascending signed 64-bit hashes. Level 0 holds those of the rule itself, level k
        those that are still crowded with the k-th further key. Of `one_edit`: level 0 crowded deletions, level 1 values that
        too many records have.

    Examples
    --------
    >>> CrowdedKeys((Key("field", ("city",)),), (((5, 9), ()), ())).to_dict()
    {'refine': ['city'], 'rules': [[[5, 9]], []]}
    """

    refine: tuple[Key, ...]
    rules: tuple[Levels, ...]

    def count(self, number: int) -> int:
        """How many keys of one rule are crowded, at any level."""
        return sum(map(len, self.rules[number]))

    def of_rule(self, number: int) -> list[Int64s]:
        """The levels of one rule as ascending arrays."""
        return [np.array(level, np.int64) for level in self.rules[number]]

    def to_dict(self) -> dict[str, Any]:
        """Return the plan as plain data, empty levels at the end left out; `from_dict` reads it."""
        rules = []
        for levels in self.rules:
            filled = max((number + 1 for number, level in enumerate(levels) if level), default=0)
            rules.append([list(level) for level in levels[:filled]])
        return {"refine": [key.to_dict() for key in self.refine], "rules": rules}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], n_rules: int) -> "CrowdedKeys":
        """Read a plan that `to_dict` wrote.

        Raises
        ------
        SpecError
            If it does not fit that number of rules.

        Examples
        --------
        >>> CrowdedKeys.from_dict({"refine": ["city"], "rules": [[[5, 9]], []]}, 2).count(0)
        2
        """
        try:
            refine = tuple(key_from_dict(key) for key in data["refine"])
            rules = tuple(tuple(tuple(level) for level in levels) for levels in data["rules"])
        except (KeyError, TypeError) as error:
            raise SpecError(f"the model's frozen block plan can't be read: {error}; fit again with incremental=True") from error
        if len(rules) != n_rules:
            raise SpecError(
                f"the model's frozen block plan is of {len(rules)} rules, but there are {n_rules}; "
                "fit again with incremental=True"
            )
        return cls(refine, rules)


def check_local(rules: Sequence[BlockingRule]) -> None:
    """Refuse rules whose pairs depend on more than two records, however they are frozen.

    Raises
    ------
    SpecError
        With the rule's name, and what to use instead.
    """
    for rule in rules:
        if rule.strategy in ELSEWHERE:
            raise SpecError(
                f"blocking rule {str(rule)!r} looks at all records to make one pair, which incremental=True rules out; "
                f"use {ELSEWHERE[rule.strategy]}, or leave incremental out"
            )


def rule_seed(rule: BlockingRule) -> np.uint64:
    """What the hashes of a rule's keys start with: the hash of its strategy, keys and options as JSON; not of name and caps.

    Examples
    --------
    >>> from omniid.blocking.rules import block_on
    >>> bool(rule_seed(block_on("email")) == rule_seed(block_on("email", name="mail", oversized="leave")))
    True
    """
    plain = {"strategy": rule.strategy, "keys": [key.to_dict() for key in rule.keys], "options": dict(rule.options)}
    seed: np.uint64 = hash_strings(text_array([json.dumps(plain, sort_keys=True)]))[0]
    return seed


def hashed_keys(rule: BlockingRule, read: KeyReader) -> HashedKeys:
    """The keys that each record has by a rule of keys, before any is looked up among the crowded ones."""
    n_rows = len(read.table)
    if rule.strategy == "all_pairs":
        rows = np.arange(n_rows, dtype=np.int32) if read.only is None else np.flatnonzero(read.only).astype(np.int32)
        return HashedKeys(rows, np.full(len(rows), rule_seed(rule)))
    if rule.strategy == "minhash_lsh":
        return join_hashes([minhash_keys(rule, read)], n_rows, rule_seed(rule))
    return join_hashes([(read(key), read.hashes(key)) for key in rule.keys], n_rows, rule_seed(rule))


def is_crowded(hashes: Hashes, crowded: Int64s) -> npt.NDArray[np.bool_]:
    """Which hashes are among an ascending list of signed ones."""
    if not len(crowded):
        return np.zeros(len(hashes), bool)
    signed = hashes.view(np.int64)
    found: npt.NDArray[np.bool_] = crowded.take(np.searchsorted(crowded, signed), mode="clip") == signed
    return found


def file_keys(keys: HashedKeys, read: KeyReader, refine: Sequence[Key], levels: Sequence[Int64s]) -> HashedKeys:
    """The keys under which each record can meet others by one rule: crowded keys replaced by what refines them, or nothing.

    Parameters
    ----------
    keys
        What `hashed_keys` gave.
    read
        Reads the further keys.
    refine
        The further keys; none for a rule that leaves crowded keys to others.
    levels
        The rule's crowded keys.
    """
    done: list[HashedKeys] = []
    for number, level in enumerate([*levels[: len(refine) + 1], np.zeros(0, np.int64)]):
        crowded = is_crowded(keys.hashes, level)
        done.append(HashedKeys(keys.rows[~crowded], keys.hashes[~crowded]))
        if number == len(refine) or not crowded.any():
            break
        keys = _refined(HashedKeys(keys.rows[crowded], keys.hashes[crowded]), refine[number], read)
    return HashedKeys(np.concatenate([one.rows for one in done]), np.concatenate([one.hashes for one in done]))


class _Block(NamedTuple):
    """Rows of blocks side by side, their sizes, and the hash of each block's key."""

    rows: Rows
    sizes: Int64s
    hashes: Hashes


def split_crowded(
    joined: Wide, keys: HashedKeys, read: KeyReader, refine: Sequence[Key], cap: int, levels: Sequence[Int64s] | None
) -> tuple[Refined, Levels]:
    """Split the blocks of crowded keys by further keys; what the last one leaves crowded makes no pairs.

    Parameters
    ----------
    joined
        The codes of the rule's keys, entry by entry as in `keys`.
    keys
        The same as hashes.
    read
        Reads the further keys.
    refine
        The further keys; none for a rule that leaves crowded keys to others.
    cap
        The largest block, in records; it counts where `levels` is None.
    levels
        The crowded keys as frozen; None: freeze those above the cap.

    Returns
    -------
    Refined, tuple
        The key codes of what is left, and the crowded keys level by level.
    """
    groups = group(joined.codes, joined.size)
    blocks = _Block(joined.rows.take(groups.order), groups.sizes, keys.hashes.take(groups.order.take(groups.starts)))
    every, done, found, oversized = pair_count(blocks.sizes), [], [], 0
    for number in range(len(refine) + 1):
        if levels is None:
            found.append(distinct(blocks.hashes[blocks.sizes > cap].view(np.int64)))
        else:
            found.append(levels[number] if number < len(levels) else np.zeros(0, np.int64))
        crowded = is_crowded(blocks.hashes, found[-1])
        oversized += int((crowded & (blocks.sizes > 1)).sum()) if number == 0 else 0
        done.append(_only(blocks, ~crowded & (blocks.sizes > 1)))
        if number == len(refine) or not crowded.any():
            break
        rest = _only(blocks, crowded)
        blocks = _by_hash(_refined(HashedKeys(rest.rows, np.repeat(rest.hashes, rest.sizes)), refine[number], read))
    rows, sizes = np.concatenate([one.rows for one in done]), np.concatenate([one.sizes for one in done])
    pairs = pair_count(sizes)
    key = gather_blocks(rows, sizes, len(read.table))
    return Refined(key, oversized, 0, pairs, max(every - pairs, 0)), tuple(tuple(level.tolist()) for level in found)


def _only(blocks: _Block, chosen: npt.NDArray[np.bool_]) -> _Block:
    return _Block(blocks.rows[np.repeat(chosen, blocks.sizes)], blocks.sizes[chosen], blocks.hashes[chosen])


def _refined(keys: HashedKeys, further: Key, read: KeyReader) -> HashedKeys:
    """Entries with a further key mixed in; a record that lacks it counts as having one of its own kind, the lacking one."""
    rows, hashes = keys
    if any(name not in read.table.columns for name in further.fields):
        return HashedKeys(rows, mix(hashes ^ LACKING))
    part, content = read(further), np.append(read.hashes(further), LACKING)
    if part.rows is None:
        return HashedKeys(rows, mix(hashes ^ content.take(part.codes.take(rows), mode="wrap")))
    held_rows, codes = entries_of(part)
    per_row = np.bincount(held_rows, minlength=len(read.table))
    start = np.cumsum(per_row) - per_row
    times = per_row.take(rows)
    repeat = np.maximum(times, 1)
    entry = np.repeat(np.arange(len(rows)), repeat)
    within = np.arange(len(entry)) - np.repeat(np.cumsum(repeat) - repeat, repeat)
    place = np.where(times.take(entry) > 0, start.take(rows.take(entry)) + within, len(codes))
    code = np.append(codes, np.int32(-1)).take(place)
    return HashedKeys(rows.take(entry), mix(hashes.take(entry) ^ content.take(code, mode="wrap")))


def _by_hash(keys: HashedKeys) -> _Block:
    """Entries side by side that have one hash, by row within."""
    order = np.lexsort([keys.rows, keys.hashes])
    ranked = keys.hashes.take(order)
    return _Block(keys.rows.take(order), run_lengths(ranked), ranked[new_values(ranked)])
