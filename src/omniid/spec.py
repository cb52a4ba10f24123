"""The declaration: what the sources and fields are, how to block, compare, match, limit and survive.

A Spec is frozen plain data. Print it, edit it, save it, run it again: everything that `infer_spec` guesses can be declared
instead, and what is not declared is chosen from the data.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from dataclasses import fields as dataclass_fields
from pathlib import Path
from types import MappingProxyType
from typing import Any

from omniid.blocking import BlockingRule, check_local
from omniid.chain_texts import declared_chains, texts_of_chains
from omniid.comparison import Comparison
from omniid.declarations import Guess, Source, check_erased
from omniid.devices import UNASSIGNED, DevicePolicy, policy_from_plain
from omniid.errors import SpecError
from omniid.event_columns import Events
from omniid.fields import Field, kind_of, roles
from omniid.limit_rules import LimitRule, check_limits
from omniid.matching import FellegiSunter, LinkRule
from omniid.meeting import check_purpose
from omniid.plain import read_plain, text_table, write_plain
from omniid.priorities import check_priority
from omniid.sharing import checked_people_at_most, checked_value_classes
from omniid.spec_files import field_to_dict
from omniid.spec_parts import PARTS, plain_values, without_defaults
from omniid.statement_fields import check_statements
from omniid.stop_values import settle_stop_values
from omniid.survivorship import SurvivorshipRule
from omniid.views import View, checked_views

__all__ = ["Spec"]


@dataclass(frozen=True)
class Spec:
    """What to resolve and how; every part that is left out is chosen from the data.

    Parameters
    ----------
    sources
        Source name → what is known of it.
    fields
        What the columns hold.
    blocking
        Blocking rules; None: chosen from counts.
    comparisons
        Comparisons; None: each field's default.
    matcher
        The estimator that learns the weights.
    link_rules
        Agreements that link on their own, beside the weights; None: equal e-mail addresses, phones and identifiers, unless
        names or birth dates contradict. A value that several people use links nobody on its own.
    link_at, review_at
        Thresholds in bits; None: from the model's expected precision and recall.
    precision
        The least share of pairs of records in one cluster that should be one person, such as 0.98: `link_at` is raised until
        the model expects that; None: as it is.
    limits
        What no cluster may exceed.
    profile_pass
        Whether clusters are compared with clusters after clustering, which joins what no single pair of records could. It finds
        a little more and errs a little more often, and takes a fifth longer; see docs/concepts/cluster.md.
    find_duplicate_free
        Whether sources without duplicates are found from counts; those under a limit `one_per_source` are known anyway.
    people_at_most
        Kind → most people on one of its values that is still evidence, such as ``{"email": 10}``; `math.inf` for any number.
        Kinds left out: 6 people, 18 on a street address, any number on a kiosk.
    rows_above
        Most records on one value, none of which says whose it is, that still count as one person's; None: 50.
    value_classes
        Field → value (its normal form) → "personal" or "shared", for values that people know better than the counts.
    devices
        Who gets an anonymous record of a device that several people use: "unassigned", "last_authenticated",
        "first_authenticated" or ``time_window("30m", "2h")``.
    survivorship
        Field → chain of rules, as rule objects or as text; "*" stands for all other fields. Fields between commas, such as
        ``"street, city"``, are a group that one record gives.
    views
        Name → `View`: other columns and chains of the same profiles, for one consumer.
    priority
        Kinds of identifiers that come first, in this order, where evidence ties and in explanations; the others follow in the
        default order.
    stop_values
        Kind → values that name nobody, beside those that ship with the package; see `omniid.stop_values`.
    incremental
        Whether each pair's evidence depends on its two records, the model and the classes of their values only, as in a store,
        so that a part of the records gives the same pairs as all of them; what looks at other pairs or at all records is off or
        frozen in the model.
    erased
        What a store does with a record that was erased from it and is sent again: "refuse" it, or take it as "new".
    events
        What the columns of event tables hold and what is counted over them; None: inferred.
    purpose
        What the run is for, as in ``resolve(purpose=…)``: fields limited to other purposes are no evidence.
    guesses
        Where the spec was inferred: the guess and the reason for every column.

    Raises
    ------
    SpecError
        If a part contradicts another; the message names both.

    Examples
    --------
    >>> from omniid.limit_rules import at_most
    >>> from omniid.fields import Email, PersonName
    >>> spec = Spec(fields=[Email("email"), PersonName()], survivorship={"email": ["most_recent"]})
    >>> spec.survivorship["email"][0].name
    'most_recent'
    >>> spec.replace(link_at=3.0).link_at
    3.0
    """

    sources: Mapping[str, Source] = field(default_factory=dict)
    fields: Sequence[Field] = ()
    blocking: Sequence[BlockingRule] | None = None
    comparisons: Sequence[Comparison] | None = None
    matcher: FellegiSunter = field(default_factory=FellegiSunter)
    link_rules: Sequence[LinkRule] | None = None
    link_at: float | None = None
    review_at: float | None = None
    precision: float | None = None
    limits: Sequence[LimitRule] = ()
    profile_pass: bool = False
    find_duplicate_free: bool = True
    people_at_most: Mapping[str, float] = field(default_factory=dict)
    rows_above: int | None = None
    value_classes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    devices: DevicePolicy | str = UNASSIGNED
    survivorship: Mapping[str, Sequence[SurvivorshipRule | str]] = field(default_factory=dict)
    views: Mapping[str, View] = field(default_factory=dict)
    priority: Sequence[str] = ()
    stop_values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    incremental: bool = False
    erased: str = "refuse"
    events: Events | None = None
    purpose: str | None = None
    guesses: Sequence[Guess] = field(default=(), compare=False, repr=False)

    def __post_init__(self) -> None:
        for name in ("fields", "blocking", "comparisons", "link_rules", "limits", "priority", "guesses"):
            value = getattr(self, name)
            if isinstance(value, str) or (value is not None and not isinstance(value, Iterable)):
                raise SpecError(f"{name} is {value!r}; give a list, even of one")
            object.__setattr__(self, name, None if value is None else tuple(value))
        check_priority(self.priority, self.fields)
        check_limits(self.limits)
        object.__setattr__(self, "survivorship", declared_chains(self.survivorship))
        object.__setattr__(self, "views", checked_views(self.views))
        object.__setattr__(self, "sources", MappingProxyType(dict(self.sources)))
        check_purpose(self.purpose, self.fields)
        object.__setattr__(self, "stop_values", MappingProxyType(settle_stop_values(self.stop_values, self.fields)))
        object.__setattr__(self, "people_at_most", checked_people_at_most(self.people_at_most))
        object.__setattr__(self, "value_classes", checked_value_classes(self.value_classes))
        object.__setattr__(self, "devices", policy_from_plain(self.devices))
        if self.rows_above is not None and (not isinstance(self.rows_above, int) or self.rows_above < 0):
            raise SpecError(f"rows_above is {self.rows_above!r}; give a number of records, such as 50")
        filled: dict[str, Field] = {}
        for one in self.fields:
            for column in one.columns():
                if column in filled and filled[column] != one:
                    raise SpecError(f"column {column!r} is filled by {filled[column]} and by {one}; leave one out")
                filled[column] = one
        check_statements(self.fields)
        for name in ("profile_pass", "find_duplicate_free", "incremental"):
            if not isinstance(getattr(self, name), bool):
                raise SpecError(f"{name} is {getattr(self, name)!r}; give True or False")
        check_erased(self.erased)
        if self.incremental:
            check_local(self.blocking or ())
        self._check_thresholds()

    def _check_thresholds(self) -> None:
        for name in ("link_at", "review_at"):
            value = getattr(self, name)
            if value is not None and (not isinstance(value, int | float) or math.isnan(value)):
                raise SpecError(f"{name} is {value!r}; give a match weight in bits, such as 4.0")
        if self.precision is not None and not (isinstance(self.precision, float) and 0 < self.precision < 1):
            raise SpecError(f"precision is {self.precision!r}; give a share below 1, such as 0.98")
        if self.precision is not None and self.link_at is not None:
            raise SpecError(
                f"precision {self.precision} asks for a threshold, and link_at {self.link_at} sets one; give one of them"
            )
        if self.link_at is not None and self.review_at is not None and self.review_at > self.link_at:
            raise SpecError(f"review_at {self.review_at} lies above link_at {self.link_at}; pairs between the two are reviewed")

    def replace(self, **changes: Any) -> "Spec":
        """Return a copy with some parts changed.

        Examples
        --------
        >>> Spec().replace(link_at=2.0).link_at
        2.0
        """
        return replace(self, **changes)

    @classmethod
    def load(cls, path: str | Path) -> "Spec":
        """Read a spec from a TOML or JSON file.

        Raises
        ------
        SpecError
            If the file is no spec; the message names the part that is wrong.
        """
        return cls.from_dict(read_plain(Path(path)), place=str(path))

    def save(self, path: str | Path) -> None:
        """Write the spec as TOML, or as JSON where the file's name ends in .json.

        Raises
        ------
        SpecError
            If a part can't be written, such as a callable rule.
        """
        write_plain(self.to_dict(), Path(path))

    def to_dict(self) -> dict[str, Any]:
        """Return the spec as plain data, as it is written to files.

        Examples
        --------
        >>> from omniid.limit_rules import at_most
        >>> Spec(limits=[at_most("passport", 1)]).to_dict()["limits"]
        [{'at_most': 'passport', 'n': 1}]
        """
        data: dict[str, Any] = {}
        if self.sources:
            data["sources"] = {name: without_defaults(source) for name, source in self.sources.items()}
        data["fields"] = [field_to_dict(one) for one in self.fields]
        for name in ("blocking", "comparisons"):
            if (part := getattr(self, name)) is not None:
                data[name] = [one.to_dict() for one in part]
        if self.link_rules is not None:
            data["link_rules"] = [without_defaults(rule) for rule in self.link_rules]
        if matcher := without_defaults(self.matcher):
            data["matcher"] = matcher
        numbers = ("link_at", "review_at", "precision", "rows_above")
        data |= {name: getattr(self, name) for name in numbers if getattr(self, name) is not None}
        data |= {} if self.find_duplicate_free else {"find_duplicate_free": False}
        data |= {name: True for name in ("profile_pass", "incremental") if getattr(self, name)}
        data |= {"people_at_most": dict(self.people_at_most)} if self.people_at_most else {}
        data |= {"devices": policy_from_plain(self.devices).to_plain()} if self.devices != UNASSIGNED else {}
        if self.limits:
            data["limits"] = [rule.to_dict() for rule in self.limits]
        if self.survivorship:
            data["survivorship"] = texts_of_chains(self.survivorship)
        if self.views:
            data["views"] = {name: view.to_dict() for name, view in self.views.items()}
        data |= {"priority": list(self.priority)} if self.priority else {}
        data |= {name: part for name in ("stop_values", "value_classes") if (part := plain_values(getattr(self, name)))}
        data |= {"erased": self.erased} if self.erased != "refuse" else {}
        data |= {"events": self.events.to_dict()} if self.events is not None else {}
        data |= {"purpose": self.purpose} if self.purpose is not None else {}
        if self.guesses:
            data["guesses"] = [{key: value for key, value in vars(one).items() if value is not None} for one in self.guesses]
        return data

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], *, place: str = "spec") -> "Spec":
        """Make a spec of plain data; the inverse of `to_dict`.

        Examples
        --------
        >>> Spec.from_dict({"fields": [{"kind": "email", "columns": ["mail"]}]}).fields
        (Email(column='mail'),)
        """
        known = {part.name for part in dataclass_fields(cls)}
        if unknown := sorted(set(data) - known):
            raise SpecError(f"{place}: unknown part {unknown[0]!r}; a spec has {', '.join(sorted(known))}")
        parts = dict(data)
        for name, read in PARTS.items():
            if data.get(name) is not None:
                try:
                    parts[name] = read(data[name])
                except SpecError as error:
                    raise SpecError(f"{place}: {name}: {error}") from error
                except (TypeError, AttributeError, KeyError, ValueError) as error:
                    raise SpecError(f"{place}: {name} can't be read: {error}; compare with what spec.save() writes") from error
        try:
            return cls(**{name: part for name, part in parts.items() if part is not None})
        except SpecError as error:
            raise SpecError(f"{place}: {error}") from error

    def __str__(self) -> str:
        if self.guesses:
            header = ("source", "column", "taken as", "kind", "why")
            guesses = [(g.source, g.column, g.field or "-", g.kind, g.reason) for g in self.guesses]
            return "Spec, inferred:\n" + text_table(header, guesses) + self._thresholds()
        declared = [(type(one).__name__, ", ".join(roles(one).values()), _meaning(one)) for one in self.fields]
        return "Spec:\n" + text_table(("field", "columns", "kind and behavior"), declared) + self._thresholds()

    def _thresholds(self) -> str:
        declared = [f"{name} {value:g} bits" for name in ("link_at", "review_at") if (value := getattr(self, name)) is not None]
        declared += [f"precision {self.precision:g} or more"] if self.precision is not None else []
        declared += [f"limit {rule}" for rule in self.limits]
        declared += ["a profile pass"] if self.profile_pass else []
        declared += [] if self.find_duplicate_free else ["no look for sources without duplicates"]
        declared += ["incremental: a pair's evidence depends on its two records only"] if self.incremental else []
        declared += [f"priority {', '.join(self.priority)}"] if self.priority else []
        declared += [f"stop values of {kind}: {', '.join(values)}" for kind, values in self.stop_values.items()]
        declared += [f"purpose {self.purpose}"] if self.purpose else []
        return "\n".join(["", *declared]).rstrip()


def _meaning(field: Field) -> str:
    """Return the kind of an identifier, how it behaves and for what it may be used; what a statement says."""
    kind, purposes = kind_of(field), getattr(field, "purposes", ())
    if kind is None:
        return str(getattr(field, "meaning", "-"))
    return f"{kind.name}, {kind.behavior}" + (f", for {' and '.join(purposes)} only" if purposes else "")
