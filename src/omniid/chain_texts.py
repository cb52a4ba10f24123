"""Chains of survivorship rules as they are declared: by field or by group, as rules or as text."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from omniid.errors import SpecError
from omniid.survivorship import SurvivorshipRule, rule_from_text

__all__ = ["chain_of", "declared_chains", "texts_of_chains"]


def declared_chains(declared: Mapping[str, Sequence[SurvivorshipRule | str]]) -> Mapping[str, tuple[SurvivorshipRule, ...]]:
    """Read chains by field, or by the fields of a group between commas.

    Raises
    ------
    SpecError
        If a chain is no list, or a rule is unknown.

    Examples
    --------
    >>> list(declared_chains({"street, city": ["most_recent"], "email": ["union"]}))
    ['street, city', 'email']
    """
    return MappingProxyType({name: chain_of(name, chain) for name, chain in declared.items()})


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


def texts_of_chains(chains: Mapping[str, Sequence[SurvivorshipRule | str]]) -> dict[str, list[str]]:
    """Write chains as spec files have them; the inverse of `declared_chains`.

    Raises
    ------
    SpecError
        If a rule is a function.

    Examples
    --------
    >>> texts_of_chains(declared_chains({"email": ["most_recent"]}))
    {'email': ['most_recent']}
    """
    return {name: _texts(name, chain) for name, chain in chains.items()}


def _texts(field_name: str, chain: Sequence[SurvivorshipRule | str]) -> list[str]:
    texts = []
    for rule in chain:
        if isinstance(rule, SurvivorshipRule) and not rule.is_saved:
            raise SpecError(f"survivorship of {field_name!r}: {rule.name!r} is a function and can't be written to a file")
        texts.append(rule if isinstance(rule, str) else rule.name)
    return texts
