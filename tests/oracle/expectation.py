"""Expectation the slow, obvious way: links one by one, ways by walking, pairs by listing them."""

from itertools import combinations


def strongest_links(n, links, strength):
    """Positions of the links of the strongest forest, taken one by one."""
    name = list(range(n))
    taken = set()
    for at in sorted(range(len(links)), key=lambda at: (-strength[at], *links[at])):
        one, other = (name[row] for row in links[at])
        if one != other:
            taken.add(at)
            name = [one if row == other else row for row in name]
    return taken


def way(n, links, taken, start, goal):
    """Positions of the links between two rows, None where no way leads there."""
    seen, ahead = {start}, [(start, [])]
    while ahead:
        row, so_far = ahead.pop()
        if row == goal:
            return so_far
        for at in taken:
            if row in links[at]:
                nxt = links[at][0] if links[at][1] == row else links[at][1]
                if nxt not in seen:
                    seen.add(nxt)
                    ahead.append((nxt, [*so_far, at]))
    return None


def right_pairs(n, links, strength, probability):
    """Expected right pairs: the product of the probabilities on the way between two rows, over all pairs."""
    taken, total = strongest_links(n, links, strength), 0.0
    for one, other in combinations(range(n), 2):
        steps = way(n, links, taken, one, other)
        if steps is not None:
            chance = 1.0
            for at in steps:
                chance *= probability[at]
            total += chance
    return total


def triads(n, links, seen):
    """Pairs with a common neighbor, and those of them that are seen."""
    near = [{b if a == row else a for a, b in links if row in (a, b)} for row in range(n)]
    tied = {tuple(sorted(pair)) for around in near for pair in combinations(sorted(around), 2)}
    return len(tied), len(tied & {tuple(pair) for pair in seen})
