"""Evaluation the slow, obvious way: every pair of records is made, every definition is read off the text."""

import math
from itertools import combinations


def groups(entity_of):
    found = {}
    for record, entity in entity_of.items():
        found.setdefault(entity, set()).add(record)
    return {entity: frozenset(records) for entity, records in found.items()}


def pairs(entity_of):
    return {frozenset(pair) for records in groups(entity_of).values() for pair in combinations(sorted(records), 2)}


def pairwise(predicted, true):
    mine = pairs(predicted)
    return len(mine & pairs(true)) / len(mine) if mine else math.nan


def b_cubed(predicted, true):
    mine, theirs = groups(predicted), groups(true)
    shares = [len(mine[predicted[x]] & theirs[true[x]]) / len(mine[predicted[x]]) for x in predicted]
    return sum(shares) / len(shares)


def cluster(predicted, true):
    mine = set(groups(predicted).values())
    return len(mine & set(groups(true).values())) / len(mine)


def mixtures(predicted, true):
    """Predicted cluster → its true entities, where there are several."""
    parts = {entity: {true[record] for record in records} for entity, records in groups(predicted).items()}
    return {entity: found for entity, found in parts.items() if len(found) > 1}
