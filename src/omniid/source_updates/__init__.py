"""Source updates: the write-back plan, from a result to what each source should be told.

::

    targets        which column of which source holds which field, and what kind of text it takes
    golden         the golden value of every entity, with its record and rule
    cells          which cells say something else, and which of them may not be written (`reasons`)
    manners        the golden value as the source itself would write it, read back before it is planned
    standing       what an earlier plan wrote, and still stands
    planning       what should stand beside what stands: the changes
    write_back     `WriteBack`: frames, JSON lines (`lines`), the caller's frames changed (`carrying_out`)

What should stand in a cell is a function of the sources' own values alone: what was written is read as if it had not been. So a
plan that was carried out plans nothing more, and a value written for a membership that no longer holds is taken back.
"""

from omniid.source_updates.write_back import WriteBack, make_write_back, without_written

__all__ = ["WriteBack", "make_write_back", "without_written"]
