"""Names: whether two whole names, in any script and order, may be one person's.

`same_name` judges two names as people write them: short forms (`omniid.nicknames`), the family name first, a
part left out. It says "may be": many people
have one name. Matching weighs the same signs, level by level, with all other fields.

::

    judging     same_name: the decision
    agreement   given names and family names: what makes two of them agree
"""

from omniid.names.judging import same_name

__all__ = ["same_name"]
