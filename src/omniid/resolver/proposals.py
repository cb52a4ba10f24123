"""A change of what a store resolves by: decisions, another declaration, another model; made in a trial first, or at once."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from omniid.frames import plain_table
from omniid.linking import library_versions
from omniid.resolver.decided import decided_rows, keep_decisions
from omniid.resolver.filing import holders_of
from omniid.resolver.keyed_values import value_keys
from omniid.resolver.learned import Learned, LearnedModels, declared_spec, let_rule
from omniid.resolver.looking import parts_of_all
from omniid.resolver.rebuilding import rederive
from omniid.resolver.settings import last_number, number_of, set_number, set_text
from omniid.resolver.updating import derive_around, update
from omniid.results import Parts
from omniid.spec import Spec
from omniid.stages import Stages
from omniid.store import Snapshot, Transaction
from omniid.tables import Decision, Model
from omniid.tables.arrays import text_array

__all__ = ["Proposal", "adopt_model", "derive_all", "holders_of_values", "make_changes"]


@dataclass(frozen=True, eq=False)
class Proposal:
    """What is to be changed.

    Parameters
    ----------
    decisions
        Decisions beside those so far.
    spec, model
        In place of those in force; None: they stay.
    values
        Field → value → class, where these are all that `spec` changes: only who holds one of the values is touched.
    """

    decisions: tuple[Decision, ...] = ()
    spec: Spec | None = None
    model: Model | None = None
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def cause(self) -> str:
        """The cause for the change feed."""
        if self.spec is not None:
            return "rule"
        return "decision" if self.model is None else "model"


def make_changes(store: Transaction, models: LearnedModels, proposal: Proposal, stages: Stages) -> tuple[Decision, ...]:
    """Carry a proposal out, derive what it touches, and return its decisions as they are kept.

    Parameters
    ----------
    store
        A transaction, or a trial.
    models
        Reads the model in force; of a trial it must be its own, as a number may get another model later.
    proposal
        What to change.
    stages
        Runs the stages.

    Raises
    ------
    InputError
        If an UNDO finds nothing to withdraw, or a time is no time.
    SpecError
        If the declaration does not fit the records.
    """
    transaction = number_of(store, "transaction") + 1
    kept = keep_decisions(store, proposal.decisions, last_number(store, "changes", "cursor"))
    profiles = _profiles_before(store, models.read(store), proposal.spec)
    if proposal.spec is not None or proposal.model is not None:
        _put_model(store, models, proposal)
    set_number(store, "transaction", transaction)
    learned = models.read(store)
    if learned is None:
        return kept
    rows = set(decided_rows(store, kept).values())
    if proposal.cause == "decision":
        if rows:
            pinned = set(decided_rows(store, (one for one in kept if one.field)).values())  # their profiles change
            derive_around(store, learned, rows, pinned, transaction, "decision", stages)
    elif proposal.values:
        holders = holders_of_values(store, proposal.values)
        update(store, learned, holders, transaction=transaction, cause="rule", decided=rows, stages=stages, speak=False)
    else:
        derive_all(store, learned, transaction, proposal.cause, stages, profiles)
    return kept


def _profiles_before(store: Snapshot, learned: Learned | None, spec: Spec | None) -> pa.Table | None:
    """The profiles as they are, where another declaration may change more than who is who; else None."""
    if learned is None or spec is None:
        return None
    same = {name: getattr(learned.spec, name) for name in ("limits", "link_at", "review_at", "precision", "value_classes")}
    parts = None if spec.replace(**same) == learned.spec else parts_of_all(store, learned)
    return None if parts is None else plain_table(parts.golden.entities)


def derive_all(
    store: Transaction,
    learned: Learned,
    transaction: int,
    cause: str,
    stages: Stages,
    profiles: pa.Table | None = None,
    found: Parts | None = None,
) -> None:
    """Derive everything anew, and note by which versions of the libraries that shape normal forms.

    Parameters
    ----------
    store
        The store.
    learned
        The declaration and the model in force from now on.
    transaction, cause
        For the change feed.
    stages
        Runs the stages.
    profiles
        The profiles before, where other ones are to be told; None: they change only with their members.
    found
        What the stages made of these records under this declaration and model, where that is known.
    """
    rederive(store, learned, transaction=transaction, cause=cause, stages=stages, profiles=profiles, known=found)
    set_text(store, "versions", json.dumps(library_versions(), sort_keys=True))


def adopt_model(
    store: Transaction,
    models: LearnedModels,
    spec: Spec,
    model: Model,
    cause: str,
    stages: Stages,
    found: Parts | None = None,
) -> None:
    """Resolve by another spec and model from now on; `found` is what they made of the records, where that is known."""
    _put_model(store, models, Proposal(spec=spec, model=model))
    learned = models.read(store)
    if learned is not None:
        transaction = number_of(store, "transaction") + 1
        set_number(store, "transaction", transaction)
        derive_all(store, learned, transaction, cause, stages, found=found)


def _put_model(store: Transaction, models: LearnedModels, proposal: Proposal) -> None:
    """Keep a new pair of spec and model, and let it be in force."""
    learned = models.read(store)
    model = proposal.model if proposal.model is not None or learned is None else learned.model
    spec = proposal.spec or declared_spec(store)
    if model is None:
        raise ValueError("a store gets its first model before anything else changes")
    number, cursor = last_number(store, "models", "number") + 1, last_number(store, "changes", "cursor")
    store.put("models", [(number, model.to_text(), json.dumps(spec.to_dict()), cursor)])
    let_rule(store, number)


def holders_of_values(store: Snapshot, values: Mapping[str, Mapping[str, str]]) -> set[int]:
    """The rows of records that hold one of some values, given in their normal form."""
    keys = [key for name, told in values.items() for key in value_keys(name, text_array(sorted(told))).tolist()]
    return {row for rows in holders_of(store, sorted(keys)).values() for row in rows}
