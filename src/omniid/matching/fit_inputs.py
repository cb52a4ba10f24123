"""What a fit starts from: vectors and traits that speak of the same comparisons, and the first guess of m."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from omniid.errors import SpecError
from omniid.tables import ComparisonTraits, ComparisonVectors

__all__ = ["check_inputs", "prior_m"]

Floats = npt.NDArray[np.float64]

LEAST_PRIOR = 1e-6  # so that a level whose prior m is written as 0 stays possible


def check_inputs(vectors: ComparisonVectors, traits: Sequence[ComparisonTraits], stands_for: int) -> None:
    """Vectors and traits must speak of the same comparisons."""
    if stands_for < 1:
        raise SpecError(
            f"stands_for is {stands_for}; give the number of candidate pairs that one stands for, 1 without a sample"
        )
    has = list(zip(vectors.comparisons, vectors.n_levels, strict=True))
    wants = [(trait.name, len(trait.levels)) for trait in traits]
    if has != wants:
        raise SpecError(f"the comparison vectors hold (comparison, levels) {has}, but the traits are of {wants}; pass the same")
    for trait in traits:
        if len(trait.prior_m) != len(trait.levels) or min(trait.prior_m) < 0 or sum(trait.prior_m) <= 0:
            raise SpecError(
                f"comparison {trait.name!r}: prior_m is {trait.prior_m}; give one share per level of {trait.levels}"
            )


def prior_m(traits: Sequence[ComparisonTraits]) -> Floats:
    """First guess of m, flat."""
    guesses = [np.maximum(np.asarray(trait.prior_m, np.float64), LEAST_PRIOR) for trait in traits]
    return np.concatenate([guess / guess.sum() for guess in guesses]) if guesses else np.zeros(0)
