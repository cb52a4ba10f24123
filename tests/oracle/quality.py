"""Quality the slow, obvious way: every pair of records is looked at."""

from itertools import combinations


def mistakes(label, truth):
    """Cluster → wrong pairs, entity → missed pairs, over records that the truth knows."""
    wrong, missed = {}, {}
    for a, b in combinations([row for row in range(len(label)) if truth[row] >= 0], 2):
        if label[a] == label[b] and truth[a] != truth[b]:
            wrong[label[a]] = wrong.get(label[a], 0) + 1
        if label[a] != label[b] and truth[a] == truth[b]:
            missed[truth[a]] = missed.get(truth[a], 0) + 1
    return wrong, missed


def by_source(label, truth, source):
    """(smaller source, larger source) → pairs joined, true, right."""
    found = {}
    for a, b in combinations([row for row in range(len(label)) if truth[row] >= 0], 2):
        joined, true = label[a] == label[b], truth[a] == truth[b]
        if joined or true:
            counts = found.setdefault(tuple(sorted((source[a], source[b]))), [0, 0, 0])
            counts[0] += joined
            counts[1] += true
            counts[2] += joined and true
    return found


def reasons(label, truth, scored, refused):
    """Entity → missed pairs that were refused, below the threshold, and neither, by what stands between their clusters."""
    met = {frozenset((label[a], label[b])) for a, b in scored}
    barred = {frozenset((label[a], label[b])) for a, b in refused}
    found = {}
    for a, b in combinations([row for row in range(len(label)) if truth[row] >= 0], 2):
        if label[a] != label[b] and truth[a] == truth[b]:
            both = frozenset((label[a], label[b]))
            found.setdefault(truth[a], [0, 0, 0])[0 if both in barred else 1 if both in met else 2] += 1
    return found
