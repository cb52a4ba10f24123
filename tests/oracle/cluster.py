"""Clustering the slow, obvious way: plain sets and loops, every rule read off the text, no cleverness.

Sets of rows are frozensets; everything is recomputed from scratch after every union.
"""

from itertools import combinations, product
from typing import NamedTuple


class Link(NamedTuple):
    left: int
    right: int
    weight: int
    tier: int = 0


class AtMost(NamedTuple):
    name: str
    n: int
    values: dict[int, set[int]]  # row → codes

    def of(self, rows):
        return {code for row in rows for code in self.values.get(row, ())}


class Found(NamedTuple):
    clusters: set[frozenset[int]]
    refusals: list[tuple]  # (left, right, weight, limit, left codes, right codes, ambiguous)
    conflicts: list[tuple]  # (left, right, path)
    overridden: list[int]


def cluster(n, links, link_at, limits=(), must=(), cannot=()):
    links = [link for link in links if link.weight >= link_at]
    sets, _, conflicts = contract(n, must, cannot)
    overridden = sorted({min(rows) for rows in sets for limit in limits if len(limit.of(rows)) > limit.n})
    start = set(sets)
    while allowed := [
        pair for pair in combinations(sets, 2) if links_between(*pair, links) and not barrier(*pair, limits, cannot)
    ]:
        here, there = min(allowed, key=lambda pair: order(*pair, links))
        sets = (sets - {here, there}) | {here | there}
    home = {row: rows for rows in sets for row in rows}
    refusals = [
        refusal(link, home, start, links, limits, cannot) for link in sorted(links) if home[link.left] != home[link.right]
    ]
    return Found(sets, refusals, conflicts, overridden)


def contract(n, must, cannot):
    sets = {frozenset([row]) for row in range(n)}
    followed, conflicts = [], []
    for left, right in must:
        here = next(rows for rows in sets if left in rows)
        there = next(rows for rows in sets if right in rows)
        if here == there:
            continue
        broken = list(cannot_between(here, there, cannot))
        if broken:
            first, last = min(broken, key=sorted)
            conflicts.append((left, right, path(first, last, [*followed, (left, right)])))
        else:
            followed.append((left, right))
            sets = (sets - {here, there}) | {here | there}
    return sets, followed, conflicts


def cannot_between(here, there, cannot):
    """CANNOT_LINKs between two sets, written from `here` to `there`."""
    for left, right in cannot:
        if left in here and right in there:
            yield left, right
        if right in here and left in there:
            yield right, left


def path(start, stop, edges):
    """The one way from start to stop along edges that form a tree."""
    ways = [(start,)]
    while ways:
        way = ways.pop()
        if way[-1] == stop:
            return way
        steps = [*edges, *((right, left) for left, right in edges)]
        ways += [(*way, right) for left, right in steps if left == way[-1] and right not in way]
    raise AssertionError("no path")


def links_between(here, there, links):
    pairs = set(product(here, there)) | set(product(there, here))
    return [link for link in links if (link.left, link.right) in pairs]


def order(here, there, links):
    best = max((link.tier, link.weight) for link in links_between(here, there, links))
    return (-best[0], -best[1], *sorted([min(here), min(there)]))


def barrier(here, there, limits, cannot):
    """The name of what forbids the union of two sets, "" if nothing does."""
    if any(cannot_between(here, there, cannot)):
        return "CANNOT_LINK"
    for limit in limits:
        together = limit.of(here | there)
        over = [side for side in (here, there) if len(limit.of(side)) > limit.n]
        takes_no_new_value = over and all(limit.of(side) == together for side in over)
        if len(together) > limit.n and not takes_no_new_value:
            return limit.name
    return ""


def refusal(link, home, start, links, limits, cannot):
    here, there = home[link.left], home[link.right]
    name = barrier(here, there, limits, cannot)
    codes = next(((tuple(sorted(x.of(here))), tuple(sorted(x.of(there)))) for x in limits if x.name == name), ((), ()))
    left, right = part(link.left, link, home, start, links), part(link.right, link, home, start, links)
    equal = [x for x in links if (x.tier, x.weight) == (link.tier, link.weight)]
    competes = any(links_between(side, home[min(side)] - side, equal) for side in (left, right))
    ambiguous = competes and not barrier(left, right, limits, cannot)
    return (link.left, link.right, link.weight, name, *codes, ambiguous)


def part(row, link, home, start, links):
    """The rows that MUST_LINKs and links better than `link`, inside one cluster, tie to `row`."""
    better = [x for x in links if (x.tier, x.weight) > (link.tier, link.weight) and home[x.left] == home[x.right]]
    rows = next(rows for rows in start if row in rows)
    while grown := [other for other in start if not other <= rows and links_between(rows, other, better)]:
        rows = rows.union(*grown)
    return rows
