"""Quality: how good a result is, with the truth, with a part of it, and without."""

from omniid.quality.bonds import Bonds, find_bonds
from omniid.quality.doubts import FirstLook, doubts_table, first_look
from omniid.quality.estimate import estimate_quality

__all__ = ["Bonds", "FirstLook", "doubts_table", "estimate_quality", "find_bonds", "first_look"]
