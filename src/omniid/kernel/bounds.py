"""Bounds: the most that a pair can still weigh, from tables of what its outcomes may be.

An outcome mask has a bit for each outcome that a comparison may come to: bit 0 missing, bit 1 + l level l. Whatever is not
known keeps its bit, so that the best of a mask is never less than what the pair gets. The weight against strangers alone bounds
the full weight from above: that relatives may explain a pair too only takes away.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.kernel.record_matrix import BYTE
from omniid.tables import KernelPlan, OutcomeMasks, Rows, Screen

__all__ = ["LEVEL_OF", "OPEN", "Bounds", "StateTable"]

Bits32 = npt.NDArray[np.int32]  # millionths of a bit that fit: no sum of bounds comes near 2,000 bits
Flags = npt.NDArray[np.bool_]

OPEN = -2  # more than one outcome is possible
LEVEL_OF = np.full(1 << 16, OPEN, np.int8)  # outcome mask → the level, where only one is possible
LEVEL_OF[1 << np.arange(16)] = np.arange(-1, 15)
RULE_BITS = 32


class StateTable(NamedTuple):
    """All that the states of up to eight comparisons tell, by state (see `record_matrix.States`).

    Parameters
    ----------
    bound
        int32, the sum of the best that the comparisons can add.
    allows
        uint32, bit r: the link rule r (or another with the same remainder by 32) may still hold.
    masks
        Per comparison, uint16 by state.
    """

    bound: Bits32
    allows: npt.NDArray[np.uint32]
    masks: list[OutcomeMasks]


class Bounds:
    """Upper bounds for the pairs of one plan.

    Parameters
    ----------
    plan
        The plan.
    """

    def __init__(self, plan: KernelPlan) -> None:
        self.screens = plan.grader.screens()
        self._start = np.int32(plan.weights.start)
        self.best = [_clipped(plan.weights.best(number)) for number in range(len(self.screens))]
        self.exact = [np.uint16(2 << trait.exact) for trait in plan.traits]
        # Mask of different codes, where equal and absent ones leave nothing open but that another comparison may silence it.
        self.told_by_codes = [
            screen.if_different if LEVEL_OF[screen.if_equal & ~1] != OPEN and screen.if_absent == 1 else 0
            for screen in self.screens
        ]
        self._open_to_exact = [
            any(mask & int(exact) and mask != exact for mask in (screen.if_equal, screen.if_different, screen.if_absent))
            for screen, exact in zip(self.screens, self.exact, strict=True)
        ]
        self.silencers = [plan.grader.silencers(number) for number in range(len(self.screens))]
        self._has_rules = len(plan.needed) > 0
        self.telling = self._most_telling_first()
        self.tables = _state_tables(self.screens, self.best, plan.needed)
        rows = np.arange(plan.n_rows, dtype=np.int32)  # per row, the most that the frequency of its value can add
        boosted = [number for number, trait in enumerate(plan.traits) if trait.frequency is not None]
        self.boosts = {number: _clipped(plan.weights.boost(number, rows)) for number in boosted}
        self.highest = self._highest(plan.n_rows)

    def _most_telling_first(self) -> list[int]:
        """Comparisons of which a closer look may lower a bound, in the order of how far."""
        falls = [int(best[screen.if_different]) - int(best[2]) for screen, best in zip(self.screens, self.best, strict=True)]
        return sorted((number for number in range(len(falls)) if falls[number] > 0), key=lambda number: -falls[number])

    def _highest(self, n_rows: int) -> Bits32:
        """Per row, the most that the frequencies of all its values can add."""
        total = np.zeros(n_rows, np.int32)
        for number, boost in self.boosts.items():
            screen = self.screens[number]
            by_others = screen.if_absent & int(self.exact[number])  # exact by another field than that of the codes
            there = boost if by_others else np.where(screen.codes >= 0, boost, 0)
            total += np.maximum(there, 0)
        return total

    def from_states(self, states: Sequence[npt.NDArray[np.uint16]]) -> Bits32:
        """Bounds by state, value frequencies apart."""
        bound = self.tables[0].bound.take(states[0])
        for table, state in zip(self.tables[1:], states[1:], strict=True):
            bound += table.bound.take(state)
        bound += self._start
        return bound

    def allowed(self, states: Sequence[npt.NDArray[np.uint16]]) -> Flags | None:
        """Which pairs a link rule may hold for, by state; None without link rules."""
        if not self._has_rules:
            return None
        found = self.tables[0].allows.take(states[0])
        for table, state in zip(self.tables[1:], states[1:], strict=True):
            found &= table.allows.take(state)
        left: Flags = found != 0
        return left

    def masks(self, number: int, states: Sequence[npt.NDArray[np.uint16]]) -> OutcomeMasks:
        """Outcome masks of one comparison by state."""
        byte, bit = divmod(number, BYTE)
        return self.tables[byte].masks[bit].take(states[byte])

    def frequency(self, number: int, masks: OutcomeMasks, left: Rows, right: Rows) -> Bits32:
        """The most that value frequency adds to one comparison, given what its outcome may be.

        Where only the exact level is possible it is added as it is; where it is one of several, only if it raises the bound.
        """
        out, exact, boost = np.zeros(len(masks), np.int32), self.exact[number], self.boosts[number]
        at = np.flatnonzero(masks == exact)
        if len(at):  # of equal values it is enough to ask one
            out[at] = boost.take(left.take(at))
        at = np.flatnonzero(((masks & exact) > 0) & (masks != exact)) if self._open_to_exact[number] else at[:0]
        if len(at):
            one, other = (boost.take(rows.take(at)) for rows in (left, right))
            out[at] = np.maximum(np.minimum(one, other), 0)
        return out

    def contribution(self, number: int, masks: OutcomeMasks, left: Rows, right: Rows) -> Bits32:
        """The most that one comparison adds to the weight."""
        best = self.best[number].take(masks)
        return best + self.frequency(number, masks, left, right) if number in self.boosts else best

    def silenced(self, number: int, masks: Callable[[int], OutcomeMasks]) -> OutcomeMasks:
        """The bit for missing where another comparison may silence one, given the masks of any other comparison."""
        told = [(masks(other) & np.uint16(outcomes)) != 0 for other, outcomes in self.silencers[number]]
        found: OutcomeMasks = np.logical_or.reduce(told).astype(np.uint16)
        return found


def _state_tables(screens: Sequence[Screen], best: Sequence[Bits32], needed: Sequence[Mapping[int, int]]) -> list[StateTable]:
    """One table per eight comparisons."""
    state = np.arange(1 << 2 * BYTE)
    tables = []
    for first in range(0, max(len(screens), 1), BYTE):
        bound, masks = np.zeros(len(state), np.int32), []
        allows = np.full(len(state), np.uint32(2**RULE_BITS - 1))
        for bit, screen in enumerate(screens[first : first + BYTE]):
            number = first + bit
            far = screen.if_absent if screen.ends is None else screen.ends.if_far | (screen.if_different & 1)
            choices = np.array([screen.if_different, screen.if_equal, screen.if_absent, far], np.uint16)
            outcome = state >> bit & 1 | (state >> BYTE + bit & 1) << 1
            bound += best[number].take(choices).take(outcome)
            allows &= _allowed_rules(number, choices, needed).take(outcome)
            masks.append(choices.take(outcome))
        tables.append(StateTable(bound, allows, masks))
    return tables


def _allowed_rules(number: int, choices: OutcomeMasks, needed: Sequence[Mapping[int, int]]) -> npt.NDArray[np.uint32]:
    """Per outcome mask, the link rules that one comparison does not rule out."""
    allowed = np.zeros(len(choices), np.uint32)
    for rule, wanted in enumerate(needed):
        fits = (choices & np.uint16(wanted.get(number, 0xFFFF))) != 0
        allowed |= np.where(fits | (number not in wanted), np.uint32(1 << rule % RULE_BITS), np.uint32(0))
    return allowed


def _clipped(weights: npt.NDArray[np.int64]) -> Bits32:
    """Weights as int32; those beyond 500 bits, which no probability makes, count as 500."""
    most = 500_000_000
    return np.clip(weights, -most, most).astype(np.int32)
