"""The frozen block plan of a model, checked against the declaration that a run is given."""

from omniid.blocking import CrowdedKeys, rule_from_dict
from omniid.errors import SpecError
from omniid.spec import Spec
from omniid.tables import Model

__all__ = ["columns_read", "frozen_keys"]


def columns_read(spec: Spec, model: Model) -> set[str]:
    """Return the columns that blocking rules and declared comparisons read, filled or not.

    Examples
    --------
    >>> from omniid.blocking import block_on
    >>> sorted(columns_read(Spec(), Model((), prior=0.5, rules=(block_on("city", "unit").to_dict(),))))
    ['city', 'unit']
    """
    rules = [rule_from_dict(rule) for rule in model.rules]
    compared = {column for one in spec.comparisons or () for column in one.fields}
    return compared | {column for rule in rules for key in rule.keys for column in key.fields}


def frozen_keys(spec: Spec, model: Model | None) -> CrowdedKeys | None:
    """Return the crowded keys that a run has to keep to; None where none are frozen, as the run is the fit, or not incremental.

    Parameters
    ----------
    spec
        The declaration.
    model
        The model that the run is given.

    Raises
    ------
    SpecError
        If the spec is incremental, and the model was fitted without that or with other blocking rules.

    Examples
    --------
    >>> frozen_keys(Spec(incremental=True), None) is None
    True
    """
    if model is None or not spec.incremental:
        return None
    if model.frozen is None:
        raise SpecError(
            "the spec says incremental=True, but the model was fitted without it, so that nothing is frozen in it; "
            "fit again with this spec, or leave incremental out"
        )
    rules = [rule_from_dict(rule) for rule in model.rules]
    if spec.blocking is not None and list(spec.blocking) != rules:
        raise SpecError(
            "the spec declares other blocking rules than those whose crowded keys the model froze; "
            "fit again with this spec, or leave the rules out"
        )
    return CrowdedKeys.from_dict(model.frozen.blocks, len(rules)) if rules else CrowdedKeys((), ())
