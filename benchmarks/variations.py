"""What `ablation.py` and `leave_one_set_out.py` change: one technique left out, one constant moved, for the time of a run.

A variation works through what users have too: the spec (matcher, thresholds of sharing, link rules), the comparisons of the
compiled plan, the options of the stages (`choose_rules`, `cluster`). The few constants that no option reaches are set for the
time of a run wherever a module holds them. Every change is undone afterwards.
"""

import math
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from inspect import signature
from unittest import mock

import omniid
from omniid import linking, pipeline
from omniid.comparison import AlikeNames, AnyOf, Comparison, JaroWinkler, Nickname, On, SharedPart, SwappedParts, Unless
from omniid.evidence import thresholds_for
from omniid.spec import Spec

Change = Callable[[Comparison], Comparison]

COMPILED = signature(pipeline.compile_plan)
PEOPLE = 6  # on a contact value, as shipped


@dataclass(frozen=True)
class Variation:
    """A way to resolve otherwise than as shipped.

    Parameters
    ----------
    name
        How it is called.
    value
        What the constant is set to, in words; empty for a technique.
    spec
        Changes the spec.
    comparison
        Changes each comparison of the plan.
    plan, rules, clusters
        Options of `compile_plan`, `choose_rules` and `cluster`.
    constants
        Name of a constant of the library → value.
    """

    name: str
    value: str = ""
    spec: Callable[[Spec], Spec] | None = None
    comparison: Change | None = None
    plan: dict[str, object] = field(default_factory=dict)
    rules: dict[str, object] = field(default_factory=dict)
    clusters: dict[str, object] = field(default_factory=dict)
    constants: dict[str, object] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What scores are kept under."""
        return f"{self.name} {self.value}".strip()

    @contextmanager
    def applied(self) -> Iterator[None]:
        """For the time of a run."""
        with ExitStack() as stack:
            if self.comparison is not None or self.plan:
                changed = partial(varied_plan, pipeline.compile_plan, self)
                stack.enter_context(mock.patch.object(pipeline, "compile_plan", changed))
            if self.spec is not None:
                sent = partial(varied_spec, pipeline.gather, self.spec)
                stack.enter_context(mock.patch.object(pipeline, "gather", sent))
            for name, options in (("choose_rules", self.rules), ("cluster", self.clusters)):
                if options:
                    stack.enter_context(mock.patch.object(linking, name, partial(getattr(linking, name), **options)))
            for name, value in self.constants.items():
                stack.enter_context(held_everywhere(name, value))
            yield


SHIPPED = Variation("as shipped")


def varied_spec(gather, change: Callable[[Spec], Spec], *given):
    """Gather, and change the spec that was declared or inferred."""
    gathered = gather(*given)
    return gathered._replace(spec=change(gathered.spec))


def varied_plan(compile_plan, variation: Variation, *given):
    """Compile the plan with other options, and change its comparisons."""
    told = COMPILED.bind(*given)
    told.arguments.update(variation.plan)
    told.apply_defaults()
    plan = compile_plan(*told.args)
    if variation.comparison is None:
        return plan
    return replace(plan, comparisons=tuple(variation.comparison(one) for one in plan.comparisons))


@contextmanager
def held_everywhere(name: str, value: object) -> Iterator[None]:
    """Set a constant in every module of the library that holds it.

    Raises
    ------
    LookupError
        If no module does, as when it was renamed.
    """
    holders = [module for key, module in sys.modules.items() if key.startswith("omniid") and name in vars(module)]
    if not holders:
        raise LookupError(f"no module of {omniid.__name__} holds {name}; correct it in {__name__}")
    with ExitStack() as stack:
        for module in holders:
            stack.enter_context(mock.patch.object(module, name, value))
        yield


def matcher(**options: object) -> Callable[[Spec], Spec]:
    """A change of the matcher's options."""
    return lambda spec: spec.replace(matcher=replace(spec.matcher, **options))


def without_level(comparison: Comparison, unwanted: type) -> Comparison:
    """Leave out the levels of a type, and let those that follow from them speak."""
    kept = [level for level in comparison.levels if not isinstance(level, unwanted)]
    gone = {level.name for level in comparison.levels if isinstance(level, unwanted)}
    silent = {other: names for other, names in comparison.silent_when.items() if "swapped" not in names}
    if not gone:
        return replace(comparison, silent_when=silent)
    names = comparison.traits.levels
    prior = [share for name, share in zip(names, comparison.prior_m, strict=True) if name not in gone]
    return replace(comparison, levels=kept, prior_m=[share / sum(prior) for share in prior], silent_when=silent)


def without_nicknames(comparison: Comparison) -> Comparison:
    """A short form is then as strange as any other name."""
    levels = []
    for level in comparison.levels:
        if isinstance(level, AnyOf) and any(isinstance(inner, Nickname) for inner in level.levels):
            inner = [one for one in level.levels if not isinstance(one, Nickname)]
            levels.append(AnyOf(inner, name=level.name) if len(inner) > 1 else replace(SharedPart(), name=level.name))
        else:
            levels.append(level)
    return replace(comparison, levels=levels)


