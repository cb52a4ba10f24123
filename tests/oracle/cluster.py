"""Clustering the slow, obvious way: plain sets and loops, every rule read off the text, no cleverness.

Sets of rows are frozensets; everything is recomputed from scratch after every union.
"""

from fractions import Fraction
from itertools import combinations, product
from typing import NamedTuple


class Link(NamedTuple):
    left: int
    right: int
    weight: int
    tier: int = 0
    place: int = 0  # by the priority of the identifiers that agree, 0 first


class AtMost(NamedTuple):
    name: str
    n: int
    values: dict[int, set[int]]  # row → codes
    times: dict[int, int] | None = None  # row → time; a row without one counts in every window
    window: int | None = None

    def of(self, rows):
        return {code for row in rows for code in self.values.get(row, ())}

    def exceeds(self, rows):
        if self.window is None:
            return len(self.of(rows)) > self.n
        begins = {self.times[row] for row in rows if row in self.times} or {0}
        windows = [{row for row in rows if begin <= self.times.get(row, begin) <= begin + self.window} for begin in begins]
        return any(len(self.of(inside)) > self.n for inside in windows)


class Apart(NamedTuple):
    name: str
    pairs: set[tuple[int, int]]  # codes that may not meet, the smaller first
    values: dict[int, set[int]]  # row → codes

    def of(self, rows):
        return {code for row in rows for code in self.values.get(row, ())}

    def exceeds(self, rows):
        return any(pair in self.pairs for pair in combinations(sorted(self.of(rows)), 2))


class Found(NamedTuple):
    clusters: set[frozenset[int]]
    refusals: list[tuple]  # (left, right, weight, limit, left codes, right codes, ambiguous, conflict)
    conflicts: list[tuple]  # (left, right, path)
    overridden: list[int]


class Evidence(NamedTuple):
    """What is known of every pair of rows, left < right: its weight and its conflict; and how to use it.

    A pair's conflict is, for each field, how much speaks against it and whether the pair shares a value; the first stands for
    all fields of which a person has one value.
    """

    pairs: dict[tuple[int, int], tuple[int, tuple[tuple[int, bool], ...]]]
    beta: Fraction = Fraction(3, 2)
    inner_max: int = 120
    sample: int = 6  # records that speak for a set of a large component
    part: int = 32  # sets in one part of a large component
    originals: list[int] | None = None
    last: int = 0  # place of the links that scoring finds


class Scene:
    """One component's evidence: its links, which may become more, and the conflicts."""

    def __init__(self, start, links, link_at, limits, cannot, evidence, stands_for, sample=None):
        self.start = start
        self.links, self.link_at, self.limits, self.cannot = list(links), link_at, limits, cannot
        self.evidence, self.stands_for, self.sample = evidence, stands_for, sample

    def speakers(self, rows):
        """The rows whose pairs are looked at: all, or in a large component the first few; a copy does not speak there."""
        return rows if self.sample is None else set(sorted({self.stands_for[row] for row in rows})[: self.sample])

    def pair(self, left, right):
        return tuple(sorted((self.stands_for[left], self.stands_for[right])))

    def known(self):
        return {self.pair(link.left, link.right) for link in self.links}

    def discover(self, sets):
        """Score the record pairs between sets: those at or above the threshold are links too."""
        for here, there in combinations(sets, 2):
            for pair in {self.pair(*ends) for ends in product(self.speakers(here), self.speakers(there))} - self.known():
                if self.evidence.pairs[pair][0] >= self.link_at:
                    self.links.append(Link(*pair, self.evidence.pairs[pair][0], 0, self.evidence.last))

    def mean(self, here, there, tied=((), ())):
        """The mean conflict over all pairs of two groups of rows; a link has none.

        A field in which they share a value doesn't count, if the first field says nothing. Values are shared by record pairs
        between the groups, and by links between `tied`.
        """
        if self.evidence is None:
            return Fraction(0)
        fields = range(len(next(iter(self.evidence.pairs.values()), (0, ((0, False),)))[1]))
        sums = [
            sum(self.conflict(here & one, there & other, field) for one, other in product(self.start, self.start))
            for field in fields
        ]
        pairs = [self.pair(*ends) for ends in product(here, there)]
        pairs += [self.pair(link.left, link.right) for link in links_between(*tied, self.links)]
        shared = [any(self.settles(pair, field) for pair in pairs if pair[0] != pair[1]) for field in fields]
        counts = [total for total, is_shared in zip(sums, shared, strict=True) if not (is_shared and sums[0] == 0)]
        return Fraction(sum(counts), len(here) * len(there))

    def settles(self, pair, field):
        """Whether a pair shares a value of a field, or is a strong link although it does not."""
        against, shared = self.evidence.pairs[pair][1][field]
        strong = {self.pair(link.left, link.right) for link in self.links if link.tier}
        return field > 0 and (shared or (against < 0 and pair in strong))

    def conflict(self, here, there, field):
        """All record pairs between two sets that decisions made one count as the one that agrees best."""
        values = []
        for left, right in product(here, there):
            weight, conflict = self.evidence.pairs[self.pair(left, right)]
            is_link = weight >= self.link_at or self.pair(left, right) in self.known()
            values.append(0 if is_link else conflict[field][0])
        return max(values, default=0) * len(here) * len(there)

    def value(self, weight, here, there, tied=((), ())):
        return weight + (self.evidence.beta * self.mean(here, there, tied) if self.evidence else 0)

    def allows(self, weight, here, there, tied=((), ())):
        if barrier(here, there, self.limits, self.cannot):
            return False
        return self.value(weight, self.speakers(here), self.speakers(there), tied) >= self.link_at

    def solve(self, sets):
        """Join the best two sets, again and again."""
        if self.evidence is not None:
            self.discover(sets)
        heard = {row for rows in sets for row in self.speakers(rows)}
        while True:
            choices = []
            for here, there in combinations(sets, 2):
                links = links_between(here, there, self.links)
                if links and not barrier(here, there, self.limits, self.cannot):
                    best = max(links, key=strength)
                    value = self.value(best.weight, here & heard, there & heard, (here, there))
                    if value >= self.link_at:
                        choices.append(((-best.tier, -value, best.place, *sorted([min(here), min(there)])), here, there))
            if not choices:
                return sets
            _, here, there = min(choices)
            sets = (sets - {here, there}) | {here | there}

    def best_link(self, here, there):
        return max(links_between(here, there, self.links), key=strength, default=None)

    def solve_in_rounds(self, sets):
        """Parts grow along the best links of sets that may be united; each is solved; again, until no two sets may be."""
        while True:
            linked = [(a, b) for a, b in combinations(sorted(sets, key=min), 2) if links_between(a, b, self.links)]
            for here, there in linked:
                self.discover({here, there})
            best = {(a, b): self.best_link(a, b) for a, b in linked}
            allowed = [pair for pair in linked if self.allows(best[pair].weight, *pair, pair)]
            if not allowed:
                return sets
            parts = {rows: {rows} for pair in allowed for rows in pair}
            for a, b in sorted(allowed, key=lambda pair: (*(-part for part in strength(best[pair])), *map(min, pair))):
                together = parts[a] | parts[b]
                if len(together) <= min(self.evidence.inner_max, self.evidence.part):
                    parts.update(dict.fromkeys(together, together))
            whole = {frozenset(part) for part in parts.values()}
            sets = sets.difference(*whole).union(
                *(self.solve(set(part)) for part in sorted(whole, key=lambda x: min(map(min, x))))
            )


