"""Whether two whole names may be one person's: read, compared and judged as matching does it, all other fields apart."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from omniid import similarity
from omniid.names.reading import FIRST, LAST, MIDDLE, PartLevel, compare_parts, read_parts, turned
from omniid.surnames import surname_roots
from omniid.tables.arrays import text_array

__all__ = ["name_levels", "same_name", "same_names"]

# Levels at which a part of two names may be one person's; where a part is missing on one side it says nothing.
AGREEING = frozenset({"exact", "other spelling", "nickname or shared part", "shared part", "swapped", "initial"})
EQUAL = frozenset({"exact", "other spelling"})
# Letters of a name to each slip of the pen. Who types mistakes one letter in fifty to a hundred; what makes another name
# (Bondar, Bondarenko; Armen, Arman) changes more of a name, or one letter of a short one.
LETTERS_PER_SLIP = 6


def same_name(left: str, right: str) -> bool:
    """Tell whether two whole names may be one person's: the same name, however it is written.

    Each part that both have must agree: given name, middle name, family name and suffix, as they stand or crosswise.

    Parameters
    ----------
    left, right
        Whole names in any script, in any order of their parts.

    Returns
    -------
    bool
        True if they may be one person's. False where one of them is no name.

    Examples
    --------
    >>> same_name("Bob Smith", "Smith, Robert"), same_name("Maria Rossi", "Mario Rossi")
    (True, False)
    """
    return bool(same_names([left], [right])[0])


def same_names(left: Sequence[str], right: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Tell of many pairs of whole names whether they may be one person's, as `same_name` does of one.

    Parameters
    ----------
    left, right
        Whole names of pair i at position i; the same length.

    Returns
    -------
    numpy.ndarray
        bool, one per pair.

    Examples
    --------
    >>> same_names(["Ann Lee", "Ann Lee"], ["Anne Lee", "Bob Lee"]).tolist()
    [True, False]
    """
    ours, theirs = read_parts(left), read_parts(right)
    verdict = np.array([_agree(pair) for pair in compare_parts(ours, theirs)], bool)
    if len(doubtful := [at for at in np.flatnonzero(~verdict).tolist() if _may_turn(ours[at], theirs[at])]):
        plain, other = [ours[at] for at in doubtful], [theirs[at] for at in doubtful]
        back = [turned(parts) for parts in other]
        crosswise = compare_parts(plain, back)
        backwards = compare_parts([turned(parts) for parts in plain], back)
        verdict[doubtful] = [
            _agree_crosswise(pair) or _agree_backwards(reverse) for pair, reverse in zip(crosswise, backwards, strict=True)
        ]
    return verdict


def name_levels(left: str, right: str) -> dict[str, str]:
    """Return at which level each part of two whole names is compared; "missing" where a side lacks it.

    Parameters
    ----------
    left, right
        Whole names.

    Examples
    --------
    >>> name_levels("Bob Smith", "Smith, Robert")
    {'first_name': 'nickname or shared part', 'last_name': 'exact'}
    """
    (found,) = compare_parts(read_parts([left]), read_parts([right]))
    return {part: compared.level for part, compared in found.items()}


def _agree(pair: Mapping[str, PartLevel]) -> bool:
    """Whether each part that both names have agrees, and there is one."""
    told = {part: compared for part, compared in pair.items() if compared.level != "missing"}
    agreeing = {part for part, compared in told.items() if _part_agrees(part, compared)}
    return bool(told) and (agreeing == told.keys() or (told.keys() - agreeing == {LAST} and _agree_joined(pair)))


def _part_agrees(part: str, compared: PartLevel) -> bool:
    if compared.level != "alike":
        return compared.level in AGREEING
    return _is_slip(compared.left, compared.right, family=part == LAST)


def _agree_joined(pair: Mapping[str, PartLevel]) -> bool:
    """Whether one last name is the other's with the word before it: McDonald, Mc Donald."""
    middle, last = pair.get(MIDDLE, PartLevel("", "", "missing")), pair[LAST]
    one_sided = bool(middle.left) is not bool(middle.right)
    return one_sided and _is_slip(middle.left + last.left, middle.right + last.right, family=True)


def _is_slip(one: str, other: str, *, family: bool) -> bool:
    """Whether a slip of the pen makes one name the other. What the names of many families end in tells none apart."""
    if family:
        one, other = surname_roots(text_array([one, other])).to_pylist()
    edits = int(similarity.edits("damerau", [one], [other])[0])
    return edits * LETTERS_PER_SLIP <= min(len(one), len(other))


def _may_turn(left: Mapping[str, str], right: Mapping[str, str]) -> bool:
    """Whether both names have a first and a last name, which may stand in the other's place."""
    return all(part in parts for part in (FIRST, LAST) for parts in (left, right))


def _agree_crosswise(pair: Mapping[str, PartLevel]) -> bool:
    """Whether names are spellings of each other once one has its first and last name exchanged: Kim Minsu, Min-soo Kim."""
    return pair[FIRST].level in EQUAL and pair[LAST].level in EQUAL and _agree(pair)


def _agree_backwards(pair: Mapping[str, PartLevel]) -> bool:
    """Whether both have the last name first, and the other is a short form: Szabó József, Szabó Jóska."""
    return pair[LAST].level == "exact" and pair[FIRST].level == "nickname or shared part" and _agree(pair)
