"""Why a cell is not written."""

from enum import IntEnum

__all__ = ["Refused"]


class Refused(IntEnum):
    """Why a cell is not written, the first that applies; `text` says it in words.

    Examples
    --------
    >>> Refused.SEVERAL_PEOPLE.text
    'several people use the value'
    """

    NO = 0
    OWNER = 1
    NOT_TAKEN = 2
    FILLS_ONLY = 3
    NOT_FROM_THERE = 4
    NAMES_NOBODY = 5
    NO_RECORD_ID = 6
    SEVERAL_VALUES = 7
    SEVERAL_COLUMNS = 8
    ELSEWHERE = 9
    DATE_PARTS = 10
    SEVERAL_PEOPLE = 11
    NUMBER_APART = 12
    INCOMPLETE = 13
    ORDER_UNKNOWN = 14
    NO_PLACE = 15
    READS_OTHERWISE = 16
    SPOKEN_OF = 17
    UNVERIFIED = 18
    OTHER_PARTY = 19
    PATCHWORK = 20

    @property
    def text(self) -> str:
        """The reason in words."""
        return TEXTS[self]


TEXTS = (
    "",
    "the source is the owner of this field",
    "the source takes no values of this field",
    "only empty cells may be filled",
    "the source takes no such value from where it comes",
    "the record names nobody: only a device ties it to the person",
    "the source's records have no id of their own",
    "the cell holds several values",
    "several columns of the source feed this field",
    "the record says it in another column",
    "the date stands in several columns",
    "several people use the value",
    "street and number stand apart in one of the two sources",
    "the value is incomplete",
    "the order in which the source writes it can't be told",
    "the source's order has no place for it",
    "what would be written reads back as something else",
    "the record says something of the value that it has",
    "nobody says that the value is verified",
    "the cell holds what another party issued, such as a masked address",
    "no record says the parts of the value together",
)