def strength(link):
    """What makes a link better than another: its tier, then its weight, then its place."""
    return link.tier, link.weight, -link.place


def cluster(n, links, link_at, limits=(), must=(), cannot=(), evidence=None):
    links = [link for link in links if link.weight >= link_at]
    sets, _, conflicts = contract(n, must, cannot)
    overridden = sorted({min(rows) for rows in sets for limit in limits if limit.exceeds(rows)})
    sets, stands_for = with_copies(n, sets, links, [*must, *cannot], evidence)
    found, refusals = set(), []
    for component in components(sets, links):
        inside = [link for link in links if any(link.left in rows for rows in component)]
        records = {stands_for[row] for rows in component for row in rows}
        is_large = evidence is not None and len(records) > evidence.inner_max
        scene = Scene(component, inside, link_at, limits, cannot, evidence, stands_for, evidence.sample if is_large else None)
        solved = (scene.solve_in_rounds if is_large else scene.solve)(component)
        home = {row: rows for rows in solved for row in rows}
        refusals += [refusal(link, home, component, scene) for link in scene.links if home[link.left] != home[link.right]]
        found |= solved
    return Found(found, sorted(refusals), conflicts, overridden)


def with_copies(n, sets, links, decided, evidence):
    """Join each row and its original where the pair of both is a link and no decision names them."""
    stands_for = list(range(n))
    linked = {(link.left, link.right) for link in links}
    free = set(range(n)) - {row for pair in decided for row in pair}
    for row in free if evidence and evidence.originals else ():
        original = evidence.originals[row]
        if original in free and (original, row) in linked:
            stands_for[row] = original
    for row in free:
        here, there = (next(rows for rows in sets if end in rows) for end in (row, stands_for[row]))
        sets = (sets - {here, there}) | {here | there}
    return sets, stands_for


def components(sets, links):
    """Groups of sets that links connect."""
    left = set(sets)
    while left:
        group = {min(left, key=sorted)}
        while grown := {rows for rows in left - group if any(links_between(rows, other, links) for other in group)}:
            group |= grown
        left -= group
        yield group


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


def barrier(here, there, limits, cannot):
    """The name of what forbids the union of two sets, "" if nothing does."""
    if any(cannot_between(here, there, cannot)):
        return "CANNOT_LINK"
    for limit in limits:
        together = limit.of(here | there)
        over = [side for side in (here, there) if limit.exceeds(side)]
        takes_no_new_value = over and all(limit.of(side) == together for side in over)
        if limit.exceeds(here | there) and not takes_no_new_value:
            return limit.name
    return ""


def refusal(link, home, start, scene):
    here, there = home[link.left], home[link.right]
    name = barrier(here, there, scene.limits, scene.cannot)
    codes = next(((tuple(sorted(x.of(here))), tuple(sorted(x.of(there)))) for x in scene.limits if x.name == name), ((), ()))
    left, right = part(link.left, link, home, start, scene.links), part(link.right, link, home, start, scene.links)
    equal = [x for x in scene.links if (x.tier, x.weight) == (link.tier, link.weight)]
    competes = any(links_between(side, home[min(side)] - side, equal) for side in (left, right))
    ambiguous = competes and scene.allows(link.weight, left, right)
    mean = scene.mean(scene.speakers(here), scene.speakers(there), (here, there))
    return (link.left, link.right, link.weight, name or "conflict", *codes, ambiguous, mean.numerator // mean.denominator)


def part(row, link, home, start, links):
    """The rows that MUST_LINKs and links better than `link`, inside one cluster, tie to `row`."""
    better = [x for x in links if (x.tier, x.weight) > (link.tier, link.weight) and home[x.left] == home[x.right]]
    rows = next(rows for rows in start if row in rows)
    while grown := [other for other in start if not other <= rows and links_between(rows, other, better)]:
        rows = rows.union(*grown)
    return rows
