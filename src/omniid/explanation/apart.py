"""What stands between two records: a decision, a limit, a conflict, too little evidence, or that nobody compared them."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from omniid.answers import PairEvidence, bits_text, key_text
from omniid.blocking import plan_blocks, rule_from_dict
from omniid.clustering import BETA
from omniid.comparison import compare_rows
from omniid.crowding import frozen_keys
from omniid.explanation.conflicts import conflicts_heard
from omniid.explanation.device_words import share_device, why_placed
from omniid.explanation.lookup import decision_text, pair_position, standing_decision
from omniid.explanation.pairs import weight_tables
from omniid.matching import score_rows
from omniid.results import Parts, refusals_table
from omniid.tables import BITS, Levels, Model, Refusal, Rows
from omniid.weak_evidence import agrees_alone

__all__ = ["why_apart"]

Flags = npt.NDArray[np.bool_]

SHOWN = 30  # records of each cluster that are looked at for the fields that conflict most
FIELDS = 3  # fields that are named


def why_apart(parts: Parts, a: int, b: int, own: PairEvidence) -> str:
    """Say why two rows of different clusters are not linked.

    Parameters
    ----------
    parts
        The result.
    a, b
        The rows.
    own
        The evidence on them.
    """
    left, right = min(a, b), max(a, b)
    decided = standing_decision(parts, left, right)
    if decided is not None and decided[0] == "CANNOT_LINK":
        return f"Not linked: {decision_text(decided[1])} keeps them apart."
    if decided is not None and (path := _contradicted(parts, left, right)):
        return (
            f"Not linked: {decision_text(decided[1])} would make them one person, but was not followed, as decisions tie "
            f"{path}, and a CANNOT_LINK parts the first from the last."
        )
    anonymous = [told for row in (left, right) if (told := why_placed(parts, row))]
    if anonymous and share_device(parts, left, right):
        return f"Not linked: {' '.join(anonymous)}"
    labels = parts.clustering.labels
    both = {int(labels[a]), int(labels[b])}
    between = [one for one in parts.clustering.refusals if {int(labels[one.left]), int(labels[one.right])} == both]
    if between:
        best = min(between, key=lambda one: ((one.left, one.right) != (left, right), -one.weight, one.left, one.right))
        return _why_refused(parts, best)
    weight, cut = own.match_weight, f"the threshold {bits_text(parts.model.link_at)} bits"
    if weight >= parts.model.link_at and (alone := _weak_alone(parts, left, right)):
        return f"Not linked: only {alone} agrees, a weak identifier, which is never enough alone; they are up for review."
    if pair_position(parts, left, right) >= 0 and weight >= parts.model.review_at:
        return f"Not linked: their match weight {bits_text(weight)} is below {cut}; they are up for review."
    met = _meet(parts, left, right)
    if met or weight < parts.model.review_at:
        never = "" if met else "; no blocking rule brought them together either"
        return f"Not linked: their match weight {bits_text(weight)} is far below {cut}{never}."
    rules = "; ".join(str(rule_from_dict(rule)) for rule in parts.model.rules)
    return f"Not linked: no blocking rule brought them together ({rules}). Comparing them gives {bits_text(weight)} bits."


def _contradicted(parts: Parts, left: int, right: int) -> str:
    """The records that show why the MUST_LINK of a pair was not followed; "" where it was, or where there is none."""
    for one in parts.clustering.conflicts:
        if {one.left, one.right} == {left, right}:
            return " – ".join(key_text(key) for key in parts.records.keys(np.array(one.path, np.int32)))
    return ""


def _weak_alone(parts: Parts, left: int, right: int) -> str | None:
    """The weak identifier that speaks for a pair alone, None if there is none or something else agrees, too."""
    levels = compare_rows(parts.evidence, np.array([left], np.int32), np.array([right], np.int32), parts.plan.comparisons)
    if not agrees_alone(levels, parts.plan.traits, parts.plan.weak)[0]:
        return None
    return parts.plan.comparisons[int(np.argmax(levels[0]))].name


def _meet(parts: Parts, left: int, right: int) -> bool:
    """Whether some blocking rule holds for a pair; blocks too large to be looked at apart."""
    rules = [rule_from_dict(rule) for rule in parts.model.rules]
    crowded = frozen_keys(parts.spec, parts.model)
    return bool(rules) and plan_blocks(parts.evidence.take(np.array([left, right], np.int32)), rules, crowded=crowded).pairs > 0


def _why_refused(parts: Parts, refusal: Refusal) -> str:
    """The link that came nearest, and what forbade it, with the values on both sides."""
    row = refusals_table(parts, (refusal,)).to_pylist()[0]
    ends = " ~ ".join(key_text(key) for key in parts.records.keys(np.array([refusal.left, refusal.right], np.int32)))
    unclear = " Evidence of equal value competes, so it is up for review." if refusal.ambiguous else ""
    if refusal.limit == "conflict":
        return _why_conflict(parts, refusal, ends) + unclear
    if refusal.limit == "CANNOT_LINK":
        although = f"{ends} is a link" if _is_link(parts, refusal) else "their profiles agree"
        return f"Not linked: {_parting_decision(parts, refusal)} keeps their clusters apart, although {although}.{unclear}"
    values = f": {row['left_value']} on the one side, {row['right_value']} on the other" if row["left_value"] else ""
    if _is_link(parts, refusal):
        return f"Not linked: {refusal.limit} stands between their clusters{values}. The link refused is {ends}.{unclear}"
    said = f"Their profiles agree otherwise ({bits_text(refusal.weight / BITS)} bits, nearest {ends})."
    return f"Not linked: {refusal.limit} stands between their clusters{values}. {said}"


def _is_link(parts: Parts, refusal: Refusal) -> bool:
    """Whether a refusal is that of a link; else it is that of a union of profiles."""
    at = pair_position(parts, refusal.left, refusal.right)
    return at < 0 or int(parts.scores.weight[at]) >= parts.link_at  # links that clustering found stand nowhere else


def _why_conflict(parts: Parts, refusal: Refusal, ends: str) -> str:
    """The merge value that was too low, and the fields that made it so."""
    bits, mean, cut = refusal.weight / BITS, refusal.conflict / BITS, parts.model.link_at
    beta = BETA[0] / BETA[1]
    value = f"{bits_text(bits)} + {beta:g} × {mean:.1f} = {bits_text(bits + beta * mean)} bits"
    value += f", below the threshold {bits_text(cut)}"
    said = "Not linked: their clusters conflict too much to be one person."
    return f"{said} The best link ({ends}) and {beta:g} times the mean conflict of a pair: {value}. {_against(parts, refusal)}"


def _against(parts: Parts, refusal: Refusal) -> str:
    """The fields that speak most against a union, with an example of the values on both sides."""
    one, other = (_members(parts, row)[:SHOWN] for row in (refusal.left, refusal.right))
    left, right = (side.reshape(-1) for side in np.meshgrid(one, other, indexing="ij"))
    comparisons = parts.plan.comparisons
    levels = compare_rows(parts.evidence, left, right, comparisons)
    linked, strong = _links_among(parts, left, right, levels)
    excused = _excused(parts, levels, linked, strong)
    told = []
    for number, comparison in enumerate(comparisons):
        if number in excused:
            continue
        bits = np.where(linked, 0.0, _negative_bits(parts.model, number)[levels[:, number]])
        worst = int(np.argmin(bits))
        if bits[worst] < 0:
            values = [_first_value(parts, comparison.fields, int(side[worst])) for side in (left, right)]
            told.append((float(bits.mean()), f"{comparison.name} ({' / '.join(values)}: {bits_text(bits.mean())} bits a pair)"))
    return "Most against it: " + ", ".join(text for _, text in sorted(told)[:FIELDS]) + "." if told else ""


def _links_among(parts: Parts, left: Rows, right: Rows, levels: Levels) -> tuple[Flags, Flags]:
    """Which pairs are links, found by a rule or only looked at by clustering, and which of them are strong."""
    low, high = np.minimum(left, right), np.maximum(left, right)
    weight = score_rows(weight_tables(parts), low, high, levels, parts.plan.traits, link_at=parts.link_at)
    strong = np.zeros(len(left), bool)
    place = {ends: at for at, ends in enumerate(zip(low.tolist(), high.tolist(), strict=True))}
    scores = parts.scores
    for at in np.flatnonzero(np.isin(scores.left, low) & np.isin(scores.right, high)).tolist():
        if (pair := place.get((int(scores.left[at]), int(scores.right[at])))) is not None:
            weight[pair], strong[pair] = scores.weight[at], scores.tier[at] > 0
    linked = weight >= parts.link_at
    return linked, linked & strong


def _excused(parts: Parts, levels: Levels, linked: Flags, strong: Flags) -> set[int]:
    """The comparisons of which a person may have several values and that don't count between the two clusters."""
    against = conflicts_heard(parts, levels, linked, strong)
    if against[:, 0].any():
        return set()
    several = [number for number, trait in enumerate(parts.plan.traits) if trait.name in parts.plan.several]
    return {number for place, number in enumerate(several, 1) if (against[:, place] & 1).any()}


