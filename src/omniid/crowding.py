"""What a model froze of the run that fitted it, checked against the declaration that a run is given."""

from collections.abc import Mapping
from dataclasses import replace

from omniid.blocking import CrowdedKeys, rule_from_dict
from omniid.compilation import field_plans
from omniid.errors import SpecError
from omniid.normalization import choose_dates
from omniid.spec import Spec
from omniid.tables import FrozenChoices, Model, RecordTable

__all__ = ["columns_read", "frozen_choices", "frozen_keys", "frozen_numbers", "make_choices", "with_choices"]


def make_choices(spec: Spec, model: Model | None, sent: RecordTable) -> FrozenChoices | None:
    """Return what a run decides from all records before any is compared, as the model froze it, or to be frozen.

    Parameters
    ----------
    spec
        The declaration; None comes back unless it is incremental.
    model
        The model that the run is given; None: the run fits one, and chooses.
    sent
        Raw records.

    Raises
    ------
    SpecError
        If the spec is incremental, and the model was fitted without that.

    Examples
    --------
    >>> make_choices(Spec(incremental=True), None, RecordTable.of([]))
    FrozenChoices(blocks={}, dates={}, names={}, numbers={})
    """
    if not spec.incremental:
        return None
    if model is None:
        return FrozenChoices(dates=choose_dates(sent, field_plans(spec)))
    return frozen_choices(model)


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


def frozen_choices(model: Model) -> FrozenChoices:
    """Return what the fit of a model froze.

    Raises
    ------
    SpecError
        If it froze nothing, as it was no incremental run.

    Examples
    --------
    >>> frozen_choices(Model((), prior=0.5, frozen=FrozenChoices())).dates
    {}
    """
    if model.frozen is None:
        raise SpecError(
            "the spec says incremental=True, but the model was fitted without it, so that nothing is frozen in it; "
            "fit again with this spec, or leave incremental out"
        )
    return model.frozen


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
        If the spec is incremental, and the model was fitted with other blocking rules.

    Examples
    --------
    >>> frozen_keys(Spec(incremental=True), None) is None
    True
    """
    if model is None or not spec.incremental or model.frozen is None:
        return None
    rules = [rule_from_dict(rule) for rule in model.rules]
    if spec.blocking is not None and list(spec.blocking) != rules:
        raise SpecError(
            "the spec declares other blocking rules than those whose crowded keys the model froze; "
            "fit again with this spec, or leave the rules out"
        )
    return CrowdedKeys.from_dict(model.frozen.blocks, len(rules)) if rules else CrowdedKeys((), ())


def frozen_numbers(spec: Spec, model: Model | None) -> Mapping[str, tuple[int, ...]] | None:
    """Return the words that go with many numbers, as the model froze them; None where a run counts them itself.

    Examples
    --------
    >>> frozen_numbers(Spec(incremental=True), None) is None
    True
    """
    return None if model is None or model.frozen is None or not spec.incremental else model.frozen.numbers


def with_choices(model: Model, choices: FrozenChoices | None, names: Mapping[str, str] | None) -> Model:
    """Freeze what was chosen from all records in the model that was fitted on them.

    Parameters
    ----------
    model
        As `fit` gave it, with the crowded keys of its blocks.
    choices
        What `make_choices` gave.
    names
        What `choose_names` gave.
    """
    if choices is None or model.frozen is None:
        return model
    return model.replace(frozen=replace(model.frozen, dates=choices.dates, names=dict(names or {})))
