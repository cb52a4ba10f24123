"""What a store resolves by: the declaration, the frozen model, and the sources that it has seen."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from omniid.compilation import Plan, compile_plan, evidence_kinds
from omniid.crowding import frozen_numbers
from omniid.fields import IdentifierField
from omniid.meeting import families
from omniid.resolver.light_reader import LightReader
from omniid.resolver.people import ValueRules
from omniid.resolver.settings import number_of, set_number, set_text, text_of, texts_of
from omniid.single_record import LEAST, Briefs, EvidenceReader, FormColumns, PairScorer, table_of
from omniid.single_record.profiles import ProfileScorer
from omniid.spec import Spec
from omniid.store import Snapshot, Transaction
from omniid.tables import Model, RecordTable

__all__ = ["Learned", "LearnedModels", "declared_spec", "known_sources", "let_rule", "live_spec"]


@dataclass(frozen=True, eq=False)
class Learned:
    """What a store resolves by.

    Parameters
    ----------
    spec, model
        The declaration, and the frozen numbers.
    sources
        All sources that the store has seen.
    number
        The model's number in the store.
    mark
        Tells it from another model that had the number in a transaction that was undone.
    """

    spec: Spec
    model: Model
    sources: tuple[str, ...] = ()
    number: int = 0
    mark: str = ""

    @cached_property
    def columns(self) -> FormColumns:
        """The columns that tables of stored records have, whichever of them are filled."""
        named = tuple(dict.fromkeys(column for field in self.spec.fields for column in field.columns()))
        compared = tuple(dict.fromkeys([*named, *self.model.columns]))
        return FormColumns(compared, compared, compared)

    @cached_property
    def evidence_reader(self) -> EvidenceReader:
        """Says what of a record is evidence."""
        return EvidenceReader(self.spec)

    @cached_property
    def nobody(self) -> RecordTable:
        """No records, with all columns."""
        return table_of([], [], self.columns, sources=self.sources)

    @cached_property
    def light_reader(self) -> LightReader:
        """Reads one record."""
        return LightReader(self.spec, self.model, self.value_rules, self.nobody)

    @cached_property
    def scorer(self) -> PairScorer:
        """Scores one pair of records."""
        return PairScorer(self.spec, self.model)

    @cached_property
    def tied_from(self) -> int:
        """The weight from which a scored pair can decide who is who: that of a link, unless profiles of clusters are compared.

        The profile pass compares two clusters where any scored pair joins them.
        """
        return LEAST if self.scorer.plan.profile_pass else self.scorer.link_at

    @cached_property
    def plan(self) -> Plan:
        """What the spec compiles to under the model, for no records at all."""
        kinds = evidence_kinds(self.spec, self.nobody, self.model)
        numbers = frozen_numbers(self.spec, self.model)
        return compile_plan(self.spec, self.nobody, kinds, (), None, self.model.repeats, None, numbers)

    @cached_property
    def briefs(self) -> Briefs:
        """Writes and reads records in brief."""
        return Briefs(self.scorer.lineup, [*self.light_reader.columns, *self.scorer.weighing.fields])

    @cached_property
    def profile_scorer(self) -> ProfileScorer:
        """Weighs groups of records as two wholes."""
        return ProfileScorer(self.scorer)

    @cached_property
    def is_light(self) -> bool:
        """Whether small neighborhoods may be resolved in plain Python: nothing limits a cluster, and no field holds hashes."""
        limited = bool(self.scorer.plan.limits or self.model.duplicate_free)
        return not limited and not self.hash_families

    @cached_property
    def hash_families(self) -> tuple[Sequence[IdentifierField], ...]:
        """Fields that meet and of which some hold hashes, in groups, the meeting column first."""
        found = families(self.spec.fields, self.spec.purpose)
        return tuple(members for members in found if any(member.normalizer == "hash" for member in members))

    @cached_property
    def value_rules(self) -> ValueRules:
        """What makes a value personal, household, weak or shared."""
        return ValueRules.of(self.spec, self.model, self.nobody)


class LearnedModels:
    """The spec and model of a store, read again only when another model is in force."""

    def __init__(self) -> None:
        self._held: Learned | None = None

    def read(self, store: Snapshot) -> Learned | None:
        """What the store resolves by, None before the first fit."""
        told, mark, seen = texts_of(store, ["model", "model_mark", "sources"])
        if told is None:
            return None
        held, sources, number, mark = self._held, _names(seen), int(told), mark or ""
        if held is None or (held.number, held.mark) != (number, mark):
            ((_, model, spec, _),) = store.rows("models", "number", [number])
            read = Spec.from_dict(json.loads(str(spec))), Model.from_text(str(model), place="the store's model")
            held = self._held = Learned(*read, sources, number, mark)
        elif held.sources != sources:
            held = self._held = Learned(held.spec, held.model, sources, number, mark)
        return held


def let_rule(store: Transaction, number: int) -> None:
    """Let a stored model be in force, as it is stored now."""
    ((_, model, spec, _),) = store.rows("models", "number", [number])
    set_number(store, "model", number)
    set_text(store, "model_mark", hashlib.blake2b(f"{model}{spec}".encode(), digest_size=8).hexdigest())


def known_sources(store: Snapshot) -> tuple[str, ...]:
    """All sources that the store has seen, sorted."""
    return _names(text_of(store, "sources"))


def _names(text: str | None) -> tuple[str, ...]:
    return tuple(json.loads(text or "[]"))


def declared_spec(store: Snapshot) -> Spec:
    """The spec in force, else the one that the store was made with."""
    if text_of(store, "model") is None:
        return Spec.from_dict(json.loads(text_of(store, "spec") or "{}"))
    ((_, _, spec, _),) = store.rows("models", "number", [number_of(store, "model")])
    return Spec.from_dict(json.loads(str(spec)))


def live_spec(spec: Spec) -> Spec:
    """The spec as a store resolves by it."""
    return spec.replace(incremental=True)
