"""What the report has to know of a field beside its values."""

from dataclasses import dataclass

__all__ = ["MeasuredField"]


@dataclass(frozen=True)
class MeasuredField:
    """A field, and which questions make sense for it.

    Parameters
    ----------
    name
        Its name in the record table.
    kind
        What kind of value it holds, as the spec says it: "email", "birth_date", "loyalty" …
    word
        What to call one of its values in a sentence: "e-mail address".
    fills
        The field whose gap its values fill: a WhatsApp number is as good as a phone number. "": its own.
    makes
        Fields that hold what its values were split into, or moved to: first and last name of a whole one.
    has_forms
        Whether it has normal forms of its own; an event time and a whole name, which is split, have none.
    names_one
        Whether a value is meant for one person: an identifier.
    is_one
        Whether a person has but one of it, so that two sources that differ contradict each other: a birth date.
    is_current
        Whether the newest value is the one to use: an address, a phone number.
    is_contact
        Whether a person can be reached by it.
    whole
        Regular expression (RE2) of normal forms that say all: a phone number with its country. "": all do.
    is_day
        Whether its values are calendar days, none of which is much more frequent than others.

    Examples
    --------
    >>> MeasuredField("wa", "whatsapp", "phone number", fills="phone").gap
    'phone'
    """

    name: str
    kind: str = "attribute"
    word: str = "value"
    fills: str = ""
    makes: tuple[str, ...] = ()
    has_forms: bool = True
    names_one: bool = False
    is_one: bool = False
    is_current: bool = False
    is_contact: bool = False
    whole: str = ""
    is_day: bool = False

    @property
    def gap(self) -> str:
        """The field that a person lacks who has no value here."""
        return self.fills or self.name