def _negative_bits(model: Model, number: int) -> npt.NDArray[np.float64]:
    """What each level of a comparison takes from a union, in bits; the last entry is for missing."""
    part = model.comparisons[number]
    weights = np.log2(np.array(part.m)) - np.log2(np.array(part.u))
    return np.append(np.minimum(weights, 0.0), 0.0)


def _members(parts: Parts, row: int) -> Rows:
    return np.flatnonzero(parts.clustering.labels == parts.clustering.labels[row]).astype(np.int32)


def _first_value(parts: Parts, fields: Sequence[str], row: int) -> str:
    values = [value for field in fields for value in parts.evidence.columns[field].entries_of(row) if value is not None]
    return values[0] if values else ""


def _parting_decision(parts: Parts, refusal: Refusal) -> str:
    """The CANNOT_LINK between the clusters of a refused link."""
    labels = parts.clustering.labels
    both = {int(labels[refusal.left]), int(labels[refusal.right])}
    for left, right in parts.plan.cannot.tolist():
        if {int(labels[left]), int(labels[right])} == both and (told := standing_decision(parts, left, right)):
            keys = parts.records.keys(np.array([left, right], np.int32))
            return f"{decision_text(told[1])} on {' and '.join(key_text(key) for key in keys)}"
    return "a decision"
