"""How often which mistake is made: the rates of the corruption model."""

from dataclasses import dataclass, fields, replace

from omniid.errors import SpecError

__all__ = ["Corruption"]


@dataclass(frozen=True)
class Corruption:
    """Rates of the mistakes, as shares of the cells or records that could have them.

    A channel multiplies the rates of its cells by its own carelessness (loyalty cards 0.5, call centres 1.5), some channels set
    a rate of their own; docs/datasets.md lists them.

    Parameters
    ----------
    typo
        Names, streets and mailboxes with one slip of the fingers: insert, delete, near key, transposed, misread by OCR.
    misheard
        Names spelled as they sound.
    digit_slip
        Phones and cards with one digit wrong or two transposed.
    date_slip
        Birth dates with day and month exchanged, or a wrong year or day.
    nickname, initial, swapped
        First names given as a short form or one letter; first and last name exchanged.
    romanized, diacritics_dropped
        Names in another script written in Latin letters; Latin names without their accents.
    maiden
        Records of married women that still say the name before (all records before the wedding do).
    stale_address
        Records after a move that still say the old address.
    second_email, second_phone, shared_phone
        Where a person has two: the second is given; where the household has a landline: that is given.
    case, whitespace
        Cells in capitals or small letters; stray blanks.
    chaos
        Phones not written in the plain international form; a tenth of it: dates not in the channel's own format.
    missing
        A factor on each channel's own share of empty cells (1 = as documented, 0 = none is empty).
    placeholder
        Cells filled with something that means nothing (n/a, 000000000, test@test.com, 1900-01-01).
    shared_device, kiosk
        App records on the family's tablet; web records with the cookie of a machine in a shop.
    exact_repeat, near_repeat, late
        Records that repeat an earlier one wholly, or but for one cell; records whose time lies up to three years back.

    Examples
    --------
    >>> Corruption().typo, Corruption.none().typo
    (0.03, 0.0)
    >>> Corruption(typo=0.1).scaled(0.5).typo
    0.05
    """

    typo: float = 0.03
    misheard: float = 0.015
    digit_slip: float = 0.01
    date_slip: float = 0.015
    nickname: float = 0.07
    initial: float = 0.015
    swapped: float = 0.02
    romanized: float = 0.3
    diacritics_dropped: float = 0.15
    maiden: float = 0.1
    stale_address: float = 0.1
    second_email: float = 0.3
    second_phone: float = 0.25
    shared_phone: float = 0.1
    case: float = 0.06
    whitespace: float = 0.03
    chaos: float = 0.6
    missing: float = 1.0
    placeholder: float = 0.006
    shared_device: float = 0.04
    kiosk: float = 0.01
    exact_repeat: float = 0.02
    near_repeat: float = 0.02
    late: float = 0.03

    def __post_init__(self) -> None:
        for field in fields(self):
            rate = getattr(self, field.name)
            if not 0 <= rate <= 1:
                raise SpecError(f"Corruption({field.name}={rate}) is no share; give a number from 0 to 1")

    @classmethod
    def none(cls) -> "Corruption":
        """Return the rates of a world without mistakes."""
        return cls(**{field.name: 0.0 for field in fields(cls)})

    def scaled(self, factor: float) -> "Corruption":
        """Return the rates with those of slips multiplied, never above one half."""
        slips = ("typo", "misheard", "digit_slip", "date_slip", "initial", "swapped", "case", "whitespace", "placeholder")
        return replace(self, **{name: min(getattr(self, name) * factor, 0.5) for name in slips})
