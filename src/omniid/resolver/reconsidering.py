"""What if: the difference of a change on a live store, seen before it is made; learning anew is such a change."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from omniid.decisions import read_decisions
from omniid.errors import InputError
from omniid.frames import to_native
from omniid.limit_rules import LimitRule
from omniid.resolver.assembling import all_records
from omniid.resolver.differences import StoreDifference, find_difference, state_of
from omniid.resolver.fitting import learn_model
from omniid.resolver.incoming import read_incoming
from omniid.resolver.learned import LearnedModels, declared_spec, live_spec
from omniid.resolver.proposals import Proposal, adopt_model, holders_of_values, make_changes
from omniid.resolver.reading import ReadsStore
from omniid.resolver.renaming import without_erased_keys
from omniid.resolver.settings import number_of
from omniid.resolver.trial import Trial
from omniid.sharing import checked_value_classes
from omniid.spec import Spec
from omniid.stages import Stages
from omniid.store import Snapshot
from omniid.tables import Decision, Model, Progress
from omniid.what_if import with_classes, with_threshold

__all__ = ["Reconsiders"]


class Reconsiders(ReadsStore):
    """How a `Resolver` changes what it resolves by."""

    def what_if(
        self,
        *,
        decisions: Decision | Iterable[Decision] | str | Path | None = None,
        limits: Sequence[LimitRule] | None = None,
        link_at: float | None = None,
        value_classes: Mapping[str, Mapping[str, str]] | None = None,
        spec: Spec | None = None,
        model: Model | None = None,
        progress: Progress | None = None,
    ) -> StoreDifference:
        """Return the difference that a change would make to the store; nothing is written.

        Of decisions and value classes only what they touch is derived again; of any other change everything is, in memory.

        Parameters
        ----------
        decisions
            What people decided, beside the decisions so far.
        limits
            What no entity may exceed, in place of the limits so far.
        link_at
            Another threshold in bits; at least the model's `review_at`.
        value_classes
            Field → value in its normal form → "shared" (evidence for nobody) or "personal", beside those so far.
        spec
            Another declaration, to which the others of these are then changes.
        model
            Another frozen model.
        progress
            Called with (stage, done, total); returning False cancels.

        Returns
        -------
        StoreDifference
            What would be created, merged and split, with the ids before and after; `print` it, and pass it to `apply`.

        Raises
        ------
        InputError
            If an UNDO finds nothing to withdraw, no record holds a value, or the threshold is too low.
        NotFittedError
            Before the first fit.
        SpecError
            If a declaration does not fit the records.

        Examples
        --------
        >>> import omniid
        >>> with omniid.open(":memory:", backend="rows") as resolver:
        ...     told = resolver.upsert([{"id": str(n), "email": "ann@x.com", "phone": f"+4850100000{n}"} for n in range(3)])
        ...     resolver.fit()
        ...     difference = resolver.what_if(limits=[omniid.at_most("phone", 2)])
        ...     cursor = resolver.apply(difference)
        ...     len({row["entity_id"] for row in resolver.crosswalk()})
        2
        """
        told = () if decisions is None else read_decisions(decisions)
        stages = Stages(progress)
        with self.store.reading() as store:
            learned = self._ready(store)
            told = without_erased_keys(store, told, self._secret)
            declared, numbers, values = _completed(spec, learned.spec), learned.model, dict[str, Mapping[str, str]]()
            if model is not None:
                numbers = model
            if limits is not None:
                declared = declared.replace(limits=tuple(limits))
            if link_at is not None:
                declared, numbers = with_threshold(declared, numbers, link_at)
            if value_classes:
                values = dict(checked_value_classes(value_classes))
                declared = with_classes(declared, values)
                _require_held(store, values)
            only_values = value_classes and declared == with_classes(learned.spec, values) and numbers == learned.model
            proposal = Proposal(
                told,
                None if declared == learned.spec else declared,
                None if numbers == learned.model else numbers,
                values if only_values else {},
            )
            return self._difference(store, proposal, stages)

    def apply(self, difference: StoreDifference | None) -> int:
        """Make the change that a difference shows, and return the cursor of the change feed after it.

        If the store has changed since, the difference is made again, and the change is made only if it is the same.

        Parameters
        ----------
        difference
            What `what_if` or `fit` returned; None, as the first `fit` returns, changes nothing.

        Raises
        ------
        InputError
            If it is another difference by now; nothing is written then.
        StoreBusyError
            If another writer held the store for too long.
        """
        with self.store.writing() as store:
            if difference is not None:
                now = difference
                if state_of(store) != difference.state:
                    now = self._difference(store, difference.proposal, Stages())
                    if not now.is_told_by(difference):
                        raise InputError(
                            "the store has changed since this difference was made, and the change would make another one now; "
                            "call what_if() or fit() again, and look at it"
                        )
                now.trial.carry_out(store)
            return state_of(store)[1]

    def fit(
        self, data: Any = None, *, spec: Spec | None = None, labels: Any = None, progress: Progress | None = None
    ) -> StoreDifference | None:
        """Learn a model. The first one is in force at once; of a later one the difference is returned, for `apply`.

        Parameters
        ----------
        data
            Records to learn from, as `upsert` takes them; they are not kept. None: those of the store.
        spec
            Another declaration, to learn the model for; None: that of the store.
        labels
            What people know of some pairs or records, see `read_labels`.
        progress
            Called with (stage, done, total); returning False cancels.

        Returns
        -------
        StoreDifference or None
            What the new model would change; None where it is the first one, and all records are resolved by it now.

        Raises
        ------
        InputError
            If there are no records to learn from, or labels name others.
        """
        stages = Stages(progress)
        given = None if data is None else [(one.key, one.content or "{}") for one in read_incoming(data, progress=progress)]
        with self.store.reading() as store:
            learned = self._models.read(store)
            if learned is not None:
                declared = _completed(spec, learned.spec)
                found = learn_model(given or _contents(store), declared, labels, stages)
                changes = (
                    None if found.spec == learned.spec else found.spec,
                    None if found.model == learned.model else found.model,
                )
                return self._difference(store, Proposal((), *changes), stages)
        with self.store.writing() as store:
            if self._models.read(store) is None:
                declared = declared_spec(store) if spec is None else live_spec(spec)
                found = learn_model(given or _contents(store), declared, labels, stages)
                known = found.parts if given is None and not store.count("decisions") else None
                adopt_model(store, self._models, found.spec, found.model, "model", stages, known)
                return None
        return self.fit(data, spec=spec, labels=labels, progress=progress)  # another process was quicker

    def models(self) -> Any:
        """Return the models so far: number, cursor of the feed when it was adopted, in_force, link_at, review_at.

        A change of the declaration counts, too, and stands with the model that it was made under.
        """
        with self.store.reading() as store:
            self._ready(store)
            rows, in_force = store.span("models", "number"), number_of(store, "model")
        read = [Model.from_text(str(text), place="the store's model") for _, text, *_ in rows]
        table = pa.table(
            {
                "number": pa.array([number for number, *_ in rows], pa.int64()),
                "cursor": pa.array([cursor for *_, cursor in rows], pa.int64()),
                "in_force": pa.array([number == in_force for number, *_ in rows], pa.bool_()),
                "link_at": pa.array([one.link_at for one in read], pa.float64()),
                "review_at": pa.array([one.review_at for one in read], pa.float64()),
            }
        )
        return to_native(table, self._backend)

    def _difference(self, store: Snapshot, proposal: Proposal, stages: Stages) -> StoreDifference:
        """Make a change in a trial, and tell what it did."""
        before, models, trial = self._ready(store), LearnedModels(), Trial(store)
        kept = make_changes(trial, models, proposal, stages)
        told = find_difference(store, trial, before, models.read(trial))
        return StoreDifference(told, kept, proposal, state_of(store), trial, self._backend)


def _completed(spec: Spec | None, now: Spec) -> Spec:
    """A declaration for a store: the one in force where none is given, its fields where it has none."""
    if spec is None:
        return now
    return live_spec(spec if spec.fields else spec.replace(fields=now.fields))


def _contents(store: Snapshot) -> list[tuple[str, str]]:
    """Key and content of all records that live."""
    return [(one.key, one.content) for one in all_records(store)]


def _require_held(store: Snapshot, values: Mapping[str, Mapping[str, str]]) -> None:
    """Refuse values that no record holds: they are misspelled, or not in their normal form."""
    for name, told in values.items():
        for value in told:
            if not holders_of_values(store, {name: {value: ""}}):
                raise InputError(f"value_classes names {value!r}, which no record holds in {name!r}; write the normal form")
