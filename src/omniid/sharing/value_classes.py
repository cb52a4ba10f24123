"""Value classes: what follows from how many people use a value."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.tables import Column
from omniid.tables.arrays import text_scalar

__all__ = ["VALUE_CLASSES", "ValueClasses", "without_generic"]

# In order of how little a value says about who somebody is.
VALUE_CLASSES = ("personal", "household", "weak", "shared", "placeholder")
PERSONAL, HOUSEHOLD, WEAK, SHARED, PLACEHOLDER = range(len(VALUE_CLASSES))

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class ValueClasses:
    """How many people use each distinct value of one column, and the class that follows.

    - *personal*: one person's. Nobody's records say whose it is, and they are few: as nothing speaks for more, one person's.
    - *household*: several people's, no more than the threshold: weighed with all else, and weighs less the more people use it.
    - *weak*: nobody can tell, and there are many records: weighed, but never enough alone.
    - *shared*: more people than the threshold. Generic: missing for every later stage.

    Parameters
    ----------
    kind
        The kind of value, as thresholds name it.
    people
        int64 per distinct value; 0 where unknown.
    records
        int64 per distinct value: records that hold it.
    at_most
        Most people on one value that is still evidence.
    rows_above
        Records of unknown people above which a value is weak.
    declared
        int8 per distinct value: the class that people declared, -1 where they said nothing; None: nowhere.

    Examples
    --------
    >>> mail = ValueClasses("email", np.array([1, 3, 7, 0, 0]), np.array([200, 3, 9, 4, 60]), at_most=6, rows_above=50)
    >>> [VALUE_CLASSES[one] for one in mail.classes.tolist()]
    ['personal', 'household', 'shared', 'personal', 'weak']
    """

    kind: str
    people: npt.NDArray[np.int64]
    records: npt.NDArray[np.int64]
    at_most: float
    rows_above: int
    declared: npt.NDArray[np.int8] | None = None

    @cached_property
    def classes(self) -> npt.NDArray[np.int8]:
        """int8 per distinct value: its position in `VALUE_CLASSES`."""
        out = np.full(len(self.people), PERSONAL, np.int8)
        out[self.people > 1] = HOUSEHOLD
        out[self.people > self.at_most] = SHARED
        out[(self.people == 0) & (self.records > self.rows_above)] = WEAK
        return out if self.declared is None else np.where(self.declared >= 0, self.declared, out).astype(np.int8)

    def with_declared(self, declared: Mapping[str, str], vocabulary: pa.LargeStringArray) -> "ValueClasses":
        """Return the same with the classes that people declared for some values, "personal" or "shared".

        Examples
        --------
        >>> mail = ValueClasses("email", np.array([9]), np.array([30]), at_most=6, rows_above=50)
        >>> mail.with_declared({"box@x.com": "personal"}, pa.array(["box@x.com"], pa.large_string())).is_personal.tolist()
        [True]
        """
        codes = np.full(len(vocabulary), -1, np.int8)
        for value, name in declared.items():
            if (place := int(pc.index(vocabulary, text_scalar(value)).as_py())) >= 0:
                codes[place] = VALUE_CLASSES.index(name)
        return replace(self, declared=codes)

    @property
    def is_personal(self) -> Flags:
        """Whether the value may link two records on its own."""
        return np.asarray(self.classes == PERSONAL)

    @property
    def is_weak(self) -> Flags:
        """Whether nobody can tell whose the value is, though many records hold it."""
        return np.asarray(self.classes == WEAK)

    @property
    def is_generic(self) -> Flags:
        """Whether too many people use the value for it to be evidence."""
        return np.asarray(self.classes == SHARED)

    @property
    def likely_people(self) -> npt.NDArray[np.int64]:
        """int64 per distinct value, at least 1: the people that its weight counts on; of a weak value every record is one."""
        return np.where(self.is_weak, self.records, np.maximum(self.people, 1))


def without_generic(column: Column, classes: ValueClasses) -> Column:
    """Make generic values missing: a value that too many people share is evidence for nobody.

    Examples
    --------
    >>> mail = Column.of(["shop@x.com", "ann@x.com"])
    >>> found = ValueClasses("email", np.array([200, 1]), np.array([200, 1]), at_most=6, rows_above=50)
    >>> without_generic(mail, found).codes.tolist()
    [-1, 1]
    """
    keep = np.append(~classes.is_generic, False)
    if keep[:-1].all():
        return column
    return Column(np.where(keep[column.codes], column.codes, np.int32(-1)).astype(np.int32), column.vocabulary, column.offsets)
