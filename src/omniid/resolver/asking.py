"""What a caller asks by: identifiers by the name of their field, read as a record's cells are."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, NamedTuple

from omniid.compilation import Plan, regions_of, separators_for
from omniid.crowding import frozen_keys
from omniid.errors import InputError
from omniid.fields import IdentifierField, kind_of, roles
from omniid.frames.naming import did_you_mean
from omniid.meeting import is_evidence, meeting_columns
from omniid.normalization import normalize_hash
from omniid.pipeline import declared_rules
from omniid.resolver.deriving import evidence_of, made_ready
from omniid.resolver.keyed_values import value_key
from omniid.resolver.learned import Learned
from omniid.single_record import Forms, KeyMaker, RecordReader, normal_of, table_of
from omniid.single_record.cells import entries_of_cells
from omniid.spec import Spec
from omniid.stages import Stages
from omniid.survivorship.naming import profile_columns
from omniid.survivorship_plans import SurvivorshipPlan, plan_of_view
from omniid.views import View

__all__ = ["Asked", "Asking", "Named"]

SHA256 = 64  # hexadecimal digits


class Named(NamedTuple):
    """A value that may name somebody by itself.

    Parameters
    ----------
    field
        The name that it was asked by.
    shown
        Its normal form, or its hash.
    column
        The column of the evidence that holds its like.
    key
        Its key in the store.
    is_device
        Whether it names a device.
    is_hash
        Whether only the hash of the value is known.
    """

    field: str
    shown: str
    column: str
    key: int
    is_device: bool = False
    is_hash: bool = False


class Asked(NamedTuple):
    """What was asked.

    Parameters
    ----------
    named
        Identifiers that may name somebody by themselves.
    forms
        All that was asked as one record.
    beside
        Whether there is more than such identifiers: it has to be weighed.
    notes
        What could not be used, and why.
    """

    named: tuple[Named, ...]
    forms: Forms
    beside: bool
    notes: tuple[str, ...]


class Asking:
    """What a store resolves by, ready to be asked.

    Parameters
    ----------
    learned
        The declaration and the model.
    """

    def __init__(self, learned: Learned) -> None:
        spec = learned.spec
        self.learned = learned
        self.made: dict[int, tuple[int, str]] = {}  # entity → since when its profile is what it is, and the profile
        self._reader = RecordReader(spec, learned.model)
        self._separators = separators_for(spec)
        self._named = _naming_columns(spec)
        self._fields = {name: name for field in spec.fields for name in roles(field).values()}
        hashed = {f"{name}_hash": name for name, (_, _, meets) in self._named.items() if meets in ("email", "phone")}
        self._hashes = {name: of for name, of in hashed.items() if name not in self._fields}
        of_region: dict[str | None, str] = {
            None: "",
            **{region: source for source, region in sorted(regions_of(spec).items(), reverse=True)},
        }
        self._sources = tuple(of_region.values())
        self._phones = {name for field in spec.fields if field.normalizer == "phone" for name in roles(field).values()}

    @cached_property
    def profile_names(self) -> dict[str, bool]:
        """The columns of profiles, in order, and whether they hold lists."""
        plan = self.plan.survivorship
        fields = tuple(dict.fromkeys([*self._reader.columns.display, *self.learned.columns.display]))
        named = profile_columns({name: plan.chain_of(name) for name in fields})
        head = {"entity_id": False, "entity_kind": False, "records": False, "sources": True}
        return {**head, **{one: many for name in fields for one, many in zip(named[name], (False, True), strict=True) if one}}

    @cached_property
    def plan(self) -> Plan:
        """What the declaration compiles to, for records of which all columns may be filled."""
        learned = self.learned
        nobody = table_of([], [], learned.columns, sources=learned.sources)
        return made_ready(evidence_of(nobody, learned.spec, learned.model, None, Stages()), learned.spec, learned.model).plan

    def survivorship(self, view: View | None = None) -> SurvivorshipPlan:
        """What profiles are made by, or those of a view."""
        return self.plan.survivorship if view is None else plan_of_view(self.learned.spec, view, self.learned.nobody)

    @cached_property
    def comparisons(self) -> tuple[str, ...]:
        """The names of the comparisons."""
        return tuple(trait.name for trait in self.plan.traits)

    @cached_property
    def counted(self) -> frozenset[str]:
        """The columns whose people are counted."""
        return frozenset(self.learned.value_rules.at_most)

    @cached_property
    def keys(self) -> KeyMaker:
        """Says under which keys a record looks for others."""
        spec, model = self.learned.spec, self.learned.model
        return KeyMaker(declared_rules(spec, model) or (), frozen_keys(spec, model))

    @property
    def names(self) -> list[str]:
        """The names of all that can be asked by."""
        return sorted({*self._fields, *self._hashes})

    def read(self, identifiers: Mapping[str, Any]) -> Asked:
        """Read what a caller sent.

        Parameters
        ----------
        identifiers
            Field → text, number, date, or a list of those; None says nothing.

        Raises
        ------
        InputError
            If a name is none of the spec's fields, or nothing is asked.
        """
        for name in identifiers:
            if name not in self._fields and name not in self._hashes:
                near = did_you_mean(name, self.names)
                raise InputError(f"lookup knows no identifier {name!r}{near or '.'} There are {', '.join(self.names)}")
        if not identifiers:
            raise InputError(f"lookup needs an identifier, such as email=…; there are {', '.join(self.names)}")
        entries = entries_of_cells(identifiers, self._fields, self._separators)
        hashes = entries_of_cells(identifiers, self._hashes, {})
        forms = self._forms(entries)
        named, notes = self._named_values(forms, hashes)
        beside = any(
            normal_of(entry) is not None for name, found in forms.fields.items() if name not in self._named for entry in found
        )
        return Asked(tuple(named), forms, beside, tuple(notes))

    def _forms(self, entries: Mapping[str, list[str]]) -> Forms:
        """Read as each region would read it, where phone numbers are asked by."""
        forms = self._reader.read_entries("", entries)
        if self._phones.isdisjoint(entries):
            return forms
        fields = dict(forms.fields)
        for source in self._sources[1:]:
            more = self._reader.read_entries(source, {name: entries[name] for name in self._phones & entries.keys()})
            for name, found in more.fields.items():
                fields[name] = [*fields.get(name, []), *(one for one in found if one not in fields.get(name, []))]
        read = {name for name in self._phones & fields.keys() if any(normal_of(one) is not None for one in fields[name])}
        return forms._replace(fields=fields, rejects=[one for one in forms.rejects if one[0] not in read])

    def _named_values(self, forms: Forms, hashes: Mapping[str, list[str]]) -> tuple[list[Named], list[str]]:
        """The values that name somebody, and what could not be used."""
        found: dict[int, Named] = {}
        given = {name: list(texts) for name, texts in hashes.items()}
        notes = []
        for name, value, reason in forms.rejects:
            if name in self._named and self._named[name][2] in ("email", "phone") and _hash(value):
                given.setdefault(str(name), []).append(str(value))
            else:
                notes.append(f"{name} {value}: {reason}")
        for name, entries in forms.fields.items():
            if name in self._named:
                column, is_device, _ = self._named[name]
                for entry in entries:
                    if (normal := normal_of(entry)) is not None:
                        one = Named(
                            name,
                            normal,
                            column,
                            value_key(column, normal),
                            is_device,
                            len(normal) == SHA256 and _hash(normal) == normal,
                        )
                        found[one.key] = one
        for name, values in given.items():
            column, is_device, _ = self._named[self._hashes.get(name, name)]
            for text in values:
                if (digits := _hash(text)) is None:
                    notes.append(f"{name} {text}: no SHA-256, which has {SHA256} hexadecimal digits")
                else:
                    one = Named(name, digits, column, value_key(column, digits), is_device, is_hash=True)
                    found[one.key] = one
        return list(found.values()), notes


def _hash(text: object) -> str | None:
    digits = normalize_hash(str(text)).value
    return digits if digits is not None and len(digits) == SHA256 else None


def _naming_columns(spec: Spec) -> dict[str, tuple[str, bool, str | None]]:
    """Column → (column of the evidence, whether it is a device, the kind that it meets), of what may name by itself."""
    meets = meeting_columns(spec.fields, spec.purpose)
    out: dict[str, tuple[str, bool, str | None]] = {}
    for field in (one for one in spec.fields if is_evidence(one, spec.purpose)):
        kind = kind_of(field)
        if isinstance(field, IdentifierField) and kind is not None and (kind.links or kind.behavior == "device"):
            out[field.column] = (meets.get(field.column, field.column), kind.behavior == "device", kind.meets)
    return out
