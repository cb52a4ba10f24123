"""Parts of a spec as plain data: how each is read from a spec file, and how it is written to one."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING
from dataclasses import fields as dataclass_fields
from typing import Any

from omniid.blocking import rule_from_dict
from omniid.comparison import Comparison
from omniid.declarations import Guess, Source
from omniid.errors import SpecError
from omniid.event_columns import Events
from omniid.limit_rules import limit_from_dict
from omniid.matching import FellegiSunter, LinkRule
from omniid.spec_files import field_from_dict
from omniid.survivorship import SurvivorshipRule, rule_from_text

__all__ = ["PARTS", "chain_of", "chain_texts", "plain_values", "without_defaults"]


def _each(read: Callable[[Any], Any]) -> Callable[[Iterable[Any]], list[Any]]:
    return lambda items: [read(one) for one in items]


def chain_of(field_name: str, chain: Sequence[SurvivorshipRule | str]) -> tuple[SurvivorshipRule, ...]:
    """Read the chain of rules of a field.

    Raises
    ------
    SpecError
        If it is no list, or a rule is unknown.

    Examples
    --------
    >>> [rule.name for rule in chain_of("email", ["most_recent"])]
    ['most_recent']
    """
    if isinstance(chain, str | SurvivorshipRule):
        raise SpecError(f"survivorship of {field_name!r} is {chain!r}; give a list of rules, even of one")
    try:
        return tuple(rule_from_text(rule) if isinstance(rule, str) else rule for rule in chain)
    except SpecError as error:
        raise SpecError(f"survivorship of {field_name!r}: {error}") from error


# Part of a spec file → how it is read.
PARTS: Mapping[str, Callable[[Any], Any]] = {
    "sources": lambda sources: {name: Source(**source) for name, source in sources.items()},
    "fields": _each(field_from_dict),
    "blocking": _each(rule_from_dict),
    "comparisons": _each(Comparison.from_dict),
    "matcher": lambda options: FellegiSunter(**options),
    "limits": _each(limit_from_dict),
    "link_rules": _each(lambda rule: LinkRule(**rule)),
    "survivorship": lambda chains: {name: chain_of(name, chain) for name, chain in chains.items()},
    "events": Events.from_dict,
    "guesses": _each(lambda guess: Guess(**{"field": None, **guess})),
}


def without_defaults(part: Any) -> dict[str, Any]:
    """Fields of a dataclass that differ from its defaults.

    Examples
    --------
    >>> without_defaults(Source(trust=90))
    {'trust': 90}
    """
    out = {}
    for one in dataclass_fields(part):
        default = one.default_factory() if one.default_factory is not MISSING else one.default
        if one.init and (value := getattr(part, one.name)) != default:
            out[one.name] = dict(value) if isinstance(value, Mapping) else value
    return out


def plain_values(part: Mapping[str, Any]) -> dict[str, Any]:
    """Values per field or kind as plain lists and tables.

    Examples
    --------
    >>> plain_values({"phone": ("0000",)})
    {'phone': ['0000']}
    """
    return {name: dict(values) if isinstance(values, Mapping) else list(values) for name, values in part.items()}


def chain_texts(field_name: str, chain: Sequence[SurvivorshipRule | str]) -> list[str]:
    """Write the chain of rules of a field as text; the inverse of `chain_of`.

    Raises
    ------
    SpecError
        If a rule is a function.

    Examples
    --------
    >>> chain_texts("email", chain_of("email", ["most_recent"]))
    ['most_recent']
    """
    texts = []
    for rule in chain:
        if isinstance(rule, SurvivorshipRule) and not rule.is_saved:
            raise SpecError(f"survivorship of {field_name!r}: {rule.name!r} is a function and can't be written to a file")
        texts.append(rule if isinstance(rule, str) else rule.name)
    return texts
