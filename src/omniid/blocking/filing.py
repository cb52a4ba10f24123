"""Index keys: under which keys a store files each record, so that all its candidates share one with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.blocking.codes import Hashes, KeyReader
from omniid.blocking.crowded import CrowdedKeys, check_local, file_keys, hashed_keys, rule_seed
from omniid.blocking.edits import LONGEST
from omniid.blocking.groups import Int64s
from omniid.blocking.plan import MAX_BLOCK
from omniid.blocking.rules import BlockingRule
from omniid.hashing import hash_strings, mix
from omniid.tables import RecordTable, Rows
from omniid.tables.arrays import arrow_array, distinct, numpy_array, text_scalar

__all__ = ["IndexKeys", "Outgrown", "edit_windows", "index_keys", "outgrown"]

WINDOWS = 4  # keys per value of `one_edit`; with 3 an address had 18 candidates at 100,000 records, with 4 one in three has one


class IndexKeys(NamedTuple):
    """The keys of records, by rule, then by row.

    Parameters
    ----------
    rows
        int32: the record.
    keys
        int64: a hash that is the same in every table, and differs from rule to rule.
    rules
        int16: the position of the rule whose key it is.
    """

    rows: Rows
    keys: Int64s
    rules: npt.NDArray[np.int16]


def index_keys(
    table: RecordTable, rules: Sequence[BlockingRule], crowded: CrowdedKeys, *, looking_up: bool = False
) -> IndexKeys:
    r"""Say under which keys each record is filed, or is to look for others.

    Two records that a rule makes a pair of share a key: one of those that the one is filed under is among those that the other
    looks up, whichever of the two it is. Of `block_on`, `minhash_lsh` and `all_pairs` the two lists are the same, and records
    that share a key are a pair indeed. Of `one_edit` most that share one are none: `plan_blocks` on these records tells.
    Records that are equal in all that matching reads are a pair without any rule; see `omniid.copies.content_keys`.

    The keys, for those who work them out for one record: all numbers are unsigned 64-bit, ``mix`` and ``hash_strings`` are
    those of `omniid.hashing`, the result is read as a signed integer.

    - A rule starts with ``seed = hash_strings(JSON of {"keys", "options", "strategy"}, sorted, as rule.to_dict() has them)``.
    - ``block_on``: for every combination of its keys' values, ``h = seed``, then ``h = mix(h ^ content)`` for key after key.
      ``content`` is the ``hash_strings`` of the derived text; of a ``spelling`` key, that of the name with seed 2 and of each
      of its `local_keys` with seed 1; of ``sorted_name``, the ``mix`` of the sum of ``mix(hash_strings(word))`` over all words.
    - A key in the rule's level 0 of crowded keys is no key. With ``oversized="leave"`` that is all; else each value of the
      first refining key that the record has makes ``mix(h ^ content)``, or ``mix(h ^ 0x9E3779B97F4A7C15)`` if it has none,
      which is a key unless level 1 lists it; and so on.
    - ``minhash_lsh``: as a ``block_on`` of one key whose content is the state of a band. ``all_pairs``: the seed.
    - ``one_edit``: for the value's own length n, and for looking up n - 1 and n + 1 too (each at least ``shortest`` and at most
      64), ``mix(seed ^ hash_strings(f"{length}\n{number}\n{prefix}\n{suffix}"))`` for each of `edit_windows`. Values that
      the list has as those of too many records are filed, too.

    Parameters
    ----------
    table
        Records with normal forms, as matching sees them.
    rules
        The rules.
    crowded
        The frozen plan of these rules.
    looking_up
        Whether the keys are meant to find others, not to be found.

    Raises
    ------
    SpecError
        If a rule can't be frozen, or reads a field that the table has not.

    Examples
    --------
    >>> from omniid.blocking import block_on, plan_blocks
    >>> table = RecordTable.of([{"record_id": "1", "city": "york"}, {"record_id": "2", "city": "york"}, {"record_id": "3"}])
    >>> rules = [block_on("city")]
    >>> found = index_keys(table, rules, plan_blocks(table, rules, freeze=True).crowded)
    >>> found.rows.tolist(), bool(found.keys[0] == found.keys[1])
    ([0, 1], True)
    """
    check_local(rules)
    read = KeyReader(table, local=True)
    parts = []
    for number, rule in enumerate(rules):
        if rule.strategy == "one_edit":
            rows, hashes = _edit_keys(rule, read, looking_up)
        else:
            further = () if rule.oversized == "leave" else crowded.refine
            rows, hashes = file_keys(hashed_keys(rule, read), read, further, crowded.of_rule(number))
        parts.append(IndexKeys(rows, hashes.view(np.int64), np.full(len(rows), number, np.int16)))
    empty = IndexKeys(np.zeros(0, np.int32), np.zeros(0, np.int64), np.zeros(0, np.int16))
    return IndexKeys(*(np.concatenate(column) for column in zip(empty, *parts, strict=True)))


def edit_windows(length: int) -> list[tuple[int, int]]:
    """How many first and last characters each key of a value of `one_edit` holds; what lies between may differ.

    Let v have n characters, and u be one edit away. If the edit is at place i of the longer one (of a swap, the first of the
    two places), both begin with the same i characters, and end with the same n' - 2 - i, where n' is the length of the longer
    one, or n' - 1 - i unless it is a swap. The windows b₀ = 0 < b₁ < … = n part the places from 0 to n - 1, and the key of
    window j has the first bⱼ and the last max(n - 1 - bⱼ₊₁, 0) characters.

    - u as long as v, or one shorter: n' = n and i lies in some window j, so that i ≥ bⱼ and n - 2 - i ≥ n - 1 - bⱼ₊₁: both
      have the key.
    - u one longer: it is no swap, n' = n + 1, and the two share the first i and the last n - i characters, i from 0 to n. With
      i in window j (n in the last one), n - i ≥ n - bⱼ₊₁: both have the key.

    So whatever length the filed value has, a value that looks up the windows of its own length, one less and one more finds it.

    Parameters
    ----------
    length
        Characters of the filed value.

    Examples
    --------
    >>> edit_windows(12)
    [(0, 8), (3, 5), (6, 2), (9, 0)]
    """
    cuts = [length * number // WINDOWS for number in range(WINDOWS + 1)]
    return list(dict.fromkeys((low, max(length - 1 - high, 0)) for low, high in pairwise(cuts)))


def _edit_keys(rule: BlockingRule, read: KeyReader, looking_up: bool) -> tuple[Rows, Hashes]:
    """Rows and keys of the values of one field that may be misspelled."""
    column = read.column(rule.keys[0].fields[0], rule)
    shortest, seed = int(rule.option("shortest")), rule_seed(rule)
    length = numpy_array(pc.utf8_length(column.vocabulary))
    used = np.zeros(len(length) + 1, bool)
    used[column.codes] = True
    owners, hashes = [np.zeros(0, np.int64)], [np.zeros(0, np.uint64)]
    for n in distinct(length[used[:-1]]).tolist():
        if shortest <= n <= LONGEST:
            mine = np.flatnonzero(used[:-1] & (length == n))
            values = column.vocabulary.take(arrow_array(mine))
            for filed in (n - 1, n, n + 1) if looking_up else (n,):
                for text in _window_texts(values, n, filed) if shortest <= filed <= LONGEST else ():
                    owners.append(mine)
                    hashes.append(mix(seed ^ hash_strings(text)))
    owner, found = np.concatenate(owners), np.concatenate(hashes)
    order = np.argsort(owner, kind="stable")
    per_value = np.bincount(owner, minlength=len(length))
    start = np.cumsum(per_value) - per_value
    rows, codes = column.present()
    times = per_value.take(codes)
    within = np.arange(int(times.sum())) - np.repeat(np.cumsum(times) - times, times)
    return np.repeat(rows, times), found.take(order.take(np.repeat(start.take(codes), times) + within))


def _window_texts(values: pa.LargeStringArray, length: int, filed: int) -> list[pa.LargeStringArray]:
    """What is hashed of values of one length, for each window of filed values of a length."""
    texts, line = [], text_scalar("\n")
    for number, (first, last) in enumerate(edit_windows(filed)):
        head = pc.utf8_slice_codeunits(values, 0, first)
        tail = pc.utf8_slice_codeunits(values, length - last, length)
        texts.append(pc.binary_join_element_wise(text_scalar(str(filed)), text_scalar(str(number)), head, tail, line))
    return texts


@dataclass(frozen=True)
class Outgrown:
    """A rule whose blocks have grown past the cap since its crowded keys were frozen.

    Parameters
    ----------
    rule
        Its name.
    cap
        The largest block that was allowed at the fit, in records.
    largest
        The largest block now.
    blocks
        How many blocks are above the cap now.
    """

    rule: str
    cap: int
    largest: int
    blocks: int

    def __str__(self) -> str:
        return f"{self.rule}: {self.blocks:,} blocks above {self.cap:,} records, the largest has {self.largest:,}"


def outgrown(
    rules: Sequence[BlockingRule], of_rule: npt.NDArray[np.integer], records: Int64s, *, max_block: int = MAX_BLOCK
) -> list[Outgrown]:
    """List the rules that have outgrown their frozen plan, so that a new fit would be worth its while.

    Parameters
    ----------
    rules
        The rules.
    of_rule, records
        Per live index key, the position of its rule and how many records are filed under it.
    max_block
        The cap of the fit.

    Returns
    -------
    list of Outgrown
        In the order of the rules; `one_edit` and `all_pairs` have no cap.

    Examples
    --------
    >>> from omniid.blocking import block_on
    >>> [str(one) for one in outgrown([block_on("city")], np.array([0, 0]), np.array([7, 500]))]
    ['city: 1 blocks above 120 records, the largest has 500']
    """
    found = []
    for number, rule in enumerate(rules):
        cap = min(rule.max_block or max_block, max_block)
        sizes = records[of_rule == number]
        above = int((sizes > cap).sum())
        if above and rule.strategy not in ("one_edit", "all_pairs"):
            found.append(Outgrown(rule.name, cap, int(sizes.max()), above))
    return found
