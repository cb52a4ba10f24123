"""One record read in plain Python: its normal forms, the values that it holds, who it says it is, and its keys."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from omniid.compilation import compile_plan, evidence_kinds
from omniid.crowding import frozen_keys, frozen_numbers
from omniid.device_plans import device_kinds, naming_columns
from omniid.evidence import formal_name, login_columns, signature_columns, thresholds_for, value_kinds
from omniid.meeting import meeting_columns
from omniid.phonetics import soundex
from omniid.pipeline import declared_rules
from omniid.resolver.filing import Filed
from omniid.resolver.incoming import part_key
from omniid.resolver.keyed_values import value_key
from omniid.resolver.people import SIGNATURE, UNKNOWN, Signature, ValueRules
from omniid.sharing import VALUE_CLASSES
from omniid.single_record import EditPairs, Evidence, EvidenceReader, Forms, KeyMaker, ReadyRecord, RecordReader, normal_of
from omniid.single_record.hashes import hash_text, signed
from omniid.spec import Spec
from omniid.tables import Model, RecordTable

__all__ = ["LightReader", "Seen"]

MEMO = 1 << 16
WHOLE_DAY = len("1971-06-24")


class Seen(NamedTuple):
    """A record read: its keys, and those under which it looks for others (True where sharing one makes a pair for certain)."""

    filed: Filed
    sought: dict[int, bool]


class LightReader:
    """A spec and a model, ready to read records one by one.

    Parameters
    ----------
    spec, model
        The declaration, and the frozen numbers.
    rules
        What makes a value personal, household, weak or shared.
    table
        No records, with all columns.
    """

    def __init__(self, spec: Spec, model: Model, rules: ValueRules, table: RecordTable) -> None:
        kinds = evidence_kinds(spec, table, model)
        blocking = declared_rules(spec, model) or ()
        crowded = frozen_keys(spec, model)
        plan = compile_plan(spec, table, kinds, (), blocking, model.repeats, crowded, frozen_numbers(spec, model))
        self.columns = plan.columns
        self._exact = [rule.strategy != "one_edit" for rule in blocking]
        self._edits = EditPairs(blocking, crowded)
        self._keys = KeyMaker(blocking, crowded, plan.columns)
        self._evidence = EvidenceReader(spec)
        self._records = RecordReader(spec, model)
        self._counted = tuple(rules.at_most)
        self._devices = tuple(device_kinds(spec))
        self._naming = naming_columns(spec, kinds)
        elsewhere = meeting_columns(spec.fields, spec.purpose)
        counted = {column: both for column, both in value_kinds(spec, table).items() if column not in elsewhere}
        self._signature = signature_columns(counted)
        self._logins = login_columns(counted)
        self._formal = thresholds_for(spec, model).names or {}
        self._sound = lru_cache(MEMO)(self._sounds_like)

    def read(self, key: str, content: str) -> Forms:
        """The normal forms of a record, as the store keeps what was sent."""
        return self._records.read(part_key(key)[0], json.loads(content))

    def identity(self, forms: Forms) -> Filed:
        """The values that a record holds, and who it says it is."""
        met = self._evidence.met(forms)
        values = [(number, value_key(name, value)) for number, name in enumerate(self._counted) for value in met.get(name, ())]
        parts = [self._says(forms, part) for part in SIGNATURE]
        logins = tuple(value_key(name, value) for name in self._logins for value in met.get(name, ()))
        return Filed(values=tuple(sorted(set(values))), who=Signature((parts[0], parts[1], parts[2]), logins))

    def evidence(self, forms: Forms, filed: Filed, classes: Mapping[int, int]) -> Evidence:
        """What of a record is evidence.

        Parameters
        ----------
        forms
            The record's normal forms.
        filed
            The keys of its values.
        classes
            Key of a value → its class, for values that are not one person's own.
        """
        if not any(key in classes for _, key in filed.values):
            return self._evidence.read(forms)

        def class_of(field: str, value: str) -> str:
            return VALUE_CLASSES[classes.get(value_key(field, value), 0) if field in self._counted else 0]

        return self._evidence.read(forms, class_of)

    def see(self, identity: Filed, evidence: Evidence) -> Seen:
        """All keys of a record."""
        keys, copy = self._keys.keys_of(evidence), self._keys.content_key(evidence)
        sought: dict[int, bool] = {} if copy is None else {copy: True}
        for key, rule in keys.sought:
            sought[key] = sought.get(key, False) or self._exact[rule]
        filed = {key for key, _ in keys.filed}
        if copy is not None:
            filed.add(copy)
        values = evidence.values
        devices = {value_key(name, value) for name in self._devices for value in values.get(name, ())}
        silent = bool(self._naming) and not any(name in values for name in self._naming)
        found = identity._replace(keys=tuple(sorted(filed)), devices=tuple(sorted(devices)), silent=silent)
        return Seen(found, sought)

    def are_candidates(self, one: ReadyRecord, two: ReadyRecord) -> bool:
        """Whether records that share a key which does not make them a pair for certain are one all the same."""
        return self._edits.hold(one.values, two.values)

    def _says(self, forms: Forms, part: str) -> int:
        """The hash of one part of a signature, `UNKNOWN` where the record does not say it."""
        entries = forms.fields.get(self._signature.get(part, ""), ())
        first = next((text for entry in entries if (text := normal_of(entry)) is not None), None)
        return UNKNOWN if first is None else self._sound(part, first)

    def _sounds_like(self, part: str, text: str) -> int:
        if part == "birth_date":
            return signed(hash_text(text)) | 1 if len(text) == WHOLE_DAY else UNKNOWN
        if len(text) == 1:  # an initial says nothing
            return UNKNOWN
        name = self._formal.get(text) or formal_name(text) if part == "first_name" else text
        return signed(hash_text(soundex(name) or name)) | 1
