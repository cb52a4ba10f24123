"""Names: whether two whole names, in any script and order, may be one person's.

`same_name` reads two names as people write them and compares them at the levels at which matching compares names, and at
nothing else: so its score on judged pairs tells of matching. It says "may be": many people have one name. Matching weighs the
same levels with all other fields.

::

    judging     same_name: the decision

What it knows of names lies in rooms below: `nicknames` (short forms), `given_names` (names of different people), `surnames`
(one family's), `normalization.name_order` (where the family name stands), and the levels in `comparison`.
"""

from omniid.names.judging import name_levels, same_name, same_names

__all__ = ["name_levels", "same_name", "same_names"]
