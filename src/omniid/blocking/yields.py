"""What a rule costs and what it is likely to find: pairs counted from blocks, records of one contact value as a sample."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.blocking.codes import KeyReader, Wide, join_keys, sorted_codes
from omniid.blocking.groups import Int64s, pair_count
from omniid.blocking.keys import field
from omniid.blocking.refine import shared_keys
from omniid.blocking.rules import BlockingRule
from omniid.tables import Rows
from omniid.tables.arrays import distinct, new_values

__all__ = ["Offer", "Sample", "contact_pairs", "most_found", "offers"]

SAMPLE = 20_000  # pairs; a rule that finds one in a hundred of them is then known to within a tenth of that
SHRUNK = (2, 4, 8)  # a half, a quarter and an eighth of the largest block: 60, 30 and 15 records
Flags = npt.NDArray[np.bool_]


class Sample(NamedTuple):
    """Pairs of records that share a contact value, and for each field which of them share one of its values."""

    left: Rows
    right: Rows
    shares: dict[str, Flags]


class Offer(NamedTuple):
    """A rule with blocks of at most `cap` records: its pairs, its larger blocks, and as bits which sample pairs it finds."""

    rule: BlockingRule
    cap: int
    pairs: int
    large: int
    found: npt.NDArray[np.uint8]


def contact_pairs(contacts: Sequence[str], read: KeyReader, max_block: int) -> Sample:
    """Sample pairs of records that share an e-mail address, a phone number or an identifier; nearly all of these match.

    Every record is paired with the next that has its value, so that a value of many records counts no more than it must.
    """
    n_rows, found = max(len(read.table), 1), [np.zeros(0, np.int64)]
    keys = {name: join_keys([read(field(name))], len(read.table)) for name in contacts}
    for key in keys.values():
        shared = shared_keys(key)
        block = np.repeat(np.where(shared.sizes <= max_block, np.arange(len(shared.sizes)), -1), shared.sizes)
        near = np.flatnonzero((block[1:] == block[:-1]) & (block[1:] >= 0))
        found.append(shared.rows.take(near).astype(np.int64) * n_rows + shared.rows.take(near + 1))
    pairs = distinct(np.concatenate(found))
    pairs = pairs[:: max(-(-len(pairs) // SAMPLE), 1)]
    left, right = (pairs // n_rows).astype(np.int32), (pairs % n_rows).astype(np.int32)
    shares = {}
    for name, key in keys.items():
        shares[name] = np.zeros(len(pairs), bool)
        shares[name][_shared_codes(key, left, right)[0]] = True
    return Sample(left, right, shares)


def offers(rule: BlockingRule, read: KeyReader, max_block: int, sample: Sample) -> list[Offer]:
    """Count a rule under the cap, and under smaller ones where these make a difference.

    A pair of the sample that shares the very contact value that the rule reads says nothing about the rule.
    """
    joined = join_keys([read(key) for key in rule.keys], len(read.table))
    ranked = sorted_codes(joined)
    starts = np.flatnonzero(new_values(ranked))
    sizes = np.diff(starts, append=np.int64(len(ranked)))
    pair, code = _shared_codes(joined, sample.left, sample.right)
    size = sizes.take(np.searchsorted(ranked.take(starts), code.astype(ranked.dtype)))
    foreign = np.ones(len(sample.left), bool)
    for key in rule.keys:
        for name in key.fields:
            foreign &= ~sample.shares.get(name, np.zeros(1, bool))
    made: list[Offer] = []
    for cap in (max_block, *(max_block // part for part in SHRUNK)):
        small = sizes <= cap
        pairs = pair_count(sizes[small])
        if cap > 1 and not (made and made[-1].pairs == pairs):
            found = np.zeros(len(sample.left), bool)
            found[pair[size <= cap]] = True
            made.append(Offer(rule, cap, pairs, int((~small).sum()), np.packbits(found & foreign)))
    return made


def _shared_codes(joined: Wide, left: Rows, right: Rows) -> tuple[Int64s, Int64s]:
    """(pair, code) of all codes that both rows of a pair have."""
    start, other = np.searchsorted(joined.rows, left), np.searchsorted(joined.rows, right)
    if not len(joined.rows) or (joined.rows[1:] > joined.rows[:-1]).all():  # one code a record at most, as nearly always
        ends = np.append(joined.rows, np.int32(-1))
        pair = np.flatnonzero((ends.take(start) == left) & (ends.take(other) == right))
        code = joined.codes.take(start.take(pair))
        same = code == joined.codes.take(other.take(pair))
        return pair[same], code[same]
    count = np.searchsorted(joined.rows, left, side="right") - start
    times = np.searchsorted(joined.rows, right, side="right") - other
    meetings = count * times
    pair = np.repeat(np.arange(len(left)), meetings)
    within = np.arange(len(pair)) - np.repeat(np.cumsum(meetings) - meetings, meetings)
    one, two = np.divmod(within, np.maximum(times, 1).take(pair))
    code = joined.codes.take(start.take(pair) + one)
    same = code == joined.codes.take(other.take(pair) + two)
    return pair[same], code[same]


def most_found(offered: Sequence[Offer], budget: int) -> list[Offer]:
    """Take, again and again, the offer that finds most further sample pairs per pair made, while the budget lasts.

    An offer replaces a smaller one of the same rule. What one rule finds is no merit of a second one, so rules that add
    nothing are never taken.

    References
    ----------
    Khuller, Moss and Naor, "The budgeted maximum coverage problem", Information Processing Letters 70, 1999.
    """
    if not offered:
        return []
    bits = np.stack([offer.found for offer in offered])
    cost = np.array([offer.pairs for offer in offered])
    covered, paid = np.zeros_like(bits[0]), np.zeros(len(offered), np.int64)
    rules = list(dict.fromkeys(offer.rule for offer in offered))
    rule = np.array([rules.index(offer.rule) for offer in offered])
    taken: dict[int, int] = {}
    while True:
        extra = cost - paid
        gain = np.bitwise_count(bits & ~covered).sum(axis=1, dtype=np.int64)
        useful = np.flatnonzero((gain > 0) & (extra > 0) & (extra <= budget))
        if not len(useful):
            return [offered[number] for number in taken.values()]
        best = int(useful[np.argmax(gain[useful] / extra[useful])])
        taken[int(rule[best])] = best
        budget -= int(extra[best])
        covered |= bits[best]
        paid[rule == rule[best]] = cost[best]
