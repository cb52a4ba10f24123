"""What rules cost and find, against counting all pairs; the greedy choice against trying everything."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid.blocking import block, block_on, prefix
from omniid.blocking.codes import KeyReader, Wide
from omniid.blocking.yields import Offer, _shared_codes, contact_pairs, most_found, offers
from omniid.errors import SpecError
from omniid.tables import RecordTable
from oracle.blocks import agrees, listed

RULES = [
    block_on("last_name"),
    block_on("first_name", "last_name"),
    block_on(prefix("email", 2)),
    block_on("email", prefix("last_name", 1)),
]


def cells(words):
    one = st.one_of(st.none(), st.sampled_from(words))
    return st.one_of(one, one, st.lists(st.sampled_from(words), max_size=3))


rows_of_anything = st.lists(
    st.fixed_dictionaries(
        {
            "first_name": cells(["anna", "ana", "jon"]),
            "last_name": cells(["smith", "smyth", "kovacs"]),
            "email": cells(["a@b.c", "b@b.c", "c@b.c"]),
        }
    ),
    min_size=2,
    max_size=14,
)


@given(rows_of_anything, st.sampled_from(RULES), st.sampled_from([8, 16]))
def test_offers_count_as_blocks_do(rows, rule, max_block):
    table = RecordTable.of([{"record_id": f"{number:03}", **row} for number, row in enumerate(rows)])
    read = KeyReader(table)
    sample = contact_pairs(["email"], read, max_block)
    pairs = list(zip(sample.left.tolist(), sample.right.tolist(), strict=True))
    sharing = [pair for pair in combinations(range(len(rows)), 2) if agrees(block_on("email"), *(rows[row] for row in pair))]
    assert set(pairs) <= set(sharing)
    if len(rows) <= max_block:  # every value's records are then neighbours of each other
        assert bool(pairs) == bool(sharing)
    for offer in offers(rule, read, max_block, sample):
        capped = block_on(*rule.keys, oversized="leave", max_block=offer.cap)
        made = {triple[:2] for triple in listed(block(table, [capped], max_block=max_block))}
        assert len(made) <= offer.pairs
        reads_the_contact = any("email" in key.fields for key in rule.keys)
        found = np.unpackbits(offer.found)[: len(pairs)].astype(bool).tolist()
        assert [pair in made and not reads_the_contact for pair in pairs] == found


def offer(name, pairs, found, cap=120):
    return Offer(block_on(name), cap, pairs, 0, np.packbits(np.isin(np.arange(16), list(found))))


def test_the_rule_that_adds_most_per_pair_comes_first_and_nothing_is_paid_twice():
    names = offer("names", 10, {0, 1, 2, 3})
    dear = offer("dear", 1000, {0, 1, 2, 3, 4})
    useless = offer("useless", 1, {0})
    small, whole = offer("city", 5, {5, 6}, cap=15), offer("city", 100, {5, 6, 7, 8})
    everything = [names, dear, small, whole]
    assert most_found([*everything, offer("alike", 11, {1, 2})], 10**6) == [names, whole, dear]
    assert most_found(everything, 20) == [names, small]
    assert most_found(everything, 9) == [small]
    assert most_found([names, useless], 100) == [useless, names]  # cheapest per pair found, though names finds that pair too
    assert most_found(everything, 0) == most_found([], 5) == []


@pytest.mark.parametrize("cap", [1, 0, 2.5, True])
def test_a_cap_is_a_whole_number_of_at_least_two(cap):
    with pytest.raises(SpecError, match="max_block must be a whole number of at least 2"):
        block_on("city", max_block=cap)


@given(st.sets(st.tuples(st.integers(0, 5), st.integers(0, 3))), st.booleans())
def test_shared_codes_are_those_that_both_records_have(entries: set[tuple[int, int]], one_each: bool) -> None:
    listed = sorted(dict(sorted(entries)).items()) if one_each else sorted(entries)
    rows, codes = np.array(listed, np.int64).reshape(-1, 2).T
    left, right = np.divmod(np.arange(36, dtype=np.int32), 6)
    pair, code = _shared_codes(Wide(codes, rows.astype(np.int32), 4), left, right)
    expected = [(at, one) for at in range(36) for row, one in listed if row == left[at] and (int(right[at]), one) in listed]
    assert sorted(zip(pair.tolist(), code.tolist(), strict=True)) == sorted(expected)
