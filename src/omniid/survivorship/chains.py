"""Chains of rules: in which order fields are decided where one waits for another."""

from collections.abc import Collection, Mapping, Sequence

from omniid.errors import SpecError
from omniid.survivorship.groups import groups_among
from omniid.survivorship.rules import SurvivorshipRule

__all__ = ["decision_order"]


def decision_order(chains: Mapping[str, Sequence[SurvivorshipRule]], known: Collection[str]) -> list[str]:
    """Fields and groups so that each comes after those that its `same_record_as` rules name; its own field it waits not for.

    Parameters
    ----------
    chains
        Field, or the fields of a group between commas → its chain of rules.
    known
        Names of all fields.

    Raises
    ------
    SpecError
        If rules wait for each other, or name a field that does not exist, or a field is decided twice.

    Examples
    --------
    >>> from omniid.survivorship.rules import same_record_as
    >>> decision_order({"city": [same_record_as("street")], "street": []}, ["city", "street"])
    ['street', 'city']
    """
    unit = {field: field for field in chains}
    for group in groups_among(chains, known):
        unit |= dict.fromkeys(group.fields, group.name)
    for name, chain in chains.items():
        for rule in chain:
            if {rule.after, rule.once_per} - {None, *known}:
                there = ", ".join(sorted(known))
                raise SpecError(f"survivorship of {name!r}: {rule.name} names a field that does not exist; fields: {there}")
    order: list[str] = []
    waiting = list(chains)
    while waiting:
        ready = [
            name
            for name in waiting
            if all(rule.after is None or unit.get(rule.after) in (None, name, *order) for rule in chains[name])
        ]
        if not ready:
            raise SpecError(f"survivorship rules of {waiting} wait for each other through same_record_as; break the cycle")
        order += ready
        waiting = [name for name in waiting if name not in order]
    return order
