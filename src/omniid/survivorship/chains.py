"""Chains of rules: in which order fields are decided where one waits for another."""

from collections.abc import Collection, Mapping, Sequence

from omniid.errors import SpecError
from omniid.survivorship.rules import SurvivorshipRule

__all__ = ["decision_order"]


def decision_order(chains: Mapping[str, Sequence[SurvivorshipRule]], known: Collection[str]) -> list[str]:
    """Fields so that each comes after those that its `same_record_as` rules name; one that names its own field waits for none.

    Parameters
    ----------
    chains
        Field → its chain of rules.
    known
        Names of all fields.

    Raises
    ------
    SpecError
        If rules wait for each other, or name a field that does not exist.

    Examples
    --------
    >>> from omniid.survivorship.rules import same_record_as
    >>> decision_order({"city": [same_record_as("street")], "street": []}, ["city", "street"])
    ['street', 'city']
    """
    for field, chain in chains.items():
        for rule in chain:
            if rule.after is not None and rule.after not in known:
                there = ", ".join(sorted(known))
                raise SpecError(f"survivorship of {field!r}: {rule.name} names a field that does not exist; fields: {there}")
    order: list[str] = []
    waiting = list(chains)
    while waiting:
        ready = [f for f in waiting if all(r.after in (None, f, *order) or r.after not in chains for r in chains[f])]
        if not ready:
            raise SpecError(f"survivorship rules of {waiting} wait for each other through same_record_as; break the cycle")
        order += ready
        waiting = [field for field in waiting if field not in order]
    return order