def counted_twice(comparison: Comparison) -> Comparison:
    """Places that follow from a street, and e-mails spelled from names, speak as loud as ever."""
    levels = [level.level if isinstance(level, Unless) else level for level in comparison.levels]
    silent = {other: names for other, names in comparison.silent_when.items() if "swapped" in names}
    return replace(comparison, levels=levels, silent_when=silent)


def moved_cuts(by: float) -> Change:
    """All cuts of Jaro–Winkler levels moved."""

    def moved(level):
        if isinstance(level, JaroWinkler | AlikeNames):
            return replace(level, at_least=min(level.at_least + by, 0.99))
        if isinstance(level, AnyOf):
            return AnyOf([moved(one) for one in level.levels], name=level.name)
        if isinstance(level, On):
            return replace(level, level=moved(level.level))
        if isinstance(level, Unless):
            return Unless(moved(level.level), level.condition)
        return replace(level, level=moved(level.level)) if hasattr(level, "level") else level

    return lambda comparison: replace(comparison, levels=[moved(level) for level in comparison.levels])


def flatter(power: float) -> Change:
    """First guesses of m raised to a power: below 1 they say less, above 1 more."""

    def change(comparison: Comparison) -> Comparison:
        shares = [share**power for share in comparison.prior_m]
        return replace(comparison, prior_m=[share / sum(shares) for share in shares])

    return change


def people(count: float) -> Callable[[Spec], Spec]:
    """So many people on a contact value, three times as many on a street address; for `math.inf` on anything, rows too."""

    def scaled(most: float) -> float:
        return round(most * count / PEOPLE) if math.isfinite(count) else math.inf

    def change(spec: Spec) -> Spec:
        shipped = {kind: most for kind, most in thresholds_for(spec).people_at_most.items() if math.isfinite(most)}
        rows = {} if math.isfinite(count) else {"rows_above": 10**9}
        return spec.replace(people_at_most={kind: scaled(most) for kind, most in shipped.items()}, **rows)

    return change


# One technique left out each, or added that is off by default.
TECHNIQUES = (
    Variation("relatives class", spec=matcher(relatives=False)),
    Variation("conflicts in clustering", clusters={"beta": (0, 1)}),
    Variation("nothing, but with a profile pass", spec=lambda spec: spec.replace(profile_pass=True)),
    Variation("names that go together", spec=matcher(populations=False)),
    Variation("value frequencies", comparison=lambda one: replace(one, frequency=None)),
    Variation("fuzzy frequencies", spec=matcher(fuzzy_frequency=False)),
    Variation("nicknames", comparison=without_nicknames),
    Variation("swapped names", comparison=lambda one: without_level(one, SwappedParts)),
    Variation("repeats counted once", comparison=counted_twice, plan={"repeats": ()}),
    Variation("value classes", spec=people(math.inf)),
    Variation("wide blocking (8 pairs a record)", rules={"pairs_per_record": 8.0}),
    Variation("first guesses of m (α = 0.5)", spec=matcher(alpha=0.5)),
    Variation("links by strong identifiers alone", spec=lambda spec: spec.replace(link_rules=())),
)

# Constants that were set by eye, with a grid around the shipped value.
CONSTANTS: dict[str, tuple[Variation, ...]] = {
    "β, weight of conflicts (3/2)": tuple(
        Variation("β", f"{p}/{q}", clusters={"beta": (p, q)}) for p, q in ((1, 1), (2, 1), (3, 1))
    ),
    "α, pairs that first guesses count for (20)": tuple(
        Variation("α", f"{value:g}", spec=matcher(alpha=value)) for value in (10.0, 40.0)
    ),
    "first guesses of relatives, pairs per match (.015)": tuple(
        Variation("few relatives", f"{value:g}", constants={"FEW_RELATIVES": value}) for value in (0.0075, 0.03)
    ),
    "ε, relatives alike in first name or birth date (.02)": tuple(
        Variation("ε", f"{value:g}", constants={"ALIKE": value}) for value in (0.01, 0.04)
    ),
    "exponent of fuzzy frequencies (.5)": tuple(
        Variation("fuzzy exponent", f"{value:g}", constants={"FUZZY_POWER": value}) for value in (0.25, 0.75)
    ),
    "fewest other people on a contact value (.1)": tuple(
        Variation("fewest others", f"{value:g}", constants={"FEWEST_OTHERS": value}) for value in (0.05, 0.25)
    ),
    "people per contact value (6)": tuple(Variation("people", f"{count}", spec=people(count)) for count in (4, 9)),
    "pairs per record of blocking (25)": tuple(
        Variation("pair budget", f"{value:g}", rules={"pairs_per_record": value}) for value in (15.0, 40.0)
    ),
    "records per block (120)": tuple(
        Variation("block cap", f"{value}", rules={"max_block": value}, constants={"MAX_BLOCK": value}) for value in (60, 240)
    ),
    "cuts of alike texts (.76–.90)": tuple(Variation("cuts", f"{by:+g}", comparison=moved_cuts(by)) for by in (-0.02, 0.02)),
    "first guesses of m (as listed)": tuple(
        Variation("first guesses, power", f"{power:g}", comparison=flatter(power)) for power in (0.7, 1.3)
    ),
}
