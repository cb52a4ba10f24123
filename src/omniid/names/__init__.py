"""Names: whether two whole names, in any script and order, may be one person's.

`same_name` reads two names as people write them and compares them at the levels at which matching compares names. It says "may
be": many people have one name. Matching weighs the same levels with all other fields; where names are all there is, a decision
needs two rules more: names that are merely alike must differ by what a slip of the pen can do, and a first and a last name that
are spellings of each other crosswise agree.

::

    reading     whole names into parts, and the levels of the parts
    judging     same_name: the decision

What it knows of names lies in rooms below: `nicknames` (short forms), `given_names` (names of different people), `surnames`
(one family's), `normalization.name_order` (where the family name stands), and the levels in `comparison`.
"""

from omniid.names.judging import name_levels, same_name, same_names

__all__ = ["name_levels", "same_name", "same_names"]
