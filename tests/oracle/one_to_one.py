"""Sources without duplicates the slow, obvious way: loops over pairs."""

from collections import defaultdict
from math import log2, sqrt


def find_free_sources(pairs, source, sources):
    """`pairs` are (left, right, bits); sure ones count."""
    sizes = [source.count(one) for one in range(sources)]
    found = []
    for one in range(sources):
        sure = [(source[left], source[right]) for left, right, bits in pairs if bits >= log2(9)]
        inside = sum(ends == (one, one) for ends in sure)
        across = sum((one in ends) and ends != (one, one) for ends in sure)
        others = sum(sizes) - sizes[one]
        expected = across * max(sizes[one] - 1, 0) / (2 * others) if others else 0
        found.append((sqrt(inside + 1) + 0.73) ** 2 < expected / 10)
    return found


def weigh_one_to_one(pairs, source, free, share):
    """(left, right) → bits beside the rivals, for the pairs between different sources without duplicates."""
    odds = {(left, right): 2**bits for left, right, bits in pairs}
    odds = {pair: one for pair, one in odds.items() if is_between(pair, source, free)}
    rivals = defaultdict(float)
    for pair in odds:
        for other, theirs in odds.items():
            same = {source[row] for row in pair} == {source[row] for row in other}
            if other != pair and same and set(pair) & set(other):
                rivals[pair] += theirs
    return {pair: log2(one / (1 - share + rivals[pair])) for pair, one in odds.items()}


def is_between(pair, source, free):
    one, other = (source[row] for row in pair)
    return one != other and free[one] and free[other]
