"""How links, decisions and unions of profiles lead from one record of an entity to another."""

import heapq

from omniid.explanation.lookup import decided_inside, links_inside
from omniid.explanation.profile_words import links_within, unions_inside
from omniid.results import Parts

__all__ = ["strongest_path"]

DECIDED = 1 << 62  # a decision outweighs every link


def strongest_path(parts: Parts, start: int, goal: int) -> list[int]:
    """Rows on the path whose weakest link is the strongest; of equals the shortest, then the one through the smallest rows.

    A tier counts more than any weight, as in clustering. Empty where no link leads there: a device alone ties an anonymous
    record to its person.

    Parameters
    ----------
    parts
        The result.
    start, goal
        Two rows of one entity.
    """
    entity, scores = int(parts.entity[start]), parts.scores
    near: dict[int, dict[int, int]] = {}
    at = links_within(parts, links_inside(parts, entity))
    columns = (scores.left[at], scores.right[at], scores.weight[at] + (scores.tier[at].astype("int64") << 48))
    ends = list(zip(*(column.tolist() for column in columns), strict=True))
    ends += [(*one.near, one.weight) for one in unions_inside(parts, entity)]
    ends += [(left, right, DECIDED) for left, right in decided_inside(parts, entity).tolist()]
    for left, right, strength in ends:
        for one, other in ((left, right), (right, left)):
            near.setdefault(one, {})[other] = max(strength, near.get(one, {}).get(other, strength))
    heap: list[tuple[int, int, list[int]]] = [(-(DECIDED + 1), 1, [start])]
    seen = set[int]()
    while heap:
        weakest, _, path = heapq.heappop(heap)
        here = path[-1]
        if here == goal:
            return path
        if here in seen:
            continue
        seen.add(here)
        for there, strength in near.get(here, {}).items():
            if there not in seen:
                heapq.heappush(heap, (max(weakest, -strength), len(path) + 1, [*path, there]))
    return []
