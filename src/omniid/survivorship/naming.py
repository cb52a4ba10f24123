"""Names of the columns of golden profiles."""

from collections.abc import Mapping, Sequence

from omniid.survivorship.rules import SurvivorshipRule

__all__ = ["plural", "profile_columns"]

HEAD = frozenset({"entity_id", "entity_kind", "records", "sources"})


def plural(field: str) -> str:
    """Name of the list column that keeps all values of a field.

    Examples
    --------
    >>> plural("email"), plural("city"), plural("address"), plural("loyalty_id")
    ('emails', 'cities', 'addresses', 'loyalty_ids')
    """
    if field.endswith("y") and not field.endswith(("ay", "ey", "oy", "uy")):
        return field[:-1] + "ies"
    return field + ("es" if field.endswith(("s", "x", "ch", "sh")) else "s")


def profile_columns(chains: Mapping[str, Sequence[SurvivorshipRule]]) -> dict[str, tuple[str, str]]:
    """Field → names of its column and of its list column, so that no two columns of a profile have one name.

    A field named as a column that every profile has gets "_" appended; so does a list named as a field.

    Examples
    --------
    >>> from omniid.survivorship.rules import union
    >>> profile_columns({"records": [], "email": [union()], "emails": []})
    {'records': ('records_', ''), 'email': ('email', 'emails_'), 'emails': ('emails', '')}
    """
    taken = set(HEAD)
    singles = {field: _free(field, taken) for field in sorted(chains, key=lambda field: (field in HEAD, field))}
    out: dict[str, tuple[str, str]] = {}
    for field, chain in chains.items():
        keeps_all = any(rule.keeps_all for rule in chain)
        out[field] = singles[field], _free(plural(field), taken) if keeps_all else ""
    return out


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    taken.add(name)
    return name
