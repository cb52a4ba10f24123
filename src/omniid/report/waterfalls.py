"""What speaks for and against each shown pair, line by line, as a waterfall needs it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pyarrow.compute as pc

from omniid.answers import EvidenceLine, PairEvidence, key_text
from omniid.comparison import compare_rows
from omniid.explanation.pairs import pair_evidence
from omniid.report.masking import Mask
from omniid.report.numbers import bits, chance, percent
from omniid.results import Parts
from omniid.tables import Rows
from omniid.tables.arrays import arrow_array, distinct

__all__ = ["PairGroup", "explain_groups", "narrowed"]


class PairGroup(NamedTuple):
    """Pairs of one cluster or of one list, by rows; what they are called, and the element of the page that they belong to."""

    name: str
    place: str
    pairs: tuple[tuple[int, int], ...]


def explain_groups(parts: Parts, groups: Sequence[PairGroup], mask: Mask) -> dict[str, Any]:
    """Explain every pair of the groups, each once.

    Returns
    -------
    dict
        ``link_at`` in bits; ``groups``: name, id of its place on the page, positions of its pairs; ``pairs``: both keys,
        weight, verdict, notes, fields with nothing to compare, and lines of field, left, right, level, m, u, bits, rarity,
        total.
    """
    pairs = list(dict.fromkeys(pair for group in groups for pair in group.pairs))
    at = {pair: place for place, pair in enumerate(pairs)}
    near = narrowed(parts, pairs)
    explained = [_explained(near, pair, levels, mask) for pair, levels in zip(pairs, _levels(parts, pairs), strict=True)]
    return {
        "link_at": parts.model.link_at,
        "groups": [
            {"name": one.name, "id": one.place, "pairs": [at[pair] for pair in one.pairs]} for one in groups if one.pairs
        ],
        "pairs": explained,
    }


def narrowed(parts: Parts, pairs: Sequence[tuple[int, int]]) -> Parts:
    """The same result with scored pairs and rejects of the given pairs only, so that looking one up searches no others."""
    rows = distinct(np.array(pairs, np.int32).reshape(-1))
    shown = np.zeros(len(parts.records), bool)
    shown[rows] = True
    kept = np.flatnonzero(shown[parts.scores.left] & shown[parts.scores.right])
    ids = parts.records.record_id.take(arrow_array(rows))
    rejects = parts.records.rejects
    rejects = rejects.filter(pc.is_in(rejects["record_id"], value_set=ids))
    records = replace(parts.records, rejects=rejects)
    alone = None if parts.alone is None else parts.alone[kept]
    return replace(parts, records=records, scores=parts.scores.take(kept), alone=alone)


def _levels(parts: Parts, pairs: Sequence[tuple[int, int]]) -> Any:
    """The agreement levels of all pairs at once."""
    rows: Rows = np.array(pairs, np.int32).reshape(-1, 2)
    return compare_rows(parts.evidence, rows[:, 0], rows[:, 1], parts.plan.comparisons)


def _explained(parts: Parts, pair: tuple[int, int], levels: Any, mask: Mask) -> dict[str, Any]:
    found = pair_evidence(parts, *pair, levels=levels[None])
    together = bool(parts.clustering.labels[pair[0]] == parts.clustering.labels[pair[1]])
    scope = f"pair {pair}"
    lines = [
        [
            line.field,
            mask.value(scope, line.field, line.left),
            mask.value(scope, line.field, line.right),
            "any two records" if line.field == "prior" else line.level,
            chance(line.m),
            chance(line.u),
            round(line.bits, 3),
            round(line.frequency, 3),
            round(line.total, 3),
        ]
        for line in found.lines
        if line.level != "missing" and not _is_quiet(line)
    ]
    return {
        "left": key_text(found.left),
        "right": key_text(found.right),
        "weight": round(found.match_weight, 3),
        "verdict": _verdict(found, together),
        "notes": [note for note in map(mask.remark, found.notes) if note],
        "lines": lines,
        "silent": sorted({line.field for line in found.lines if line.level == "missing"}),
    }


def _is_quiet(line: EvidenceLine) -> bool:
    """Whether relatives explain nothing: the total reads the same with and without them."""
    return line.field == "relatives" and bits(line.total) == bits(line.total - line.bits)


def _verdict(found: PairEvidence, together: bool) -> str:
    """The answer in a sentence or two."""
    place = "In one cluster" if together else "In two clusters"
    worth = f"{bits(found.match_weight)} bits, a match probability of {percent(found.match_probability)}"
    cut = f"; linked from {bits(found.link_at)} bits on" if found.link_at is not None else ""
    said = f"{place}. The evidence comes to {worth}{cut}."
    if found.strong:
        said += f" Links on its own: {found.strong}."
    if found.decision:
        said += f" Decided by a person: {found.decision}."
    return said
