"""Sources without duplicates: declared or found, what follows for the pairs between them, and for clusters."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from omniid.compilation import Plan
from omniid.fields import Field
from omniid.limit_plans import compile_limits
from omniid.limit_rules import OnePerSource, one_per_source
from omniid.linking import ReadyRecords, SettledPairs
from omniid.matching import OneToOne, find_free_sources, weigh_one_to_one
from omniid.spec import Spec
from omniid.tables import BITS, Model, ScoredPairs, Weights
from omniid.weak_evidence import held_back

__all__ = ["Settled", "settle_again", "settle_sources"]

NO_FIELDS: tuple[Field, ...] = ()


class Settled(NamedTuple):
    """What is known of the sources, and what follows from it.

    Parameters
    ----------
    ready
        The records, with a limit for each source that was found to hold no duplicates.
    scores
        Scored pairs, weighed beside their rivals.
    model
        With the sources that were found and the shares with a partner, frozen from now on.
    alone
        The weights of the pairs before; None where nothing changed.
    """

    ready: ReadyRecords
    scores: ScoredPairs
    model: Model
    alone: Weights | None


def settle_sources(ready: ReadyRecords, scores: ScoredPairs, model: Model, spec: Spec) -> Settled:
    """Find the sources without duplicates, and let that count.

    A source that was found gets the limit `one_per_source`. Between two such sources, found or declared, a record has one
    partner at most, so that its candidates are rivals; see `weigh_one_to_one`. What was found and learned is kept in the
    model: a later run with this model takes it as it is, whatever its records say, and looks for nothing. A plan that has the
    limits already keeps them. In a run with ``incremental=True`` rivals do not count: a pair weighs what its two records say.

    Parameters
    ----------
    ready
        The records.
    scores
        Scored pairs, each weighed alone.
    model
        The model.
    spec
        Whether sources are looked for, and what is declared of them.
    """
    table, names = ready.table, ready.table.sources
    if model.duplicate_free is None:
        free = find_free_sources(scores, table.source, len(names)) if spec.find_duplicate_free else np.zeros(len(names), bool)
        model = model.replace(duplicate_free=tuple(name for name, is_free in zip(names, free, strict=True) if is_free))
    found = [name for name in names if name in (model.duplicate_free or ())]
    if ready.plan.incremental:  # what rivals a pair has is no business of its two records
        return Settled(_limited(ready, found, spec), scores, model, None)
    declared = {limit.source for limit in spec.limits if isinstance(limit, OnePerSource)}
    free = np.array([name in declared or name in found for name in names], bool)
    if not free.any():
        return Settled(ready, scores, model, None)
    shares = _numbered(model.partner_shares, names)
    rivals = weigh_one_to_one(scores, table.source, free, None if model.partner_shares is None else shares)
    if model.partner_shares is None:
        model = model.replace(partner_shares=_named(rivals.shares, names))
    settled = _settled(ready, scores, rivals, round(model.link_at * BITS))
    plan = _with_limits(ready, found, spec)
    ready = ready.settled(plan, SettledPairs.of(settled, rivals.at), np.isin(table.source, np.flatnonzero(free)))
    return Settled(ready, settled, model, scores.weight)


def _with_limits(ready: ReadyRecords, found: Sequence[str], spec: Spec) -> Plan:
    """The plan with a limit for each source that was found to hold no duplicates."""
    plan, declared = ready.plan, {limit.source for limit in spec.limits if isinstance(limit, OnePerSource)}
    new = [limit for limit in map(one_per_source, found) if limit.source not in declared and str(limit) not in plan.limited]
    limits = compile_limits(new, NO_FIELDS, ready.table, ())
    return replace(
        plan,
        limits=(*plan.limits, *(one.limit for one in limits)),
        limited={**plan.limited, **{one.limit.name: one.values for one in limits}},
    )


def _limited(ready: ReadyRecords, found: Sequence[str], spec: Spec) -> ReadyRecords:
    """The records under those limits, where no pair's weight depends on its rivals."""
    if not found:
        return ready
    numbers = [number for number, name in enumerate(ready.table.sources) if name in found]
    return ready.settled(_with_limits(ready, found, spec), None, np.isin(ready.table.source, numbers))


def settle_again(ready: ReadyRecords, scores: ScoredPairs, model: Model) -> tuple[ReadyRecords, ScoredPairs, Weights | None]:
    """Weigh pairs beside their rivals once more, after each was weighed alone under another threshold.

    Returns
    -------
    ready, scores, alone
        As in `Settled`.
    """
    if ready.pairs is None:
        return ready, scores, None
    names = ready.table.sources
    free = np.array([str(one_per_source(name)) in ready.plan.limited for name in names], bool)
    rivals = weigh_one_to_one(scores, ready.table.source, free, _numbered(model.partner_shares, names))
    settled = _settled(ready, scores, rivals, round(model.link_at * BITS))
    alone = np.isin(ready.table.source, np.flatnonzero(free))
    return ready.settled(ready.plan, SettledPairs.of(settled, rivals.at), alone), settled, scores.weight


def _settled(ready: ReadyRecords, scores: ScoredPairs, rivals: OneToOne, link_at: int) -> ScoredPairs:
    """The pairs with their new weights; what links on its own still does, and what a weak identifier says alone is no link."""
    weight, at = scores.weight.copy(), rivals.at
    moved = np.where(scores.tier[at] > 0, np.maximum(rivals.weight, link_at), rivals.weight)
    if ready.plan.weak:
        moved = held_back(moved, scores.levels[at], ready.plan.traits, ready.plan.weak, link_at)
    weight[at] = moved
    return replace(scores, weight=weight)


def _named(shares: Mapping[tuple[int, int], float], names: tuple[str, ...]) -> dict[str, dict[str, float]]:
    """Shares by the names of the sources."""
    out: dict[str, dict[str, float]] = {}
    for (one, other), share in shares.items():
        out.setdefault(names[one], {})[names[other]] = share
    return out


def _numbered(shares: Mapping[str, Mapping[str, float]] | None, names: tuple[str, ...]) -> dict[tuple[int, int], float]:
    """Shares by the positions of the sources that are there."""
    number = {name: at for at, name in enumerate(names)}
    known = ((one, other, share) for one, near in (shares or {}).items() for other, share in near.items())
    return {(number[one], number[other]): share for one, other, share in known if one in number and other in number}
