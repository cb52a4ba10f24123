"""Quality: how good a result is, with the truth, with a part of it, and without.

The rooms `expectation` and `evaluation` count rows and numbers; this one knows results, so it can name the pair of records to
look at and explain it. A result is printed with what `estimate_quality` expects of it; the rest is made when somebody asks
(`Resolution.evaluate`), and no pair is matched again for it.

One file each: `bonds` (what holds clusters together), `estimate` (expected precision and recall), `doubts` (clusters to look at
first), `sweep` (other thresholds), `mistakes` (over- and under-merges against a truth), `breakdown` (by source, by field),
`assessment` (all of it, printed), `assess` (which of it a truth allows).
"""

from omniid.quality.bonds import Bonds, bonds_of, find_bonds
from omniid.quality.doubts import FirstLook, doubts_table, first_look
from omniid.quality.estimate import estimate_quality

__all__ = ["Bonds", "FirstLook", "bonds_of", "doubts_table", "estimate_quality", "find_bonds", "first_look"]
