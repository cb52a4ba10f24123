"""Comparisons made ready for one table: what pairs of rows may be, cheaply, and what they are."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from omniid.comparison.comparison_grader import ComparisonGrader
from omniid.comparison.comparisons import Comparison
from omniid.comparison.field_items import Records
from omniid.comparison.grading import Grades
from omniid.comparison.outcomes import ABSENT, Outcomes, outcome
from omniid.comparison.screens import Screen
from omniid.errors import SpecError
from omniid.tables import MISSING, KnownLevels, Levels, RecordTable, Rows
from omniid.threads import in_order

__all__ = ["BATCH", "PairComparer", "silencing_order"]

# Pairs compared at a time. More pairs share more values, but the working set (some 150 bytes a pair) leaves the caches.
BATCH = 1_000_000
MANY = 50_000  # with fewer pairs, threads wait for each other longer than they save


class PairComparer:
    """Comparisons made ready for one table, to be asked for the levels of many row pairs.

    Parameters
    ----------
    table
        Records after `normalize`.
    comparisons
        Distinct names; the columns of the levels, in this order.
    workers
        Threads that grade comparisons of many pairs side by side; the levels do not depend on it.

    Raises
    ------
    SpecError
        If a comparison reads a field that the table lacks, two share a name, or `silent_when` names what is not there.

    Examples
    --------
    >>> from omniid.comparison import email
    >>> table = RecordTable.of([{"record_id": "1", "email": "a.lee@x.com"}, {"record_id": "2", "email": "a.lee@y.com"}])
    >>> PairComparer(table, [email("email")]).levels(np.array([0]), np.array([1])).tolist()
    [[3]]
    """

    def __init__(self, table: RecordTable, comparisons: Sequence[Comparison], *, workers: int = 1) -> None:
        _check_names(comparisons)
        records = Records(table)
        self.comparisons = tuple(comparisons)
        self._graders = [ComparisonGrader(comparison, records) for comparison in comparisons]
        self._workers = workers
        self._order = silencing_order(comparisons)
        at = {comparison.name: column for column, comparison in enumerate(comparisons)}
        self._silencers: list[list[tuple[int, list[int]]]] = [  # per column: (another column, its levels)
            [
                (at[other], [comparisons[at[other]].traits.levels.index(name) for name in names])
                for other, names in comparison.silent_when.items()
            ]
            for comparison in comparisons
        ]

    def levels(self, left: Rows, right: Rows) -> Levels:
        """Levels of row pairs.

        Parameters
        ----------
        left, right
            Rows of pair i at position i, in any order.

        Returns
        -------
        numpy.ndarray
            int8 of shape (pairs, comparisons), row-major.
        """
        levels = self.graded(left, right)
        self.silence(levels)
        return levels

    def graded(self, left: Rows, right: Rows) -> Levels:
        """Levels of row pairs, before any comparison silences another.

        Parameters
        ----------
        left, right
            Rows of pair i at position i, in any order.

        Returns
        -------
        numpy.ndarray
            int8 of shape (pairs, comparisons), row-major.
        """
        levels = np.empty((len(left), len(self._graders)), np.int8)
        left, right = left.astype(np.intp), right.astype(np.intp)  # once, not at every take of every comparison
        for start in range(0, len(left), BATCH):
            part = slice(start, start + BATCH)
            grades = (partial(grader.grade, left[part], right[part]) for grader in self._graders)
            for column, grade in enumerate(in_order(grades, self._workers if len(left[part]) >= MANY else 1)):
                levels[part, column] = grade
        return levels

    def grade(self, number: int, left: Rows, right: Rows, among: Outcomes | None = None) -> Grades:
        """Levels of row pairs by one comparison, before others silence it.

        Parameters
        ----------
        number
            Position of the comparison.
        left, right
            Rows of pair i at position i, in any order.
        among
            What `possible` said of them, if it has been asked: it need not be worked out again.

        Returns
        -------
        numpy.ndarray
            int8 of length pairs.
        """
        return self._graders[number].grade(left, right, among)

    def silence(self, levels: Levels) -> None:
        """Make a comparison missing where another has told the same already; a silent one silences nobody.

        Parameters
        ----------
        levels
            int8 of shape (pairs, comparisons), as graded; changed in place.
        """
        for column in self._order:
            for other, told in self._silencers[column]:
                levels[np.isin(levels[:, other], told), column] = MISSING

    def screens(self) -> list[Screen]:
        """What codes alone say of pairs of rows, by comparison."""
        found = [grader.screen() for grader in self._graders]
        for column, others in enumerate(self._silencers):
            if others:
                masks = {name: getattr(found[column], name) | ABSENT for name in ("if_equal", "if_different", "if_absent")}
                found[column] = found[column]._replace(**masks)
        return found

    def possible(self, number: int, left: Rows, right: Rows, *, differ: bool = False, looked_up: bool = False) -> Outcomes:
        """Outcomes of one comparison that row pairs may have, before others silence it, from numbers alone.

        Strings are compared only where both values are frequent, and then once.

        Parameters
        ----------
        number
            Position of the comparison.
        left, right
            Rows of pair i at position i, in any order.
        differ
            Whether the codes of its screen are known to be there and to differ for all of them, which saves a look.
        looked_up
            Whether its `known_levels` have been asked for all of them, in vain.

        Returns
        -------
        numpy.ndarray
            uint16 of length pairs: bit 0 for missing, bit 1 + l for level l. The true outcome is always among them.
        """
        return self._graders[number].possible(left, right, differ=differ, looked_up=looked_up)

    def known_levels(self, number: int) -> KnownLevels | None:
        """What finds the levels of one comparison for most pairs of rows at once; None where nothing does.

        Parameters
        ----------
        number
            Position of the comparison.
        """
        return None if self._silencers[number] else self._graders[number].known_levels()

    def silencers(self, number: int) -> list[tuple[int, int]]:
        """Which comparisons silence one, and the outcomes of theirs at which they do.

        Parameters
        ----------
        number
            Position of the comparison that becomes missing.
        """
        return [(other, sum(map(outcome, told))) for other, told in self._silencers[number]]

    def prepare(self, workers: int = 1) -> None:
        """Derive now what `possible` needs, so that threads need not wait for each other's first call.

        Parameters
        ----------
        workers
            Threads; each field is one thread's work.
        """
        for _ in in_order((grader.prepare for grader in self._graders), workers):
            pass


def _check_names(comparisons: Sequence[Comparison]) -> None:
    levels = {comparison.name: comparison.traits.levels for comparison in comparisons}
    if len(levels) < len(comparisons):
        names = [comparison.name for comparison in comparisons]
        raise SpecError(f"two comparisons are named {max(names, key=names.count)!r}; give each a name of its own")
    for comparison in comparisons:
        for other, silent in comparison.silent_when.items():
            if other not in levels:
                there = ", ".join(sorted(levels))
                raise SpecError(
                    f"{comparison.name!r} is silent when {other!r} agrees, but there is no such comparison; there: {there}"
                )
            if unknown := [name for name in silent if name not in levels[other]]:
                raise SpecError(
                    f"{comparison.name!r} is silent at level {unknown[0]!r} of {other!r}, which has {', '.join(levels[other])}"
                )


def silencing_order(comparisons: Sequence[Comparison]) -> list[int]:
    """Columns in an order in which each comes after those that silence it.

    Parameters
    ----------
    comparisons
        Of distinct names.

    Raises
    ------
    SpecError
        If some silence each other in a circle.
    """
    waiting = {comparison.name: set(comparison.silent_when) for comparison in comparisons}
    columns = {comparison.name: column for column, comparison in enumerate(comparisons)}
    order: list[int] = []
    while waiting:
        ready = [name for name, others in waiting.items() if not others & waiting.keys()]
        if not ready:
            raise SpecError(f"comparisons silence each other in a circle: {', '.join(sorted(waiting))}; remove one silent_when")
        for name in ready:
            order.append(columns[name])
            del waiting[name]
    return order
